"""What batching works with."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.clock import Clock
from gateway.home import Home
from gateway.partners import PartnerBook
from gateway.returns.policy import Calendar
from gateway.store import Store


@dataclass(frozen=True, slots=True)
class Batching:
    """What batching works with."""

    store: Store
    home: Home
    book: PartnerBook
    clock: Clock
    calendar: Calendar

    def test_erps(self) -> list[str]:
        """ERPs that are in stage test: they, and only they, may hear of test returns."""
        return [erp.id for erp in self.book.with_role("erp") if erp.stage_of("erp_batch") == "test"]
