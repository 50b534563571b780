"""What a received interchange is answered with: TA1, 997 or 999; a Hold where X12 has no answer for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gateway.holds import HoldSubject, new_hold
from gateway.process.received_file import FileStep
from gateway.process.record.interchange import Interchange, RecordedInterchange
from gateway.process.send.outgoing import add_file, channel_of, next_numbers
from gateway.store.files import dispatches, interchanges
from gateway.store.files.dispatches import NewDispatch
from gateway.store.people import holds
from translators.findings import new_finding
from translators.translation import InterchangeResult
from translators.x12.acknowledge.files import AcknowledgmentDue, acknowledgments_due, render_acknowledgment


def acknowledge_interchange(step: FileStep, interchange: Interchange, recorded: RecordedInterchange) -> None:
    """Answer an interchange that was recorded, once: a replay of one that was answered is not answered again."""
    if step.intake.replay_of and _was_answered(step, interchange.ordinal):
        return
    answered = _add_acknowledgments(step, interchange.result, recorded.id, recorded.group_ids)
    _hold_what_is_not_told(step, interchange, answered)


def acknowledge_refusal(step: FileStep, result: InterchangeResult, interchange_id: int, finding: str) -> None:
    """Tell the partner why an interchange was refused, where a TA1 may say it (`finding` is not "")."""
    if finding:
        refused = replace(result, verdict="rejected", findings=[new_finding(finding)])
        _add_acknowledgments(step, refused, interchange_id, ())


def _add_acknowledgments(
    step: FileStep, result: InterchangeResult, interchange_id: int, group_ids: Sequence[int]
) -> bool:
    """Everything we owe for one interchange as dispatches, one each acknowledgment file → whether anything was owed."""
    tx, partner = step.tx, step.partner
    owed = acknowledgments_due(result, partner.profile)
    for place, due in enumerate(owed):
        numbers = next_numbers(tx, partner.id)
        rendered = render_acknowledgment(due, partner.profile, numbers, step.now.astimezone(step.zone))
        file = NewDispatch(
            dedupe_key=_key(interchange_id, place),
            partner=partner.id,
            kind="acknowledgment",
            name=f"{due.kind.lower()}_{numbers.interchange:09}.edi",
            data=rendered.data,
            channel=channel_of(partner),
            set_id=due.kind,
            control_number=f"{numbers.interchange:09}",
            intake_id=step.intake.id,
        )
        dispatch_id = add_file(tx, step.work.home, file, step.at)
        dispatches.note_answers(tx, dispatch_id, _subjects_of(due, interchange_id, group_ids))
    return bool(owed)


def _key(interchange_id: int, place: int) -> str:
    """The key that makes the n-th acknowledgment of an interchange one of a kind."""
    return f"acknowledgment:{interchange_id}:{place}"


def _subjects_of(due: AcknowledgmentDue, interchange_id: int, group_ids: Sequence[int]) -> list[str]:
    """What an acknowledgment answers, as keys of the acknowledgment table: each is answered at most once."""
    if due.kind == "TA1":
        return [f"ta1:{interchange_id}"]
    return [f"group:{group_ids[ordinal]}" for ordinal in due.groups]


def _was_answered(step: FileStep, ordinal: int) -> bool:
    """Did we acknowledge this interchange of the same bytes already? Not if it had failed, or was held, until now."""
    same = interchanges.ids_of_bytes(step.tx, step.intake.partner, step.intake.sha256, ordinal)
    return any(dispatches.by_dedupe_key(step.tx, _key(interchange_id, 0)) is not None for interchange_id in same)


def _hold_what_is_not_told(step: FileStep, interchange: Interchange, answered: bool) -> None:
    """A Hold where X12 gives us no word for the partner: a rejected envelope that asks for no TA1, and their own
    acknowledgments that we cannot read (acknowledgments are never acknowledged)."""
    result = interchange.result
    unreadable = [
        f"{set_.set_id} {set_.control_number}"
        for group in result.groups
        if group.functional_id == "FA"
        for set_ in group.sets
        if set_.verdict == "rejected"
    ]
    intake = step.intake
    place = f"{intake.id}:{interchange.ordinal}"
    subject = HoldSubject(partner=intake.partner, intake_id=intake.id)
    if unreadable:
        key = f"acknowledgment_unreadable:{place}"
        sets = ", ".join(unreadable)
        new = new_hold("acknowledgment_unreadable", key, subject, name=intake.name, sets=sets)
    elif result.verdict == "rejected" and not answered:
        new = new_hold(
            "rejected_unanswered",
            f"rejected_unanswered:{place}",
            subject,
            name=intake.name,
            control_number=result.control_number,
            findings="; ".join(finding.message for finding in result.findings) or "see its findings",
        )
    else:
        return
    holds.open_(step.tx, new, step.at)
