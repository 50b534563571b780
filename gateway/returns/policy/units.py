"""What one of a unit holds, where the policy says it."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation


def _held(unit: str, text: str) -> tuple[str, Decimal]:
    """`12 EA` → (EA, 12). Raises ValueError for anything else."""
    number, _, base = text.strip().partition(" ")
    try:
        held = Decimal(number)
    except InvalidOperation:
        held = Decimal(0)
    if not held.is_finite() or held <= 0 or not base.strip() or " " in base.strip():
        raise ValueError(f'units.{unit}: {text!r} is no number of a unit; write it as "12 EA"')
    return base.strip(), held
