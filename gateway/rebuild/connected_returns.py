"""What belongs together: the documents of a return, and the returns that they or its sale may have had to do with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import sqlalchemy as sa

from gateway.clock import parse_instant
from gateway.partners import PartnerBook
from gateway.process.decide.erp_references import spread_over_postings
from gateway.returns import Policies, Received, Return, facts_wanted, keys_of
from gateway.returns.policy import policy_for
from gateway.store import Snapshot
from gateway.store.files import documents
from gateway.store.returns import postings, returns
from gateway.store.tables import event, return_
from translators.canonical import ErpResult, ReturnRequest

# More than this belongs to no sample: a return that half of all others depend on is for the whole rebuild.
MOST_RETURNS = 60
MOST_DOCUMENTS = 600
# Who sends a document decides how some of its keys are read; all of them are looked for.
_ROLES = ("retailer", "warehouse")
_LAST_NUMBER = re.compile(r"\d+(?=\D*$)")


@dataclass(slots=True)
class Related:
    """Returns that are made again together: all that touched them, and the master data that was asked about them."""

    returns: dict[str, Return] = field(default_factory=dict)
    documents: set[int] = field(default_factory=set)
    postings: set[str] = field(default_factory=set)
    facts: set[tuple[str, str]] = field(default_factory=set)
    results: dict[int, ErpResult] = field(default_factory=dict)  # answers about more than single postings, spread

    def absorb(self, other: Related) -> None:
        """Take what belongs to other returns, too: the two have nothing to do with one another and go side by side."""
        self.returns |= other.returns
        self.documents |= other.documents
        self.postings |= other.postings
        self.facts |= other.facts
        self.results |= other.results

    def numbers(self, name: str) -> list[int]:
        """The numbers that a counter gave these returns, in the order in which it did."""
        rmas = (each.rma for each in self.returns.values() if each.rma)
        return sorted(counted(each) for each in (self.returns if name == "return" else rmas))

    def reads_back(self, policies: Policies) -> bool:
        """Whether the policies of today write our numbers as they are, so that they tell what the counter said."""
        for each in self.returns.values():
            policy = policy_for(policies, each.partner)
            rma = each.rma and policy.rma_format.format(counted(each.rma))
            if policy.return_format.format(counted(each.return_no)) != each.return_no or rma != each.rma:
                return False
        return True


def counted(number: str) -> int:
    """The last digits of a number of ours, mostly what its counter said; 0 if it has none."""
    found = _LAST_NUMBER.search(number)
    return int(found[0]) if found else 0


def related_to(snapshot: Snapshot, number: str, book: PartnerBook) -> Related | None:
    """All that belongs to a return; None if it is too much, or if nobody knows any more which postings an answer of the
    ERP was about: such returns are made again with all others only. `book`: the partners of today.
    """
    found = Related()
    waiting = [number]
    while waiting:
        loaded = returns.load(snapshot, waiting)
        fresh = {name: each.aggregate for name, each in loaded.items()}
        found.returns |= fresh
        nearby = set(_of_same_sale(snapshot, fresh.values()))
        for name, aggregate in fresh.items():
            found.postings |= aggregate.postings.keys()
            found.facts |= set(_facts_of(aggregate))
            for document_id in returns.documents_of(snapshot, name):
                if document_id not in found.documents:
                    found.documents.add(document_id)
                    others = _named_by(snapshot, document_id, found, book)
                    if others is None:
                        return None
                    nearby.update(others)
        if len(found.returns) > MOST_RETURNS or len(found.documents) > MOST_DOCUMENTS:
            return None
        waiting = sorted(nearby - found.returns.keys())
        if len(waiting) > MOST_RETURNS:
            return None
    return None if found.results and _sent_twice(snapshot, sorted(found.returns)) else found


def _named_by(snapshot: Snapshot, document_id: int, found: Related, book: PartnerBook) -> list[str] | None:
    """The returns that a document may be about; None for an ERP's answer that does not say which postings it means.

    Such an answer concerns the returns of its postings one by one.
    """
    row = documents.get(snapshot, document_id)
    if row is None:
        return []
    body = documents.body_of(row)
    if isinstance(body, ErpResult):
        partner = book.get(str(row.partner))
        said = spread_over_postings(snapshot, body, partner) if partner else body
        keys = [each.idempotency_key for each in said.rows]
        if said is not body:
            found.results[document_id] = said
        return [] if postings.known_keys(snapshot, keys) >= set(keys) else None
    found.facts |= set(facts_wanted(body))
    keys_found: set[str] = set()
    for role in _ROLES:
        received = Received(document_id, str(row.partner), role, parse_instant(row.at))
        keys_found.update(keys_of(body, received))
    numbers = returns.find(snapshot, sorted(keys_found))
    if isinstance(body, ReturnRequest):
        found.facts.add(("customers", body.customer))
        orders = {body.order_number or body.reference("order")} - {""}
        purchases = {body.purchase_order or body.reference("purchase_order")} - {""}
        numbers += _sold(snapshot, orders, purchases)
    return numbers


def _sent_twice(snapshot: Snapshot, numbers: list[str]) -> bool:
    """Whether any posting of these returns was in more than one batch: the store knows the rows of its last one."""
    batched = event.c.subject.startswith("posting:")
    query = sa.select(event.c.subject).where(event.c.return_no.in_(numbers), event.c.to_state == "batched", batched)
    twice = query.group_by(event.c.subject).having(sa.func.count() > 1).limit(1)
    return snapshot.execute(twice).first() is not None


def _facts_of(aggregate: Return) -> Iterator[tuple[str, str]]:
    yield "orders", aggregate.order_number
    yield "orders", f"po:{aggregate.purchase_order}"
    yield "customers", aggregate.customer
    for line in aggregate.lines.values():
        for each in line.ids:
            yield "products", each


def _of_same_sale(snapshot: Snapshot, some: Iterable[Return]) -> list[str]:
    orders: set[str] = set()
    purchases: set[str] = set()
    for each in some:
        orders.add(each.order_number)
        purchases.add(each.purchase_order)
    return _sold(snapshot, orders - {""}, purchases - {""})


def _sold(snapshot: Snapshot, orders: set[str], purchases: set[str]) -> list[str]:
    """Returns of these orders or purchase orders: what one of them takes back, another cannot."""
    wanted: list[sa.ColumnElement[bool]] = []
    for name, values in (("order_number", orders), ("purchase_order", purchases)):
        if values:
            wanted.append(_in_body(snapshot, name).in_(sorted(values)))
    if not wanted:
        return []
    return [str(row[0]) for row in snapshot.execute(sa.select(return_.c.return_no).where(sa.or_(*wanted)))]


def _in_body(snapshot: Snapshot, name: str) -> sa.ColumnElement[str]:
    """A text of the return's body, which is JSON."""
    if snapshot.dialect.name == "postgresql":
        found: sa.ColumnElement[str] = sa.cast(return_.c.body, sa.JSON)[name].as_string()
    else:
        found = sa.func.json_extract(return_.c.body, f"$.{name}", type_=sa.Text)
    return found
