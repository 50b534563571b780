"""The same file again. X12: the same acknowledgment bytes again and no second effect; flat files: meant twice?"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from gateway.disk import read_archive
from gateway.holds import HoldSubject, new_hold
from gateway.partners import Partner
from gateway.process.received_file import FileStep, ReceivedFile
from gateway.process.send.outgoing import add_file, channel_of
from gateway.process.work import Processing
from gateway.store.files import dispatches, documents, intakes, interchanges
from gateway.store.files.dispatches import Dispatch, NewDispatch
from gateway.store.files.intakes import Intake, NewState
from gateway.store.people import holds
from translators.canonical import ErpResult
from translators.translation import Translation

# States of an earlier intake that had (or will have) the effects of these bytes.
EFFECTIVE = frozenset({"received", "processed", "partial", "rejected"})


def earlier_intake_of(work: Processing, intake: Intake) -> Intake | None:
    """The earlier intake of the same partner with the same bytes that had their effects.

    None for a replay, and for a request by API: it says by its idempotency key whether it is the same one again.
    """
    if intake.replay_of is not None or intake.source == intakes.API:
        return None
    with work.store.read() as snapshot:
        same = intakes.with_sha256(snapshot, intake.partner, intake.sha256)
    return next((other for other in same if other.id < intake.id and other.state in EFFECTIVE), None)


def end_duplicate(file: ReceivedFile) -> None:
    """End an intake whose bytes were received before, as the partner's `[duplicates]` says.

    X12: the acknowledgments of the first are sent again, the same bytes under a name of their own, while we keep
    them. Flat files: a Hold asks a person whether they were meant twice; results of an ERP are not
    asked about: the same result says nothing new of its postings. If the first has failed
    meanwhile, this one is left to be processed.
    """
    first = earlier_intake_of(file.work, file.intake)
    if first is None or first.state == "received":
        return
    policies = file.partner.duplicates
    policy = policies.same_bytes if first.format == "x12" else policies.same_flat_bytes
    with file.step() as step:
        if policy == "hold" and not _only_results(step, first):
            _ask_whether_meant_twice(step, first)
            return
        if policy == "acknowledge_again":
            for sent in dispatches.of_intake(step.tx, first.id):
                if sent.kind == "acknowledgment" and not sent.bytes_removed_at:
                    _send_again(step, sent)
        message = f"the same bytes as intake {first.id}"
        end = NewState("duplicate", message, duplicate_of=first.id, format=first.format)
        intakes.move(step.tx, step.intake.id, "received", end, at=step.at)


def _only_results(step: FileStep, first: Intake) -> bool:
    """Whether all that the first file told were results of an ERP."""
    told = documents.of_intake(step.tx, first.id)
    return bool(told) and all(isinstance(body, ErpResult) for body in told)


def _ask_whether_meant_twice(step: FileStep, first: Intake) -> None:
    intake = step.intake
    new = new_hold(
        "meant_twice",
        f"meant_twice:{intake.id}",
        HoldSubject(partner=intake.partner, intake_id=intake.id),
        name=intake.name,
        earlier=first.id,
        earlier_at=first.received_at[:16],
    )
    if step.partner.role == "erp":
        new = replace(new, owner="it")  # its files come from a machine: customer service knows nobody to ask
    holds.open_(step.tx, new, step.at)
    held = NewState("held", new.message, reason=new.class_, duplicate_of=first.id, format=first.format)
    intakes.move(step.tx, intake.id, "received", held, at=step.at)


def _send_again(step: FileStep, sent: Dispatch) -> None:
    data = sent.data if sent.data is not None else read_archive(step.work.home, sent.sha256)
    stem, _, extension = sent.name.rpartition(".")
    copy = NewDispatch(
        dedupe_key=f"again:{step.intake.id}:{sent.id}",
        partner=step.partner.id,
        kind=sent.kind,
        name=f"{stem}.again{step.intake.id}.{extension}",
        data=data,
        channel=channel_of(step.partner),
        set_id=sent.set_id,
        control_number=sent.control_number,
        intake_id=step.intake.id,
    )
    add_file(step.tx, step.work.home, copy, step.at)


class DeclaredBatch(NamedTuple):
    """The batch id that a flat file declares; `key` is unique for partner, layout and batch."""

    id: str
    key: str


def declared_batch(partner: Partner, part: Translation) -> DeclaredBatch | None:
    """The batch that a flat file declares, if it does: it tells a re-send from a second file with the same rows."""
    batch = next((body.reference("batch") for body in part.documents() if body.reference("batch")), "")
    return DeclaredBatch(batch, f"flat|{partner.id}|{part.layout}|{batch}") if batch else None


def end_known_batch(step: FileStep, batch: DeclaredBatch, format_: str) -> bool:
    """End the intake as a duplicate if an earlier file declared the same batch → whether one did.

    If none did, this file has the batch from now on.
    """
    first = interchanges.intake_with(step.tx, batch.key)
    if first is None:
        interchanges.add_declared_batch(step.tx, step.intake.id, step.partner.id, batch.id, batch.key, step.at)
        return False
    if step.intake.replay_of or first == step.intake.id:
        return False
    message = f"batch {batch.id} was received before, in intake {first}"
    end = NewState("duplicate", message, duplicate_of=first, format=format_)
    intakes.move(step.tx, step.intake.id, "received", end, at=step.at)
    return True
