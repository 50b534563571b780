"""The quantity of a line of a 180: BLI03, else what its QTY or SDQ segments add up to."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from translators.bindings import Scope, read_decimal
from translators.provenance import Source
from translators.x12.sets.reading.scopes import ScopeValues, at
from translators.x12.sets.reading.segments import Identifiers

# QTY01 (DE 673): what an answer approves.
APPROVED = "QA"
# QTY01 of a quantity that is the whole line's, the one that says most first.
WHOLE_QUANTITIES = ("76", "84", "38", "39", "87", "01")


class PartQuantity(NamedTuple):
    """One QTY segment with a number: its qualifier (DE 673), the quantity, where it stands."""

    qualifier: str
    quantity: Decimal
    source: Source


def part_quantities(scope: Scope) -> list[PartQuantity]:
    """The QTY segments of a line that have a number, in order."""
    found = []
    for position, segment in scope.get("QTY", ()):
        quantity = read_decimal(at(segment, 2))
        if quantity is not None:
            found.append(PartQuantity(at(segment, 1), quantity, Source(segment="QTY", position=position, element=2)))
    return found


def stated_quantity(
    values: ScopeValues, scope: Scope, parts: list[PartQuantity], identifiers: Identifiers, *, answers: bool
) -> tuple[Decimal, Source | None]:
    """The quantity of a line and where it stands.

    BLI03; an answer's approved quantity (QTY*QA) before it; without BLI03 what QTY or SDQ add up to; else 0. The
    stores of SDQ stay as references x12:SDQ.<store>.
    """
    if answers and (approved := next((part for part in parts if part.qualifier == APPROVED), None)):
        return approved.quantity, approved.source
    stated: Decimal | None = values.fields.get("quantity")
    if stated is not None:
        return stated, values.provenance.get("quantity")
    if parts:
        whole = next((part for code in WHOLE_QUANTITIES for part in parts if part.qualifier == code), None)
        if whole is not None:
            return whole.quantity, whole.source
        return sum((part.quantity for part in parts), Decimal(0)), parts[0].source
    return _destinations(scope, identifiers)


def _destinations(scope: Scope, identifiers: Identifiers) -> tuple[Decimal, Source | None]:
    """SDQ: quantities by store → their sum, 0 where there is none."""
    total = Decimal(0)
    first: Source | None = None
    for position, segment in scope.get("SDQ", ()):
        for element in range(3, min(len(segment), 23), 2):
            quantity = read_decimal(at(segment, element + 1))
            if quantity is not None:
                source = Source(segment="SDQ", position=position, element=element + 1)
                first = first or source
                total += quantity
                identifiers.add(f"x12:SDQ.{at(segment, element)}", format(quantity, "f"), source)
    return total, first
