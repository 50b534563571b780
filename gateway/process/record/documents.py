"""What an interchange and a part of a flat file share: documents stored and decided, and the intake's state at last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby

from gateway.clock import instant
from gateway.partners import Partner
from gateway.process.decide.application import Application
from gateway.process.decide.received_acknowledgments import note_acknowledgment
from gateway.process.decide.steps import decide_documents
from gateway.process.work import Processing
from gateway.store import Transaction
from gateway.store.files import documents, intakes
from gateway.store.files.intakes import Intake
from translators.canonical import AcknowledgmentReceived, Inbound
from translators.findings import Finding
from translators.translation import SetResult


def add_documents(
    tx: Transaction,
    intake: Intake,
    partner: Partner,
    set_row: int | None,
    ordinals: Iterator[int],
    bodies: Iterable[Inbound],
    at: str,
) -> list[tuple[int, Inbound]]:
    return [
        (
            documents.add_document(
                tx, intake.id, set_row, next(ordinals), partner.id, body, at, partner.stage_of(body.kind)
            ),
            body,
        )
        for body in bodies
    ]


def apply_documents(
    tx: Transaction,
    work: Processing,
    intake: Intake,
    partner: Partner,
    bodies: list[tuple[int, Inbound]],
    cause: str,
    now: datetime,
) -> None:
    application = Application.of(work, tx, now)
    for about_ours, some in groupby(bodies, lambda each: isinstance(each[1], AcknowledgmentReceived)):
        if not about_ours:
            decide_documents(application, partner, intake.id, list(some))
            continue
        for document_id, body in some:
            assert isinstance(body, AcknowledgmentReceived)
            note_acknowledgment(tx, body, document_id, partner.id, intake.id, instant(now))
        application.loaded.clear()  # their returns may be another row now
    application.finish(work.home, cause, intake.id)


def finish(
    tx: Transaction,
    work: Processing,
    intake: Intake,
    format_: str,
    states: Mapping[str, int],
    findings: Sequence[Finding],
    sets: Iterable[SetResult],
) -> None:
    """The intake's terminal state from those of its interchanges or sets (how many of each): all alike, or partial;
    `held` wins, a person must act. The reason is the first error of the file, or of its sets.
    """
    errors = [finding for finding in findings if finding.severity == "error"]
    kinds = set(states)
    if "held" in kinds:
        state = "held"
    elif kinds == {"rejected"}:
        state = "rejected"
    else:
        state = "partial" if kinds - {"processed"} or errors else "processed"
    first = next((each for each in errors), None) or next(
        (finding for each in sets for finding in each.findings if finding.severity == "error"), None
    )
    intakes.move(
        tx,
        intake.id,
        "received",
        state,
        at=instant(work.clock.now()),
        message=", ".join(f"{number} {state}" for state, number in states.items()),
        reason=first.code if first else "",
        detail=first.message if first else "",
        format_=format_,
    )
