"""The documents of a received file → changed returns, and what is to be sent because of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from gateway.process.decide.application import Application
from gateway.process.decide.received_acknowledgments import note_acknowledgment
from gateway.process.decide.steps import decide_documents
from gateway.process.received_file import FileStep
from gateway.process.record.documents import RecordedDocument
from gateway.process.send.outgoing import Outgoing
from translators.canonical import AcknowledgmentReceived


def decide_received(step: FileStep, documents: Sequence[RecordedDocument]) -> Outgoing:
    """Decide the documents of one transaction in their order → what they cause to be sent.

    Acknowledgments of files that we sent are noted at those files; everything else is the domain's.
    """
    application = Application.of(step.work, step.tx, step.now)
    for are_acknowledgments, group in groupby(documents, _is_acknowledgment):
        if not are_acknowledgments:
            decide_documents(application, step.partner, step.intake.id, list(group))
            continue
        for document in group:
            assert isinstance(document.body, AcknowledgmentReceived)
            note_acknowledgment(step, document.id, document.body)
        application.loaded.clear()  # their returns may be another row now
    application.write_timelines()
    return application.outgoing


def _is_acknowledgment(document: RecordedDocument) -> bool:
    return isinstance(document.body, AcknowledgmentReceived)
