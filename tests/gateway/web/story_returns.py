"""The returns of the story."""

from __future__ import annotations

from decimal import Decimal

import sqlalchemy as sa

from gateway.returns import Hold, Posting, Return, ReturnLine, blocked_at, pack, status_of
from gateway.returns.ledger import write_movement
from gateway.returns.model import Consignment, MovementKind, PostingKind, PostingState
from gateway.store import tables as t
from tests.gateway.web.moments import NOW, at
from tests.gateway.web.rows import HOSTILE, insert
from translators.canonical import Code, Item, Party, Reference


def all_of_them() -> tuple[Return, ...]:
    return received_in_part(), denied(), waiting_for_goods(), posted()


def received_in_part() -> Return:
    """R000001: four authorized, three came (one damaged), two inspected; one posting refused by the ERP."""
    return_ = Return(
        "R000001",
        "northgate",
        request_number="NG-88121",
        rma="RMA-000001",
        correlation_id="c-7f2b1a90",
        customer="10044",
        order_number="SO-44810",
        purchase_order="PO-77310",
        currency="USD",
        warehouse="harbor",
        erp="atlas",
        opened_at=at("03-14 08:30:05"),
        changed_at=at("03-17 06:02:00"),
        requested_on="2025-03-14",
        authorized_on="2025-03-14",
        expires_on="2025-04-13",
        references=(Reference(kind="purchase_order", value="PO-77310"), Reference(kind="x12:RZ", value="RZ-9")),
        parties=(Party(role="ship_from", name=f"Northgate Store 14 {HOSTILE}", qualifier="92", id="0014"),),
    )
    return_.lines["1"] = ReturnLine(
        "1",
        Item(sku="TK-200-BLK", vendor_sku="TK-200-BLK", gtin="00012345678905", description="Trail kettle, black"),
        Decimal(4),
        partner_line="1",
        unit_price=Decimal("24.50"),
        reason=Code(raw="DM", canonical="damaged"),
        decision="authorized",
    )
    return_.lines["2"] = ReturnLine(
        "2", Item(sku="TK-999", description=HOSTILE), Decimal(0), decision="pending", added=True
    )
    return_.consignments.append(
        Consignment(
            "shipment:SH-5512",
            "SH-5512",
            carrier="UPSN",
            tracking=("1Z999AA10123456784",),
            cartons=("00000123450000000018",),
            shipped_on="2025-03-14",
            expected_on="2025-03-16",
            last_event="delivered",
            last_event_at=at("03-15 16:20:00"),
        )
    )
    movements: tuple[tuple[str, MovementKind, int, str, int | None], ...] = (
        ("03-14 08:30:05", "authorize", 4, "", 1),
        ("03-14 15:02:11", "ship", 4, "", 4),
        ("03-15 17:40:00", "receive", 2, "good", 5),
        ("03-15 17:40:00", "receive", 1, "damaged", 5),
        ("03-16 10:15:00", "inspect", 2, "good", None),
        ("03-16 10:15:00", "disposition", 1, "restock", None),
        ("03-16 10:15:00", "disposition", 1, "scrap", None),
    )
    for when, kind, count, code, document in movements:
        write_movement(return_, "1", kind, Decimal(count), at=at(when), code=code, document_id=document)
    postings: tuple[tuple[PostingKind, PostingState, int, str], ...] = (
        ("return_order", "posted", 4, "RO-100881"),
        ("goods_receipt", "posted", 3, "GR-55120"),
        ("inventory_move", "delivered", 1, ""),
        ("scrap", "refused", 1, ""),
        ("credit_request", "waiting", 2, ""),
    )
    for n, (posting_kind, state, quantity, erp_document) in enumerate(postings, start=1):
        key = f"R000001-1-{posting_kind}-0-1"
        return_.postings[key] = Posting(
            key,
            "1",
            posting_kind,
            "0",
            1,
            "+",
            Decimal(quantity),
            state,
            n,
            waits_for="R000001-1-scrap-0-1" if posting_kind == "credit_request" else "",
            destination="atlas",
            amount=Decimal("49.00") if posting_kind == "credit_request" else None,
            erp_document=erp_document,
            erp_document_type="RO" if erp_document else "",
            error_code="M7-021" if state == "refused" else "",
            error_text="Cost centre 4711 is locked" if state == "refused" else "",
            created_at=at("03-16 10:15:00"),
            changed_at=at("03-17 06:02:00"),
        )
    return_.holds["unexpected_item:R000001:2"] = Hold(
        "unexpected_item:R000001:2",
        "unexpected_item",
        "customer_service",
        "2",
        "harbor received 1 of TK-999, which nobody announced",
        "accept the item onto the return, or reject it",
        at("03-15 17:40:00"),
        document_id=5,
        partner="northgate",
    )
    return_.holds["erp_refused:R000001:scrap"] = Hold(
        "erp_refused:R000001:scrap",
        "erp_refused",
        "finance",
        "1",
        "atlas refused scrap: Cost centre 4711 is locked",
        "correct the cause in the ERP, then retry or drop the posting",
        at("03-17 06:02:00"),
        posting_key="R000001-1-scrap-0-1",
        partner="northgate",
    )
    return return_


def denied() -> Return:
    """R000002: out of the return window."""
    return_ = Return(
        "R000002",
        "northgate",
        request_number="NG-88123",
        purchase_order="PO-60002",
        opened_at=at("03-14 08:30:05"),
        changed_at=at("03-14 08:30:05"),
    )
    return_.lines["1"] = ReturnLine(
        "1",
        Item(sku="TK-900"),
        Decimal(2),
        decision="denied",
        decision_reason="outside_window",
        decision_text="Bought 212 days ago; the window is 90 days",
    )
    return return_


def waiting_for_goods() -> Return:
    """R000003: authorized; nothing has been shipped."""
    return_ = Return(
        "R000003",
        "cedar",
        request_number="CD-501",
        rma="RMA-000002",
        opened_at=at("03-14 09:00:00"),
        changed_at=at("03-14 09:00:00"),
        authorized_on=at("03-14 09:00:00"),
    )
    return_.lines["1"] = ReturnLine("1", Item(sku="LAMP-12"), Decimal(2), decision="authorized")
    write_movement(return_, "1", "authorize", Decimal(2), at=at("03-14 09:00:00"), document_id=3)
    return return_


def posted() -> Return:
    """R000004: everything came, was restocked and is posted."""
    return_ = Return(
        "R000004",
        "cedar",
        request_number="CD-433",
        rma="RMA-000003",
        opened_at=at("02-20 09:00:00"),
        changed_at=at("03-01 09:00:00"),
    )
    return_.lines["1"] = ReturnLine("1", Item(sku="DESK-3"), Decimal(1), decision="authorized")
    for kind in ("authorize", "ship", "receive", "inspect", "disposition", "credit"):
        write_movement(
            return_, "1", kind, Decimal(1), at=at("03-01 09:00:00"), code="restock" if kind == "disposition" else ""
        )
    return return_


def write(tx: sa.Connection, return_: Return) -> None:
    packed, blocked = pack(return_), blocked_at(return_, NOW)
    status = status_of(return_)
    row = {name: getattr(return_, name) for name in ("return_no", "partner", "rma", "request_number", "correlation_id")}
    row |= {"opened_at": return_.opened_at, "changed_at": return_.changed_at, "status": status, "body": packed["body"]}
    row |= {"closed_at": return_.changed_at if status in {"closed", "rejected"} else ""}
    if blocked:
        row |= {"blocked_at": blocked.stage, "blocked_since": blocked.since, "blocked_on": blocked.who}
    insert(tx, t.return_, row)
    insert(tx, t.movement, *({**hold, "return_no": return_.return_no} for hold in packed["movements"]))
    insert(tx, t.posting, *({**row} for row in packed["postings"]))
    insert(tx, t.hold, *({**row} for row in packed["holds"]))
