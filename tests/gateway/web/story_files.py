"""The files of the story: their bytes, what was read from them, what was sent."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from gateway.disk import put_archive
from gateway.home import Home
from gateway.store import tables as t
from tests.gateway.web.moments import at
from tests.gateway.web.rows import HOSTILE, HOSTILE_NAME, Row, insert
from translators.canonical import Item, RequestLine, ReturnRequest
from translators.provenance import Source

REQUEST_180 = (
    b"ISA*00*          *00*          *ZZ*NORTHGATE      *ZZ*RETURNSHUB     *250314*0830*U*00401*000000071*0*P*>~"
    b"GS*AN*NORTHGATE*RETURNSHUB*20250314*0830*71*X*004010~"
    b"ST*180*0001~BGN*00*NG-88121*20250314~RDR*RA~PRF*PO-77310~N1*SF*Northgate Store 14*92*0014~"
    b"BLI*VP*TK-200-BLK*4*EA~SE*7*0001~"
    b"ST*180*0002~BGN*00*NG-88122*20250399~RDR*RA~PRF*PO-77311~BLI*VP*TK-310*1*EA~SE*6*0002~"
    b"ST*180*0003~BGN*00*NG-88123*20250314~RDR*RA~PRF*PO-60002~BLI*VP*TK-900*2*EA~SE*6*0003~"
    b"GE*3*71~IEA*1*000000071~"
)
ACKNOWLEDGMENT_997 = (
    b"ISA*00*          *00*          *ZZ*RETURNSHUB     *ZZ*NORTHGATE      *250314*0831*U*00401*000000012*0*P*>~"
    b"GS*FA*RETURNSHUB*NORTHGATE*20250314*0831*12*X*004010~ST*997*0001~AK1*AN*71~AK2*180*0001~AK5*A~"
    b"AK2*180*0002~AK3*BGN*2**8~AK4*3*373*8*20250399~AK5*R*5~AK2*180*0003~AK5*A~AK9*P*3*3*2~SE*12*0001~"
    b"GE*1*12~IEA*1*000000012~"
)
CEDAR_CSV = (
    b"request;line;sku;qty;reason\r\nCD-501;1;LAMP-12;2;DEFECT\r\n"
    b"CD-501;2;LAMP-14;zwei;DEFECT\r\nCD-502;1;DESK-3;1;CHANGED\r\n"
)
ERP_BATCH = b"RO0000010R000001   0001TK-200-BLK      0000004EA\nGR0000020R000001   0001TK-200-BLK      0000003EA\n"
JUNK = bytes(range(48)) + b"\x89PNG\r\n\x1a\nnothing we read\x00\x1b[31m"


def intakes(tx: sa.Connection, home: Home) -> None:
    files: tuple[tuple[str, str, bytes, str, str, Row], ...] = (
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
    )
    for number, (partner, name, data, format_, state, more) in enumerate(files, start=1):
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
        insert(tx, t.intake, row | more)


def envelope(tx: sa.Connection) -> None:
    insert(
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
    insert(
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
        insert(
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


def documents(tx: sa.Connection) -> None:
    request = ReturnRequest(
        number="NG-88121",
        purchase_order="PO-77310",
        note=HOSTILE,
        lines=(RequestLine(line_no="1", item=Item(vendor_sku="TK-200-BLK"), quantity=Decimal(4)),),
        provenance={
            "number": Source(segment="BGN", position=2, element=2),
            "lines.0": Source(segment="BLI", position=6),
        },
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
        insert(
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


def links(tx: sa.Connection) -> None:
    for return_no, document in (("R000001", 1), ("R000001", 4), ("R000001", 5), ("R000002", 2), ("R000003", 3)):
        insert(tx, t.return_document, {"return_no": return_no, "document_id": document})


def dispatches(tx: sa.Connection, home: Home) -> None:
    tx.execute(
        t.posting.update()
        .where(t.posting.c.kind.in_(("return_order", "goods_receipt")))
        .values(batch_id="B1", row_no=1)
    )
    files: tuple[tuple[str, str, str, bytes, str, Row], ...] = (
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
        ("atlas", "erp_batch", "atlas-B1.ctl", b"2\n", "delivered", {"batch_id": "B1"}),
        ("atlas", "erp_batch", f"atlas {HOSTILE}.txt", b"x", "held", {"error": HOSTILE}),
    )
    for number, (partner, kind, name, data, state, more) in enumerate(files, start=1):
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
        insert(tx, t.dispatch, row | more)
    insert(tx, t.acknowledgment, {"subject": "group:1", "dispatch_id": 1}, {"subject": "ta1:1", "dispatch_id": 1})
    insert(
        tx,
        t.dispatch_attempt,
        {"dispatch_id": 1, "at": at("03-14 08:31:01"), "outcome": "delivered", "detail": "renamed"},
        {"dispatch_id": 5, "at": at("03-17 08:50:00"), "outcome": "retry", "detail": "connection refused"},
    )
