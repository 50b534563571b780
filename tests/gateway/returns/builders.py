"""Documents in short, for the tests of the domain."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from translators.canonical import (
    Authorization,
    Cancellation,
    Code,
    CreditNote,
    CreditNoteLine,
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


def vendor_answer(
    number: str, quantities: Quantities, claim: str = "R000001V1", rma: str = "AC-778", **said: Any
) -> Authorization:
    """A supplier authorizes this much of what we asked it to take back."""
    lines = tuple(
        RequestLine(line_no=str(n), item=Item(sku=sku), quantity=Decimal(q))
        for n, (sku, q) in enumerate(quantities.items(), 1)
    )
    fields = {"decision": "authorized", "purpose": "response", "issued_on": date(2025, 3, 5)} | said
    return Authorization(number=number, rma=rma, references=ref(claim), lines=lines, **fields)


def credit_note(
    number: str, amount: str = "", quantities: dict[str, tuple[int, str]] | None = None, **said: Any
) -> CreditNote:
    """`quantities`: item → how many, and the line's amount. It names the claim R000001V1 unless it `said` another."""
    direction = said.get("direction", "credit")
    lines = tuple(
        CreditNoteLine(
            line_no=str(n), item=Item(sku=sku), quantity=Decimal(q), amount=Decimal(money), direction=direction
        )
        for n, (sku, (q, money)) in enumerate((quantities or {}).items(), 1)
    )
    fields = {"references": (Reference(kind="claim", value="R000001V1"),), "currency": "USD", "lines": lines} | said
    return CreditNote(number=number, amount=Decimal(amount) if amount else None, issued_on=date(2025, 3, 20), **fields)


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


def products(*, currency: str = "", supplier: str = "V-1", **costs: str) -> ReferenceData:
    """Items by what one of them cost us; "" where the product master does not say it."""
    rows = [
        {"sku": sku, "supplier": supplier, "cost_price": cost, "cost_currency": currency} for sku, cost in costs.items()
    ]
    return ReferenceData(dataset="products", rows=tuple(rows))


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


def inspection(
    number: str, of: str, outcomes: list[tuple[str, int, str]], purpose: Purpose = "original", *, left: str = ""
) -> Inspection:
    """`outcomes`: item, quantity, disposition. `left`: the disposition that the goods had until now."""
    lines = tuple(
        InspectionLine(
            line_no=str(n),
            item=Item(sku=sku),
            quantity=Decimal(q),
            condition=code("used_good"),
            disposition=code(disposition),
            from_disposition=code(left),
            split_no=str(n),
        )
        for n, (sku, q, disposition) in enumerate(outcomes, 1)
    )
    return Inspection(number=number, purpose=purpose, references=ref(of), inspected_on=DAY, lines=lines)
