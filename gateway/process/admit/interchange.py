"""May this interchange be processed? Identity first, then duplicates, then test or live.

What is refused here is never acknowledged as processed: an envelope that is not this partner's gets no answer at all
(no reflected acknowledgments for a forged sender); a reused control number waits for a person, and a TA1 R 025 says so
where a TA1 is due.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gateway.holds import HoldSubject, new_hold
from gateway.partners import House, Partner
from gateway.process.received_file import FileStep
from gateway.store import Snapshot
from gateway.store.files import interchanges
from gateway.store.people import holds
from translators.translation import InterchangeResult


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an interchange is not processed: the class of Hold to open, what its texts name beside the partner, and the
    finding that a TA1 tells ("" if none may)."""

    class_: str
    fields: Mapping[str, str]
    finding: str = ""


def dedupe_key(result: InterchangeResult) -> str:
    """ISA05 to ISA08 and ISA13: what makes an interchange the same one (X12.5: unique per sender and receiver)."""
    parts = (result.sender_qualifier, result.sender, result.receiver_qualifier, result.receiver, result.control_number)
    return "|".join(part.strip() for part in parts)


def refuse(step: FileStep, result: InterchangeResult) -> Refusal | None:
    """The reason not to process an interchange of this file, or None to go on.

    A replay has its number from the first time; everything else must be right by now.
    """
    partner, replayed = step.partner, step.intake.replay_of is not None
    return (
        _foreign_sender(partner, result)
        or _wrong_receiver(partner, step.work.book.house, result)
        or _wrong_usage(partner, result)
        or (None if replayed else _reused_number(step.tx, partner, result))
    )


def hold_refused(step: FileStep, ordinal: int, refusal: Refusal) -> None:
    """Open the Hold of a refused interchange; `ordinal` is its place in the file."""
    subject = HoldSubject(partner=step.partner.id, intake_id=step.intake.id)
    key = f"{refusal.class_}:{step.intake.id}:{ordinal}"
    holds.open_(step.tx, new_hold(refusal.class_, key, subject, **refusal.fields), step.at)


def _foreign_sender(partner: Partner, result: InterchangeResult) -> Refusal | None:
    sender = (result.sender_qualifier.strip(), result.sender.strip())
    if sender in {(theirs.qualifier, theirs.id) for theirs in partner.identity.isa_ids()}:
        return None
    return Refusal("sender_mismatch", {"sender": "/".join(sender)})


def _wrong_receiver(partner: Partner, house: House, result: InterchangeResult) -> Refusal | None:
    receiver = (result.receiver_qualifier.strip(), result.receiver.strip())
    envelope = partner.profile.envelope
    ours = {(our.qualifier, our.id) for our in house.identity.isa_ids()}
    ours.add((envelope.our_qualifier, envelope.our_id))
    if receiver in ours:
        return None
    return Refusal("wrong_receiver", {"receiver": "/".join(receiver)})


def _wrong_usage(partner: Partner, result: InterchangeResult) -> Refusal | None:
    """ISA15 must agree with the stage of every kind of document in the interchange. Acknowledgments may be of either
    stage that the partner has: they answer what we sent.
    """
    usage = "test" if result.usage == "T" else "live"
    kinds = {document.kind for group in result.groups for set_ in group.sets for document in set_.documents}
    kinds |= {document.kind for document in result.documents}
    stages = {partner.stage_of(kind) for kind in kinds - {"acknowledgment"}}
    agreed = stages or {partner.stage, *(partner.stages.values() if kinds else ())}
    traffic = {"test" if stage == "test" else "live" for stage in agreed}
    if traffic == {usage} or (not stages and usage in traffic):
        return None
    stage = " and ".join(sorted(stages)) or partner.stage
    fields = {"usage": result.usage or "empty", "stage": stage}
    return Refusal("test_in_live" if result.usage == "T" else "live_in_test", fields)


def _reused_number(snapshot: Snapshot, partner: Partner, result: InterchangeResult) -> Refusal | None:
    earlier = interchanges.intake_with(snapshot, dedupe_key(result))
    if earlier is None:
        return None
    fields = {"control_number": result.control_number, "earlier": str(earlier)}
    return Refusal("control_number_reused", fields, finding="interchange_duplicate")
