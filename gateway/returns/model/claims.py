"""What documents and people say about a line."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from gateway.returns.model.movement_kinds import MovementKind

# Source of what the policy closes short by itself, where a document or a decision is the source of all else.
AUTO_CLOSE = "policy:short_receipt"
# Why a claim is superseded that a person rejected: reading its document again does not bring it back.
REJECTED = "rejected"
# Kinds of claims that documents about goods make.
GOODS = frozenset({"ship", "receive", "inspect", "follow"})
# Kind of a claim without effect: what a warehouse says came and was not taken in.
NOT_TAKEN = "not_taken_in"
# What a claim does to its line: movement kind, quantity, condition or disposition, split.
LedgerEffect = tuple[MovementKind, Decimal, str, str]
ClaimState = Literal["active", "waiting", "held", "superseded"]


@dataclass(slots=True)
class Claim:
    """What one document says about one line: effects are (movement kind, quantity, code, split).

    `rank` 0 said first, 1 replaced, 2 cancelled; `order` sorts claims that compete for the same goods, so that the
    result does not depend on arrival. `seqs` are the movements that stand in the ledger for it. `unknown` names what
    nobody has a meaning for where that keeps a claim held: `unit:CA`, `site:WH7`. `row` is its place among the lines of
    the document, `named` the line that it names itself. `serials` and `lots` are those that it says the goods have.
    `follows`: the outcome that its goods leave, if an inspection is taken for one of goods that were inspected before.
    """

    source: str
    document_id: int
    kind: str
    line_no: str
    effects: tuple[LedgerEffect, ...]
    rank: int = 0
    order: str = ""
    state: ClaimState = "waiting"
    why: str = ""
    said: str = ""
    ids: tuple[str, ...] = ()
    site: str = ""
    event_on: str = ""
    at: str = ""
    row: int = 0
    named: str = ""
    seqs: list[int] = field(default_factory=list)
    unknown: str = ""
    serials: tuple[str, ...] = ()
    lots: tuple[str, ...] = ()
    follows: str = ""
