"""The quantity ledger of a return: movements, the balances that follow from them, and what must hold of them."""

from __future__ import annotations

from gateway.returns.ledger.balances import Balances, balances, creditable
from gateway.returns.ledger.invariants import check_invariants
from gateway.returns.ledger.movements import rebuild_tallies, reverse_movement, write_movement

__all__ = [
    "Balances",
    "balances",
    "check_invariants",
    "creditable",
    "rebuild_tallies",
    "reverse_movement",
    "write_movement",
]
