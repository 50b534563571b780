"""The steps, and the parts of them, that are about some returns: repeated without all others."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from gateway.process.decide.application import Application
from gateway.rebuild.connected_returns import ConnectedReturns
from gateway.rebuild.repeat_steps import Repetition
from gateway.returns import Numbers, reference_rows
from gateway.store.rebuild import step_documents
from gateway.store.rebuild.step_documents import DocumentRow
from gateway.store.returns import postings
from gateway.store.system import steps
from gateway.store.system.step_bodies import DocumentsBody
from gateway.store.system.steps import Step
from translators.canonical import ErpResult, Inbound, ReferenceData

_MASTER_DATA: str = ReferenceData.model_fields["kind"].default


@dataclass(slots=True)
class _GivenNumbers:
    """The numbers that were given these returns, in the order in which they were."""

    left: dict[str, deque[int]]

    def next(self, name: str) -> int:
        if not self.left[name]:
            raise LookupError(f"no number of {name} was given at this step")
        return self.left[name].popleft()


@dataclass(slots=True)
class _PartialApplication(Application):
    """An application that gives the numbers that these returns had, whatever others took between."""

    given_numbers: _GivenNumbers = field(default_factory=lambda: _GivenNumbers({}))

    def numbers(self) -> Numbers:
        return self.given_numbers


@dataclass(slots=True)
class PartialRepetition(Repetition):
    """As Repetition, for the steps (and the parts of them) that are about the returns of `connected`."""

    connected: ConnectedReturns = field(default_factory=ConnectedReturns)
    _given_numbers: _GivenNumbers = field(init=False)
    _document_ids: list[int] = field(init=False)

    def __post_init__(self) -> None:
        Repetition.__post_init__(self)
        self._given_numbers = _GivenNumbers({name: deque(self.connected.numbers(name)) for name in ("return", "rma")})
        master_data = step_documents.ids_of_kind(self.snapshot, _MASTER_DATA)
        self._document_ids = sorted({*self.connected.documents, *master_data})

    def repeat(self, step: Step) -> str:
        """Repeat what of a step is about these returns → what went otherwise, in words; "" if nothing."""
        body = self._part(step.kind, step.body)
        if body is None:
            self.passed(step)
            return ""
        trouble = Repetition.repeat(self, replace(step, body=body))
        if step.kind == steps.BATCHED and not trouble:
            self._number_rows(step.body["postings"])
        return trouble

    def _part(self, kind: str, body: dict[str, Any]) -> dict[str, Any] | None:
        """What of a step is about these returns; None if nothing."""
        if kind == steps.BATCHED:
            keys = [key for key in body["postings"] if key in self.connected.postings]
            return {**body, "postings": keys} if keys else None
        if kind == steps.REFRESHED:
            numbers = [number for number in body["returns"] if number in self.connected.returns]
            return {"returns": numbers} if numbers else None
        return body if self._is_about(kind, body) else None

    def _is_about(self, kind: str, body: dict[str, Any]) -> bool:
        match kind:
            case steps.DOCUMENTS:
                return bool(self._ids(body["first"], body["last"]))
            case steps.READING | steps.DISCARD:
                return body["document"] in self.connected.documents
            case steps.REFUSED | steps.RETRIED:
                return body["posting"] in self.connected.postings
            case steps.CLOSE:
                return False
        number = body.get("return", body.get("return_no"))
        return number is None or number in self.connected.returns

    def _number_rows(self, keys: list[str]) -> None:
        """The rows of a file keep their numbers, whoever else is in it."""
        mine = {key: row_no for row_no, key in enumerate(keys, start=1) if key in self.connected.postings}
        postings.number_rows(self.scratch, mine)

    def _ids(self, first: int, last: int) -> list[int]:
        return self._document_ids[bisect_left(self._document_ids, first) : bisect_right(self._document_ids, last)]

    def stored_documents(self, body: DocumentsBody) -> Iterator[list[DocumentRow]]:
        """Those documents of a step that are about these returns, and master data."""
        return step_documents.with_ids(self.snapshot, body["intake"], self._ids(body["first"], body["last"]))

    def read(self, row: DocumentRow) -> Inbound:
        """Of results and master data, only the rows that concern these returns: there may be very many others."""
        document = Repetition.read(self, row)
        if isinstance(document, ErpResult):
            result = self.connected.results.get(row["id"], document)
            mine = tuple(line for line in result.rows if line.idempotency_key in self.connected.postings)
            return result.model_copy(update={"rows": mine})
        if isinstance(document, ReferenceData):
            needed = tuple(line for line in document.rows if self._is_needed(document, line))
            # At least one: that there is such master data at all matters too.
            return document.model_copy(update={"rows": needed or document.rows[:1]})
        return document

    def _is_needed(self, data: ReferenceData, line: dict[str, str]) -> bool:
        alone = data.model_copy(update={"rows": (line,)})
        return any((dataset, key) in self.connected.facts for dataset, key, _ in reference_rows(alone) if key)

    def application(self, step: Step, actor: str = "gateway") -> Application:
        """As for all returns, with the numbers that these were given."""
        whole = Repetition.application(self, step, actor)
        return _PartialApplication(
            whole.tx,
            whole.book,
            whole.policies,
            whole.now,
            actor=actor,
            version=whole.version,
            given_numbers=self._given_numbers,
        )
