"""What becomes of batches: delivered, and the clock for the ERP's result; answered, and the clock stops."""

from __future__ import annotations

from decimal import Decimal

from gateway.batch.work import Batching
from gateway.clock import instant
from gateway.returns.clocks import add_business_hours
from gateway.store.returns import clocks, postings, returns
from gateway.store.returns.clocks import NewClock


def follow_deliveries(work: Batching) -> int:
    """Postings whose file is delivered become `delivered`, and the clock for the ERP's result starts; answered
    batches stop theirs. Returns the number of returns concerned."""
    now = work.clock.now()
    at = instant(now)
    with work.store.read() as snapshot:
        if not postings.has_news(snapshot):
            return 0
    with work.store.write() as tx:
        moved = postings.follow_deliveries(tx, at)
        for batch_id, partner_id in postings.batches_awaiting(tx):
            partner = work.book.partners.get(partner_id)
            hours = partner.clocks.erp_result_hours if partner else 0
            if hours:
                clock = NewClock(
                    key=f"erp_result:{batch_id}",
                    class_="erp_result",
                    started_at=at,
                    warn_at=instant(add_business_hours(now, Decimal(str(hours / 2)), work.calendar)),
                    due_at=instant(add_business_hours(now, Decimal(str(hours)), work.calendar)),
                    partner=partner_id,
                    subject=batch_id,
                )
                clocks.start(tx, clock)
        for batch_id in postings.batches_answered(tx):
            clocks.stop(tx, f"erp_result:{batch_id}", at=at)
        returns.refresh(tx, moved, now)
    return len(moved)
