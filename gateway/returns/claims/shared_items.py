"""How goods of one item are shared out among several lines of a return that have it.

A document says how many of an item came, not for which line. So the rows of all documents are shared out anew whenever
something changes, in an order of their own (day, number, row), not of their arrival: lines are filled in their order,
and the last takes what is left. What a document or a person said of one line stays there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from functools import partial

from gateway.returns.claims.acceptance import add_claim
from gateway.returns.claims.follow_ons import Sources, as_step, source_of
from gateway.returns.documents.matching import find_line, is_called
from gateway.returns.documents.serial_numbers import others
from gateway.returns.model import GOODS, REJECTED, ZERO, Claim, LedgerEffect, MovementKind, Return, ReturnLine, ends_of

# A row of a document as the return has it: the document's business key, and the row's place there.
Row = tuple[str, int]
# What a row says of each line that it is shared out to.
Shares = dict[str, tuple[LedgerEffect, ...]]
# How much of a kind of movement earlier rows have brought to a line, and what has which outcome there: (kind, line
# number) → quantity.
Taken = dict[tuple[str, str], Decimal]
# Why a claim is superseded whose goods are shared out otherwise now.
SPREAD = "spread"
_SHARED_KINDS = GOODS | {"cancel"}


def share_out(return_: Return, unsaid: Sources) -> set[str]:
    """Share out the goods of lines with the same item; the lines whose claims changed, for the ledger to look at.

    `unsaid`: see FollowOnRules.unsaid of the policy.
    """
    touched: set[str] = set()
    for line_nos in _lines_of_one_item(return_):
        touched |= _share_out_item(return_, line_nos, unsaid)
    return touched


def _lines_of_one_item(return_: Return) -> list[list[str]]:
    """Lines that share an id, in their order; none for the usual return, whose lines are all of different items."""
    lines = return_.lines
    if len(lines) < 2:
        return []
    ids = [item_id for line in lines.values() for item_id in line.ids]
    if len(ids) == len(set(ids)):
        return []
    groups: list[list[str]] = []
    for line_no, line in lines.items():
        joined = [group for group in groups if any(not set(line.ids).isdisjoint(lines[other].ids) for other in group)]
        groups = [group for group in groups if group not in joined]
        groups.append([*(joined_no for group in joined for joined_no in group), line_no])
    return [group for group in groups if len(group) > 1]


def _share_out_item(return_: Return, line_nos: list[str], unsaid: Sources) -> set[str]:
    """Share out every row about the item that these lines have."""
    rows = _rows(claim for no in line_nos for claim in return_.claims.get(no, ()))
    taken: Taken = {}
    touched: set[str] = set()
    _take_room(taken, _said_by_hand(return_, line_nos))
    moving_on = [claims for claims in rows.values() if claims[0].kind == "follow"]
    for kind in ("cancel", "ship", "receive", "inspect"):
        of_kind = [claims for claims in rows.values() if claims[0].kind == kind]
        for claims in sorted(of_kind, key=_own_order):
            if any(claim.why == REJECTED for claim in claims):
                _take_room(taken, {claim.line_no: claim.effects for claim in claims if claim.state != "superseded"})
                continue
            candidates = _candidates(return_, claims[0], line_nos)
            if kind == "inspect" and not _has_room_to_inspect(candidates, whole_row(claims), taken):
                moving_on.append(claims)
                continue
            shares = _fill(candidates, whole_row(claims), partial(_room, return_, kind, taken))
            _take_room(taken, shares)
            touched |= _replace_claims(return_, claims, shares)
    for claims in sorted(moving_on, key=_own_order):
        touched |= _share_out_onward(return_, claims, line_nos, taken, unsaid)
    return touched


def _share_out_onward(
    return_: Return, claims: list[Claim], line_nos: list[str], taken: Taken, unsaid: Sources
) -> set[str]:
    """Share out a row about goods that move on from one outcome to another: each line what it has of them."""
    if any(claim.why == REJECTED for claim in claims):
        return set()
    candidates, row = _candidates(return_, claims[0], line_nos), whole_row(claims)
    first = claims[0].kind == "inspect"
    left = _left_unsaid(row, candidates, taken, unsaid) if first else ends_of(row[0][2])[0]
    if not left:
        shares = _fill(candidates, row, partial(_room, return_, "inspect", taken))
        _take_room(taken, shares)
    else:
        shares = _fill(candidates, row, lambda no: taken.get((_standing_as(left), no), ZERO))
        _take_room(taken, {no: as_step(effects, left) if first else effects for no, effects in shares.items()})
    return _replace_claims(return_, claims, shares)


def _left_unsaid(row: tuple[LedgerEffect, ...], candidates: list[str], taken: Taken, unsaid: Sources) -> str:
    """The outcome that the goods of a second inspection leave, by what all lines have together; "" if none does."""
    outcomes = {code for sources in unsaid.values() for code in sources}
    units = {code: sum((taken.get((_standing_as(code), no), ZERO) for no in candidates), ZERO) for code in outcomes}
    return source_of(row, units, unsaid) or ""


def _standing_as(outcome: str) -> str:
    """The key in `Taken` of units that have an outcome now."""
    return f"as {outcome}"


def _said_by_hand(return_: Return, line_nos: list[str]) -> Shares:
    """What people said becomes of inspected goods; it stays on the line of which they said it."""
    return {
        no: tuple(
            effect
            for claim in return_.claims.get(no, ())
            if claim.kind == "dispose" and claim.state in {"active", "waiting"}
            for effect in claim.effects
        )
        for no in line_nos
    }


def _has_room_to_inspect(candidates: list[str], row: tuple[LedgerEffect, ...], taken: Taken) -> bool:
    """Is as much there that nobody has inspected, on all lines together?"""
    room = sum((_not_inspected(no, taken) for no in candidates), ZERO)
    return sum((quantity for kind, quantity, _, _ in row if kind == "inspect"), ZERO) <= room


def _not_inspected(line_no: str, taken: Taken) -> Decimal:
    return taken.get(("receive", line_no), ZERO) - taken.get(("inspect", line_no), ZERO)


def _candidates(return_: Return, claim: Claim, line_nos: list[str]) -> list[str]:
    """The lines that a row may be about, in the order of the request: those still asked for, or the one it names."""
    candidates = [no for no in find_line(return_, claim.ids) if no in line_nos] or [claim.line_no]
    candidates = [no for no in candidates if _may_take_goods(return_.lines[no])] or candidates[:1]
    candidates.sort(key=lambda no: _place(return_.lines[no]))
    named = [no for no in candidates if claim.named and is_called(return_.lines[no], claim.named)]
    return named or _with_its_units(return_, claim, candidates) or candidates


def _place(line: ReturnLine) -> tuple[int, str, bool, str]:
    """Where a line stands among those of its item: as in the request, its parts after it."""
    return len(line.partner_line), line.partner_line, bool(line.part_of), line.line_no


def _with_its_units(return_: Return, claim: Claim, candidates: list[str]) -> list[str]:
    """The one line that asked for the units which a row names by their serials; none if several lines did."""
    asked = [no for no in candidates if len(others(claim.serials, return_.lines[no].serials)) < len(claim.serials)]
    return asked if len(asked) == 1 else []


def _may_take_goods(line: ReturnLine) -> bool:
    """May goods still be for the line? Not if its partner withdrew it, nor if it is there for other goods only."""
    return line.decision != "denied" or not (line.added or line.decision_reason == "withdrawn")


def _take_room(taken: Taken, shares: Shares) -> None:
    """Count what a row brings to its lines, by kind, and what it makes of goods there, by outcome."""
    for line_no, effects in shares.items():
        for kind, quantity, code, _ in effects:
            taken[kind, line_no] = taken.get((kind, line_no), ZERO) + quantity
            if kind in {"disposition", "redisposition"}:
                left, reached = ends_of(code)
                for outcome, change in ((reached, quantity), (left, -quantity)):
                    key = (_standing_as(outcome), line_no)
                    taken[key] = taken.get(key, ZERO) + change


def _own_order(claims: list[Claim]) -> tuple[str, str, int]:
    """The order of rows, whatever order they came in: day and number, business key, place in the document."""
    return claims[0].order, claims[0].source, claims[0].row


def _rows(claims: Iterable[Claim]) -> dict[Row, list[Claim]]:
    """The rows of documents about goods, or that cancel some, that may stand, each with its claims.

    A row of which a person rejected a claim has that too, and stays where it is.
    """
    rows: dict[Row, list[Claim]] = {}
    for claim in claims:
        if claim.kind in _SHARED_KINDS and (claim.state in {"active", "waiting"} or claim.why == REJECTED):
            rows.setdefault((claim.source, claim.row), []).append(claim)
    return rows


def whole_row(claims: Iterable[Claim]) -> tuple[LedgerEffect, ...]:
    """What a row says, from its claims on several lines: quantities of the same kind, code and split together."""
    sums: dict[tuple[MovementKind, str, str], Decimal] = {}
    for claim in claims:
        for kind, quantity, code, split in claim.effects:
            key = (kind, code, split)
            sums[key] = sums.get(key, ZERO) + quantity
    return tuple((kind, quantity, code, split) for (kind, code, split), quantity in sums.items())


def _replace_claims(return_: Return, claims: list[Claim], shares: Shares) -> set[str]:
    """Make the row's claims those that it is shared out as; the lines that changed."""
    effects_now = {claim.line_no: tuple(sorted(claim.effects)) for claim in claims}
    effects_due = {line_no: tuple(sorted(effects)) for line_no, effects in shares.items()}
    if len(effects_now) == len(claims) and effects_now == effects_due:
        return set()
    for claim in claims:
        claim.state, claim.why = "superseded", SPREAD
    for line_no, effects in shares.items():
        add_claim(return_, replace(claims[0], line_no=line_no, effects=effects, state="waiting", why="", seqs=[]))
    return set(effects_now) | set(shares)


def _fill(candidates: list[str], effects: tuple[LedgerEffect, ...], room: Callable[[str], Decimal]) -> Shares:
    """Which line takes how much of a row: each what it has room for, the last all that is left."""
    shares: Shares = {}
    rest = list(effects)
    for line_no in candidates[:-1]:
        share, rest = split_effects(rest, max(ZERO, room(line_no)))
        if share:
            shares[line_no] = tuple(share)
    if rest:
        shares[candidates[-1]] = tuple(rest)
    return shares


def _room(return_: Return, kind: str, taken: Taken, line_no: str) -> Decimal:
    """How much of a kind a line has room for, after what earlier rows have taken."""
    return _capacity(return_, line_no, kind, taken) - taken.get((kind, line_no), ZERO)


def _capacity(return_: Return, line_no: str, kind: str, taken: Taken) -> Decimal:
    """How much of a kind a line has room for: what came of it may be inspected, what was asked or allowed may come."""
    if kind == "inspect":
        return taken.get(("receive", line_no), ZERO)
    # What is cancelled can only be what was allowed; what was cancelled is not expected any more.
    allowed = ZERO
    for claim in return_.claims.get(line_no, ()):
        if claim.kind == "authorize" and claim.state != "superseded":
            allowed += sum((quantity for _, quantity, _, _ in claim.effects), ZERO)
    if kind == "cancel":
        return allowed
    return max(allowed, return_.lines[line_no].requested) - taken.get(("cancel", line_no), ZERO)


def split_effects(effects: list[LedgerEffect], room: Decimal) -> tuple[list[LedgerEffect], list[LedgerEffect]]:
    """Effects that fill the room, and the rest: goods, their inspection and their outcome go along together."""
    room_left = {kind: room for kind, _, _, _ in effects}
    share: list[LedgerEffect] = []
    rest: list[LedgerEffect] = []
    for kind, quantity, code, split in effects:
        taken = min(quantity, room_left[kind])
        room_left[kind] -= taken
        if taken:
            share.append((kind, taken, code, split))
        if quantity - taken:
            rest.append((kind, quantity - taken, code, split))
    return share, rest
