"""The header of a return, from the request that opens or changes it."""

from __future__ import annotations

import hashlib

from gateway.returns.decision import Decision
from gateway.returns.items.masters import Order
from gateway.returns.model import UNSENT, Return, day
from gateway.returns.money.currency import is_known
from gateway.returns.policy import Policy
from translators.canonical import ReturnRequest


def open_return(decision: Decision, document: ReturnRequest, number: str) -> Return:
    """A new return of the sender of a request with this number: ours, correlation id and the policy's choices."""
    received = decision.received
    policy = decision.policies if isinstance(decision.policies, Policy) else decision.policies(received.partner)
    return_no = policy.return_format.format(decision.numbers.next("return"))
    digest = hashlib.sha256(f"{return_no}|{received.partner}|{number}".encode()).hexdigest()[:6].upper()
    return_ = Return(
        return_no=return_no,
        partner=received.partner,
        request_number=number,
        correlation_id=f"{return_no}{digest}",
        settlement=policy.settlement,
        warehouse=policy.warehouse,
        erp=policy.erp,
        opened_at=decision.at,
    )
    decision.note(return_, f"request {number} received")
    return return_


def fill_header(return_: Return, document: ReturnRequest, order: Order | None, policy: Policy) -> None:
    """What the request says as a whole; what it leaves out is taken from its order."""
    return_.order_number = document.order_number or document.reference("order") or (order.number if order else "")
    purchase = document.purchase_order or document.reference("purchase_order")
    return_.purchase_order = purchase or (order.purchase_order if order else "")
    return_.customer = document.customer or (order.customer if order else "")
    invoice = document.invoice_number or document.reference("invoice")
    return_.invoice_number = invoice or (order.invoice_number if order else "")
    _note_currency(return_, document.currency.strip().upper(), order.currency if order else "", policy)
    return_.purpose = document.purpose if document.purpose != "original" else "request"
    return_.consumer_return = document.consumer_return
    return_.contact = document.contact
    return_.references = document.references
    return_.parties = document.parties
    return_.requested_on = day(document.requested_on or document.issued_on)


def _note_currency(return_: Return, claimed: str, sold_in: str, policy: Policy) -> None:
    """The currency is the sale's; without one that of the request, if it is any; else the policy's.

    What was sent in a currency stays in it: a request that names another one afterwards is in doubt.
    """
    issued = (posting for posting in return_.postings.values() if posting.amount is not None)
    has_left = any(posting.state != "cancelled" and posting.state not in UNSENT for posting in issued)
    return_.claimed_currency = claimed
    if not (has_left and return_.currency):
        return_.currency = sold_in or (claimed if is_known(claimed) else "") or policy.currency
