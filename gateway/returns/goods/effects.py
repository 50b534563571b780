"""What a line of a goods document means for the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from gateway.returns.documents.keys import GoodsLine, references_of
from gateway.returns.documents.serial_numbers import distinct
from gateway.returns.model import NO_CODE, ZERO, LedgerEffect, plain, step_code
from gateway.returns.policy import Policy
from translators.canonical import Code, InspectionLine, ReceiptLine, ShipmentLine

# Exceptions that say goods are not there: no part of what was received. A correction of a running total is none either.
_ABSENT = frozenset({"missing", "short", "not_received", "cumulative_adjustment"})


def named_line_number(line: GoodsLine) -> str:
    """The number by which the sender names a line of the return; a plain count of its own rows names nothing."""
    if type(line) is InspectionLine:
        return line.line_no
    references = references_of(line)
    return next((r.value for r in references if r.kind == "line"), "") if references else ""


def numbers_of(line: GoodsLine) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The serial and the lot numbers that a line says its goods have, each once."""
    lots = line.lots
    if type(line) is ReceiptLine and line.exceptions:
        lots = (*lots, *(exception.lot for exception in line.exceptions))
    return distinct(line.serials), distinct(lots)


def effects_of(line: GoodsLine, policy: Policy, rules: Policy) -> tuple[tuple[LedgerEffect, ...], str, str]:
    """A line as ledger effects; or the Hold class that keeps it from being understood, and the words for it."""
    if type(line) is ShipmentLine:
        return (("ship", line.quantity, "", "0"),), "", ""
    if type(line) is ReceiptLine:
        return _receipt_effects(line, policy, rules)
    if type(line) is not InspectionLine:
        raise TypeError(f"not a line of goods: {type(line).__name__}")
    return _inspection_effects(line, rules)


def _inspection_effects(line: InspectionLine, rules: Policy) -> tuple[tuple[LedgerEffect, ...], str, str]:
    if unknown := _unknown(line.disposition, rules.dispositions):
        return (("inspect", line.quantity, "", "0"),), "crosswalk_missing", f"disposition {unknown} is not known"
    if line.from_disposition != NO_CODE:
        return _onward_effects(line, rules)
    split, disposition = line.split_no or "0", line.disposition.canonical
    inspected: LedgerEffect = ("inspect", line.quantity, line.condition.canonical, split)
    if not disposition:
        return (inspected,), "", ""
    return (inspected, ("disposition", line.quantity, disposition, split)), "", ""


def _onward_effects(line: InspectionLine, rules: Policy) -> tuple[tuple[LedgerEffect, ...], str, str]:
    """Goods that were inspected before and get another outcome, where the policy lets this one follow."""
    left, reached = line.from_disposition, line.disposition
    unknown = _unknown(left, rules.dispositions) or _unknown(reached, rules.dispositions)
    step = step_code(left.canonical, reached.canonical)
    effects: tuple[LedgerEffect, ...] = (("redisposition", line.quantity, step, line.split_no or "0"),)
    if unknown:
        return effects, "crosswalk_missing", f"disposition {unknown} is not known"
    if not reached.canonical:
        return effects, "outcome_cannot_follow", f"nothing is said of what follows {left.canonical}"
    if not rules.follow_ons.allows(left.canonical, reached.canonical):
        return effects, "outcome_cannot_follow", f"{reached.canonical} does not follow {left.canonical} here"
    return effects, "", ""


def _unknown(code: Code, known_codes: Iterable[str] | None = None) -> str:
    """The raw code that we have no word for; "" if it is understood or absent."""
    if code.raw and not code.canonical:
        return code.raw
    return code.canonical if known_codes is not None and code.canonical and code.canonical not in known_codes else ""


def _receipt_effects(line: ReceiptLine, policy: Policy, rules: Policy) -> tuple[tuple[LedgerEffect, ...], str, str]:
    by_condition: dict[str, Decimal] = {}
    good = line.quantity
    for exception in line.exceptions:
        if unknown := _unknown(exception.condition):
            return (("receive", line.quantity, "", "0"),), "crosswalk_missing", f"condition {unknown} is not known"
        condition = exception.condition.canonical
        if condition in _ABSENT:
            continue
        good -= exception.quantity
        by_condition[condition] = by_condition.get(condition, ZERO) + exception.quantity
    if good < 0:
        text = f"exceptions exceed the {plain(line.quantity)} received"
        return (("receive", line.quantity, "", "0"),), "inconsistent_quantity", text
    if good:
        by_condition["good"] = by_condition.get("good", ZERO) + good
    effects: list[LedgerEffect] = [
        ("receive", quantity, condition, "0") for condition, quantity in by_condition.items() if quantity
    ]
    if not policy.inspection_by_warehouse:
        table = rules.condition_dispositions
        for condition, quantity in by_condition.items():
            outcome = table.get(condition, table.get("*", "quarantine"))
            effects += [("inspect", quantity, condition, "0"), ("disposition", quantity, outcome, "0")]
    return tuple(effects), "", ""
