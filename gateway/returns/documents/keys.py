"""The keys that tie documents to returns: scoped text, as `request:northgate:RTV100`, by falling trust."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.returns.documents.identity import fingerprint
from gateway.returns.documents.serial_numbers import serial_keys
from gateway.returns.model import Arrival, Return, VendorClaim
from translators.canonical import (
    Authorization,
    Cancellation,
    CarrierEvent,
    CreditNote,
    ErpResult,
    InboundDocument,
    Inspection,
    InspectionLine,
    Item,
    Receipt,
    ReceiptLine,
    Reference,
    ReturnRequest,
    Shipment,
    ShipmentLine,
)

GoodsDocument = Shipment | Receipt | Inspection
GoodsLine = ShipmentLine | ReceiptLine | InspectionLine

# Reference kinds by falling trust, and the key that each makes. {partner} is who sent the document.
TRUST: tuple[tuple[str, str], ...] = (
    ("rma", "rma:{value}"),
    ("return", "return:{value}"),
    ("correlation", "correlation:{value}"),
    ("request", "request:{partner}:{value}"),
    ("request", "ref:{value}"),
    ("claim", "request:{partner}:{value}"),
    ("claim", "ref:{value}"),
    ("shipment", "shipment:{partner}:{value}"),
    ("shipment", "shipment::{value}"),
    ("receipt", "receipt:{partner}:{value}"),
    ("tracking", "tracking:{value}"),
    ("bill_of_lading", "shipment::{value}"),
    ("carton", "carton:{value}"),
    ("order", "ref:{value}"),
)
# The same by kind: place, what stands before the value, and whether the partner stands between them.
_BY_KIND: dict[str, list[tuple[int, str, bool]]] = {}
for _place, (_kind, _template) in enumerate(TRUST):
    _before = _template.removesuffix("{value}")
    _BY_KIND.setdefault(_kind, []).append((_place, _before.removesuffix("{partner}:"), "{partner}" in _before))


def reference_keys(references: Sequence[Reference], partner: str) -> list[str]:
    """Keys that references make, by falling trust."""
    if not references:
        return []
    ranked: list[tuple[int, int, str]] = []
    for nth, reference in enumerate(references):
        value = reference.value
        if value:
            for place, before, scoped in _BY_KIND.get(reference.kind, ()):
                ranked.append((place, nth, f"{before}{partner}:{value}" if scoped else before + value))
    ranked.sort()
    return [key for _, _, key in ranked]


def header_keys(document: GoodsDocument, partner: str) -> list[str]:
    """Keys from what a goods document says as a whole: its references, its own number, tracking, cartons."""
    keys = reference_keys(document.references, partner)
    if document.kind == "shipment":
        if document.number:
            keys.append(f"shipment:{partner}:{document.number}")
        keys += [f"tracking:{t}" for t in document.tracking]
        keys += [f"carton:{c}" for c in document.cartons]
    elif document.kind == "receipt":
        keys.append(receipt_key(document, partner))
    return keys


def receipt_key(document: GoodsDocument, partner: str) -> str:
    """The key that a receipt itself is: its number, else what it says."""
    return f"receipt:{partner}:{document.number or fingerprint(document)[:16]}"


def references_of(line: GoodsLine) -> tuple[Reference, ...]:
    """The references of a line itself; inspections have none."""
    if type(line) is ShipmentLine:
        return line.references
    return line.references if type(line) is ReceiptLine else ()


def line_keys(line: GoodsLine, received: Arrival, purchase_order: str) -> list[str]:
    """Keys from one line: its own references, then its purchase order (or the document's) with its item."""
    keys = reference_keys(references_of(line), received.partner)
    purchase = line.purchase_order or purchase_order if type(line) is ShipmentLine else purchase_order
    if purchase:
        scope = received.partner if received.role in {"retailer", "supplier"} else ""
        keys += item_keys(scope, purchase, line.item)
    return keys


def item_keys(scope: str, purchase_order: str, item: Item) -> list[str]:
    """Keys of an item on a purchase order. `scope`: the partner whose order number it is, "" for anybody's."""
    return [f"po_item:{scope}:{purchase_order}:{item_id}" for item_id in item.ids()]


def keys_of_erp_result(document: ErpResult, _: Arrival) -> tuple[str, ...]:
    """The postings that the rows name, and their returns."""
    keys: list[str] = []
    for row in document.rows:
        keys += (f"posting:{row.idempotency_key}", f"return:{row.idempotency_key.partition('-')[0]}")
    return _unique(keys)


def keys_of_request(document: ReturnRequest, received: Arrival) -> tuple[str, ...]:
    """The return that an earlier version of the request has opened, then those that ask for one of its units."""
    key = f"request:{received.partner}:{document.number}"
    naming_units = (line for line in document.lines if line.serials)
    return (key, *(unit for line in naming_units for unit in serial_keys(line.item.ids(), line.serials)))


def keys_of_authorization(document: Authorization, received: Arrival) -> tuple[str, ...]:
    """RMA, references, and the number of what the document answers."""
    keys = [f"rma:{document.rma}"] if document.rma else []
    keys += reference_keys(document.references, received.partner)
    return _unique([*keys, f"request:{received.partner}:{document.number}"])


def keys_of_cancellation(document: Cancellation, received: Arrival) -> tuple[str, ...]:
    """The number that is cancelled, references, and the document's own number."""
    cancels = document.cancels
    keys = [f"request:{received.partner}:{cancels}", f"rma:{cancels}"] if cancels else []
    keys += reference_keys(document.references, received.partner)
    return _unique([*keys, f"request:{received.partner}:{document.number}"])


def keys_of_goods(document: GoodsDocument, received: Arrival) -> tuple[str, ...]:
    """What the document says as a whole, then what its lines say."""
    keys = header_keys(document, received.partner)
    purchase_order = document.reference("purchase_order")
    for line in document.lines:
        keys += line_keys(line, received, purchase_order)
    return _unique(keys)


def keys_of_carrier_event(document: CarrierEvent, received: Arrival) -> tuple[str, ...]:
    """References, then the parcel's tracking number."""
    keys = reference_keys(document.references, received.partner)
    return _unique([*keys, f"tracking:{document.tracking}"] if document.tracking else keys)


# Kinds of reference by which a credit note names the claim or the return that it is about.
_NAMES_A_CLAIM = frozenset({"rma", "return", "correlation", "request", "claim"})


def claim_keys(references: Sequence[Reference], partner: str) -> list[str]:
    """Keys of the claim or return that these references name: our claim number, the supplier's RMA, our return."""
    return reference_keys([r for r in references if r.kind in _NAMES_A_CLAIM], partner)


def vendor_item_keys(partner: str, item: Item) -> list[str]:
    """Keys of an item that a supplier is asked to take back: for credit notes that name neither claim nor return."""
    return [f"vendor_item:{partner}:{item_id}" for item_id in item.ids()]


def keys_of_credit_note(document: CreditNote, received: Arrival) -> tuple[str, ...]:
    """What the note names as a whole, then what its lines name; their items if nothing names a claim."""
    keys = claim_keys(document.references, received.partner)
    for line in document.lines:
        keys += claim_keys(line.references, received.partner)
    if not keys:
        for line in document.lines:
            keys += vendor_item_keys(received.partner, line.item)
    if own := note_key(document, received.partner):
        keys.append(own)
    return _unique(keys)


def note_key(document: CreditNote, partner: str) -> str:
    """The key of a credit note's own number: a version that replaces or cancels it is found by that alone."""
    return f"credit:{partner}:{document.number}" if document.number else ""


def no_keys(_: InboundDocument, __: Arrival) -> tuple[str, ...]:
    """For documents that are about no return."""
    return ()


def keys_by_references(document: InboundDocument, received: Arrival) -> tuple[str, ...]:
    """The document's references alone."""
    return _unique(reference_keys(document.references, received.partner))


def _unique(keys: list[str]) -> tuple[str, ...]:
    """The keys in their order, each once."""
    return tuple(dict.fromkeys(keys)) if len(keys) > 1 else tuple(keys)


def keys_of_return(return_: Return) -> set[str]:
    """Every key that a return is known by from its header, lines and consignments."""
    keys = {f"return:{return_.return_no}", f"ref:{return_.return_no}"}
    if return_.correlation_id:
        keys.add(f"correlation:{return_.correlation_id}")
    if return_.request_number:
        keys.add(f"request:{return_.partner}:{return_.request_number}")
        keys.add(f"ref:{return_.request_number}")
    if return_.rma:
        keys |= {f"rma:{return_.rma}", f"ref:{return_.rma}"}
    if return_.purchase_order:
        item_ids = [item_id for line in return_.lines.values() for item_id in line.ids or line.item.ids()]
        for scope in (return_.partner, ""):
            prefix = f"po_item:{scope}:{return_.purchase_order}:"
            keys.update([prefix + item_id for item_id in item_ids])
    for claim in return_.vendor_claims.values():
        keys |= keys_of_claim(return_, claim)
    keys |= _unit_keys(return_)
    for consignment in return_.consignments:
        if consignment.number:
            keys |= {f"shipment:{return_.partner}:{consignment.number}", f"shipment::{consignment.number}"}
        keys.update([f"tracking:{number}" for number in consignment.tracking])
        keys.update([f"carton:{carton}" for carton in consignment.cartons])
    return keys


def keys_of_claim(return_: Return, claim: VendorClaim) -> set[str]:
    """Every key that a return is known by for what it claims of a supplier: both numbers, and the items."""
    keys = {f"request:{claim.supplier}:{claim.number}", f"ref:{claim.number}"}
    if claim.rma:
        keys.add(f"rma:{claim.rma}")
    for no in claim.asked:
        keys.update([f"vendor_item:{claim.supplier}:{item_id}" for item_id in return_.lines[no].ids])
    return keys


def _unit_keys(return_: Return) -> set[str]:
    """Keys of the units that a return names or has got: with the item's ids, and `serial::S7` for who knows no item."""
    keys: set[str] = set()
    for no, line in return_.lines.items():
        numbers = [*line.serials, *line.taken_serials]
        for claim in return_.claims.get(no, ()):
            if claim.serials and claim.state != "superseded":
                numbers += claim.serials
        if numbers:
            keys.update(serial_keys((*(line.ids or line.item.ids()), ""), numbers))
    return keys
