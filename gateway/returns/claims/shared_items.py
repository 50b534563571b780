"""How goods of one item are shared out among several lines of a return that have it.

A document says how many of an item came, not for which line. So the rows of all documents are shared out anew whenever
something changes, in an order of their own (day, number, row), not of their arrival: lines are filled in their order,
and the last takes what is left. What a document or a person said of one line stays there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from gateway.returns.claims.acceptance import add_claim
from gateway.returns.documents.matching import find_line
from gateway.returns.model import GOODS, REJECTED, ZERO, Claim, LedgerEffect, MovementKind, Return, ReturnLine

# A row of a document as the return has it: whose it is, and its place there.
Row = tuple[str, int]
SPREAD = "spread"
_SHARED = GOODS | {"cancel"}


def share_out(return_: Return) -> set[str]:
    """Share out the goods of lines with the same item; the lines whose claims changed, for the ledger to look at."""
    touched: set[str] = set()
    for group in _lines_of_one_item(return_):
        touched |= _share_out(return_, group)
    return touched


def _lines_of_one_item(return_: Return) -> list[list[str]]:
    """Lines that share an id, in their order; none for the usual return, whose lines are all of different items."""
    lines = return_.lines
    if len(lines) < 2:
        return []
    ids = [each for line in lines.values() for each in line.ids]
    if len(ids) == len(set(ids)):
        return []
    groups: list[list[str]] = []
    for no, line in lines.items():
        joined = [g for g in groups if any(not set(line.ids).isdisjoint(lines[other].ids) for other in g)]
        groups = [g for g in groups if g not in joined]
        groups.append([*(each for g in joined for each in g), no])
    return [group for group in groups if len(group) > 1]


def _share_out(return_: Return, group: list[str]) -> set[str]:
    rows = _rows(c for no in group for c in return_.claims.get(no, ()))
    taken: dict[tuple[str, str], Decimal] = {}
    touched: set[str] = set()
    for kind in ("cancel", "ship", "receive", "inspect"):
        for parts in sorted((p for p in rows.values() if p[0].kind == kind), key=_place):
            first = parts[0]
            if any(claim.why == REJECTED for claim in parts):
                shared = {claim.line_no: claim.effects for claim in parts if claim.state != "superseded"}
                _take_room(taken, shared)
                continue
            same = _candidates(return_, first, group)
            shared = _spread(return_, same, whole(parts), kind, taken)
            _take_room(taken, shared)
            touched |= _move(return_, parts, shared)
    return touched


def _candidates(return_: Return, claim: Claim, group: list[str]) -> list[str]:
    """The lines that a row may be about, in the order of the request: those still asked for, or the one it names."""
    same = [no for no in find_line(return_, claim.ids) if no in group] or [claim.line_no]
    same = [no for no in same if _wanted(return_.lines[no])] or same[:1]
    same.sort(key=lambda no: (len(return_.lines[no].partner_line), return_.lines[no].partner_line, no))
    return [no for no in same if claim.named and claim.named in {no, return_.lines[no].partner_line}] or same


def _wanted(line: ReturnLine) -> bool:
    """May goods still be for the line? Not if its partner withdrew it, nor if it is there for other goods only."""
    return line.decision != "denied" or not (line.added or line.decision_reason == "withdrawn")


def _take_room(taken: dict[tuple[str, str], Decimal], shared: dict[str, tuple[LedgerEffect, ...]]) -> None:
    for no, effects in shared.items():
        for kind, quantity, _, _ in effects:
            taken[kind, no] = taken.get((kind, no), ZERO) + quantity


def _place(parts: list[Claim]) -> tuple[str, str, int]:
    return parts[0].order, parts[0].source, parts[0].row


def _rows(claims: Iterable[Claim]) -> dict[Row, list[Claim]]:
    """The rows of documents about goods, or that cancel some, that may stand, each with the parts it is in; one of
    which a person rejected a part has that too, and stays where it is.
    """
    rows: dict[Row, list[Claim]] = {}
    for claim in claims:
        if claim.kind in _SHARED and (claim.state in {"active", "waiting"} or claim.why == REJECTED):
            rows.setdefault((claim.source, claim.row), []).append(claim)
    return rows


def whole(parts: Iterable[Claim]) -> tuple[LedgerEffect, ...]:
    """What a row says, from the parts that it is in: quantities of the same kind, code and split together."""
    sums: dict[tuple[MovementKind, str, str], Decimal] = {}
    for claim in parts:
        for kind, quantity, code, split in claim.effects:
            key = (kind, code, split)
            sums[key] = sums.get(key, ZERO) + quantity
    return tuple((kind, quantity, code, split) for (kind, code, split), quantity in sums.items())


def _move(return_: Return, parts: list[Claim], shared: dict[str, tuple[LedgerEffect, ...]]) -> set[str]:
    """Make the row's claims those that it is shared out as; the lines that changed."""
    now = {claim.line_no: tuple(sorted(claim.effects)) for claim in parts}
    if len(now) == len(parts) and now == {no: tuple(sorted(effects)) for no, effects in shared.items()}:
        return set()
    for claim in parts:
        claim.state, claim.why = "superseded", SPREAD
    for no, effects in shared.items():
        add_claim(return_, replace(parts[0], line_no=no, effects=effects, state="waiting", why="", seqs=[]))
    return set(now) | set(shared)


def _spread(
    return_: Return,
    same: list[str],
    effects: tuple[LedgerEffect, ...],
    kind: str,
    taken: dict[tuple[str, str], Decimal],
) -> dict[str, tuple[LedgerEffect, ...]]:
    """Which line takes how much of a row, after what earlier rows have taken."""
    shared: dict[str, tuple[LedgerEffect, ...]] = {}
    left = list(effects)
    for no in same[:-1]:
        room = max(ZERO, _capacity(return_, no, kind, taken) - taken.get((kind, no), ZERO))
        mine, left = _take(left, room)
        if mine:
            shared[no] = tuple(mine)
    if left:
        shared[same[-1]] = tuple(left)
    return shared


def _capacity(return_: Return, no: str, kind: str, taken: dict[tuple[str, str], Decimal]) -> Decimal:
    """How much of a kind a line has room for: what came of it may be inspected, what was asked or allowed may come."""
    if kind == "inspect":
        return taken.get(("receive", no), ZERO)
    # What is cancelled can only be what was allowed.
    allowed = ZERO
    for claim in return_.claims.get(no, ()):
        if claim.kind == "authorize" and claim.state != "superseded":
            allowed += sum((q for _, q, _, _ in claim.effects), ZERO)
    return allowed if kind == "cancel" else max(allowed, return_.lines[no].requested)


def _take(effects: list[LedgerEffect], room: Decimal) -> tuple[list[LedgerEffect], list[LedgerEffect]]:
    """Split effects so that those of each kind fill the room: goods, their inspection and outcome go along together."""
    budget = {kind: room for kind, _, _, _ in effects}
    taken: list[LedgerEffect] = []
    left: list[LedgerEffect] = []
    for kind, quantity, code, split in effects:
        part = min(quantity, budget[kind])
        budget[kind] -= part
        if part:
            taken.append((kind, part, code, split))
        if quantity - part:
            left.append((kind, quantity - part, code, split))
    return taken, left
