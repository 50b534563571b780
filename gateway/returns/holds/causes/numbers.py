"""Serial and lot numbers of goods that nobody expected."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from gateway.returns.apply.open_hold import HoldCause
from gateway.returns.holds.causes.words import named
from gateway.returns.items.strange_numbers import STEPS, StrangeNumbers, strange_numbers
from gateway.returns.model import Return
from gateway.returns.policy import Policy


def number_causes(return_: Return, _credits: Mapping[str, Decimal], policy: Policy) -> list[HoldCause]:
    """Goods that are others than those that were asked for or sold, by their numbers: one cause an item."""
    causes: list[HoldCause] = []
    for strange in strange_numbers(return_, policy):
        goods_came = any(kind != "ship" for kind, _, _ in (*strange.found, *strange.too_many))
        owner = "warehouse" if goods_came else "customer_service"
        class_ = f"{strange.sort}_differs"
        causes.append(HoldCause(class_, strange.line_no, "", strange.extent, _words(return_, strange), owner))
    return causes


def _words(return_: Return, strange: StrangeNumbers) -> str:
    phrases: list[str] = []
    for kind, verb in STEPS.items():
        for source in dict.fromkeys(source for what, _, source in strange.found if what == kind):
            numbers = ", ".join(number for what, number, of in strange.found if (what, of) == (kind, source))
            phrases.append(f"{strange.sort} {numbers} {verb} ({source.rsplit(':', 1)[-1]})")
    phrases += [f"{words} ({source.rsplit(':', 1)[-1]})" for _, words, source in strange.too_many]
    expected = f"; expected: {', '.join(strange.expected)}" if strange.expected and strange.found else ""
    return f"{named(return_.lines[strange.line_no])}: {'; '.join(phrases)}{expected}"
