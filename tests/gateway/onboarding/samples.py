"""Invented sample files of partners that no folder knows."""

from __future__ import annotations

from tests.translators.x12.files import whole_file


def interchange(body: str, *, number: int = 4101, group: str = "AN", usage: str = "T", segment: str = "~") -> bytes:
    """Sets of Linden Home, addressed to the shipped house."""
    data = whole_file(
        body,
        number=number,
        functional_id=group,
        sender="LINDENHOME",
        receiver="MERIDIAN",
        isa_sender=("07", "6145550188"),
        date="250317",
        time="0812",
        usage=usage,
    )
    return data.replace(b"~", segment.encode("ascii"))


def one_set(set_id: str, *segments: str) -> str:
    return "~".join([f"ST*{set_id}*0001", *segments, f"SE*{len(segments) + 2}*0001", ""])


REQUEST = one_set(
    "180",
    "BGN*13*LH-90021*20250317*0810",
    "PRF*LH-PO-7781***20250220",
    "N9*ZZ*DEPT 44",
    "N1*SF*LINDEN HOME RETURNS 2*92*R002",
    "BLI*UP*400101001003*2*EA*UCP*84.5**IN*LH-44871",
    "N9*FJ*1",
    "RDR**DR**MOTOR DEAD*Y",
    "BLI*UP*400101003007*3*EA*UCP*27.9**IN*LH-45017",
    "RDR**LK**CUSTOMER KEPT BOX",
)
RECEIPTS = (
    b"Rcpt No;RMA No;Rcvd Date;Whse;Article;EAN;Qty Rcvd;Cond;Remarks\r\n"
    b"GR-5512;RMA-000001;18.03.2025;BL1;MS-1001;400101001003;2;OK;\r\n"
    b"GR-5512;RMA-000001;18.03.2025;BL1;MS-1003;400101003007;3;DMG;carton crushed\r\n"
    b"GR-5513;RMA-000002;18.03.2025;BL1;MS-1004;400101004004;1;OPN;\r\n"
)
INSPECTIONS = (
    b"QC-0311  RMA-000001 20250320 400101001003     2 OK  RESTOCK\n"
    b"QC-0311  RMA-000001 20250320 400101003007    13 DMG SCRAP\n"
    b"QC-0312  RMA-000002 20250320 400101004004     1 OPN RESTOCK\n"
)
