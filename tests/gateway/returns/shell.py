"""The smallest shell around the domain: an in-memory store with the loop of the real one, for tests and benchmarks."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from gateway.returns import (
    DEFAULT_POLICY,
    Arrival,
    Due,
    Facts,
    Hold,
    Outcome,
    Policies,
    Return,
    SaleItem,
    check_invariants,
    customers_wanted,
    decide,
    dispose_by_hand,
    facts_wanted,
    keys_of,
    money_gaps,
    pack,
    reference_rows,
    request_for_goods,
    resolve_hold,
    sale_keys,
    taken_back,
    unpack,
)
from gateway.returns.model import UNASSIGNED
from gateway.returns.policy import policy_for
from translators.canonical import (
    ErpResult,
    ErpResultRow,
    ExpectedReceipt,
    InboundDocument,
    ReturnAnswer,
    ReturnRequest,
    VendorRequest,
)

START = datetime(2025, 3, 3, 15, 0, tzinfo=UTC)
ROLES = {
    "northgate": "retailer",
    "cedar": "retailer",
    "harbor": "warehouse",
    "atlas": "erp",
    "borealis": "erp",
    "acme": "supplier",
}


@dataclass
class Counters:
    counts: dict[str, int] = field(default_factory=dict)

    def next(self, name: str) -> int:
        self.counts[name] = self.counts.get(name, 0) + 1
        return self.counts[name]


def stored(return_: Return) -> Return:
    """The return after a trip through the store's rows."""
    rows: dict[str, Any] = json.loads(json.dumps(pack(return_)))
    return unpack(rows["body"], rows["movements"], rows["postings"], rows["holds"])


# What lets everything be undone that the ERP has posted too much, by the class of the Hold about it.
_UNDOING = {"reversal_undecided": "reverse", "cancelled_after_receipt": "send_back"}


@dataclass
class Shell:
    """`through_store` takes every return through its stored rows before each decision; `checked` asserts invariants."""

    policy: Policies = DEFAULT_POLICY
    through_store: bool = False
    checked: bool = True
    step: timedelta = timedelta(minutes=1)
    now: datetime = START
    numbers: Counters = field(default_factory=Counters)
    returns: dict[str, Return] = field(default_factory=dict)
    index: dict[str, set[str]] = field(default_factory=dict)
    reference: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    documents: dict[int, tuple[InboundDocument, Arrival]] = field(default_factory=dict)
    states: dict[int, tuple[str, str]] = field(default_factory=dict)
    taken: dict[str, dict[SaleItem, Decimal]] = field(default_factory=dict)
    parts: dict[str, dict[SaleItem, Decimal]] = field(default_factory=dict)
    known: dict[str, frozenset[str]] = field(default_factory=dict)
    parked: dict[int, tuple[str, ...]] = field(default_factory=dict)
    waiting: dict[str, set[int]] = field(default_factory=dict)
    loose_holds: dict[str, Hold] = field(default_factory=dict)
    answers: list[tuple[str, ReturnAnswer]] = field(default_factory=list)
    expected: list[tuple[str, ExpectedReceipt]] = field(default_factory=list)
    vendor_requests: list[tuple[str, VendorRequest]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    clocks: dict[str, Due] = field(default_factory=dict)
    after: Callable[[Return], None] | None = None

    def receive(self, document: InboundDocument, partner: str) -> int:
        """A new document arrives; everything that it sets free is decided too. Its document id."""
        self.now += self.step
        number = len(self.documents) + 1
        self.documents[number] = (document, Arrival(number, partner, ROLES[partner], self.now))
        self._settle(deque([number]))
        return number

    def again(self, number: int, document: InboundDocument) -> None:
        """The same document, read anew (a crosswalk has grown)."""
        self.now += self.step
        self.documents[number] = (document, self.documents[number][1])
        self._settle(deque([number]))

    def answer(self, return_no: str, class_: str, decision: str, line_no: str | None = None, **choices: str) -> None:
        """A person answers the open Hold of a class."""
        holds = self.returns[return_no].open_holds()
        hold = next(h for h in holds if h.class_ == class_ and line_no in {None, h.line_no})
        self.answer_key(return_no, hold.key, decision, **choices)

    def answer_key(self, return_no: str, key: str, decision: str, **choices: str) -> None:
        self.now += self.step
        return_, facts = self.returns[return_no], self._all_facts()
        if return_.purpose == UNASSIGNED:
            request = request_for_goods(return_, choices)
            facts = self._with_taken_back(request, Arrival(0, choices.get("partner", ""), "", self.now), facts)
        outcome = resolve_hold(
            return_, key, decision, "ann", self.now, self.policy, self.numbers, facts, choices or None
        )
        self._keep(outcome)
        self._settle(self._freed(outcome, 0))

    def dispose(self, return_no: str, line_no: str, *, left: str = "", instead: bool = False, **chosen: str) -> None:
        """A person says what becomes of goods."""
        self.now += self.step
        return_ = self.returns[return_no]
        outcome = dispose_by_hand(return_, line_no, chosen, "ann", self.now, self.policy, left=left, instead=instead)
        self._keep(outcome)
        self._settle(self._freed(outcome, 0))

    def _all_facts(self) -> Facts:
        return Facts.from_rows((d, k, body) for (d, k), body in self.reference.items())

    def _settle(self, queue: deque[int]) -> None:
        while queue:
            number = queue.popleft()
            document, received = self.documents[number]
            keys = keys_of(document, received)
            found = sorted({no for key in keys for no in self.index.get(key, ())})
            found += sorted({a for no in found if (a := self.returns[no].assigned_to)} - set(found))
            if self.through_store:
                self.returns.update({no: stored(self.returns[no]) for no in found})
            wanted = facts_wanted(document)
            facts = Facts.from_rows((d, k, self.reference[d, k]) for d, k in wanted if (d, k) in self.reference)
            facts = self._with_taken_back(document, received, facts)
            outcome = decide(
                document, received, [self.returns[no] for no in found], facts, self.policy, self.now, self.numbers
            )
            self._keep(outcome)
            self._state(number, outcome.state, outcome.reason, outcome.park_keys)
            queue.extend(n for n in self._freed(outcome, number) if n not in queue)

    def _with_taken_back(self, document: InboundDocument, received: Arrival, facts: Facts) -> Facts:
        if not isinstance(document, ReturnRequest):
            return facts
        wanted = customers_wanted(document, facts)
        known = ((d, k, self.reference[d, k]) for d, k in wanted if (d, k) in self.reference)
        facts = facts.with_customers(Facts.from_rows(known))
        taken: dict[SaleItem, Decimal] = {}
        for sale in sale_keys(document, received.partner, facts):
            taken |= self.taken.get(sale, {})
        return replace(facts, taken_back=taken)

    def _sum_up(self, return_: Return) -> None:
        """As the store does: what this return takes back of its sale replaces what it took back before."""
        before, after = self.parts.get(return_.return_no, {}), taken_back(return_)
        if before == after:
            return
        for item in before.keys() | after.keys():
            of_sale = self.taken.setdefault(item[0], {})
            of_sale[item] = of_sale.get(item, Decimal(0)) + after.get(item, Decimal(0)) - before.get(item, Decimal(0))
        self.parts[return_.return_no] = after

    def _keep(self, outcome: Outcome) -> None:
        for return_ in outcome.returns:
            self.returns[return_.return_no] = return_
            self._sum_up(return_)
            self._index(return_)
            if self.checked:
                assert check_invariants(return_) == []
                assert money_gaps(return_, policy_for(self.policy, return_.partner)) == []
            if self.after:
                self.after(return_)
        self.loose_holds.update({h.key: h for h in outcome.holds})
        self.answers += outcome.answers
        self.expected += outcome.expected
        self.vendor_requests += outcome.vendor_requests
        self.notes += outcome.notes
        self.clocks.update({d.key: d for d in outcome.clocks})
        for number, (state, reason) in outcome.moved.items():
            self._state(number, state, reason, self.parked.get(number, ()))
        if outcome.reference is not None:
            self.reference.update({(d, k): body for d, k, body in reference_rows(outcome.reference)})

    def _index(self, return_: Return) -> None:
        """Keys are only ever added."""
        known = self.known.get(return_.return_no, frozenset())
        if len(known) < len(return_.keys):
            for key in return_.keys - known:
                self.index.setdefault(key, set()).add(return_.return_no)
            self.known[return_.return_no] = frozenset(return_.keys)

    def _state(self, number: int, state: str, reason: str, keys: tuple[str, ...]) -> None:
        self.states[number] = (state, reason)
        for key in self.parked.pop(number, ()):
            self.waiting[key].discard(number)
        if state in {"parked", "held"}:
            self.parked[number] = keys
            for key in keys:
                self.waiting.setdefault(key, set()).add(number)

    def _freed(self, outcome: Outcome, but: int) -> deque[int]:
        parked = {n for key in outcome.retry_keys for n in self.waiting.get(key, ())}
        return deque([*outcome.redo, *sorted(parked - {but, *outcome.redo})])

    def ship_batches(self) -> list[str]:
        """Everything ready goes to the ERP: the keys, in order."""
        keys = []
        for return_ in self.returns.values():
            for posting in return_.postings.values():
                if posting.state == "ready":
                    posting.state = "delivered"
                    keys.append(posting.key)
        return keys

    def post(self, keys: Iterable[str], refuse: Iterable[str] = ()) -> int:
        """The ERP posts these keys (and refuses those) in one result file; the document's id."""
        refused = set(refuse)
        rows = [
            ErpResultRow(idempotency_key=k, status="refused", error_code="M7021", error_text="period is closed")
            if k in refused
            else ErpResultRow(idempotency_key=k, status="posted", erp_document_type="DOC", erp_document=f"49{k}")
            for k in keys
        ]
        return self.receive(ErpResult(number=f"B{len(self.documents)}", rows=tuple(rows)), "atlas")

    def run_erp(self) -> int:
        """Send and post until nothing is ready; how many were posted."""
        total = 0
        while keys := self.ship_batches():
            total += len(keys)
            self.post(keys)
        return total

    def undo(self) -> None:
        """Finance and warehouse let everything be undone that the ERP has posted too much; it posts that."""
        self.run_erp()
        while asked := [
            (no, hold.key, _UNDOING[hold.class_])
            for no, return_ in self.returns.items()
            for hold in return_.open_holds()
            if hold.class_ in _UNDOING
        ]:
            for return_no, key, decision in asked:
                self.answer_key(return_no, key, decision)
            self.run_erp()

    def one(self) -> Return:
        (return_,) = self.returns.values()
        return return_
