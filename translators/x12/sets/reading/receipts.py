"""What the receipts of warehouses share (861, 944)."""

from __future__ import annotations

from decimal import Decimal

from translators.canonical import ReceiptException
from translators.x12.sets.code_meanings import NEVER_RECEIVED


def received(stated: Decimal, exceptions: tuple[ReceiptException, ...], *, includes_exceptions: bool) -> Decimal:
    """Everything that came: W0701, plus the W13 quantities where the warehouse leaves them out of it.

    Short, not received and cumulative adjustments (DE 412: 02, 16, 11) never came, so they are never added.
    """
    if includes_exceptions:
        return stated
    return stated + sum(
        (exception.quantity for exception in exceptions if exception.condition.raw not in NEVER_RECEIVED), Decimal(0)
    )
