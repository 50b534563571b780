"""The checks of what was decided: ledgers, sums of sales, postings and parked documents."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gateway.clock import parse_instant
from gateway.returns import SaleItem, check_invariants, status_of
from gateway.store.feed import business_events
from gateway.store.read import invariants
from gateway.store.returns import returns, sales
from gateway.verify.compared import Comparison


def ledgers(compared: Comparison) -> Iterator[str | None]:
    """The ledger's invariants hold for every return, and the stored status is the derived one."""
    for loaded in returns.loaded_all(compared.snapshot):
        problems = check_invariants(loaded.aggregate)
        # As of then: an authorization that has lapsed since is one as long as nothing has looked at it.
        derived = status_of(loaded.aggregate, parse_instant(loaded.changed_at))
        if derived != loaded.status:
            problems.append(f"its status is {derived}, stored is {loaded.status}")
        if not problems:
            yield None
        yield from (f"return {loaded.aggregate.return_no}: {problem}" for problem in problems)


def taken_back(compared: Comparison) -> Iterator[str | None]:
    """The sums of what returns take back of each sale are the sums of the returns."""
    summed: dict[SaleItem, Decimal] = {}
    for loaded in returns.loaded_all(compared.snapshot):
        for item, quantity in loaded.taken.items():
            summed[item] = summed.get(item, Decimal(0)) + quantity
    stored = sales.all_taken_back(compared.snapshot)
    for item in sorted(summed.keys() | stored.keys()):
        kept, right = stored.get(item, Decimal(0)), summed.get(item, Decimal(0))
        yield None if kept == right else f"{' '.join(item)}: {kept} is stored, the returns take back {right}"


def postings(compared: Comparison) -> Iterator[str | None]:
    """A posting that left us is in the batch it says, whose file exists; a posted one has its ERP document."""
    batches = invariants.batches_with_a_file(compared.snapshot)
    for posting in invariants.posting_states(compared.snapshot):
        if posting.state in {"batched", "delivered"} and posting.batch_id not in batches:
            yield f"posting {posting.key} is {posting.state} in batch {posting.batch_id!r}, which has no file"
        elif posting.state == "posted" and not posting.erp_document:
            yield f"posting {posting.key} is posted without an ERP document"
        else:
            yield None


def parked_documents(compared: Comparison) -> Iterator[str | None]:
    """A parked document waits for something: it has keys, or it would wait for ever."""
    waiting = invariants.documents_with_keys(compared.snapshot)
    for document_id in invariants.parked_documents(compared.snapshot):
        yield None if document_id in waiting else f"document {document_id} is parked and waits for nothing"


def feed(compared: Comparison) -> Iterator[str | None]:
    """The feed of events has no hole, and every movement is told once: since this store has had a feed, that is."""
    kept, last = business_events.count(compared.snapshot), business_events.last_seq(compared.snapshot)
    allotted = business_events.allotted(compared.snapshot)
    if kept != last or last != allotted:
        yield f"{kept} events are there, the last is {last}, and {allotted} numbers were given"
    for number, movement in business_events.movements_untold(compared.snapshot):
        yield f"return {number}: no event tells of movement {movement}"
    for number, movement in business_events.told_without_movement(compared.snapshot):
        yield f"return {number}: an event tells of movement {movement}, which is not there"
    yield from (None for _ in range(kept))
