"""What partners say about the files we sent: a 997, 999, 824 or TA1 moves the acknowledgment state of a dispatch."""

from __future__ import annotations

import sqlalchemy as sa

from gateway.clock import parse_instant
from gateway.store import Transaction, dispatches, documents, holds, returns
from gateway.store.tables import dispatch
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
    """Match an acknowledgment to what we sent; a rejection, or one of nothing we sent, opens a Hold."""
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
            f"ack_unmatched:{partner}:{body.control_number}",
            "ack_unmatched",
            "it",
            message=f"{partner} acknowledges control number {body.control_number}, which we did not send them.",
            next_action="Compare with the partner which of our files they mean, then resolve.",
            at=at,
            partner=partner,
            intake_id=intake_id,
            document_id=document_id,
        )
        return
    state = STATES[body.verdict]
    if found.ack_state == state:
        documents.settle(tx, document_id, "ignored", "the same verdict again")
        return
    words = verdict_in_words(body)
    dispatches.acknowledged(tx, int(found.id), state, at=at, message=f"{partner}: {words}")
    if state == "rejected":
        holds.open_(
            tx,
            f"partner_rejected:{found.id}",
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
        )
        if found.return_no:
            returns.refresh(tx, [str(found.return_no)], parse_instant(at))


def verdict_in_words(body: AcknowledgmentReceived) -> str:
    """The verdict and every error named, in one line."""
    errors = [error for each in body.sets for error in each.errors]
    return "; ".join([body.verdict.replace("_", " "), *body.codes, *errors])
