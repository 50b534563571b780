"""The ERP's word on our postings: posted with a document number, refused with its own reasons."""

from __future__ import annotations

from decimal import Decimal

from gateway.holds import hold_class
from gateway.returns.apply.open_hold import HoldCause, open_hold
from gateway.returns.apply.settle import settle_ledger
from gateway.returns.decision import Decision, PostingCause
from gateway.returns.ledger import reverse_movement, write_movement
from gateway.returns.model import POSTING_KINDS, ZERO, Hold, Posting, Return
from translators.canonical import ErpResult, ErpResultRow


def apply_erp_result(decision: Decision, document: ErpResult) -> None:
    """Every row moves the posting it names; a repeated row changes nothing. A row that names none, or one that another
    ERP has, opens a Hold.
    """
    outcome = decision.outcome
    sender = decision.received.partner
    by_posting = {key: r for r in decision.candidates for key in r.postings}
    touched: dict[str, tuple[Return, set[str]]] = {}
    lost = 0
    for row in document.rows:
        return_ = by_posting.get(row.idempotency_key)
        if return_ is None or return_.postings[row.idempotency_key].destination not in {"", sender}:
            lost += 1
            outcome.holds.append(_unknown_posting(decision, document, row))
        elif _apply_row(decision, return_, posting := return_.postings[row.idempotency_key], row):
            _, line_nos = touched.setdefault(return_.return_no, (return_, set()))
            if posting.state == "refused":
                # Less of it may be wanted by now: what was to be taken back of it is not booked.
                line_nos.add(posting.line_no)
    for return_, line_nos in touched.values():
        settle_ledger(decision, return_, line_nos, PostingCause(decision.at, document_ref=document.number))
    if lost:
        outcome.state, outcome.reason = "held", "erp_unknown_posting"
    elif not touched:
        outcome.state, outcome.reason = "ignored", "duplicate"


def _unknown_posting(decision: Decision, document: ErpResult, row: ErpResultRow) -> Hold:
    class_ = hold_class("erp_unknown_posting")
    named = row.idempotency_key or row.erp_document or row.row_no
    return Hold(
        key=f"erp_unknown_posting:{decision.received.partner}:{document.number}:{named}",
        class_=class_.name,
        owner=class_.owner,
        message=f"{decision.received.partner} reports {row.status} {row.erp_document}{_money(row)} for"
        f" {row.idempotency_key or '?'}, which we never sent it",
        next_action=class_.next_action,
        opened_at=decision.at,
        derived=False,
        document_id=decision.received.document_id,
        partner=decision.received.partner,
    )


def _money(row: ErpResultRow) -> str:
    return "" if row.amount is None else f" ({row.amount} {row.currency}".rstrip() + ")"


def _apply_row(decision: Decision, return_: Return, posting: Posting, row: ErpResultRow) -> bool:
    """True if the row changed anything."""
    posted = row.status == "posted" or (row.status == "warning" and bool(row.erp_document))
    if row.status == "warning" and not posted:
        decision.note(return_, f"ERP warns about {posting.key}: {row.error_code} {row.error_text}".rstrip())
        return True
    if posted:
        return _posted(decision, return_, posting, row)
    return _refused(decision, return_, posting, row)


def _posted(decision: Decision, return_: Return, posting: Posting, row: ErpResultRow) -> bool:
    if not row.erp_document:
        return _conflict(decision, return_, posting, "posted without a document number")
    if posting.state in {"posted", "reversed"}:
        if row.erp_document == posting.erp_document:
            return _note_money(posting, row)
        return _conflict(decision, return_, posting, f"posted as {row.erp_document}, before as {posting.erp_document}")
    if posting.state == "cancelled":
        return _conflict(decision, return_, posting, f"posted as {row.erp_document} though we cancelled it")
    posting.state, posting.waits_for, posting.changed_at = "posted", "", decision.at
    posting.erp_document_type, posting.erp_document = row.erp_document_type, row.erp_document
    posting.error_code, posting.error_text = row.error_code, row.error_text
    _note_money(posting, row)
    source = f"posting:{posting.reverses or posting.key}"
    if posting.sign == "-":
        _reversed(return_, return_.postings[posting.reverses])
        _unwrite(decision, return_, source, posting.quantity)
    elif kind := POSTING_KINDS[posting.kind].teaches:
        write_movement(
            return_,
            posting.line_no,
            kind,
            posting.quantity,
            at=decision.at,
            split=posting.split,
            source=source,
            document_id=decision.received.document_id,
        )
    decision.note(return_, f"ERP posted {posting.kind} {posting.key} as {row.erp_document}")
    return True


def _note_money(posting: Posting, row: ErpResultRow) -> bool:
    """Keep what the ERP says it booked; what it says later stands. True if that is news."""
    if row.amount is None:
        return False
    said = (row.amount, row.currency or posting.posted_currency, row.posted_at or posting.posted_on)
    if said == (posting.posted_amount, posting.posted_currency, posting.posted_on):
        return False
    posting.posted_amount, posting.posted_currency, posting.posted_on = said
    return True


def _reversed(return_: Return, origin: Posting) -> None:
    """The ERP has taken back some of a posting: reversed is one of which it has taken back all."""
    parts = (p.quantity for p in return_.postings.values() if p.reverses == origin.key and p.state == "posted")
    if sum(parts, ZERO) >= origin.quantity:
        origin.state = "reversed"


def _unwrite(decision: Decision, return_: Return, source: str, quantity: Decimal) -> None:
    """Reverse this much of the movement that a posting wrote, if it wrote one."""
    written = next((m for m in return_.movements if m.source == source and m.reverses is None), None)
    if written is not None:
        reverse_movement(return_, written.seq, decision.at, quantity)


def _refused(decision: Decision, return_: Return, posting: Posting, row: ErpResultRow) -> bool:
    error = f"{row.error_code} {row.error_text}".strip()
    if posting.state in {"posted", "reversed"}:
        return _conflict(decision, return_, posting, f"refused ({error}) after it was posted as {posting.erp_document}")
    if posting.state in {"waiting", "ready"}:
        decision.note(return_, f"ERP refused {posting.key} ({error}), which it does not have now: it is yet to be sent")
        return True
    if posting.state in {"cancelled", "void"} or (posting.state == "refused" and posting.error_code == row.error_code):
        return False
    posting.error_code, posting.error_text, posting.changed_at = row.error_code, row.error_text, decision.at
    decision.note(return_, f"ERP refused {posting.kind} {posting.key}: {error}")
    posting.state = "refused"
    # What was to be taken back of it: nothing is left to do for that at the ERP. Less of it is issued anew.
    for reversal in return_.postings.values():
        if reversal.reverses == posting.key and reversal.state != "cancelled":
            reversal.state, reversal.waits_for, reversal.changed_at = "cancelled", "", decision.at
            posting.reversed -= reversal.quantity
    return True


def _conflict(decision: Decision, return_: Return, posting: Posting, text: str) -> bool:
    cause = HoldCause(
        "erp_conflict",
        posting.line_no,
        posting.key,
        text,
        f"{posting.kind} {posting.key}: {text}",
        posting_key=posting.key,
        document_id=decision.received.document_id,
    )
    return open_hold(return_, cause, decision.at, derived=False) is not None
