"""The words on the pages: every state spelled out, with what it means, whose move it is and how loudly it is shown.

`tone` is the only source of colour: "bad" somebody must act now, "wait" somebody's answer is awaited, "good" it is
proved, "" nothing to say. Colour never stands alone: the word beside it says the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Tone = Literal["bad", "wait", "good", ""]


@dataclass(frozen=True, slots=True)
class Word:
    """A state as people read it."""

    text: str
    meaning: str = ""
    tone: Tone = ""


INTAKE: dict[str, Word] = {
    "received": Word("received", "In the archive; not processed yet."),
    "processed": Word("processed", "Every set of it was accepted and has had its effect."),
    "partial": Word("processed in part", "Some sets were rejected, with their reasons, in the acknowledgment."),
    "rejected": Word("rejected", "The partner's problem: we acknowledged with the reason."),
    "duplicate": Word("duplicate", "The same file again: no second effect."),
    "quarantined": Word("quarantined", "Not a file we can read from this partner; its bytes are kept.", "wait"),
    "held": Word("held", "A person decides whether it was meant.", "wait"),
    "failed": Word("failed", "Ours: nothing was sent. Repair, then replay the same bytes.", "bad"),
}

VERDICT: dict[str, Word] = {
    "accepted": Word("accepted", "Nothing wrong with it."),
    "accepted_with_errors": Word("accepted with errors", "It had its effect; the acknowledgment names the errors."),
    "partially_accepted": Word("accepted in part", "Some of its sets were rejected."),
    "rejected": Word("rejected", "The partner's problem: the acknowledgment says why.", "wait"),
}

DOCUMENT: dict[str, Word] = {
    "applied": Word("applied", "It has had its effect on its returns."),
    "parked": Word("parked", "It fits no return yet and is tried again when one learns its numbers.", "wait"),
    "held": Word("held", "A person decides.", "wait"),
    "ignored": Word("ignored", "An identical re-send: no second effect."),
}

RETURN: dict[str, Word] = {
    "draft": Word("draft", "Not yet a request."),
    "requested": Word("requested", "Asked for; not answered yet."),
    "authorized": Word("authorized", "Answered with our RMA number."),
    "rejected": Word("denied", "Our business answer was no."),
    "awaiting_goods": Word("awaiting goods", "Authorized; nothing has arrived yet."),
    "partially_received": Word("received in part", "Some of the goods have arrived."),
    "received": Word("received", "All of the goods have arrived."),
    "inspecting": Word("inspecting", "Some of the goods are inspected."),
    "dispositioned": Word("dispositioned", "For all of the goods it is decided what becomes of them."),
    "settling": Word("settling", "Postings are on their way to the ERP."),
    "settled": Word("settled", "Every posting has its ERP document."),
    "closed": Word("closed", "Nothing more is expected."),
    "cancelled": Word("cancelled", "Taken back before it had an effect."),
    "expired": Word("expired", "The goods did not come in time."),
    "closed_short": Word("closed short", "Closed although goods are missing."),
}

STAGE: dict[str, Word] = {
    "eligibility": Word("eligibility", "May this come back at all?"),
    "authorization": Word("authorization", "The request is not answered."),
    "shipment": Word("shipment", "Authorized; nothing is on its way."),
    "receipt": Word("receipt", "On its way; the warehouse has not received all of it."),
    "inspection": Word("inspection", "Received; not inspected."),
    "disposition": Word("disposition", "Inspected; what becomes of it is not decided."),
    "credit": Word("credit", "Decided; the credit is not asked for."),
    "erp": Word("ERP", "Told to the ERP; it has not posted everything."),
}

POSTING: dict[str, Word] = {
    "waiting": Word("waiting", "For the ERP's result of another posting."),
    "ready": Word("ready", "Goes into the next import file."),
    "batched": Word("batched", "Written into an import file; not delivered yet."),
    "delivered": Word("delivered", "The ERP has the file; it has not answered."),
    "posted": Word("posted", "The ERP has booked it and named its document.", "good"),
    "refused": Word("refused", "The ERP's answer was no.", "bad"),
    "cancelled": Word("cancelled", "Taken back before it was sent."),
    "reversed": Word("reversed", "Taken back by another posting."),
    "void": Word("void", "A person settles it outside the ERP's import files; it is never sent."),
}

DISPATCH: dict[str, Word] = {
    "pending": Word("pending", "Its bytes are final; it has not left."),
    "staged": Word("staged", "Durable under a private name; not published yet."),
    "delivered": Word("delivered", "It is where it belongs, with proof.", "good"),
    "held": Word("held", "Sending failed in a way that a person must decide about.", "wait"),
    "void": Word("void", "A person decided that it is never sent."),
}

ACKNOWLEDGED: dict[str, Word] = {
    "not_expected": Word("not expected", "No acknowledgment is due for it."),
    "awaiting": Word("awaited", "The partner has not acknowledged it yet."),
    "accepted": Word("accepted", "The partner acknowledged it.", "good"),
    "accepted_with_errors": Word("accepted with errors", "The partner took it and named errors.", "wait"),
    "partially_accepted": Word("accepted in part", "The partner rejected some sets of it.", "bad"),
    "rejected": Word("rejected", "The partner rejected it.", "bad"),
}

DUE: dict[str, Word] = {
    "running": Word("running", "There is time left."),
    "warned": Word("due soon", "The warning time has passed.", "wait"),
    "breached": Word("overdue", "The time is up.", "bad"),
    "met": Word("met", "It happened in time."),
}

HOLD: dict[str, Word] = {
    "open": Word("open", "Waits for a person.", "wait"),
    "resolved": Word("resolved", "A person decided, or its cause is gone."),
}

SEVERITY: dict[str, Word] = {
    "page": Word("act now", "Somebody is called, at any hour.", "bad"),
    "urgent": Word("urgent", "Within the quarter of an hour.", "bad"),
    "business_day": Word("today", "Within the business day.", "wait"),
    "info": Word("for information", "It clears itself."),
    "error": Word("error", "It rejects the set, unless the partner's settings tolerate it.", "bad"),
    "warning": Word("warning", "Said, but it rejects nothing.", "wait"),
    "note": Word("note", "Worth knowing."),
}

DECISION: dict[str, Word] = {
    "authorized": Word("authorized"),
    "partial": Word("authorized in part"),
    "denied": Word("denied"),
    "pending": Word("not decided"),
}

OWNER: dict[str, Word] = {
    "partner": Word("the partner"),
    "retailer": Word("the retailer"),
    "warehouse": Word("the warehouse"),
    "carrier": Word("the carrier"),
    "supplier": Word("the supplier"),
    "customer_service": Word("customer service"),
    "finance": Word("finance"),
    "it": Word("IT"),
    "erp": Word("the ERP"),
    "us": Word("us"),
    "gateway": Word("the gateway"),
}

KIND: dict[str, Word] = {
    "erp_batch": Word("ERP import batch"),
    "status": Word("status report"),
    "xml": Word("XML"),
    "delimited": Word("delimited rows"),
    "fixed": Word("fixed-width rows"),
    "close_short": Word("close short"),
    "rtv": Word("return to vendor"),
}

VOCABULARY: dict[str, dict[str, Word]] = {
    "intake": INTAKE,
    "verdict": VERDICT,
    "document": DOCUMENT,
    "return": RETURN,
    "stage": STAGE,
    "posting": POSTING,
    "dispatch": DISPATCH,
    "acknowledged": ACKNOWLEDGED,
    "due": DUE,
    "hold": HOLD,
    "severity": SEVERITY,
    "decision": DECISION,
    "owner": OWNER,
    "kind": KIND,
}

# The page "Words" shows these, under these headings.
SHOWN: tuple[tuple[str, str], ...] = (
    ("intake", "A received file is"),
    ("verdict", "A set in it is"),
    ("document", "A document read from it is"),
    ("return", "A return is"),
    ("stage", "An open return waits for its"),
    ("posting", "A posting to the ERP is"),
    ("dispatch", "A file we send is"),
    ("acknowledged", "The partner's acknowledgment of it is"),
    ("due", "A clock is"),
    ("severity", "A fault or finding is"),
)

NOUNS: tuple[tuple[str, str], ...] = (
    ("Partner", "A retailer, warehouse, carrier, supplier or ERP: one folder in partners/."),
    ("Intake", "One received file: its bytes, where it came from, and one state."),
    ("Set", "One X12 transaction set, or one group of flat rows; it carries the verdict."),
    ("Document", "One canonical message read from a set."),
    ("Finding", "Something wrong with a partner's file. Their problem: the acknowledgment says so."),
    ("Return", "Lines, their quantity ledger, and what follows from it."),
    ("Movement", "One row of the ledger of a return line; only ever added."),
    ("Hold", "A business exception that waits for a person: owner, age, next action."),
    ("Fault", "A technical trouble of ours; it clears itself when its cause is gone."),
    ("Posting", "One instruction to the ERP, until the ERP confirms it with a document number."),
    ("Dispatch", "One file we send: fixed bytes and name, attempts, proof of delivery."),
)


# Names that stay capitals inside a code, as in "erp_refused".
CAPITALS = {"erp": "ERP", "rma": "RMA", "sftp": "SFTP", "x12": "X12"}


def plain(code: str) -> str:
    """A code as words: "credit_request" → "credit request", "erp_refused" → "ERP refused". KIND knows the others."""
    known = KIND.get(code)
    return known.text if known else " ".join(CAPITALS.get(part, part) for part in code.split("_"))


def word(vocabulary: str, code: str) -> Word:
    """The word for a state; a state this page does not know is shown as it is. KeyError for an unknown vocabulary."""
    return VOCABULARY[vocabulary].get(code) or Word(plain(code))


def state_of(subject: str, code: str) -> str:
    """The word for the state of an event's subject: "rejected" of "return:R1" is "denied"."""
    kind = subject.partition(":")[0]
    return word(kind, code).text if kind in VOCABULARY else plain(code)
