"""Outbound documents → dispatches: numbered, rendered and stored in the same transaction that decided them.

The bytes are final here, with their control number; a delivery that is tried again sends the same bytes under the same
name. What a partner's format cannot carry becomes a Hold, never a cut value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from gateway.clock import instant
from gateway.disk import put_archive
from gateway.holds import HoldSubject, new_hold
from gateway.home import Home
from gateway.partners import Partner, PartnerBook, WireFormat
from gateway.process.send.pilot import hold_file
from gateway.store import Transaction
from gateway.store.files import dispatches
from gateway.store.people import holds
from gateway.store.returns import returns
from gateway.store.system import counters
from gateway.store.tables import acknowledgment
from translators.canonical import ExpectedReceipt, ReturnAnswer, StatusReport, VendorRequest
from translators.profile import Profile
from translators.registry import Rendered, render_flat, render_x12
from translators.translation import InterchangeResult
from translators.x12.acknowledge.files import (
    AcknowledgmentDue,
    ControlNumbers,
    acknowledgments_due,
    render_acknowledgment,
)

NO_PILOT = ("", "")
Sendable = ReturnAnswer | ExpectedReceipt | VendorRequest | StatusReport
EXTENSIONS = {"delimited": "csv", "fixed": "txt", "xml": "xml"}


@dataclass(slots=True)
class Outgoing:
    """What one transaction has decided to send, gathered per partner until it is rendered at the end of it.

    What waits for the release of a pilot is gathered apart: by the partner and kind that are in pilot.
    """

    documents: dict[tuple[str, str, tuple[str, str]], list[Sendable]] = field(default_factory=dict)

    def add(self, partner: str, document: Sendable, because: tuple[str, str] | None = None) -> None:
        self.documents.setdefault((partner, document.kind, because or NO_PILOT), []).append(document)


def channel_of(partner: Partner) -> str:
    """How dispatches of this partner leave: its folder, or its SFTP account."""
    return partner.transport.outbound.kind


def add_dispatch(
    tx: Transaction,
    home: Home,
    partner: Partner,
    kind: str,
    name: str,
    data: bytes,
    dedupe_key: str,
    now: datetime,
    *,
    set_id: str = "",
    control_number: str = "",
    return_no: str = "",
    intake_id: int | None = None,
    batch_id: str = "",
    awaits_acknowledgment: bool = False,
) -> int:
    """One outbound file as a row; large payloads go to the archive first, so that the row never promises lost bytes."""
    if len(data) >= dispatches.INLINE_LIMIT:
        put_archive(home, data)
    return dispatches.add(
        tx,
        dispatches.NewDispatch(
            dedupe_key=dedupe_key,
            partner=partner.id,
            kind=kind,
            name=name,
            data=data,
            channel=channel_of(partner),
            set_id=set_id,
            control_number=control_number,
            return_no=return_no,
            intake_id=intake_id,
            batch_id=batch_id,
            ack_state="awaiting" if awaits_acknowledgment else "not_expected",
        ),
        instant(now),
    )


def next_numbers(tx: Transaction, partner: str) -> ControlNumbers:
    """The next interchange control number for a partner. Our interchanges hold one group, which has the same number."""
    number, _ = counters.next_(tx, f"isa:{partner}")
    return ControlNumbers(interchange=number, group=number)


def acknowledge_interchange(
    tx: Transaction,
    home: Home,
    partner: Partner,
    profile: Profile,
    result: InterchangeResult,
    interchange_id: int,
    group_ids: Sequence[int],
    intake_id: int,
    now: datetime,
    zone: tzinfo,
) -> list[int]:
    """Everything we owe for one received interchange (TA1, 997 or 999) as dispatches, one per acknowledgment file.

    Dates and times in the envelopes are those of `zone`, the house's.
    """
    ids: list[int] = []
    for place, due in enumerate(acknowledgments_due(result, profile)):
        numbers = next_numbers(tx, partner.id)
        rendered = render_acknowledgment(due, profile, numbers, now.astimezone(zone))
        dispatch_id = add_dispatch(
            tx,
            home,
            partner,
            "acknowledgment",
            f"{due.kind.lower()}_{numbers.interchange:09}.edi",
            rendered.data,
            acknowledgment_key(interchange_id, place),
            now,
            set_id=due.kind,
            control_number=f"{numbers.interchange:09}",
            intake_id=intake_id,
        )
        for subject in subjects_of(due, interchange_id, group_ids):
            tx.execute(acknowledgment.insert().values(subject=subject, dispatch_id=dispatch_id))
        ids.append(dispatch_id)
    return ids


def acknowledgment_key(interchange_id: int, place: int) -> str:
    """The key that makes the n-th acknowledgment of an interchange one of a kind."""
    return f"acknowledgment:{interchange_id}:{place}"


def subjects_of(due: AcknowledgmentDue, interchange_id: int, group_ids: Sequence[int]) -> list[str]:
    """What an acknowledgment answers, as keys of the acknowledgment table: each is answered at most once."""
    if due.kind == "TA1":
        return [f"ta1:{interchange_id}"]
    return [f"group:{group_ids[ordinal]}" for ordinal in due.groups]


def send_all(
    tx: Transaction,
    home: Home,
    book: PartnerBook,
    outgoing: Outgoing,
    cause: str,
    intake_id: int | None,
    now: datetime,
    zone: tzinfo,
) -> list[int]:
    """Render and store everything gathered: one file per partner and kind of document. `cause` makes its key unique.

    Dates and times in the envelopes are those of `zone`, the house's, like those in the documents.
    """
    ids: list[int] = []
    for (partner_id, kind, because), documents in sorted(outgoing.documents.items()):
        partner = book.get(partner_id)
        wire = partner.writes(kind) if partner else None
        if partner is None or wire is None:
            continue
        try:
            rendered, name, number = _render(tx, partner, kind, wire, documents, now.astimezone(zone))
        except ValueError as trouble:
            _hold_unrenderable(tx, partner_id, kind, documents, cause, str(trouble), now)
            continue
        return_no = _return_no(tx, documents)
        waits = (partner_id, kind) if partner.stage_of(kind) == "pilot" else because
        ids.append(
            add_dispatch(
                tx,
                home,
                partner,
                kind,
                name,
                rendered.data,
                f"{kind}:{partner_id}:{cause}" + (f":{because[0]}" if because != NO_PILOT else ""),
                now,
                set_id=rendered.set_id,
                control_number=number,
                return_no=return_no,
                intake_id=intake_id,
                awaits_acknowledgment=wire.kind == "x12",
            )
        )
        if waits != NO_PILOT:
            hold_file(tx, ids[-1], f"The {kind.replace('_', ' ')}", waits, return_no, now)
    outgoing.documents.clear()
    return ids


def _render(
    tx: Transaction,
    partner: Partner,
    kind: str,
    wire: WireFormat,
    documents: list[Sendable],
    local: datetime,
) -> tuple[Rendered, str, str]:
    profile = _profile_for(partner, kind)
    if wire.kind == "x12":
        numbers = next_numbers(tx, partner.id)
        x12_documents = [each for each in documents if not isinstance(each, StatusReport)]
        rendered = render_x12(x12_documents, wire.name, profile, numbers, local)
        return rendered, f"{wire.name}_{numbers.interchange:09}.edi", f"{numbers.interchange:09}"
    sequence, _ = counters.next_(tx, f"{kind}:{partner.id}")
    rendered = render_flat(documents, wire.name, profile)
    extension = EXTENSIONS[str(profile.layouts[wire.name].get("format", "delimited"))]
    return rendered, f"{wire.name}_{sequence:06}.{extension}", f"{sequence:06}"


def _return_no(tx: Transaction, documents: Sequence[Sendable]) -> str:
    """The return a file is about, if it is about exactly one."""
    about = {each.correlation_id for each in documents if not isinstance(each, StatusReport)}
    found = returns.find(tx, [f"correlation:{about.pop()}"]) if len(about) == 1 else []
    return found[0] if len(found) == 1 else ""


def _profile_for(partner: Partner, kind: str) -> Profile:
    """The partner's profile with the usage (ISA15) of this kind of document, where its stage is not the partner's."""
    if kind not in partner.stages or partner.x12.usage:
        return partner.profile
    usage = "T" if partner.stage_of(kind) == "test" else "P"
    envelope = partner.profile.envelope.model_copy(update={"usage": usage})
    return partner.profile.model_copy(update={"envelope": envelope})


def _hold_unrenderable(
    tx: Transaction, partner: str, kind: str, documents: Sequence[Sendable], cause: str, trouble: str, now: datetime
) -> None:
    key = f"unrenderable:{kind}:{partner}:{cause}"
    subject = HoldSubject(partner=partner)
    holds.open_(tx, new_hold("unrenderable", key, subject, kind=kind.replace("_", " "), trouble=trouble), instant(now))
