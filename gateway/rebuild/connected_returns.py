"""What belongs together: the documents of a return, and the returns that they or its sale may have had to do with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from gateway.clock import parse_instant
from gateway.partners import Partner, PartnerBook
from gateway.process.decide.erp_references import spread_over_postings
from gateway.returns import Arrival, Policies, Return, facts_wanted, keys_of
from gateway.returns.policy import policy_for
from gateway.store import Snapshot
from gateway.store.files import documents
from gateway.store.returns import postings, returns, sales
from translators.canonical import ErpResult, ReturnRequest

# More than this belongs to no sample: a return that half of all others depend on is for the whole rebuild.
MOST_RETURNS = 60
MOST_DOCUMENTS = 600
# Who sends a document decides how some of its keys are read; all of them are looked for.
_ROLES = ("retailer", "warehouse")
_LAST_DIGITS = re.compile(r"\d+(?=\D*$)")


@dataclass(slots=True)
class ConnectedReturns:
    """Returns that are repeated together: all that touched them, and the master data that was asked about them.

    `documents` are ids, `postings` keys, `facts` (dataset, key) pairs; `results` are answers of the ERP about more than
    single postings, spread over them, by the id of their document.
    """

    returns: dict[str, Return] = field(default_factory=dict)
    documents: set[int] = field(default_factory=set)
    postings: set[str] = field(default_factory=set)
    facts: set[tuple[str, str]] = field(default_factory=set)
    results: dict[int, ErpResult] = field(default_factory=dict)

    def absorb(self, other: ConnectedReturns) -> None:
        """Take what belongs to other returns, too: the two have nothing to do with one another and go side by side."""
        self.returns |= other.returns
        self.documents |= other.documents
        self.postings |= other.postings
        self.facts |= other.facts
        self.results |= other.results

    def numbers(self, name: str) -> list[int]:
        """The numbers that a counter ("return" or "rma") gave these returns, in the order in which it did."""
        rmas = (aggregate.rma for aggregate in self.returns.values() if aggregate.rma)
        return sorted(counted(number) for number in (self.returns if name == "return" else rmas))

    def has_numbers_of(self, policies: Policies) -> bool:
        """Whether the policies of today write our numbers as they are, so that they tell what the counter said."""
        for aggregate in self.returns.values():
            policy = policy_for(policies, aggregate.partner)
            return_no = policy.return_format.format(counted(aggregate.return_no))
            rma = aggregate.rma and policy.rma_format.format(counted(aggregate.rma))
            if return_no != aggregate.return_no or rma != aggregate.rma:
                return False
        return True


def counted(number: str) -> int:
    """The last digits of a number of ours, mostly what its counter said; 0 if it has none."""
    digits = _LAST_DIGITS.search(number)
    return int(digits[0]) if digits else 0


def connected_to(snapshot: Snapshot, return_no: str, book: PartnerBook) -> ConnectedReturns | None:
    """All that belongs to a return; None if it is too much, or if nobody knows any more which postings an answer of the
    ERP was about: such returns are repeated with all others only. `book`: the partners of today.
    """
    search = _Search(snapshot, book)
    waiting = [return_no]
    while waiting:
        nearby = search.look_at(waiting)
        if nearby is None or not search.is_small():
            return None
        waiting = sorted(nearby - search.found.returns.keys())
        if len(waiting) > MOST_RETURNS:
            return None
    found = search.found
    if found.results and postings.any_batched_twice(snapshot, sorted(found.returns)):
        return None  # the store knows only the rows of a posting's last batch
    return found


@dataclass(slots=True)
class _Search:
    """Goes from return to return, by their sales and documents."""

    snapshot: Snapshot
    book: PartnerBook
    found: ConnectedReturns = field(default_factory=ConnectedReturns)

    def is_small(self) -> bool:
        return len(self.found.returns) <= MOST_RETURNS and len(self.found.documents) <= MOST_DOCUMENTS

    def look_at(self, return_nos: list[str]) -> set[str] | None:
        """Take these returns → the returns that they may have had to do with; None if nobody knows."""
        fresh = {number: loaded.aggregate for number, loaded in returns.load(self.snapshot, return_nos).items()}
        self.found.returns |= fresh
        nearby = set(_of_same_sale(self.snapshot, fresh.values()))
        for number, aggregate in fresh.items():
            self.found.postings |= aggregate.postings.keys()
            self.found.facts |= set(_facts_of(aggregate))
            for document_id in returns.documents_of(self.snapshot, number):
                if document_id not in self.found.documents:
                    self.found.documents.add(document_id)
                    named = self._named_by(document_id)
                    if named is None:
                        return None
                    nearby.update(named)
        return nearby

    def _named_by(self, document_id: int) -> list[str] | None:
        """The returns that a document may be about; None for an ERP's answer that does not say which postings it means.

        Such an answer concerns the returns of its postings one by one.
        """
        document = documents.get(self.snapshot, document_id)
        if document is None:
            return []
        body = document.body
        if isinstance(body, ErpResult):
            return self._named_by_result(document_id, body, self.book.get(document.partner))
        self.found.facts |= set(facts_wanted(body))
        keys: set[str] = set()
        for role in _ROLES:
            received = Arrival(document_id, document.partner, role, parse_instant(document.at))
            keys.update(keys_of(body, received))
        numbers = returns.find(self.snapshot, sorted(keys))
        if isinstance(body, ReturnRequest):
            self.found.facts.add(("customers", body.customer))
            orders = {body.order_number or body.reference("order")} - {""}
            purchases = {body.purchase_order or body.reference("purchase_order")} - {""}
            numbers += sales.of_sales(self.snapshot, orders, purchases)
        return numbers

    def _named_by_result(self, document_id: int, result: ErpResult, partner: Partner | None) -> list[str] | None:
        spread = spread_over_postings(self.snapshot, result, partner) if partner else result
        keys = [row.idempotency_key for row in spread.rows]
        if spread is not result:
            self.found.results[document_id] = spread
        return [] if postings.known_keys(self.snapshot, keys) >= set(keys) else None


def _facts_of(aggregate: Return) -> Iterator[tuple[str, str]]:
    yield "orders", aggregate.order_number
    yield "orders", f"po:{aggregate.purchase_order}"
    yield "customers", aggregate.customer
    for line in aggregate.lines.values():
        for item_id in line.ids:
            yield "products", item_id


def _of_same_sale(snapshot: Snapshot, aggregates: Iterable[Return]) -> list[str]:
    """Returns of the same orders: what one of them takes back, another cannot."""
    orders: set[str] = set()
    purchases: set[str] = set()
    for aggregate in aggregates:
        orders.add(aggregate.order_number)
        purchases.add(aggregate.purchase_order)
    return sales.of_sales(snapshot, orders - {""}, purchases - {""})
