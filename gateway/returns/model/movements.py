"""Rows of the quantity ledger, and their sums per line."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from gateway.returns.model.movement_kinds import MovementKind
from gateway.returns.model.values import ZERO

# What a person says becomes of goods that came and were not authorized: codes of movements of the kind surplus.
KEPT = "kept"
RETURNED = "returned"


@dataclass(slots=True)
class Movement:
    """One row of the quantity ledger, base unit. A correction has a negative quantity and points at what it `reverses`.

    `kind`: see MOVEMENT_KINDS. `code` is the condition of a receipt or inspection, the disposition, or the one that
    goods leave and the one that they get ("quarantine>restock"). `source` is the business key of the document behind
    it, `at` the instant when it was written (ISO 8601, UTC).
    """

    seq: int
    line_no: str
    kind: MovementKind
    quantity: Decimal
    code: str = ""
    split: str = "0"
    source: str = ""
    document_id: int | None = None
    reverses: int | None = None
    at: str = ""


@dataclass(slots=True)
class Tally:
    """Sums of a line's movements: the letters of the quantity algebra; `d`, `by_condition` and `surplus` by code.

    `d` is where goods stand now; `moved_on` is what has left an outcome for another one, by "quarantine>restock".
    """

    a: Decimal = ZERO
    x: Decimal = ZERO
    r: Decimal = ZERO
    i: Decimal = ZERO
    c: Decimal = ZERO
    v: Decimal = ZERO
    z: Decimal = ZERO
    b: Decimal = ZERO
    d: dict[str, Decimal] = field(default_factory=dict)
    by_condition: dict[str, Decimal] = field(default_factory=dict)
    surplus: dict[str, Decimal] = field(default_factory=dict)
    moved_on: dict[str, Decimal] = field(default_factory=dict)

    @property
    def dispositioned(self) -> Decimal:
        """Units of which is said what becomes of them."""
        return sum(self.d.values(), ZERO) if self.d else ZERO

    @property
    def kept(self) -> Decimal:
        """Units that nobody authorized and that are kept without credit."""
        return self.surplus.get(KEPT, ZERO) if self.surplus else ZERO

    @property
    def sent_back(self) -> Decimal:
        """Units that nobody authorized and that go back to their sender: no more than came beyond all others."""
        if not self.surplus:
            return ZERO
        kept = self.kept
        said = sum(self.surplus.values(), ZERO) - kept
        return max(ZERO, min(said, self.r - self.a - kept))

    @property
    def undecided_surplus(self) -> Decimal:
        """Units beyond the authorization of which nobody has said what becomes of them."""
        return max(ZERO, self.r - self.a - self.kept - self.sent_back)


class Tallies(dict[str, Tally]):
    """Sums by line number; a line without movements has zeroes."""

    def __missing__(self, line_no: str) -> Tally:
        tally = self[line_no] = Tally()
        return tally
