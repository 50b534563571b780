"""The quantity ledger of a return: movements, the balances that follow from them, and what must hold of them."""

from __future__ import annotations

from gateway.returns.ledger.advance import charge_due, exposure, is_in_advance, undecided_exposure
from gateway.returns.ledger.balances import Balances, balances, creditable
from gateway.returns.ledger.invariants import check_invariants
from gateway.returns.ledger.movements import rebuild_tallies, reverse_movement, write_movement

__all__ = [
    "Balances",
    "balances",
    "charge_due",
    "check_invariants",
    "creditable",
    "exposure",
    "is_in_advance",
    "rebuild_tallies",
    "reverse_movement",
    "undecided_exposure",
    "write_movement",
]
