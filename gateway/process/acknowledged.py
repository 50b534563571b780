"""What partners say about the files we sent: a 997, 999, 824 or TA1 moves the acknowledgment state of a dispatch."""

from __future__ import annotations

import sqlalchemy as sa

from gateway.clock import parse_instant
from gateway.store import Transaction, dispatches, documents, holds, returns
from gateway.store.tables import dispatch, hold
from translators.canonical import AcknowledgmentReceived

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
        sa.select(dispatch.c.id, dispatch.c.name, dispatch.c.return_no, dispatch.c.ack_state).where(
            dispatch.c.partner == partner,
            dispatch.c.control_number == body.control_number.zfill(9),
            dispatch.c.ack_state != "not_expected",
        )
    ).first()
    if found is None:
        documents.settle(tx, document_id, "held", "nothing of ours has this control number")
        holds.open_(
            tx,
            f"ack_unmatched:{partner}:{body.control_number or document_id}",
            "ack_unmatched",
            "it",
            message=f"{partner} acknowledges {_subject(body)}, which we did not send them: {words}",
            next_action="Compare with the partner which of our files they mean, then resolve.",
            at=at,
            partner=partner,
            intake_id=intake_id,
            document_id=document_id,
        )
        return
    state = STATES[body.verdict]
    if body.acknowledges == "interchange" and state != "rejected":
        state = str(found.ack_state)
    elif found.ack_state == state and (state != "rejected" or _said_before(tx, int(found.id), words)):
        documents.settle(tx, document_id, "ignored", "the same verdict again")
        return
    dispatches.acknowledged(tx, int(found.id), state, at=at, message=f"{partner}: {words}")
    if STATES[body.verdict] == "rejected":
        first = found.ack_state != "rejected"
        holds.open_(
            tx,
            f"partner_rejected:{found.id}" if first else f"partner_rejected:{found.id}:{document_id}",
            "partner_rejected",
            "it",
            message=f"{partner} rejected {found.name}: {words}",
            next_action="Correct what they name (guide overlay, crosswalk or data) and send the document again.",
            at=at,
            partner=partner,
            return_no=str(found.return_no),
            intake_id=intake_id,
            document_id=document_id,
            actor=partner,
            reopen=first,
        )
        if found.return_no:
            returns.refresh(tx, [str(found.return_no)], parse_instant(at))


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
