"""Expected receipts as 943 sets."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.translators.x12.sets.outbound import guide_findings, in_set, items, parties, partner, references, words
from tests.translators.x12.sets.segments import context_from, split_segments
from translators.canonical import ExpectedLine, ExpectedReceipt, Item, Party, Reference, Shipment
from translators.x12.sets.compose import MissingValue, ValueTooLong
from translators.x12.sets.set_943.reader import read_943
from translators.x12.sets.set_943.writer import write_943

DRILL = ExpectedLine(
    line_no="1",
    item=Item(sku="DR-18", gtin="400101001003", vendor_sku="V1", buyer_sku="NG1", description="Cordless drill 18 V"),
    quantity=Decimal("4.00"),
    lots=("L-1", "L-2"),
)
EXPECTED = ExpectedReceipt(
    number="R000001",
    rma="RMA-000001",
    issued_on=date(2025, 3, 16),
    expected_on=date(2025, 3, 20),
    correlation_id="01JPCQ7Z2M",
    partner_name="Northgate Retail",
    purchase_order="PO-55010",
    carrier="PLRX",
    references=(Reference(kind="tracking", value="PLX7"), Reference(kind="rma", value="RMA-000001")),
    parties=(Party(role="warehouse", name="Harbor Warehousing", qualifier="91", id="HP1"),),
    lines=(DRILL, ExpectedLine(line_no="2", item=Item(sku="LW-30"), quantity=Decimal("1.5"), unit="KG")),
)
WRITTEN = (
    "W06*F*RMA-000001*20250316*R000001**PO-55010*****RD~N1*WH*Harbor Warehousing*91*HP1~N1*SF*Northgate Retail"
    "~N9*RZ*RMA-000001~N9*TN*01JPCQ7Z2M~N9*2I*PLX7~G62*17*20250320~W27*ZZ*PLRX"
    "~W04*4*EA**SK*DR-18*UP*400101001003*******VN*V1~G69*Cordless drill 18 V~N9*LI*1~N9*LT*L-1~N9*LT*L-2"
    "~W04*1.5*KG**SK*LW-30~N9*LI*2~W03*5.5"
)


def changed(**fields: Any) -> ExpectedReceipt:
    return EXPECTED.model_copy(update=fields)


def line(**fields: Any) -> ExpectedReceipt:
    return changed(lines=(DRILL.model_copy(update=fields),))


def test_an_expected_receipt() -> None:
    assert write_943(EXPECTED, partner()) == split_segments(WRITTEN)


@pytest.mark.parametrize("release", ["004010", "005010"])
def test_the_guide_accepts_it(release: str) -> None:
    assert guide_findings("943", write_943(EXPECTED, partner(release)), release) == []


def test_change_and_cancellation() -> None:
    actions = [write_943(changed(purpose=purpose), partner())[0][11:] for purpose in ("original", "change", "cancel")]
    assert actions == [["RD"], ["RD", "2"], ["RD", "3"]]
    assert guide_findings("943", write_943(changed(purpose="cancel"), partner())) == []


def test_somebody_is_always_named() -> None:
    bare = changed(parties=(), partner_name="")
    segments = write_943(bare, partner())
    assert ["N1", "WH", "northgate"] in segments
    assert guide_findings("943", segments) == []


def test_carriers() -> None:
    def w27(carrier: str) -> list[str]:
        return next(segment for segment in write_943(changed(carrier=carrier), partner()) if segment[0] == "W27")

    assert w27("PLRX") == ["W27", "ZZ", "PLRX"]
    assert w27("") == ["W27", "ZZ", "", "UNKNOWN"]
    assert w27("Parcel Line") == ["W27", "ZZ", "", "Parcel Line"]


def test_a_long_description_takes_several_segments() -> None:
    segments = write_943(line(item=DRILL.item.model_copy(update={"description": "drill " * 20})), partner())
    texts = [segment[1] for segment in segments if segment[0] == "G69"]
    assert " ".join(texts) == " ".join(["drill"] * 20)
    assert guide_findings("943", segments) == []


@pytest.mark.parametrize(
    ("expected", "place", "maximum"),
    [
        (changed(rma="R" * 23), ("W06", 2), 22),
        (changed(number="R" * 31), ("W06", 4), 30),
        (changed(purchase_order="P" * 23), ("W06", 6), 22),
        (changed(carrier="c" * 36), ("W27", 3), 35),
        (line(item=Item(sku="S" * 49)), ("W04", 5), 48),
        (line(quantity=Decimal("12345678901")), ("W04", 1), 10),
        (line(item=DRILL.item.model_copy(update={"description": "d" * 300})), ("G69", 1), 225),
        (line(lots=("L" * 31,)), ("N9", 2), 30),
    ],
)
def test_what_is_too_long_is_an_error(expected: ExpectedReceipt, place: tuple[str, int], maximum: int) -> None:
    with pytest.raises(ValueTooLong) as caught:
        write_943(expected, partner())
    assert (caught.value.segment, caught.value.element, caught.value.maximum) == (*place, maximum)


@pytest.mark.parametrize("expected", [changed(rma=""), changed(lines=()), line(item=Item())])
def test_what_is_missing(expected: ExpectedReceipt) -> None:
    with pytest.raises(MissingValue):
        write_943(expected, partner())


LINES = st.lists(
    st.builds(
        ExpectedLine,
        line_no=words(20),
        item=items(),
        quantity=st.decimals(0, 9999, places=2),
        unit=st.sampled_from(["EA", "CA"]),
        lots=st.lists(words(30), max_size=2, unique=True).map(tuple),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda line: line.line_no,
)
RECEIPTS = st.builds(
    ExpectedReceipt,
    number=words(30),
    rma=words(22),
    purpose=st.sampled_from(["original", "change", "cancel"]),
    issued_on=st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    expected_on=st.none() | st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    correlation_id=st.one_of(st.just(""), words(26)),
    partner_name=st.one_of(st.just(""), words(60)),
    purchase_order=st.one_of(st.just(""), words(22)),
    carrier=st.one_of(st.just(""), words(35)),
    references=references(),
    parties=parties("warehouse", "depositor", "ship_from", "return_to"),
    lines=LINES.map(tuple),
)


@settings(deadline=None)
@given(RECEIPTS, st.sampled_from(["004010", "005010"]))
def test_every_expected_receipt_passes_the_guide_and_reads_back(expected: ExpectedReceipt, release: str) -> None:
    segments = write_943(expected, partner(release))
    assert guide_findings("943", segments, release) == []
    (found,) = read_943(in_set("943", segments), context_from("warehouse"))
    assert isinstance(found, Shipment)
    assert (found.number, found.reference("rma"), found.purpose) == (expected.number, expected.rma, expected.purpose)
    assert found.reference("correlation") == expected.correlation_id
    assert found.expected_on == expected.expected_on
    for told, said in zip(found.lines, expected.lines, strict=True):
        assert (told.line_no, told.quantity, told.unit, told.lots) == (
            said.line_no,
            said.quantity,
            said.unit,
            said.lots,
        )
        assert told.item.sku == said.item.sku


def test_units_of_a_line_are_told_as_many_as_the_loop_may_repeat() -> None:
    told = write_943(line(serials=tuple(f"S{n}" for n in range(300)), lots=("L-1",)), partner())
    numbers = [(segment[1], segment[2]) for segment in told if segment[0] == "N9" and segment[1] in {"LI", "LT", "SE"}]
    assert len(numbers) == 200
    assert numbers[:3] == [("LI", "1"), ("LT", "L-1"), ("SE", "S0")]
    with pytest.raises(ValueTooLong):
        write_943(line(serials=("S" * 31,)), partner())
