"""Goods on their way to a supplier: by a shipment that names our claim, or as a person says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from gateway.returns.apply.set_aside import set_aside
from gateway.returns.apply.settle import settle_ledger
from gateway.returns.apply.standing import rank_of, remember, standing
from gateway.returns.decision import CannotResolve, Decision, PostingCause
from gateway.returns.documents.identity import business_key
from gateway.returns.documents.keys import claim_keys
from gateway.returns.documents.matching import find, find_line
from gateway.returns.items.units import in_base
from gateway.returns.model import ZERO, Arrival, Return, VendorClaim, VendorShipment, day
from translators.canonical import Shipment

# Who sends goods to suppliers: us, by our warehouse. A retailer's own claim number names its return.
_SENDERS = frozenset({"warehouse", "house", "erp"})
# The number of a claim of ours: that of its return, V, and a count.
_OUR_CLAIM = re.compile(r"[A-Za-z0-9]{1,12}V[0-9]{1,3}")


def goes_to_supplier(document: Shipment, received: Arrival) -> bool:
    """Is a shipment of goods that go back to their supplier: does our side name a claim of ours in it?"""
    claims = [reference.value for reference in document.references if reference.kind == "claim"]
    return received.role in _SENDERS and any(map(_OUR_CLAIM.fullmatch, claims))


def apply_vendor_shipment(decision: Decision, document: Shipment) -> None:
    """The claim learns carrier and tracking of its goods; no quantity of the return moves."""
    received, outcome = decision.received, decision.outcome
    keys = claim_keys(document.references, received.partner)
    return_ = find(keys, decision.candidates, received).found
    named = {reference.value for reference in document.references if reference.kind == "claim"}
    claims = return_.vendor_claims.values() if return_ else ()
    claim = next((claim for claim in claims if claim.number in named), None)
    if return_ is None or claim is None:
        outcome.park("waits_for_vendor_request", keys)
        return
    key, name = business_key(document, received), f"shipment {document.number} to {claim.supplier}"
    its_standing = standing(return_, key, document, received)
    if aside := set_aside(decision, return_, document, key, its_standing, name):
        outcome.state, outcome.reason = aside
        return
    if its_standing == "same_document":
        return
    outcome.redo += remember(return_, key, document, received)
    if rank_of(document) == 2:
        claim.shipments.pop(key, None)
    else:
        claim.shipments[key] = _shipment(decision, return_, document)
    said = "is cancelled" if rank_of(document) == 2 else " ".join([document.carrier, *document.tracking])
    decision.note(return_, f"{name}: {said}".strip())
    settle_ledger(decision, return_, (), PostingCause(decision.at), for_erp=False)


def _shipment(decision: Decision, return_: Return, document: Shipment) -> VendorShipment:
    quantities: dict[str, Decimal] = {}
    policy = decision.policy(return_)
    for line in document.lines:
        for no in find_line(return_, decision.facts.ids(line.item), line.line_no)[:1]:
            product = decision.facts.product(line.item)
            quantity = in_base(line.quantity, line.unit, return_.lines[no].unit, product, policy)
            quantities[no] = quantities.get(no, ZERO) + (line.quantity if quantity is None else quantity)
    return VendorShipment(
        document.number,
        document.carrier,
        document.tracking,
        day(document.shipped_on),
        quantities,
        decision.received.document_id,
    )


@dataclass(slots=True, frozen=True)
class HandShipment:
    """What a person says of goods that were sent to a supplier. `supplier` may be "" where only one is asked."""

    carrier: str
    tracking: tuple[str, ...]
    shipped_on: str
    supplier: str = ""


def ship_by_hand(decision: Decision, return_: Return, said: HandShipment, actor: str) -> None:
    """The claim learns from a person how its goods travel. Raises CannotResolve, and has done nothing then."""
    claim = _claim_of(return_, said.supplier)
    if not said.tracking and not said.carrier:
        raise CannotResolve("say the carrier or a tracking number")
    key = f"hand:{len(claim.shipments) + 1}"
    claim.shipments[key] = VendorShipment("", said.carrier, said.tracking, said.shipped_on)
    how = " ".join([said.carrier, *said.tracking])
    decision.note(return_, f"{actor} said that {claim.number} was sent to {claim.supplier}: {how}")
    settle_ledger(decision, return_, (), PostingCause(decision.at), for_erp=False)


def _claim_of(return_: Return, supplier: str) -> VendorClaim:
    claims = return_.vendor_claims
    if not claims:
        raise CannotResolve(f"{return_.return_no} claims nothing of a supplier")
    if not supplier and len(claims) == 1:
        return next(iter(claims.values()))
    if supplier not in claims:
        raise CannotResolve(f"say which supplier {return_.return_no} was sent to: {', '.join(claims)}")
    return claims[supplier]
