"""Documents in short, for the tests of the domain."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from translators.canonical import (
    Cancellation,
    Code,
    Inspection,
    InspectionLine,
    Item,
    Purpose,
    Receipt,
    ReceiptException,
    ReceiptLine,
    Reference,
    ReferenceData,
    RequestLine,
    ReturnRequest,
    Shipment,
    ShipmentLine,
)

Quantities = dict[str, int]
DAY = date(2025, 3, 3)


def code(value: str) -> Code:
    return Code(raw=value[:2].upper(), canonical=value) if value else Code()


def ref(request: str) -> tuple[Reference, ...]:
    return (Reference(kind="request", value=request),)


def orders(number: str = "SO1", sold: str = "2025-02-20", **quantities: int) -> ReferenceData:
    rows = [
        {
            "order_number": number,
            "order_line": str(n),
            "purchase_order": f"PO-{number}",
            "customer": "C100",
            "currency": "USD",
            "sku": sku,
            "quantity": str(quantity),
            "unit_price": "19.99",
            "delivery_date": sold,
        }
        for n, (sku, quantity) in enumerate(quantities.items(), 1)
    ]
    return ReferenceData(dataset="orders", rows=tuple(rows))


def request(
    number: str, quantities: Quantities, order: str = "SO1", purpose: Purpose = "request", reason: str = "defective"
) -> ReturnRequest:
    lines = tuple(
        RequestLine(line_no=str(n), item=Item(sku=sku), quantity=Decimal(q), reason=code(reason))
        for n, (sku, q) in enumerate(quantities.items(), 1)
    )
    return ReturnRequest(number=number, purpose=purpose, issued_on=DAY, order_number=order, lines=lines)


def cancellation(number: str, cancels: str, quantities: Quantities | None = None) -> Cancellation:
    lines = tuple(
        RequestLine(line_no="", item=Item(sku=sku), quantity=Decimal(q)) for sku, q in (quantities or {}).items()
    )
    return Cancellation(number=number, purpose="cancel", cancels=cancels, issued_on=DAY, lines=lines)


def shipment(number: str, of: str, quantities: Quantities, purpose: Purpose = "original") -> Shipment:
    lines = tuple(
        ShipmentLine(line_no=str(n), item=Item(sku=sku), quantity=Decimal(q), cartons=("00123456789012345675",))
        for n, (sku, q) in enumerate(quantities.items(), 1)
    )
    return Shipment(
        number=number,
        purpose=purpose,
        references=ref(of),
        shipped_on=DAY,
        carrier="UPSN",
        tracking=(f"1Z{number}",),
        lines=lines,
    )


def receipt(
    number: str,
    of: str,
    quantities: Quantities,
    damaged: Quantities | None = None,
    purpose: Purpose = "original",
    final: bool = True,
) -> Receipt:
    """`quantities` is everything received; `damaged` the part of it that is not good."""
    bad = damaged or {}
    lines = tuple(
        ReceiptLine(
            line_no=str(n),
            item=Item(sku=sku),
            quantity=Decimal(q),
            exceptions=(ReceiptException(condition=code("damaged"), quantity=Decimal(bad[sku])),)
            if bad.get(sku)
            else (),
        )
        for n, (sku, q) in enumerate(quantities.items(), 1)
    )
    return Receipt(
        number=number,
        purpose=purpose,
        references=ref(of),
        warehouse="harbor",
        received_on=DAY,
        final=final,
        lines=lines,
    )


def inspection(number: str, of: str, outcomes: list[tuple[str, int, str]], purpose: Purpose = "original") -> Inspection:
    """`outcomes`: item, quantity, disposition."""
    lines = tuple(
        InspectionLine(
            line_no=str(n),
            item=Item(sku=sku),
            quantity=Decimal(q),
            condition=code("used_good"),
            disposition=code(disposition),
            split_no=str(n),
        )
        for n, (sku, q, disposition) in enumerate(outcomes, 1)
    )
    return Inspection(number=number, purpose=purpose, references=ref(of), inspected_on=DAY, lines=lines)
