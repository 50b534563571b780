"""The domain of returns, pure: documents and decisions in, changed returns and what to say about them out.

`decide` is the entry. `keys_of` says which returns a document may concern, `facts_wanted` which reference rows.
Statuses, balances and what blocks a return are derived, never stored as truth.

The storeys, from below; arrows point down (a contract in pyproject.toml):

- `model` the Return and its rows, with the tables of movement kinds and posting kinds
- `ledger` movements and balances; `policy` the rules of the house; `rows` what a return is stored as
- `documents` identity, keys, matching and ownership; `items` master data, units and lines
- `claims` which claims stand, and on which line; `decision` what a decision works with; `vendors` asking suppliers
- `apply` what every document does that is applied to a return; `money` what is due, and reconciliation
- `request`, `goods`, `outcome`, `recovery`, `erp`, `clocks` the life of a return; `holds` what waits for a person
- `entry` the ways in: each changes ledgers, then lets postings, Holds, clocks and keys follow; `status`, `json_form`
"""

from __future__ import annotations

from gateway.returns.decision import CannotResolve
from gateway.returns.documents.identity import business_key, fingerprint
from gateway.returns.entry.by_hand import dispose_by_hand, resolve_hold, ship_to_supplier, void_postings
from gateway.returns.entry.decide import decide
from gateway.returns.entry.meanings import facts_wanted, keys_of
from gateway.returns.entry.parked import ParkedDocument, overdue_parked
from gateway.returns.erp.postings import net_postings, postings_ready
from gateway.returns.goods.announced import request_for_goods
from gateway.returns.items.master_data import NO_FACTS, Facts, SaleItem, customers_wanted
from gateway.returns.items.master_rows import reference_rows
from gateway.returns.items.unknown_names import unknown_codes
from gateway.returns.json_form import header_json, hold_row, pack, row_of, unpack
from gateway.returns.ledger import Balances, balances, check_invariants
from gateway.returns.model import (
    UNRENDERABLE,
    Arrival,
    Blocked,
    Due,
    Hold,
    Movement,
    Numbers,
    Outcome,
    Posting,
    Return,
    ReturnLine,
)
from gateway.returns.money.claim_figures import ClaimFigures, claim_figures
from gateway.returns.money.conservation import money_gaps
from gateway.returns.money.reconciliation import DIFFERENCES, as_csv, close_period, reconcile
from gateway.returns.outcome.dispose import without_outcome
from gateway.returns.policy import DEFAULT_POLICY, ErpSwitch, Policies, Policy, Routes
from gateway.returns.recovery.shipments import HandShipment
from gateway.returns.request.answers import answer_line
from gateway.returns.request.eligibility import sale_keys, taken_back
from gateway.returns.rows import HoldColumns, PackedReturn, StoredPosting
from gateway.returns.status import STATUSES, TRANSITIONS, blocked_at, blocked_text, status_of, status_rows

__all__ = [
    "DEFAULT_POLICY",
    "DIFFERENCES",
    "NO_FACTS",
    "STATUSES",
    "TRANSITIONS",
    "UNRENDERABLE",
    "Arrival",
    "Balances",
    "Blocked",
    "CannotResolve",
    "ClaimFigures",
    "Due",
    "ErpSwitch",
    "Facts",
    "HandShipment",
    "Hold",
    "HoldColumns",
    "Movement",
    "Numbers",
    "Outcome",
    "PackedReturn",
    "ParkedDocument",
    "Policies",
    "Policy",
    "Posting",
    "Return",
    "ReturnLine",
    "Routes",
    "SaleItem",
    "StoredPosting",
    "answer_line",
    "as_csv",
    "balances",
    "blocked_at",
    "blocked_text",
    "business_key",
    "check_invariants",
    "claim_figures",
    "close_period",
    "customers_wanted",
    "decide",
    "dispose_by_hand",
    "facts_wanted",
    "fingerprint",
    "header_json",
    "hold_row",
    "keys_of",
    "money_gaps",
    "net_postings",
    "overdue_parked",
    "pack",
    "postings_ready",
    "reconcile",
    "reference_rows",
    "request_for_goods",
    "resolve_hold",
    "row_of",
    "sale_keys",
    "ship_to_supplier",
    "status_of",
    "status_rows",
    "taken_back",
    "unknown_codes",
    "unpack",
    "void_postings",
    "without_outcome",
]
