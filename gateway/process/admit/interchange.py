"""May this interchange be processed? Identity first, then duplicates, then test or live.

What is refused here is never acknowledged as processed: an envelope that is not this partner's gets no answer at all
(no reflected acknowledgments for a forged sender); a reused control number waits for a person, and a TA1 R 025 says so
where a TA1 is due.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gateway.partners import House, Partner
from gateway.store import Snapshot
from gateway.store.files import documents
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


def refuse(
    snapshot: Snapshot, partner: Partner, house: House, result: InterchangeResult, *, replayed: bool
) -> Refusal | None:
    """The reason not to process an interchange from this partner, or None to go on.

    A replay has its number from the first time; everything else must be right by now.
    """
    return (
        _foreign_sender(partner, result)
        or _wrong_receiver(partner, house, result)
        or _wrong_usage(partner, result)
        or (None if replayed else _reused_number(snapshot, partner, result))
    )


def _foreign_sender(partner: Partner, result: InterchangeResult) -> Refusal | None:
    sender = (result.sender_qualifier.strip(), result.sender.strip())
    if sender in {(each.qualifier, each.id) for each in partner.identity.isa_ids()}:
        return None
    return Refusal("sender_mismatch", {"sender": "/".join(sender)})


def _wrong_receiver(partner: Partner, house: House, result: InterchangeResult) -> Refusal | None:
    receiver = (result.receiver_qualifier.strip(), result.receiver.strip())
    envelope = partner.profile.envelope
    ours = {(each.qualifier, each.id) for each in house.identity.isa_ids()}
    ours.add((envelope.our_qualifier, envelope.our_id))
    if receiver in ours:
        return None
    return Refusal("wrong_receiver", {"receiver": "/".join(receiver)})


def _wrong_usage(partner: Partner, result: InterchangeResult) -> Refusal | None:
    """ISA15 must agree with the stage of every kind of document in the interchange. Acknowledgments may be of either
    stage that the partner has: they answer what we sent.
    """
    said = "test" if result.usage == "T" else "live"
    kinds = {each.kind for group in result.groups for one in group.sets for each in one.documents}
    kinds |= {each.kind for each in result.documents}
    stages = {partner.stage_of(kind) for kind in kinds - {"acknowledgment"}}
    agreed = stages or {partner.stage, *(partner.stages.values() if kinds else ())}
    traffic = {"test" if stage == "test" else "live" for stage in agreed}
    if traffic == {said} or (not stages and said in traffic):
        return None
    stage = " and ".join(sorted(stages)) or partner.stage
    fields = {"usage": result.usage or "empty", "stage": stage}
    return Refusal("test_in_live" if result.usage == "T" else "live_in_test", fields)


def _reused_number(snapshot: Snapshot, partner: Partner, result: InterchangeResult) -> Refusal | None:
    known = documents.interchange_with(snapshot, dedupe_key(result))
    if known is None:
        return None
    fields = {"control_number": result.control_number, "earlier": str(known.intake_id)}
    return Refusal("control_number_reused", fields, finding="interchange_duplicate")
