"""What partners say about the files we sent: a 997, 999, 824 or TA1 moves the acknowledgment state of a dispatch."""

from __future__ import annotations

from gateway.holds import HoldSubject, new_hold
from gateway.process.received_file import FileStep
from gateway.store import Transaction
from gateway.store.files import dispatches, documents
from gateway.store.files.dispatches import Dispatch
from gateway.store.people import holds
from gateway.store.returns import returns
from translators.canonical import AcknowledgmentReceived

# The qualifier of the correlation id in what we send (DE 128).
CORRELATION = "TN"
STATES = {
    "accepted": "accepted",
    "accepted_with_errors": "accepted_with_errors",
    "partially_accepted": "rejected",
    "rejected": "rejected",
}


def note_acknowledgment(step: FileStep, document_id: int, body: AcknowledgmentReceived) -> None:
    """Match an acknowledgment to what we sent; a rejection, or one of nothing we sent, opens a Hold.

    A TA1 that takes an envelope says nothing of what is in it: the file goes on waiting for its 997.
    """
    tx, partner = step.tx, step.partner.id
    verdict = verdict_text(body)
    sent = dispatches.awaiting_acknowledgment(tx, partner, body.control_number.zfill(9))
    if sent is None:
        documents.set_state(tx, document_id, "held", "nothing of ours has this control number")
        _hold_unmatched(step, document_id, body, verdict)
        return
    state = STATES[body.verdict]
    if body.acknowledges == "interchange" and state != "rejected":
        state = sent.ack_state
    elif sent.ack_state == state and (state != "rejected" or _was_rejected_so(tx, sent.id, verdict)):
        documents.set_state(tx, document_id, "ignored", "the same verdict again")
        return
    dispatches.acknowledged(tx, sent.id, state, at=step.at, message=f"{partner}: {verdict}")
    if STATES[body.verdict] == "rejected":
        _hold_rejected(step, document_id, body, sent, verdict)


def _hold_unmatched(step: FileStep, document_id: int, body: AcknowledgmentReceived, verdict: str) -> None:
    partner = step.partner.id
    key = f"ack_unmatched:{partner}:{body.control_number or document_id}"
    subject = HoldSubject(partner=partner, intake_id=step.intake.id, document_id=document_id)
    holds.open_(step.tx, new_hold("ack_unmatched", key, subject, acknowledged=_subject(body), verdict=verdict), step.at)


def _hold_rejected(
    step: FileStep, document_id: int, body: AcknowledgmentReceived, sent: Dispatch, verdict: str
) -> None:
    """A Hold for each return that the rejected file is about, or one without a return.

    `sent` is the file as it was before this acknowledgment: a second rejection of it has a Hold of its own.
    """
    tx, partner = step.tx, step.partner.id
    first = sent.ack_state != "rejected"
    key = f"partner_rejected:{sent.id}" if first else f"partner_rejected:{sent.id}:{document_id}"
    return_nos = [sent.return_no] if sent.return_no else _returns_of_rejected(tx, sent.data or b"", body)
    for return_no in return_nos or [""]:
        subject = HoldSubject(partner, return_no, intake_id=step.intake.id, document_id=document_id)
        key_of_return = key if len(return_nos) < 2 else f"{key}:{return_no}"
        new = new_hold("partner_rejected", key_of_return, subject, name=sent.name, verdict=verdict)
        holds.open_(tx, new, step.at, actor=partner, reopen=first)
    if return_nos:
        returns.refresh(tx, return_nos, step.now)


def _returns_of_rejected(tx: Transaction, data: bytes, body: AcknowledgmentReceived) -> list[str]:
    """The returns that the rejected sets of an X12 file of ours are about, by the correlation id in each; of a group
    or an interchange that is rejected without naming its sets, all."""
    numbers = {set_.control_number for set_ in body.sets if set_.verdict == "rejected"}
    text = data.decode("latin-1")
    if not text.startswith("ISA") or len(text) < 106 or (body.sets and not numbers - {""}):
        return []
    number, ids = "", list[str]()
    for segment in text.split(text[105]):
        elements = [*segment.strip("\r\n").split(text[3]), "", ""]
        if elements[0] == "ST":
            number = elements[2]
        elif elements[:2] == ["N9", CORRELATION] and (not numbers or number in numbers):
            ids.append(elements[2])
    return returns.with_correlation_ids(tx, ids)


def _was_rejected_so(tx: Transaction, dispatch_id: int, verdict: str) -> bool:
    """Was this file rejected in the same words? An 824 may say more than the 997 before it."""
    messages = holds.messages_below(tx, f"partner_rejected:{dispatch_id}")
    return any(message.endswith(f": {verdict}") for message in messages)


def _subject(body: AcknowledgmentReceived) -> str:
    if body.control_number:
        return f"control number {body.control_number}"
    references = [f"{reference.value} ({reference.kind})" for reference in body.references if reference.value]
    return ", ".join(references) or "something without a control number"


def verdict_text(body: AcknowledgmentReceived) -> str:
    """The verdict, and every error with the set it is in, in one line."""
    texts = [body.verdict.replace("_", " ")]
    errors = ["; ".join(set_.errors) for set_ in body.sets]
    if body.note and body.note not in errors:
        texts.append(f"{body.note} ({', '.join(body.codes)})" if body.codes else body.note)
    for set_, error in zip(body.sets, errors, strict=True):
        if set_.verdict != "accepted" and error:
            name = f"{set_.set_id} {set_.control_number}".strip()
            texts.append(f"{name}: {error}" if name else error)
    return "; ".join(texts)
