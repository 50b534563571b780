"""A realistic morning, written into the store row by row: what the pages are looked at with."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from gateway.disk import put_archive
from gateway.home import Home
from gateway.returns import Hold, Posting, Return, ReturnLine, blocked_at, pack, status_of
from gateway.returns.ledger import write_movement
from gateway.returns.model import Consignment
from gateway.store import Store
from gateway.store import tables as t
from tests.gateway.web.moments import NOW, at
from translators.canonical import Code, Item, Party, Reference, RequestLine, ReturnRequest, Source

HOSTILE = "<script>alert('x')</script>"
HOSTILE_NAME = "%3Cscript%3Ealert(1)%3C%2Fscript%3E%E2%80%AEfdp.exe"

REQUEST_180 = (
    b"ISA*00*          *00*          *ZZ*NORTHGATE      *ZZ*RETURNSHUB     *250314*0830*U*00401*000000071*0*P*>~"
    b"GS*AN*NORTHGATE*RETURNSHUB*20250314*0830*71*X*004010~"
    b"ST*180*0001~BGN*00*NG-88121*20250314~RDR*RA**DM~PRF*PO-77310~N1*SF*Northgate Store 14*92*0014~"
    b"BLI*VP*TK-200-BLK*4*EA~SE*7*0001~"
    b"ST*180*0002~BGN*00*NG-88122*20250399~RDR*RA**DM~PRF*PO-77311~BLI*VP*TK-310*1*EA~SE*6*0002~"
    b"ST*180*0003~BGN*00*NG-88123*20250314~RDR*RA**WR~PRF*PO-60002~BLI*VP*TK-900*2*EA~SE*6*0003~"
    b"GE*3*71~IEA*1*000000071~"
)
ACKNOWLEDGMENT_997 = (
    b"ISA*00*          *00*          *ZZ*RETURNSHUB     *ZZ*NORTHGATE      *250314*0831*U*00401*000000012*0*P*>~"
    b"GS*FA*RETURNSHUB*NORTHGATE*20250314*0831*12*X*004010~ST*997*0001~AK1*AN*71~AK2*180*0001~AK5*A~"
    b"AK2*180*0002~AK3*BGN*2**8~AK4*3*373*8*20250399~AK5*R*5~AK2*180*0003~AK5*A~AK9*P*3*3*2~SE*10*0001~"
    b"GE*1*12~IEA*1*000000012~"
)
CEDAR_CSV = b"request;line;sku;qty;reason\r\nCD-501;1;LAMP-12;2;DEFECT\r\nCD-501;2;LAMP-14;zwei;DEFECT\r\nCD-502;1;DESK-3;1;CHANGED\r\n"
ERP_BATCH = b"RO0000010R000001   0001TK-200-BLK      0000004EA\nGR0000020R000001   0001TK-200-BLK      0000003EA\n"
JUNK = bytes(range(0, 48)) + b"\x89PNG\r\n\x1a\nnothing we read\x00\x1b[31m"


def tell(store: Store, home: Home) -> None:
    """Write the whole story."""
    returns = (received_in_part(), denied(), waiting_for_goods(), posted())
    with store.write() as tx:
        _intakes(tx, home)
        _envelope(tx)
        _documents(tx)
        for each in returns:
            _return(tx, each)
        _links(tx)
        _dispatches(tx, home)
        _around(tx)


def _insert(tx: sa.Connection, table: sa.Table, *rows: dict[str, Any]) -> None:
    for row in rows:
        tx.execute(table.insert().values(**row))


# --- returns


def received_in_part() -> Return:
    """R000001: four authorized, three came (one damaged), two inspected; one posting refused by the ERP."""
    made = Return(
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
    made.lines["1"] = ReturnLine(
        "1",
        Item(sku="TK-200-BLK", vendor_sku="TK-200-BLK", gtin="00012345678905", description="Trail kettle, black"),
        Decimal(4),
        partner_line="1",
        unit_price=Decimal("24.50"),
        reason=Code(raw="DM", canonical="damaged"),
        decision="authorized",
    )
    made.lines["2"] = ReturnLine(
        "2", Item(sku="TK-999", description=HOSTILE), Decimal(0), decision="pending", added=True
    )
    made.consignments.append(
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
    for when, kind, count, code, document in (
        ("03-14 08:30:05", "authorize", 4, "", 1),
        ("03-14 15:02:11", "ship", 4, "", 4),
        ("03-15 17:40:00", "receive", 2, "good", 5),
        ("03-15 17:40:00", "receive", 1, "damaged", 5),
        ("03-16 10:15:00", "inspect", 2, "good", None),
        ("03-16 10:15:00", "disposition", 1, "restock", None),
        ("03-16 10:15:00", "disposition", 1, "scrap", None),
    ):
        write_movement(made, "1", kind, Decimal(count), at=at(when), code=code, document_id=document)
    for n, (kind, state, quantity, document) in enumerate(
        (
            ("return_order", "posted", 4, "RO-100881"),
            ("goods_receipt", "posted", 3, "GR-55120"),
            ("inventory_move", "delivered", 1, ""),
            ("scrap", "refused", 1, ""),
            ("credit_request", "waiting", 2, ""),
        ),
        start=1,
    ):
        key = f"R000001-1-{kind}-0-1"
        made.postings[key] = Posting(
            key,
            "1",
            kind,
            "0",
            1,
            "+",
            Decimal(quantity),
            state,  # type: ignore[arg-type]  # one of the states, as listed above
            n,
            waits_for="R000001-1-scrap-0-1" if kind == "credit_request" else "",
            destination="atlas",
            amount=Decimal("49.00") if kind == "credit_request" else None,
            erp_document=document,
            erp_document_type="RO" if document else "",
            error_code="M7-021" if state == "refused" else "",
            error_text="Cost centre 4711 is locked" if state == "refused" else "",
            created_at=at("03-16 10:15:00"),
            changed_at=at("03-17 06:02:00"),
        )
    made.holds["unexpected_item:R000001:2"] = Hold(
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
    made.holds["erp_refused:R000001:scrap"] = Hold(
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
    return made


def denied() -> Return:
    """R000002: out of the return window."""
    made = Return(
        "R000002",
        "northgate",
        request_number="NG-88123",
        purchase_order="PO-60002",
        opened_at=at("03-14 08:30:05"),
        changed_at=at("03-14 08:30:05"),
    )
    made.lines["1"] = ReturnLine(
        "1",
        Item(sku="TK-900"),
        Decimal(2),
        decision="denied",
        decision_reason="outside_window",
        decision_text="Bought 212 days ago; the window is 90 days",
    )
    return made


def waiting_for_goods() -> Return:
    """R000003: authorized; nothing has been shipped."""
    made = Return(
        "R000003",
        "cedar",
        request_number="CD-501",
        rma="RMA-000002",
        opened_at=at("03-14 09:00:00"),
        changed_at=at("03-14 09:00:00"),
        authorized_on=at("03-14 09:00:00"),
    )
    made.lines["1"] = ReturnLine("1", Item(sku="LAMP-12"), Decimal(2), decision="authorized")
    write_movement(made, "1", "authorize", Decimal(2), at=at("03-14 09:00:00"), document_id=3)
    return made


def posted() -> Return:
    """R000004: everything came, was restocked and is posted."""
    made = Return(
        "R000004",
        "cedar",
        request_number="CD-433",
        rma="RMA-000003",
        opened_at=at("02-20 09:00:00"),
        changed_at=at("03-01 09:00:00"),
    )
    made.lines["1"] = ReturnLine("1", Item(sku="DESK-3"), Decimal(1), decision="authorized")
    for kind in ("authorize", "ship", "receive", "inspect", "disposition", "credit"):
        write_movement(
            made, "1", kind, Decimal(1), at=at("03-01 09:00:00"), code="restock" if kind == "disposition" else ""
        )
    return made


def _return(tx: sa.Connection, made: Return) -> None:
    packed, blocked = pack(made), blocked_at(made, NOW)
    status = status_of(made)
    row = {name: getattr(made, name) for name in ("return_no", "partner", "rma", "request_number", "correlation_id")}
    row |= {"opened_at": made.opened_at, "changed_at": made.changed_at, "status": status, "body": packed["body"]}
    row |= {"closed_at": made.changed_at if status in {"closed", "rejected"} else ""}
    if blocked:
        row |= {"blocked_at": blocked.stage, "blocked_since": blocked.since, "blocked_on": blocked.who}
    _insert(tx, t.return_, row)
    _insert(tx, t.movement, *({**each, "return_no": made.return_no} for each in packed["movements"]))
    _insert(tx, t.posting, *packed["postings"])
    _insert(tx, t.hold, *packed["holds"])


# --- files


def _intakes(tx: sa.Connection, home: Home) -> None:
    for number, (partner, name, data, format_, state, more) in enumerate(
        (
            ("northgate", "returns-0314.edi", REQUEST_180, "x12", "partial", {}),
            ("cedar", "requests_2025-03-14.csv", CEDAR_CSV, "delimited", "partial", {}),
            ("northgate", "asn-5512.edi", REQUEST_180.replace(b"180", b"856"), "x12", "processed", {}),
            ("harbor", "944-20250315.edi", REQUEST_180.replace(b"180", b"944"), "x12", "processed", {}),
            (
                "northgate",
                "holiday.png.edi",
                JUNK,
                "unknown",
                "quarantined",
                {"reason": "not_recognised", "detail": "Neither X12 nor a flat layout of this partner"},
            ),
            ("northgate", "returns-0314%20(1).edi", REQUEST_180, "x12", "duplicate", {"duplicate_of": 1}),
            (
                "atlas",
                "results-0317.txt",
                b"R1;POSTED\n",
                "delimited",
                "failed",
                {"reason": "parse_timeout", "detail": "The parser was stopped after 300 s"},
            ),
            ("cedar", HOSTILE_NAME, b"", "", "held", {"reason": "meant_twice", "detail": HOSTILE}),
            ("harbor", "944-20250317.edi", b"ISA", "", "received", {}),
        ),
        start=1,
    ):
        row: dict[str, Any] = {
            "id": number,
            "claim": f"claim-{number}",
            "partner": partner,
            "source": f"folder:inbox/{partner}",
            "name": name,
            "size": len(data),
            "sha256": put_archive(home, data),
            "format": format_,
            "state": state,
            "attempts": 1,
            "received_at": at(f"03-1{min(number, 7) if number > 3 else 4} 08:30:0{number}"),
            "finished_at": "" if state in {"received", "failed", "held"} else at("03-14 08:30:09"),
        }
        _insert(tx, t.intake, row | more)


def _envelope(tx: sa.Connection) -> None:
    _insert(
        tx,
        t.interchange,
        {
            "id": 1,
            "intake_id": 1,
            "ordinal": 0,
            "partner": "northgate",
            "control_number": "000000071",
            "sender": "NORTHGATE",
            "receiver": "RETURNSHUB",
            "version": "00401",
            "usage": "P",
            "verdict": "accepted",
            "at": at("03-14 08:30:05"),
        },
    )
    _insert(
        tx,
        t.functional_group,
        {
            "id": 1,
            "interchange_id": 1,
            "ordinal": 0,
            "functional_id": "AN",
            "control_number": "71",
            "version": "004010",
            "verdict": "partially_accepted",
        },
    )
    bad_date = {
        "code": "bad_date",
        "severity": "error",
        "segment": "BGN",
        "position": 2,
        "element": 3,
        "component": 0,
        "ack_code": "8",
        "value": f"20250399{HOSTILE}",
        "message": "Not a date of the form CCYYMMDD",
    }
    bad_number = {
        "code": "bad_number",
        "severity": "error",
        "segment": "",
        "position": 3,
        "element": 0,
        "component": 0,
        "ack_code": "",
        "value": "zwei",
        "message": "Not a number as the layout writes numbers",
        "column": "qty",
    }
    for number, (intake_id, group, ordinal, set_id, control, verdict, findings) in enumerate(
        (
            (1, 1, 0, "180", "0001", "accepted", []),
            (1, 1, 1, "180", "0002", "rejected", [bad_date]),
            (1, 1, 2, "180", "0003", "accepted", []),
            (2, None, 0, "requests", "CD-501", "accepted_with_errors", [bad_number]),
            (2, None, 1, "requests", "CD-502", "accepted", []),
        ),
        start=1,
    ):
        _insert(
            tx,
            t.set_,
            {
                "id": number,
                "intake_id": intake_id,
                "group_id": group,
                "ordinal": ordinal,
                "set_id": set_id,
                "control_number": control,
                "segment_count": 6,
                "verdict": verdict,
                "findings": json.dumps(findings),
            },
        )


def _documents(tx: sa.Connection) -> None:
    request = ReturnRequest(
        number="NG-88121",
        purchase_order="PO-77310",
        note=HOSTILE,
        lines=(RequestLine(line_no="1", item=Item(vendor_sku="TK-200-BLK"), quantity=Decimal(4)),),
        provenance={"number": Source(segment="BGN", position=2, element=2)},
    )
    for number, (intake_id, set_id, ordinal, partner, kind, name, state, reason) in enumerate(
        (
            (1, 1, 0, "northgate", "return_request", "NG-88121", "applied", ""),
            (1, 3, 1, "northgate", "return_request", "NG-88123", "applied", ""),
            (2, 4, 0, "cedar", "return_request", "CD-501", "applied", ""),
            (3, None, 0, "northgate", "shipment", "SH-5512", "applied", ""),
            (4, None, 0, "harbor", "receipt", "HB-7741", "held", "unexpected_item"),
            (4, None, 1, "harbor", "receipt", "HB-7742", "parked", "no_match"),
        ),
        start=1,
    ):
        _insert(
            tx,
            t.document,
            {
                "id": number,
                "intake_id": intake_id,
                "set_id": set_id,
                "ordinal": ordinal,
                "partner": partner,
                "kind": kind,
                "number": name,
                "body": request.model_dump_json(),
                "state": state,
                "reason": reason,
                "at": at(f"03-14 08:3{number}:05"),
            },
        )


def _links(tx: sa.Connection) -> None:
    for return_no, document in (("R000001", 1), ("R000001", 4), ("R000001", 5), ("R000002", 2), ("R000003", 3)):
        _insert(tx, t.return_document, {"return_no": return_no, "document_id": document})


def _dispatches(tx: sa.Connection, home: Home) -> None:
    tx.execute(
        t.posting.update()
        .where(t.posting.c.kind.in_(("return_order", "goods_receipt")))
        .values(batch_id="B1", row_no=1)
    )
    for number, (partner, kind, name, data, state, more) in enumerate(
        (
            ("northgate", "acknowledgment", "997-000000012.edi", ACKNOWLEDGMENT_997, "delivered", {"intake_id": 1}),
            (
                "northgate",
                "return_answer",
                "180-000000013.edi",
                ACKNOWLEDGMENT_997.replace(b"997", b"180"),
                "delivered",
                {"return_no": "R000001", "ack_state": "awaiting", "set_id": "180", "intake_id": 1},
            ),
            (
                "harbor",
                "expected_receipt",
                "943-000000004.edi",
                ACKNOWLEDGMENT_997.replace(b"997", b"943"),
                "delivered",
                {"return_no": "R000001", "ack_state": "accepted", "set_id": "943"},
            ),
            ("atlas", "erp_batch", "atlas-B1.txt", ERP_BATCH, "delivered", {"batch_id": "B1"}),
            (
                "cedar",
                "return_answer",
                "answers-000002.csv",
                b"request;rma\nCD-501;RMA-000002\n",
                "pending",
                {
                    "return_no": "R000003",
                    "error": "The other side cannot be reached.",
                    "attempts": 3,
                    "next_attempt_at": at("03-17 09:05:00"),
                },
            ),
            (
                "harbor",
                "expected_receipt",
                "943-000000005.edi",
                b"ISA",
                "delivered",
                {"return_no": "R000003", "ack_state": "rejected", "set_id": "943"},
            ),
            ("atlas", "erp_batch", f"atlas {HOSTILE}.txt", b"x", "held", {"error": HOSTILE}),
        ),
        start=1,
    ):
        inline = number != 4
        sha256 = put_archive(home, data)
        row: dict[str, Any] = {
            "id": number,
            "dedupe_key": f"cause-{number}",
            "partner": partner,
            "kind": kind,
            "channel": "folder",
            "name": name,
            "size": len(data),
            "sha256": sha256,
            "bytes": data if inline else None,
            "control_number": f"00000001{number}",
            "state": state,
            "attempts": 1,
            "created_at": at("03-14 08:31:00"),
            "delivered_at": at(f"03-14 08:31:0{number}") if state == "delivered" else "",
            "proof": f"renamed into outbox/{partner}/{name}" if state == "delivered" else "",
        }
        _insert(tx, t.dispatch, row | more)
    _insert(tx, t.acknowledgment, {"subject": "group:1", "dispatch_id": 1}, {"subject": "ta1:1", "dispatch_id": 1})
    _insert(
        tx,
        t.dispatch_attempt,
        {"dispatch_id": 1, "at": at("03-14 08:31:01"), "outcome": "delivered", "detail": "renamed"},
        {"dispatch_id": 5, "at": at("03-17 08:50:00"), "outcome": "retry", "detail": "connection refused"},
    )


# --- what surrounds them


def _around(tx: sa.Connection) -> None:
    _insert(
        tx,
        t.hold,
        {
            "key": "meant_twice:8",
            "class": "meant_twice",
            "owner": "partner",
            "partner": "cedar",
            "intake_id": 8,
            "message": f"The same rows came before {HOSTILE}",
            "next_action": "ask the partner whether it was meant twice",
            "opened_at": at("03-16 20:00:00"),
        },
        {
            "key": "short_received:R000004:1",
            "class": "short_received",
            "owner": "warehouse",
            "partner": "cedar",
            "message": "1 missing",
            "state": "resolved",
            "resolution": "close short",
            "resolved_by": "dana",
            "opened_at": at("03-01 08:00:00"),
            "resolved_at": at("03-02 08:00:00"),
        },
    )
    _insert(
        tx,
        t.fault,
        {
            "key": "host_key_changed:sftp:harbor",
            "class": "host_key_changed",
            "severity": "page",
            "subject": "sftp:harbor",
            "message": "The server's host key is not the pinned one.",
            "remedy": "Do not connect. Ask the partner by another way; if they rotated the key, pin the new one.",
            "since": at("03-17 02:14:00"),
            "last_seen": at("03-17 08:59:00"),
            "count": 41,
        },
        {
            "key": "disk_full:archive",
            "class": "disk_full",
            "severity": "page",
            "subject": "archive",
            "message": "Cleared long ago.",
            "since": at("03-01 02:14:00"),
            "cleared_at": at("03-01 03:00:00"),
        },
    )
    for key, class_, return_no, state, warn, due, stopped in (
        ("ack:2", "acknowledgment", "R000001", "breached", "03-14 20:31:00", "03-15 08:31:00", ""),
        ("erp:R000001", "erp_result", "R000001", "warned", "03-17 07:00:00", "03-17 12:00:00", ""),
        ("answer:R000001", "answer", "R000001", "met", "03-14 16:00:00", "03-15 16:00:00", "03-14 08:30:05"),
        ("receipt:R000003", "receipt", "R000003", "running", "03-20 16:00:00", "03-22 16:00:00", ""),
    ):
        _insert(
            tx,
            t.due,
            {
                "key": key,
                "class": class_,
                "partner": "northgate",
                "return_no": return_no,
                "subject": f"return:{return_no}",
                "state": state,
                "started_at": at("03-14 08:30:05"),
                "warn_at": at(warn),
                "due_at": at(due),
                "stopped_at": at(stopped) if stopped else "",
            },
        )
    for when, subject, return_no, before, after, message, actor in (
        ("03-14 08:30:01", "intake:1", "", "", "received", "", "gateway"),
        ("03-14 08:30:05", "return:R000001", "R000001", "", "requested", "", "gateway"),
        ("03-14 08:30:05", "return:R000001", "R000001", "requested", "authorized", "auto-approved", "gateway"),
        ("03-14 08:30:06", "intake:1", "", "received", "partial", "2 of 3 sets accepted", "gateway"),
        ("03-14 08:31:01", "dispatch:1", "", "staged", "delivered", "renamed", "gateway"),
        ("03-15 17:40:00", "return:R000001", "R000001", "awaiting_goods", "partially_received", "", "gateway"),
        ("03-16 11:00:00", "hold:3", "R000001", "", "open", HOSTILE, "dana"),
        ("03-17 06:02:00", "posting:R000001-1-scrap-0-1", "R000001", "delivered", "refused", "M7-021", "gateway"),
    ):
        _insert(
            tx,
            t.event,
            {
                "at": at(when),
                "actor": actor,
                "subject": subject,
                "return_no": return_no,
                "from_state": before,
                "to_state": after,
                "message": message,
            },
        )
