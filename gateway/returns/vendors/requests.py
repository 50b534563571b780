"""What we ask suppliers to take back."""

from __future__ import annotations

from decimal import Decimal

from gateway.returns.decision import Decision
from gateway.returns.model import ZERO, Return, ReturnLine, VendorClaim
from gateway.returns.policy import Policy
from translators.canonical import VendorRequest, VendorRequestLine

TO_VENDOR = "rtv"


def ask_vendors(decision: Decision, return_: Return, policy: Policy) -> None:
    """Ask every supplier to take back what has the outcome rtv; say it again, under the same number, if it changed."""
    to_ask: dict[str, dict[str, Decimal]] = {supplier: {} for supplier in return_.vendor_claims}
    for no, line in return_.lines.items():
        quantity = return_.tallies[no].d.get(TO_VENDOR, ZERO)
        if quantity and (supplier := policy.supplier_of(line.vendor)):
            to_ask.setdefault(supplier, {})[no] = quantity
    for supplier, asked in to_ask.items():
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
