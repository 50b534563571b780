"""Outbound documents → dispatches: numbered, rendered and stored in the same transaction that decided them.

The bytes are final here, with their control number; a delivery that is tried again sends the same bytes under the same
name. A number is allotted only with bytes: what a partner's format cannot carry becomes a Hold, never a cut value, and
uses no number up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import NamedTuple

from gateway.clock import instant
from gateway.disk import put_archive
from gateway.holds import HoldSubject, NewHold, new_hold
from gateway.home import Home
from gateway.partners import Partner, PartnerBook, WireFormat
from gateway.process.send.pilot import hold_file
from gateway.process.work import Processing
from gateway.store import Transaction
from gateway.store.files import dispatches
from gateway.store.files.dispatches import NewDispatch
from gateway.store.people import holds
from gateway.store.returns import returns
from gateway.store.system import counters
from translators.canonical import ExpectedReceipt, ReturnAnswer, StatusReport, VendorRequest
from translators.profile import Profile
from translators.registry import render_flat, render_x12
from translators.x12.acknowledge.files import ControlNumbers

NO_PILOT = ("", "")
Sendable = ReturnAnswer | ExpectedReceipt | VendorRequest | StatusReport
EXTENSIONS = {"delimited": "csv", "fixed": "txt", "xml": "xml"}


@dataclass(slots=True)
class Outgoing:
    """What one transaction has decided to send, gathered per partner until it is rendered at the end of it.

    What waits for the release of a pilot is gathered apart: by the partner and kind that are in pilot.
    """

    documents: dict[tuple[str, str, tuple[str, str]], list[Sendable]] = field(default_factory=dict)

    def add(self, partner: str, document: Sendable, pilot: tuple[str, str] | None = None) -> None:
        """Gather a document for a partner; `pilot` is the partner and kind in pilot that it must wait for, if any."""
        self.documents.setdefault((partner, document.kind, pilot or NO_PILOT), []).append(document)


@dataclass(frozen=True, slots=True)
class Sending:
    """How what one transaction decided goes out. `cause` makes the keys of its files unique.

    Dates and times in the envelopes are those of `zone`, the house's, like those in the documents.
    """

    tx: Transaction
    home: Home
    book: PartnerBook
    now: datetime
    zone: tzinfo
    cause: str
    intake_id: int | None = None

    @classmethod
    def of(cls, work: Processing, tx: Transaction, now: datetime, cause: str, intake_id: int | None = None) -> Sending:
        """Sending under the configuration that `work` has."""
        return cls(tx, work.home, work.book, now, work.policies("").calendar.zone, cause, intake_id)


def send_all(outgoing: Outgoing, sending: Sending) -> None:
    """Render and store everything gathered, one file each partner and kind of document. `outgoing` is empty then."""
    for new in send_what_can_be(outgoing, sending):
        holds.open_(sending.tx, new, instant(sending.now), reopen=True)


def send_what_can_be(outgoing: Outgoing, sending: Sending) -> list[NewHold]:
    """`send_all`, but the Holds of what no file can carry are left to the caller to open."""
    troubles: list[NewHold] = []
    for (partner_id, kind, pilot), documents in sorted(outgoing.documents.items()):
        partner = sending.book.get(partner_id)
        wire = partner.writes(kind) if partner else None
        if partner is not None and wire is not None:
            try:
                _send_file(sending, partner, wire, documents, pilot)
            except ValueError as trouble:
                troubles.append(_unrenderable(sending, partner.id, kind, str(trouble)))
    outgoing.documents.clear()
    return troubles


def _send_file(
    sending: Sending, partner: Partner, wire: WireFormat, documents: list[Sendable], pilot: tuple[str, str]
) -> None:
    """Raises ValueError if the partner's format cannot carry a value; no number is used up then."""
    tx, kind = sending.tx, documents[0].kind
    pilot_of_key = f":{pilot[0]}" if pilot != NO_PILOT else ""
    dedupe_key = f"{kind}:{partner.id}:{sending.cause}{pilot_of_key}"
    if dispatches.by_dedupe_key(tx, dedupe_key) is not None:
        return  # the same cause again: it was sent, kept back or let go then
    with counters.on_trial(tx):
        rendered = _render(tx, partner, wire, documents, sending.now.astimezone(sending.zone))
    return_no = _return_no(tx, documents)
    file = NewDispatch(
        dedupe_key=dedupe_key,
        partner=partner.id,
        kind=kind,
        name=rendered.name,
        data=rendered.data,
        channel=channel_of(partner),
        set_id=rendered.set_id,
        control_number=rendered.control_number,
        return_no=return_no,
        intake_id=sending.intake_id,
        ack_state="awaiting" if wire.kind == "x12" else "not_expected",
    )
    dispatch_id = add_file(tx, sending.home, file, instant(sending.now))
    waits_for = (partner.id, kind) if partner.stage_of(kind) == "pilot" else pilot
    if waits_for != NO_PILOT:
        hold_file(tx, dispatch_id, f"The {kind.replace('_', ' ')}", waits_for, return_no, sending.now)


def add_file(tx: Transaction, home: Home, file: NewDispatch, at: str) -> int:
    """One outbound file as a row → its id. Large bytes go to the archive first: the row never promises lost bytes."""
    if len(file.data) >= dispatches.INLINE_LIMIT:
        put_archive(home, file.data)
    return dispatches.add(tx, file, at)


def channel_of(partner: Partner) -> str:
    """How dispatches of this partner leave: the kind of its outbound transport."""
    return partner.transport.outbound.kind


def next_numbers(tx: Transaction, partner: str) -> ControlNumbers:
    """The next interchange control number for a partner. Our interchanges hold one group, which has the same number."""
    number, _ = counters.next_(tx, f"isa:{partner}")
    return ControlNumbers(interchange=number, group=number)


class _RenderedFile(NamedTuple):
    name: str
    data: bytes
    set_id: str
    control_number: str  # of the interchange; for a flat file its running number


def _render(
    tx: Transaction, partner: Partner, wire: WireFormat, documents: list[Sendable], local: datetime
) -> _RenderedFile:
    """The documents, all of one kind, as one file. Raises ValueError if the partner's format cannot carry a value."""
    kind = documents[0].kind
    profile = _profile_for(partner, kind)
    if wire.kind == "x12":
        numbers = next_numbers(tx, partner.id)
        x12_documents = [document for document in documents if not isinstance(document, StatusReport)]
        x12 = render_x12(x12_documents, wire.name, profile, numbers, local)
        number = f"{numbers.interchange:09}"
        return _RenderedFile(f"{wire.name}_{number}.edi", x12.data, x12.set_id, number)
    sequence, _ = counters.next_(tx, f"{kind}:{partner.id}")
    flat = render_flat(documents, wire.name, profile)
    extension = EXTENSIONS[str(profile.layouts[wire.name].get("format", "delimited"))]
    return _RenderedFile(f"{wire.name}_{sequence:06}.{extension}", flat.data, flat.set_id, f"{sequence:06}")


def _return_no(tx: Transaction, documents: Sequence[Sendable]) -> str:
    """The return a file is about, if it is about exactly one."""
    ids = {document.correlation_id for document in documents if not isinstance(document, StatusReport)}
    numbers = returns.find(tx, [f"correlation:{ids.pop()}"]) if len(ids) == 1 else []
    return numbers[0] if len(numbers) == 1 else ""


def _profile_for(partner: Partner, kind: str) -> Profile:
    """The partner's profile with the usage (ISA15) of this kind of document, where its stage is not the partner's."""
    if kind not in partner.stages or partner.x12.usage:
        return partner.profile
    usage = "T" if partner.stage_of(kind) == "test" else "P"
    envelope = partner.profile.envelope.model_copy(update={"usage": usage})
    return partner.profile.model_copy(update={"envelope": envelope})


def _unrenderable(sending: Sending, partner: str, kind: str, trouble: str) -> NewHold:
    key = f"unrenderable:{kind}:{partner}:{sending.cause}"
    return new_hold("unrenderable", key, HoldSubject(partner=partner), kind=kind.replace("_", " "), trouble=trouble)
