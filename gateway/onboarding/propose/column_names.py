"""What the heading of a column says, in the words of canonical fields.

Headings are cut into words ("QtyRcvd", "RCV-QTY", "ORDNO"), the words brought to one spelling, and the field chosen
whose words the heading has. This is a guess, and is marked as one.
"""

from __future__ import annotations

import re
from functools import cache

# One word of ours → what people write for it.
_SPELLINGS = {
    "number": "no nr num nbr number id ref reference nummer key beleg",
    "order": "order ord orders so auftrag salesorder",
    "purchase": "po purchase custpo bestellung",
    "item": "item itm article artikel art material mat product prod part model style",
    "sku": "sku skus",
    "gtin": "gtin upc ean barcode isbn",
    "quantity": "quantity qty pcs pieces units count menge anzahl qtty each qnty",
    "receipt": "receipt rcv rcvd recd rec received receiving rcpt grn receive wareneingang",
    "date": "date dat dt datum day when on time timestamp",
    "code": "code cd",
    "return": "return rtn ret returns returned retoure rueckgabe",
    "rma": "rma ra ran rga",
    "reason": "reason rsn why grund cause",
    "disposition": "disposition disp outcome action decision verdict massnahme maßnahme",
    "condition": "condition cond state zustand quality",
    "grade": "grade grading",
    "warehouse": "warehouse whs wh whse site dc facility depot fc lager",
    "location": "location loc bin slot",
    "shipment": "shipment ship shipped shp asn despatch dispatch sent",
    "invoice": "invoice inv",
    "unit": "unit um uom",
    "description": "description desc descr name title bezeichnung",
    "line": "line ln pos position seq row",
    "tracking": "tracking trk track trackingno awb waybill",
    "carrier": "carrier scac courier",
    "carton": "carton ctn box parcel package pkg sscc",
    "store": "store str shop branch outlet",
    "price": "price prc",
    "amount": "amount amt value total",
    "currency": "currency cur ccy curr",
    "serial": "serial ser serials imei sn",
    "lot": "lot lots batch charge",
    "inspection": "inspection insp inspected qi qc",
    "inspector": "inspector grader checker",
    "note": "note notes remark remarks comment comments text memo bemerkung",
    "vendor": "vendor vnd supplier mfg manufacturer mfr",
    "customer": "customer cust account acct client kunde",
    "buyer": "buyer buyers",
    "request": "request req requested claim case ticket",
    "event": "event",
    "split": "split",
    "expected": "expected eta due",
    "damage": "damage",
    "status": "status",
    "class": "class group category grp",
    "warranty": "warranty warr garantie",
    "blocked": "blocked gesperrt",
    "address": "address addr street strasse",
    "city": "city town ort",
    "zip": "zip postcode postal plz",
    "country": "country land",
}
_WORDS = {spelling: word for word, spellings in _SPELLINGS.items() for spelling in spellings.split()}
_PIECES = re.compile(r"[A-ZÄÖÜ]+(?![a-zäöüß])|[A-ZÄÖÜ]?[a-zäöüß]+|#")

# Field → the words that a heading must have for it; more words are a better fit. Kinds that lack a field pass over it.
_RULES: tuple[tuple[str, str], ...] = (
    ("number", "{own}"),
    ("number", "{own} number"),
    ("references.rma", "rma"),
    ("references.rma", "rma number"),
    ("references.rma", "return number"),
    ("references.rma", "return"),
    ("references.receipt", "receipt"),
    ("references.receipt", "receipt number"),
    ("references.shipment", "shipment number"),
    ("references.request", "request number"),
    ("order_number", "order"),
    ("order_number", "order number"),
    ("references.order", "order"),
    ("references.order", "order number"),
    ("purchase_order", "purchase"),
    ("purchase_order", "purchase order"),
    ("purchase_order", "purchase number"),
    ("purchase_order", "purchase order number"),
    ("purchase_order", "customer purchase"),
    ("references.purchase_order", "purchase"),
    ("references.purchase_order", "purchase order"),
    ("references.purchase_order", "purchase number"),
    ("invoice_number", "invoice"),
    ("invoice_number", "invoice number"),
    ("references.invoice", "invoice"),
    ("lines.purchase_order", "purchase"),
    ("customer", "customer"),
    ("customer", "customer number"),
    ("parties.store.id", "store"),
    ("parties.store.id", "store number"),
    ("parties.store.name", "store description"),
    ("currency", "currency"),
    ("warehouse", "warehouse"),
    ("warehouse", "warehouse code"),
    ("inspector", "inspector"),
    ("carrier", "carrier"),
    ("carrier", "carrier code"),
    ("tracking", "tracking"),
    ("tracking", "tracking number"),
    ("event", "event"),
    ("event", "event code"),
    ("event", "status"),
    ("event", "status code"),
    ("place", "city"),
    ("at", "event date"),
    ("at", "status date"),
    ("at", "date"),
    ("place", "location"),
    ("received_on", "receipt date"),
    ("received_on", "date"),
    ("inspected_on", "inspection date"),
    ("inspected_on", "date"),
    ("shipped_on", "shipment date"),
    ("shipped_on", "date"),
    ("expected_on", "expected date"),
    ("expected_on", "expected"),
    ("requested_on", "request date"),
    ("requested_on", "return date"),
    ("issued_on", "date"),
    ("lines.line_no", "line"),
    ("lines.line_no", "line number"),
    ("lines.split_no", "split"),
    ("lines.split_no", "split number"),
    ("lines.item.sku", "sku"),
    ("lines.item.sku", "item"),
    ("lines.item.sku", "item number"),
    ("lines.item.sku", "item code"),
    ("lines.item.gtin", "gtin"),
    ("lines.item.gtin", "gtin number"),
    ("lines.item.gtin", "gtin code"),
    ("lines.item.vendor_sku", "vendor item"),
    ("lines.item.vendor_sku", "vendor item number"),
    ("lines.item.vendor_sku", "vendor sku"),
    ("lines.item.buyer_sku", "buyer item"),
    ("lines.item.buyer_sku", "buyer sku"),
    ("lines.item.buyer_sku", "customer item"),
    ("lines.item.buyer_sku", "customer sku"),
    ("lines.item.buyer_sku", "store sku"),
    ("lines.item.description", "description"),
    ("lines.item.description", "item description"),
    ("lines.quantity", "quantity"),
    ("lines.quantity", "receipt quantity"),
    ("lines.quantity", "return quantity"),
    ("lines.quantity", "request quantity"),
    ("lines.quantity", "shipment quantity"),
    ("lines.quantity", "inspection quantity"),
    ("lines.unit", "unit"),
    ("lines.unit", "unit code"),
    ("lines.unit_price", "price"),
    ("lines.unit_price", "unit price"),
    ("lines.reason", "reason"),
    ("lines.reason", "reason code"),
    ("lines.reason", "return reason"),
    ("lines.reason", "return reason code"),
    ("lines.reason.text", "reason description"),
    ("lines.reason.text", "reason note"),
    ("lines.condition", "condition"),
    ("lines.condition", "condition code"),
    ("lines.condition", "return condition"),
    ("lines.exceptions.condition", "condition"),
    ("lines.exceptions.condition", "condition code"),
    ("lines.disposition", "disposition"),
    ("lines.disposition", "disposition code"),
    ("lines.grade", "grade"),
    ("lines.to_location", "location"),
    ("lines.cartons", "carton"),
    ("lines.cartons", "carton number"),
    ("lines.serials", "serial"),
    ("lines.serials", "serial number"),
    ("lines.lots", "lot"),
    ("lines.lots", "lot number"),
    ("lines.note", "note"),
    ("note", "note"),
)
# What a document of a kind calls itself.
OWN = {"return_request": "request", "receipt": "receipt", "inspection": "inspection", "shipment": "shipment"}


def words_of(heading: str) -> frozenset[str]:
    """A heading → its words in one spelling; what nobody knows stays as it is: "QtyRcvd" → quantity, receipt."""
    if heading.strip().lower() in _WORDS:  # "UoM" is one word
        return frozenset({_WORDS[heading.strip().lower()]})
    found: set[str] = set()
    for piece in _PIECES.findall(heading):
        low = "number" if piece == "#" else piece.lower()
        found.update(_split(low) or (low,))
    return frozenset(found)


@cache
def _split(text: str) -> tuple[str, ...]:
    """One run of letters as known words ("ordno" → order, number); () if it cannot be read so."""
    if text in _WORDS or text in _SPELLINGS:
        return (_WORDS.get(text, text),)
    for end in range(len(text) - 2, 1, -1):
        head = _WORDS.get(text[:end])
        if head:
            rest = _split(text[end:])
            if rest:
                return (head, *rest)
    return ()


def fields_for(heading: str, kind: str) -> list[tuple[int, str]]:
    """Fields that a heading may mean in a document of this kind, the best fit first, each with its fit.

    All words of a field must be in the heading; words of the heading that are nobody's lower the fit.
    """
    words = words_of(heading)
    own = OWN.get(kind, "")
    fits: dict[str, int] = {}
    for field, wanted in _RULES:
        if "{own}" in wanted and not own:
            continue
        needed = frozenset(wanted.format(own=own).split())
        if needed and needed <= words:
            fit = 3 * len(needed) - len(words - needed) + (field == "number")
            fits[field] = max(fit, fits.get(field, -99))
    return sorted(((fit, field) for field, fit in fits.items() if fit > 0), key=lambda offer: -offer[0])
