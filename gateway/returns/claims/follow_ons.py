"""Goods that have an outcome and get another one: which claims move them on, and out of which outcome.

A document or a person may say which outcome goods leave. An inspection that does not say it is taken for one of goods
that were inspected before, if it can be nothing else: more is inspected then than came, and its goods can have come
from one passing outcome only. All of this is a function of the claims of a line, not of the order in which they came.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from gateway.returns.model import ZERO, Claim, LedgerEffect, ends_of, step_code

# Outcome → the passing ones that goods may come from which get it, where nobody says so.
Sources = Mapping[str, Sequence[str]]
NOTHING_UNSAID: Sources = {}


def as_step(effects: Iterable[LedgerEffect], left: str) -> tuple[LedgerEffect, ...]:
    """The effects of an inspection whose goods were inspected before and leave an outcome."""
    return tuple(
        ("redisposition", quantity, step_code(left, code), split)
        for kind, quantity, code, split in effects
        if kind == "disposition"
    )


def outcomes_of(claims: Iterable[Claim]) -> dict[str, Decimal]:
    """Units by the first outcome that these claims give them."""
    units: dict[str, Decimal] = {}
    for claim in claims:
        for kind, quantity, code, _ in claim.effects:
            if kind == "disposition":
                units[code] = units.get(code, ZERO) + quantity
    return units


def moved_on(contenders: Iterable[Claim], units: dict[str, Decimal], sources: Sources) -> dict[int, str]:
    """Which of these claims move goods on: identity → the outcome left, if the claim itself does not say it; else "".

    `units`: by the outcome that they have; they are moved. Rows of one document that do not say it go together or not
    at all: of a report that came twice no part may pass for news.
    """
    moved: dict[int, str] = {}
    groups = _groups(contenders)
    while True:
        fitting = ((group, readings) for group in groups if (readings := _readings(group, units, sources)) is not None)
        group, readings = next(fitting, (None, {}))
        if group is None:
            return moved
        groups.remove(group)
        for claim in group:
            moved[id(claim)] = readings[id(claim)]
            for _, quantity, step, _ in _steps(claim, readings[id(claim)]):
                _move(units, step, quantity)


def _groups(contenders: Iterable[Claim]) -> list[list[Claim]]:
    """What stands or falls together, in an order of its own."""
    groups: dict[tuple[str, str, str, int], list[Claim]] = {}
    for claim in contenders:
        row = -1 if claim.kind == "inspect" else claim.row
        groups.setdefault((claim.order, claim.source, claim.kind, row), []).append(claim)
    return [sorted(groups[key], key=lambda claim: claim.row) for key in sorted(groups)]


def _steps(claim: Claim, left: str) -> tuple[LedgerEffect, ...]:
    return as_step(claim.effects, left) if left else claim.effects


def _readings(group: list[Claim], units: Mapping[str, Decimal], sources: Sources) -> dict[int, str] | None:
    """What each claim of a group leaves, if there is enough for all of them; None if they do not fit."""
    left_over = dict(units)
    readings: dict[int, str] = {}
    for claim in group:
        left = source_of(claim.effects, left_over, sources) if claim.kind == "inspect" else ""
        if left is None:
            return None
        readings[id(claim)] = left
        for _, quantity, step, _ in _steps(claim, left):
            _move(left_over, step, quantity)
            if left_over[ends_of(step)[0]] < 0:
                return None
    return readings


def source_of(effects: Iterable[LedgerEffect], units: Mapping[str, Decimal], sources: Sources) -> str | None:
    """The one passing outcome that the goods of an inspection can have left; None if there is none or more than one."""
    outcomes = [(code, quantity) for kind, quantity, code, _ in effects if kind == "disposition"]
    if len(outcomes) != 1:
        return None
    reached, quantity = outcomes[0]
    there_are = [left for left in sources.get(reached, ()) if units.get(left, ZERO) > 0]
    return there_are[0] if len(there_are) == 1 and units[there_are[0]] >= quantity > 0 else None


def _move(units: dict[str, Decimal], step: str, quantity: Decimal) -> None:
    left, reached = ends_of(step)
    units[left] = units.get(left, ZERO) - quantity
    units[reached] = units.get(reached, ZERO) + quantity
