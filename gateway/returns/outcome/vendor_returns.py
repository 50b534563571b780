"""Goods that go back to their vendor, where we are the one who asks: our request, the vendor's answer, what we claim.

One claim per return and supplier. What it asks for follows from the ledger (the units with the outcome rtv); what may
be claimed is the less of that and what the supplier allows, and nothing while it has not answered.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from gateway.returns.documents.matching import find_line
from gateway.returns.items.units import in_base
from gateway.returns.model import ZERO, Return, ReturnLine, VendorClaim, day
from gateway.returns.policy import Policy
from translators.canonical import Authorization, RequestLine, VendorRequest, VendorRequestLine

if TYPE_CHECKING:
    from gateway.returns.decision import Decision

TO_VENDOR = "rtv"
# RDR01 (DE 1292) of a line that is refused in an answer which grants others.
_DENIED = "RD"


def ask_vendors(decision: Decision, return_: Return, policy: Policy) -> None:
    """Ask every supplier to take back what has the outcome rtv; say it again, under the same number, if it changed."""
    wanted: dict[str, dict[str, Decimal]] = {supplier: {} for supplier in return_.vendor_claims}
    for no, line in return_.lines.items():
        quantity = return_.tallies[no].d.get(TO_VENDOR, ZERO)
        if quantity and (supplier := policy.supplier_of(line.vendor)):
            wanted.setdefault(supplier, {})[no] = quantity
    for supplier, asked in wanted.items():
        claim = return_.vendor_claims.get(supplier)
        if claim is None:
            number = f"{return_.return_no}V{len(return_.vendor_claims) + 1}"
            claim = return_.vendor_claims[supplier] = VendorClaim(number, supplier)
            keys = {f"request:{supplier}:{number}", f"ref:{number}"}
            return_.keys |= keys
            decision.outcome.retry_keys |= keys
        if claim.asked != asked:
            claim.asked, claim.asked_at = asked, decision.at
            ask(decision, return_, claim)


def ask(decision: Decision, return_: Return, claim: VendorClaim) -> None:
    """Send the request of a claim as it stands: the first time, as a change, or as a cancellation."""
    purpose = "original" if not claim.asks else "change" if claim.asked else "cancel"
    claim.asks += 1
    local = decision.now.astimezone(decision.policy(return_).calendar.zone)
    document = VendorRequest.model_validate(
        {
            "number": claim.number,
            "purpose": purpose,
            "return_no": return_.return_no,
            "issued_on": local.date(),
            "issued_time": local.strftime("%H%M"),
            "correlation_id": return_.correlation_id,
            "rma": claim.rma,
            "currency": return_.currency,
            "lines": tuple(_asked_line(return_.lines[no], quantity) for no, quantity in claim.asked.items()),
        }
    )
    decision.outcome.vendor_requests.append((claim.supplier, document))
    decision.note(return_, f"{claim.supplier} asked to take goods back: {claim.number} ({purpose})")


def _asked_line(line: ReturnLine, quantity: Decimal) -> VendorRequestLine:
    return VendorRequestLine(
        line_no=line.line_no,
        item=line.item,
        quantity=quantity,
        unit=line.unit,
        reason=line.reason.canonical,
        text=line.reason.text,
    )


def answered(decision: Decision, return_: Return, claim: VendorClaim, document: Authorization) -> bool:
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
            for no in _lines_named(decision, return_, claim, line):
                allowed = ZERO if line.disposition.raw == _DENIED else granted(decision, return_, [no], line)
                claim.allowed[no] = claim.allowed.get(no, ZERO) + allowed
    said = f" as {document.rma}" if document.rma else ""
    decision.note(return_, f"{claim.supplier} answered {claim.number}: {document.decision}{said}")
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
    same = find_line(return_, decision.facts.ids(line.item), line.line_no)
    return [no for no in same if no in claim.asked][:1] or same[:1]


def claimable(return_: Return, line_no: str, quantity: Decimal) -> Decimal:
    """How much of a line that goes back to the vendor may be claimed: all of it where no supplier is asked."""
    claims = [c for c in return_.vendor_claims.values() if line_no in c.asked]
    return min(quantity, sum((c.allowed.get(line_no, ZERO) for c in claims), ZERO)) if claims else quantity


def unanswered(return_: Return) -> Iterator[VendorClaim]:
    """Claims that wait for their supplier's word."""
    return (c for c in return_.vendor_claims.values() if c.asked and c.decision in {"", "pending"})


def differing(return_: Return) -> Iterator[tuple[VendorClaim, str, Decimal, Decimal]]:
    """Answered claims by line, where what is allowed is not what was asked for: allowed, asked."""
    for claim in return_.vendor_claims.values():
        if claim.decision in {"authorized", "partial", "denied"}:
            for no in sorted({*claim.asked, *claim.allowed}):
                allowed, asked = claim.allowed.get(no, ZERO), claim.asked.get(no, ZERO)
                if allowed != asked:
                    yield claim, no, allowed, asked
