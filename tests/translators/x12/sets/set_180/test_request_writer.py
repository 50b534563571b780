"""Our requests to suppliers as 180s: what they get, that the guides accept it, that a supplier's reader understands."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.translators.x12.sets.outbound import guide_findings, in_set, partner
from tests.translators.x12.sets.segments import crosswalk, split_segments
from translators.canonical import Cancellation, Item, Party, ReturnRequest, VendorRequest, VendorRequestLine
from translators.profile import Delimiters, Profile
from translators.x12.sets.compose import MissingValue
from translators.x12.sets.context import SetContext
from translators.x12.sets.set_180.reader import read_180
from translators.x12.sets.set_180.request_writer import write_180_request

DRILL = Item(sku="MS-1001", gtin="400101001003", vendor_sku="D-18")
ASKED = VendorRequest(
    number="R000001V1",
    return_no="R000001",
    issued_on=date(2025, 3, 20),
    issued_time="0915",
    correlation_id="R0000019AF001",
    parties=(Party(role="vendor", name="Acme Tools", qualifier="92", id="V-301"), Party(role="buyer", name="Meridian")),
    lines=(VendorRequestLine(line_no="1", item=DRILL, quantity=Decimal("8.0"), reason="defective"),),
)


def test_a_request() -> None:
    assert write_180_request(ASKED, partner(role="supplier")) == split_segments(
        "BGN*13*R000001V1*20250320*0915~N9*TN*R0000019AF001~N1*VN*Acme Tools*92*V-301~N1*BY*Meridian"
        "~BLI*VN*D-18*8*EA****UP*400101001003*IN*MS-1001~N9*FJ*1~RDR**DM"
    )


@pytest.mark.parametrize("release", ["004010", "005010"])
@pytest.mark.parametrize("purpose", ["original", "change", "cancel"])
def test_the_guide_accepts_it_and_it_reads_back(purpose: str, release: str) -> None:
    lines = () if purpose == "cancel" else ASKED.lines
    segments = write_180_request(
        ASKED.model_copy(update={"purpose": purpose, "lines": lines}), partner(release, "supplier")
    )
    assert guide_findings("180", segments, release) == []
    context = SetContext(Profile(partner="us", role="retailer"), Delimiters(), set_id="180", version=release)
    (read,) = read_180(in_set("180", segments), context)
    if purpose == "cancel":
        assert isinstance(read, Cancellation)
        assert read.cancels == "R000001V1"
    else:
        assert isinstance(read, ReturnRequest)
        assert [(line.line_no, str(line.quantity), line.reason.canonical) for line in read.lines] == [
            ("1", "8", "defective")
        ]


def test_the_suppliers_own_reason_codes_and_words_for_what_has_none() -> None:
    theirs = Profile(crosswalks=crosswalk("reason", QQ="defective"))
    assert write_180_request(ASKED, theirs)[-1] == ["RDR", "", "QQ"]
    odd = ASKED.model_copy(update={"lines": (ASKED.lines[0].model_copy(update={"reason": "too_loud"}),)})
    assert write_180_request(odd, partner())[-1] == ["RDR", "", "", "", "too loud"]


def test_a_line_without_an_item_cannot_be_asked_for() -> None:
    with pytest.raises(MissingValue, match="an item id of line 1"):
        nameless = ASKED.lines[0].model_copy(update={"item": Item()})
        write_180_request(ASKED.model_copy(update={"lines": (nameless,)}), partner())
