"""The Return aggregate and what a decision yields: plain slotted dataclasses, because they are the hot path.

A Return holds three kinds of rows. *Claims* are what documents say about a line; *movements* are what the ledger has
accepted of it, append-only; *postings* are what the ERP must be told. Claims of the same documents give the same
movements and postings in net, whatever order the documents came in.
"""

from __future__ import annotations

from gateway.returns.model.aggregate import AppliedDocument, Clock, CompetingVersion, Consignment, Return
from gateway.returns.model.claims import AUTO_CLOSE, GOODS, NOT_TAKEN, REJECTED, Claim, ClaimState, LedgerEffect
from gateway.returns.model.credit_amounts import CreditAmounts, TaxPart
from gateway.returns.model.holds import Hold
from gateway.returns.model.lines import LineDecision, ReturnLine
from gateway.returns.model.movement_kinds import DRAWS_ON, MOVEMENT_KINDS, MovementKind
from gateway.returns.model.movements import KEPT, RETURNED, Movement, Tallies, Tally
from gateway.returns.model.outcome import Arrival, Blocked, DocumentState, Due, Numbers, Outcome
from gateway.returns.model.posting_kinds import POSTING_KINDS, POSTING_RANK, SETTLEMENT_KINDS, PostingKind
from gateway.returns.model.postings import UNRENDERABLE, UNSENT, Posting, PostingState
from gateway.returns.model.values import NO_CODE, UNASSIGNED, ZERO, day, ends_of, instant, plain, step_code
from gateway.returns.model.vendor_claims import VendorClaim, VendorCredit, VendorShipment

__all__ = [
    "AUTO_CLOSE",
    "DRAWS_ON",
    "GOODS",
    "KEPT",
    "MOVEMENT_KINDS",
    "NOT_TAKEN",
    "NO_CODE",
    "POSTING_KINDS",
    "POSTING_RANK",
    "REJECTED",
    "RETURNED",
    "SETTLEMENT_KINDS",
    "UNASSIGNED",
    "UNRENDERABLE",
    "UNSENT",
    "ZERO",
    "AppliedDocument",
    "Arrival",
    "Blocked",
    "Claim",
    "ClaimState",
    "Clock",
    "CompetingVersion",
    "Consignment",
    "CreditAmounts",
    "DocumentState",
    "Due",
    "Hold",
    "LedgerEffect",
    "LineDecision",
    "Movement",
    "MovementKind",
    "Numbers",
    "Outcome",
    "Posting",
    "PostingKind",
    "PostingState",
    "Return",
    "ReturnLine",
    "Tallies",
    "Tally",
    "TaxPart",
    "VendorClaim",
    "VendorCredit",
    "VendorShipment",
    "day",
    "ends_of",
    "instant",
    "plain",
    "step_code",
]
