"""Which claims stand, and the movements that they make.

Which claims stand is a function of the set of claims, not of their order of arrival: authorizations, shipments and
receipts always stand; cancellations, inspections and dispositions stand as long as what they need is there, taken in
the claims' own order. A claim that no longer fits has its movements reversed and waits; nothing is ever clamped.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from gateway.returns.ledger.movements import add_to_tally, reverse_movement
from gateway.returns.model import ZERO, Claim, Movement, Return, Tally


def add_claim(return_: Return, claim: Claim) -> None:
    """Put a claim beside the others of its line; `accept` decides whether it stands."""
    return_.claims.setdefault(claim.line_no, []).append(claim)


def accept(return_: Return, line_nos: Iterable[str], at: str) -> list[Claim]:
    """Make the ledger of these lines say what their claims say. Returns the claims whose state changed.

    Movements of claims that no longer stand are reversed first, then those of new ones are written.
    """
    changed: list[Claim] = []
    for line_no in line_nos:
        claims = return_.claims.get(line_no)
        if not claims or not line_no:
            continue
        starting = _all_start(claims, return_.tallies[line_no])
        if starting is None:
            starting = _give_way(return_, claims, at, changed)
        for claim in starting:
            _activate(return_, claim, at)
        changed += starting
    return changed


def _all_start(claims: list[Claim], tally: Tally) -> list[Claim] | None:
    """The waiting claims of a line if all of them fit, which needs no order; None if some claim must give way."""
    starting: list[Claim] = []
    competing = False
    for claim in claims:
        state = claim.state
        if state == "waiting":
            starting.append(claim)
            competing = competing or claim.kind in _COMPETING
        elif claim.seqs and state != "active":
            return None
    if not competing:
        return starting
    if any(effect[1] < 0 for claim in claims for effect in claim.effects):
        # Less than nothing makes room for others, but only for those after it in the claims' own order.
        return None
    authorized, uninspected, undecided = tally.a, tally.r - tally.i, tally.i - tally.dispositioned
    for claim in starting:
        for kind, quantity, _, _ in claim.effects:
            if kind == "inspect":
                uninspected -= quantity
                undecided += quantity
            elif kind == "disposition":
                undecided -= quantity
            elif kind == "receive":
                uninspected += quantity
            elif kind == "authorize":
                authorized += quantity
            elif kind == "cancel":
                authorized -= quantity
    return starting if authorized >= 0 and uninspected >= 0 and undecided >= 0 else None


def _give_way(return_: Return, claims: list[Claim], at: str, changed: list[Claim]) -> list[Claim]:
    """Take back the movements of the claims that stand no more, adding them to `changed`; the claims that start."""
    standing = _standing(claims)
    starting: list[Claim] = []
    for claim in claims:
        state = claim.state
        if state in _LIVE and (standing is None or id(claim) in standing):
            if state == "waiting":
                starting.append(claim)
            continue
        if claim.seqs:
            for seq in claim.seqs:
                reverse_movement(return_, seq, at)
            claim.seqs.clear()
            changed.append(claim)
        if state == "active":
            claim.state = "waiting"
    return starting


_LIVE = frozenset({"active", "waiting"})


def _activate(return_: Return, claim: Claim, at: str) -> None:
    claim.state = "active"
    line_no, source, document_id = claim.line_no, claim.source, claim.document_id
    movements, tally = return_.movements, return_.tallies[line_no]
    for kind, quantity, code, split in claim.effects:
        if quantity:
            seq = len(movements) + 1
            movement = Movement(seq, line_no, kind, quantity, code, split, source, document_id, None, at)
            movements.append(movement)
            add_to_tally(tally, movement)
            claim.seqs.append(seq)


# What each competing kind of claim draws on: the effect it draws, and the effects that supply it.
_COMPETES: tuple[tuple[str, str, str], ...] = (
    ("cancel", "cancel", "authorize"),
    ("inspect", "inspect", "receive"),
    ("dispose", "disposition", "inspect"),
)
_COMPETING = frozenset(kind for kind, _, _ in _COMPETES)


def _standing(claims: list[Claim]) -> set[int] | None:
    """Identities of the live claims of one line that stand together; None for all of them."""
    contenders: dict[str, list[Claim]] = {}
    for claim in claims:
        if claim.kind in _COMPETING and claim.state in _LIVE:
            contenders.setdefault(claim.kind, []).append(claim)
    if not contenders:
        return None
    standing: set[int] = set()
    sums: dict[str, Decimal] = {}
    for claim in claims:
        if claim.kind not in _COMPETING and claim.state in _LIVE:
            standing.add(id(claim))
            _add_effects(sums, claim)
    for kind, draws, supply in _COMPETES:
        several = contenders.get(kind, _NOBODY)
        if len(several) > 1:
            several.sort(key=lambda c: (c.order, c.source, c.row))
        left = sums.get(supply, ZERO) - sums.get(draws, ZERO)
        for claim in several:
            wanted = sum((q for effect, q, _, _ in claim.effects if effect == draws), ZERO)
            if wanted <= left:
                left -= wanted
                standing.add(id(claim))
                _add_effects(sums, claim)
    return standing


_NOBODY: list[Claim] = []


def _add_effects(sums: dict[str, Decimal], claim: Claim) -> None:
    for kind, quantity, _, _ in claim.effects:
        sums[kind] = sums[kind] + quantity if kind in sums else quantity
