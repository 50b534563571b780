"""What we ask suppliers to take back."""

from __future__ import annotations

from decimal import Decimal

from gateway.returns.claims.passing import passing_outcome
from gateway.returns.decision import Decision
from gateway.returns.documents.keys import keys_of_claim
from gateway.returns.model import Return, ReturnLine, VendorClaim
from gateway.returns.policy import Policy
from translators.canonical import VendorRequest, VendorRequestLine

TO_VENDOR = "rtv"


def ask_vendors(decision: Decision, return_: Return, policy: Policy) -> None:
    """Ask every supplier to take back what has the outcome rtv; say it again, under the same number, if it changed."""
    to_ask: dict[str, dict[str, Decimal]] = {supplier: {} for supplier in return_.vendor_claims}
    for no, line in return_.lines.items():
        quantity = passing_outcome(return_, no, TO_VENDOR, policy)
        if quantity and (supplier := policy.supplier_of(line.vendor)):
            to_ask.setdefault(supplier, {})[no] = quantity
    for supplier, asked in to_ask.items():
        claim = return_.vendor_claims.get(supplier)
        if claim is None:
            number = f"{return_.return_no}V{len(return_.vendor_claims) + 1}"
            claim = return_.vendor_claims[supplier] = VendorClaim(number, supplier)
        if claim.asked != asked:
            claim.asked, claim.asked_at = asked, decision.at
            _know_by(decision, return_, keys_of_claim(return_, claim))
            if not _agreed(claim):
                ask(decision, return_, claim)


def _know_by(decision: Decision, return_: Return, keys: set[str]) -> None:
    """The supplier's documents find the return by these keys from now on; what waits for one is decided again."""
    decision.outcome.retry_keys |= keys - return_.keys
    return_.keys |= keys


def _agreed(claim: VendorClaim) -> bool:
    """Is what we ask for now what the supplier has answered already? It need not be told again."""
    answered = claim.decision in {"authorized", "partial", "denied"}
    return answered and claim.asked == {no: quantity for no, quantity in claim.allowed.items() if quantity}


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
