"""What partners say about the files we sent: a 997, 999, 824 or TA1 moves the acknowledgment state of a dispatch."""

from __future__ import annotations

import sqlalchemy as sa

from gateway.clock import parse_instant
from gateway.holds import HoldSubject, new_hold
from gateway.store import Transaction
from gateway.store.files import dispatches, documents
from gateway.store.people import holds
from gateway.store.returns import returns
from gateway.store.tables import dispatch, hold, return_
from translators.canonical import AcknowledgmentReceived

# The qualifier of the correlation id in what we send (DE 128).
CORRELATION = "TN"
STATES = {
    "accepted": "accepted",
    "accepted_with_errors": "accepted_with_errors",
    "partially_accepted": "rejected",
    "rejected": "rejected",
}


def note_acknowledgment(
    tx: Transaction, body: AcknowledgmentReceived, document_id: int, partner: str, intake_id: int, at: str
) -> None:
    """Match an acknowledgment to what we sent; a rejection, or one of nothing we sent, opens a Hold.

    A TA1 that takes an envelope says nothing of what is in it: the file goes on waiting for its 997.
    """
    words = verdict_in_words(body)
    found = tx.execute(
        sa.select(dispatch.c.id, dispatch.c.name, dispatch.c.return_no, dispatch.c.ack_state, dispatch.c.bytes).where(
            dispatch.c.partner == partner,
            dispatch.c.control_number == body.control_number.zfill(9),
            dispatch.c.ack_state != "not_expected",
        )
    ).first()
    if found is None:
        documents.settle(tx, document_id, "held", "nothing of ours has this control number")
        key = f"ack_unmatched:{partner}:{body.control_number or document_id}"
        subject = HoldSubject(partner=partner, intake_id=intake_id, document_id=document_id)
        holds.open_(tx, new_hold("ack_unmatched", key, subject, acknowledged=_subject(body), verdict=words), at)
        return
    state = STATES[body.verdict]
    if body.acknowledges == "interchange" and state != "rejected":
        state = str(found.ack_state)
    elif found.ack_state == state and (state != "rejected" or _said_before(tx, int(found.id), words)):
        documents.settle(tx, document_id, "ignored", "the same verdict again")
        return
    dispatches.acknowledged(tx, int(found.id), state, at=at, message=f"{partner}: {words}")
    if STATES[body.verdict] != "rejected":
        return
    first = found.ack_state != "rejected"
    key = f"partner_rejected:{found.id}" if first else f"partner_rejected:{found.id}:{document_id}"
    about = [str(found.return_no)] if found.return_no else _returns_of_rejected(tx, found.bytes or b"", body)
    for return_no in about or [""]:
        subject = HoldSubject(partner, return_no, intake_id=intake_id, document_id=document_id)
        key_of_return = key if len(about) < 2 else f"{key}:{return_no}"
        new = new_hold("partner_rejected", key_of_return, subject, name=found.name, verdict=words)
        holds.open_(tx, new, at, actor=partner, reopen=first)
    if about:
        returns.refresh(tx, about, parse_instant(at))


def _returns_of_rejected(tx: Transaction, data: bytes, body: AcknowledgmentReceived) -> list[str]:
    """The returns that the rejected sets of an X12 file of ours are about, by the correlation id in each; of a group
    or an interchange that is rejected without naming its sets, all."""
    numbers = {each.control_number for each in body.sets if each.verdict == "rejected"}
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
    query = sa.select(return_.c.return_no).where(return_.c.correlation_id.in_(ids)).order_by(return_.c.return_no)
    return [str(each) for each in tx.execute(query).scalars()]


def _said_before(tx: Transaction, dispatch_id: int, words: str) -> bool:
    """Was this file rejected in the same words? An 824 may say more than the 997 before it."""
    keys = sa.or_(
        hold.c.key == f"partner_rejected:{dispatch_id}", hold.c.key.startswith(f"partner_rejected:{dispatch_id}:")
    )
    known = tx.execute(sa.select(hold.c.message).where(keys)).scalars()
    return any(str(message).endswith(f": {words}") for message in known)


def _subject(body: AcknowledgmentReceived) -> str:
    if body.control_number:
        return f"control number {body.control_number}"
    references = [f"{each.value} ({each.kind})" for each in body.references if each.value]
    return ", ".join(references) or "something without a control number"


def verdict_in_words(body: AcknowledgmentReceived) -> str:
    """The verdict, and every error with the set it is in, in one line."""
    said = [body.verdict.replace("_", " ")]
    errors = ["; ".join(each.errors) for each in body.sets]
    if body.note and body.note not in errors:
        said.append(f"{body.note} ({', '.join(body.codes)})" if body.codes else body.note)
    for each, error in zip(body.sets, errors, strict=True):
        if each.verdict != "accepted" and error:
            name = f"{each.set_id} {each.control_number}".strip()
            said.append(f"{name}: {error}" if name else error)
    return "; ".join(said)
