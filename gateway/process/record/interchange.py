"""An interchange as received, with its groups, sets and documents, in the store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gateway.process.admit.interchange import dedupe_key
from gateway.process.received_file import FileStep
from gateway.process.record.documents import DocumentNumbers, RecordedDocument, record_documents
from gateway.process.record.outcome import Outcome, outcome_of
from gateway.store.files import interchanges
from gateway.store.files.interchanges import NewInterchange
from translators.canonical import Inbound
from translators.translation import InterchangeResult, Translation


@dataclass(frozen=True, slots=True)
class Interchange:
    """One interchange of a file: its place in it, and how many sets stand before it."""

    ordinal: int
    result: InterchangeResult
    first_set: int
    is_last: bool

    def documents(self) -> Iterator[Inbound]:
        """All documents, in the order in which they are numbered."""
        for group in self.result.groups:
            for set_ in group.sets:
                yield from set_.documents
        yield from self.result.documents


def interchanges_of(translation: Translation) -> Iterator[Interchange]:
    """The interchanges of a file, in its order."""
    last = len(translation.interchanges) - 1
    first_set = 0
    for ordinal, result in enumerate(translation.interchanges):
        yield Interchange(ordinal, result, first_set, ordinal == last)
        first_set += sum(len(group.sets) for group in result.groups)


@dataclass(frozen=True, slots=True)
class RecordedInterchange:
    """The rows of an interchange: its id, those of its groups in their order, and its documents."""

    id: int
    group_ids: list[int]
    documents: list[RecordedDocument]


def recorded_outcome(step: FileStep, interchange: Interchange) -> Outcome | None:
    """The outcome of an interchange that was recorded before a crash; None if it is not in the store."""
    verdict = interchanges.verdict_of(step.tx, step.intake.id, interchange.ordinal)
    if verdict is None:
        return None
    return "held" if verdict == "held" else outcome_of(interchange.result)


def record_refused(step: FileStep, interchange: Interchange) -> int:
    """Record an interchange that is not processed → its id. Its control number stays free."""
    new = NewInterchange(
        step.intake.id, interchange.ordinal, step.partner.id, interchange.result, dedupe_key=None, held=True
    )
    return interchanges.add(step.tx, new, step.at)


def record_interchange(step: FileStep, interchange: Interchange, numbers: DocumentNumbers) -> RecordedInterchange:
    """Record an interchange with its groups, sets and documents.

    From now on its control number is taken, unless the interchange is rejected. A replay leaves the number with the
    first intake, which had it.
    """
    tx, result = step.tx, interchange.result
    key = dedupe_key(result)
    taken = step.intake.replay_of and interchanges.intake_with(tx, key) is not None
    own_key = None if taken or result.verdict == "rejected" else key
    new = NewInterchange(step.intake.id, interchange.ordinal, step.partner.id, result, own_key)
    interchange_id = interchanges.add(tx, new, step.at)
    recorded = RecordedInterchange(interchange_id, [], [])
    place = interchange.first_set
    for group_ordinal, group in enumerate(result.groups):
        group_id = interchanges.add_group(tx, interchange_id, group_ordinal, group)
        recorded.group_ids.append(group_id)
        for set_ in group.sets:
            set_id = interchanges.add_set(tx, step.intake.id, group_id, place, set_)
            recorded.documents.extend(record_documents(step, set_id, set_.documents, numbers))
            place += 1
    recorded.documents.extend(record_documents(step, None, result.documents, numbers))
    return recorded
