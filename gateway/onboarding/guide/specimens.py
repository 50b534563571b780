"""What a partner gets from us, on invented content: every guide can show it before there is a real file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from gateway.partners import Partner
from translators.canonical import (
    AnswerLine,
    ExpectedLine,
    ExpectedReceipt,
    Item,
    Party,
    ReturnAnswer,
    StatusReport,
    StatusRow,
    VendorRequest,
    VendorRequestLine,
)
from translators.registry import render_flat, render_x12
from translators.x12.writer import ControlNumbers

DAY = date(2025, 3, 14)
MOMENT = datetime(2025, 3, 14, 9, 30, tzinfo=UTC)
WORDS = {
    "return_answer": "Our answer to a return request",
    "expected_receipt": "What will come back: expected receipt",
    "vendor_request": "Our request to take goods back",
    "status": "Where returns stand",
}
_DRILL = Item(sku="AB-1001", gtin="400101001003", buyer_sku="55-1001", description="Cordless drill 18 V")
_LAMP = Item(sku="AB-1003", gtin="400101003007", buyer_sku="55-1003", description="LED work light")


@dataclass(frozen=True, slots=True)
class Specimen:
    """One outbound document as this partner gets it. `problem` says why it cannot be written, "" if it can."""

    kind: str
    words: str
    wire: str
    data: bytes = b""
    problem: str = ""

    @property
    def x12(self) -> bool:
        """Is it X12, not a flat file?"""
        return self.wire.startswith("X12")


def specimens(partner: Partner) -> list[Specimen]:
    """One specimen for each kind of document that `[receives]` names, in the partner's own format."""
    documents = []
    for kind, words in WORDS.items():
        wire = partner.writes(kind)
        if wire is not None:
            shown = f"X12 {wire.name}" if wire.kind == "x12" else f"file, layout {wire.name}"
            try:
                documents.append(Specimen(kind, words, shown, _rendered(partner, kind, wire.kind, wire.name)))
            except (ValueError, KeyError) as trouble:
                documents.append(Specimen(kind, words, shown, problem=str(trouble)))
    return documents


def _rendered(partner: Partner, kind: str, wire: str, name: str) -> bytes:
    makers: dict[str, Callable[[Partner], ReturnAnswer | ExpectedReceipt | VendorRequest | StatusReport]] = {
        "return_answer": _answer,
        "expected_receipt": _expected,
        "vendor_request": _vendor_request,
        "status": _status,
    }
    document = makers[kind](partner)
    if wire == "x12" and not isinstance(document, StatusReport):
        return render_x12([document], name, partner.profile, ControlNumbers(1, 1), MOMENT).data
    return render_flat([document], name, partner.profile).data


def _answer(partner: Partner) -> ReturnAnswer:
    return ReturnAnswer(
        number="R000001-1",
        request_number="REQ-1001",
        rma="RMA-000001",
        decision="partial",
        issued_on=DAY,
        issued_time="0930",
        expires_on=date(2025, 4, 13),
        purchase_order="PO-5501",
        customer=partner.identity.customer,
        currency="USD",
        correlation_id="R0000014F2A91",
        parties=(_warehouse(),),
        lines=(
            AnswerLine(line_no="1", item=_DRILL, requested=Decimal(4), authorized=Decimal(4), decision="authorized"),
            AnswerLine(
                line_no="2",
                item=_LAMP,
                requested=Decimal(6),
                authorized=Decimal(0),
                decision="denied",
                reason="outside_window",
                text="the return window has ended",
            ),
        ),
    )


def _expected(_: Partner) -> ExpectedReceipt:
    return ExpectedReceipt(
        number="R000001-1",
        rma="RMA-000001",
        issued_on=DAY,
        expected_on=date(2025, 3, 20),
        partner_name="Example Stores",
        purchase_order="PO-5501",
        parties=(Party(role="ship_from", name="EXAMPLE STORES RETURNS", qualifier="92", id="RC1"), _warehouse()),
        lines=(
            ExpectedLine(line_no="1", item=_DRILL, quantity=Decimal(4)),
            ExpectedLine(line_no="2", item=_LAMP, quantity=Decimal(6)),
        ),
    )


def _vendor_request(_: Partner) -> VendorRequest:
    return VendorRequest(
        number="R000001V1",
        return_no="R000001",
        issued_on=DAY,
        parties=(Party(role="buyer", name="Example House"),),
        lines=(VendorRequestLine(line_no="1", item=_DRILL, quantity=Decimal(2), reason="defective"),),
    )


def _status(_: Partner) -> StatusReport:
    row = StatusRow(return_no="R000001", rma="RMA-000001", request_number="REQ-1001", line_no="1", status="received")
    return StatusReport(number="1", created_at="2025-03-14T09:30:00Z", rows=(row,))


def _warehouse() -> Party:
    return Party(
        role="return_to",
        name="Example Warehouse",
        qualifier="92",
        id="W1",
        address=("1 Dock Road",),
        city="JOLIET",
        region="IL",
        postal_code="60433",
        country="US",
    )
