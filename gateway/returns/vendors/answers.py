"""Suppliers' answers to what we asked them to take back."""

from __future__ import annotations

from decimal import Decimal

from gateway.returns.decision import Decision
from gateway.returns.documents.matching import find_line
from gateway.returns.items.units import in_base
from gateway.returns.model import ZERO, Return, VendorClaim, day
from translators.canonical import Authorization, RequestLine

# RDR01 (DE 1292) of a line that is refused in an answer which grants others.
_DENIED = "RD"


def note_answer(decision: Decision, return_: Return, claim: VendorClaim, document: Authorization) -> bool:
    """Note what the supplier says to a claim; False if a later answer is known already."""
    order = f"{day(document.issued_on)}|{document.number}"
    if order < claim.answer_order:
        return False
    claim.answer_order, claim.document_id = order, decision.received.document_id
    claim.rma = document.rma or claim.rma
    claim.decision = document.decision
    claim.allowed = {}
    if document.decision in {"authorized", "partial"}:
        if not document.lines and document.decision == "authorized":
            claim.allowed = dict(claim.asked)
        for line in document.lines:
            for line_no in _lines_named(decision, return_, claim, line):
                allowed = ZERO if line.disposition.raw == _DENIED else granted(decision, return_, [line_no], line)
                claim.allowed[line_no] = claim.allowed.get(line_no, ZERO) + allowed
    with_rma = f" as {document.rma}" if document.rma else ""
    decision.note(return_, f"{claim.supplier} answered {claim.number}: {document.decision}{with_rma}")
    return True


def granted(decision: Decision, return_: Return, line_nos: list[str], line: RequestLine) -> Decimal:
    """What a line of somebody's answer allows, in the unit of our line; as it is said where that cannot be counted."""
    if not line_nos:
        return line.quantity
    product, policy = decision.facts.product(line.item), decision.policy(return_)
    quantity = in_base(line.quantity, line.unit, return_.lines[line_nos[0]].unit, product, policy)
    return line.quantity if quantity is None else quantity


def _lines_named(decision: Decision, return_: Return, claim: VendorClaim, line: RequestLine) -> list[str]:
    """The line that an answer's line is about: by its item, and by the number that we gave it where items repeat."""
    our_lines = find_line(return_, decision.facts.ids(line.item), line.line_no)
    return [line_no for line_no in our_lines if line_no in claim.asked][:1] or our_lines[:1]
