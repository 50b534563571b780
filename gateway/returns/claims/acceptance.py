"""Which claims stand, and the movements that they make.

Which claims stand is a function of the set of claims, not of their order of arrival: authorizations, shipments and
receipts always stand; cancellations, inspections and dispositions stand as long as what they draw on is there, taken in
the claims' own order, and after them what moves goods on from one outcome to another (`follow_ons`). A claim that no
longer fits has its movements reversed and waits; nothing is ever clamped.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from gateway.returns.claims.follow_ons import NOTHING_UNSAID, Sources, as_step, moved_on, outcomes_of
from gateway.returns.ledger.movements import add_to_tally, reverse_movement
from gateway.returns.model import DRAWS_ON, ZERO, Claim, Movement, MovementKind, Return, Tally

# Kinds of claim that compete with others of their line, in the order in which they are weighed → the movement kind by
# which they do.
_COMPETES_FOR: dict[str, MovementKind] = {"cancel": "cancel", "inspect": "inspect", "dispose": "disposition"}
# States of claims that stand, or may.
_LIVE = frozenset({"active", "waiting"})


def add_claim(return_: Return, claim: Claim) -> None:
    """Put a claim beside the others of its line; `accept` decides whether it stands."""
    return_.claims.setdefault(claim.line_no, []).append(claim)


def accept(return_: Return, line_nos: Iterable[str], at: str, unsaid: Sources = NOTHING_UNSAID) -> list[Claim]:
    """Make the ledger of these lines say what their claims say. Returns the claims whose state changed.

    Movements of claims that no longer stand are reversed first, then those of new ones are written. `at`: the instant
    of the movements, ISO 8601. `unsaid`: see FollowOnRules.unsaid of the policy.
    """
    changed: list[Claim] = []
    for line_no in line_nos:
        claims = return_.claims.get(line_no)
        if not claims or not line_no:
            continue
        starting = _starting_if_all_fit(claims, return_.tallies[line_no])
        if starting is None:
            displaced, starting = _weigh(return_, claims, at, unsaid)
            changed += displaced
        for claim in starting:
            _write_movements(return_, claim, at)
        changed += starting
    return changed


def _starting_if_all_fit(claims: list[Claim], tally: Tally) -> list[Claim] | None:
    """The waiting claims of a line if all of them fit, which needs no order; None if some claim must give way."""
    starting: list[Claim] = []
    needs_room = False
    for claim in claims:
        state = claim.state
        if claim.follows:
            return None
        if state == "waiting":
            if claim.kind == "follow":
                return None
            starting.append(claim)
            needs_room = needs_room or claim.kind in _COMPETES_FOR or _takes_back(claim)
        elif claim.seqs and state != "active":
            return None
    return starting if not needs_room or _have_room(claims, tally) else None


def _takes_back(claim: Claim) -> bool:
    """Does the claim say less than nothing of some goods?"""
    for effect in claim.effects:  # noqa: SIM110 - this is hot, and a generator costs as much again
        if effect[1] < 0:
            return True
    return False


def _have_room(claims: list[Claim], tally: Tally) -> bool:
    """Is everything there that the waiting claims draw on, whatever order they are taken in?

    Less than nothing makes room for others, but only for those after it in the claims' own order.
    """
    room: dict[MovementKind, Decimal] = {
        "authorize": tally.a,
        "receive": tally.r - tally.i,
        "inspect": tally.i - tally.dispositioned,
    }
    for claim in claims:
        if _takes_back(claim):
            return False
        for kind, quantity, _, _ in claim.effects if claim.state == "waiting" else ():
            if kind in room:
                room[kind] += quantity
            if kind in DRAWS_ON:
                room[DRAWS_ON[kind]] -= quantity
    return min(room.values()) >= 0


def _weigh(return_: Return, claims: list[Claim], at: str, unsaid: Sources) -> tuple[list[Claim], list[Claim]]:
    """Weigh the claims of a line against each other: those whose movements were reversed, and those that start."""
    standing, follows = _standing(claims, unsaid)
    displaced: list[Claim] = []
    starting: list[Claim] = []
    for claim in claims:
        state = claim.state
        stands = state in _LIVE and (standing is None or id(claim) in standing)
        left = follows.get(id(claim), "")
        if stands and claim.follows == left:
            if state == "waiting":
                starting.append(claim)
            continue
        claim.follows = left
        if claim.seqs:
            for seq in claim.seqs:
                reverse_movement(return_, seq, at)
            claim.seqs.clear()
            displaced.append(claim)
        if stands:
            starting.append(claim)
        if state == "active":
            claim.state = "waiting"
    return displaced, starting


def _write_movements(return_: Return, claim: Claim, at: str) -> None:
    claim.state = "active"
    line_no, source, document_id = claim.line_no, claim.source, claim.document_id
    movements, tally = return_.movements, return_.tallies[line_no]
    for kind, quantity, code, split in as_step(claim.effects, claim.follows) if claim.follows else claim.effects:
        if quantity:
            seq = len(movements) + 1
            movement = Movement(seq, line_no, kind, quantity, code, split, source, document_id, None, at)
            movements.append(movement)
            add_to_tally(tally, movement)
            claim.seqs.append(seq)


def _standing(claims: list[Claim], unsaid: Sources) -> tuple[set[int] | None, dict[int, str]]:
    """Identities of the live claims of one line that stand together; None for all of them. Of those that are taken to
    move goods on, which outcome these leave.
    """
    contenders: dict[str, list[Claim]] = {}
    for claim in claims:
        if claim.state in _LIVE and (claim.kind in _COMPETES_FOR or claim.kind == "follow"):
            contenders.setdefault(claim.kind, []).append(claim)
    if not contenders:
        return None, {}
    standing: list[Claim] = []
    sums: dict[str, Decimal] = {}
    for claim in claims:
        if claim.kind not in contenders and claim.state in _LIVE:
            standing.append(claim)
            _add_effects(sums, claim)
    not_fitting: list[Claim] = []
    for claim_kind, movement_kind in _COMPETES_FOR.items():
        left = sums.get(DRAWS_ON[movement_kind], ZERO) - sums.get(movement_kind, ZERO)
        for claim in sorted(contenders.get(claim_kind, ()), key=_own_order):
            drawn = sum((effect[1] for effect in claim.effects if effect[0] == movement_kind), ZERO)
            if drawn <= left:
                left -= drawn
                standing.append(claim)
                _add_effects(sums, claim)
            else:
                not_fitting.append(claim)
    follows = _moving_on(standing, not_fitting, contenders.get("follow", []), unsaid)
    return {*map(id, standing), *follows}, {claim: left for claim, left in follows.items() if left}


def _moving_on(standing: list[Claim], not_fitting: list[Claim], said: list[Claim], unsaid: Sources) -> dict[int, str]:
    """Which claims move goods on: those that say so, and inspections by documents none of which fits as a first one."""
    first = {claim.source for claim in standing if claim.kind == "inspect"}
    again = [c for c in not_fitting if c.kind == "inspect" and c.document_id and c.source not in first]
    if not said and not (again and unsaid):
        return {}
    return moved_on([*said, *again], outcomes_of(standing), unsaid)


def _own_order(claim: Claim) -> tuple[str, str, int]:
    """The order of claims that compete, whatever order they came in."""
    return claim.order, claim.source, claim.row


def _add_effects(sums: dict[str, Decimal], claim: Claim) -> None:
    for kind, quantity, _, _ in claim.effects:
        sums[kind] = sums[kind] + quantity if kind in sums else quantity
