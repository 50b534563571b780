"""944 → receipt: both shapes, conditions, and what counts as received."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.translators.x12.sets.segments import check_provenance, context_from, crosswalk, whole_set
from translators.canonical import Code, Receipt, Reference
from translators.x12.sets.context import SetContext
from translators.x12.sets.set_944.reader import read_944

HEADER = (
    "W17*C*20250325*WR889*RMA-7*SHP7781~N1*WH*HARBOR WAREHOUSING*91*HP1~N3*9 PIER~N1*SF*NORTHGATE*92*RC07"
    "~N9*RZ*RMA-7~N9*2I*PLX70045512~G62*35*20250325~NTE*GEN*two cartons wet~W08*M*PLRX"
)
LINE_1 = (
    "W07*4*EA**UP*400101001003*VN*DR-18*LOT7**SK*S-18~G69*CORDLESS DRILL~N9*LI*17~N9*SE*S-1~N9*PO*PO-1"
    "~W13*1*EA*01*LOT7*CC~N9*SE*S-2~W13*1*EA*02"
)
LINE_2 = "W07*5*CA*400101003007"
FLAT = whole_set("944", f"{HEADER}~{LINE_1}~{LINE_2}~W14*9*10*1")
NESTED = whole_set("944", f"{HEADER}~LX*1~MAN*GM*C1~N9*BM*BOL-1~{LINE_1}~LX*2~{LINE_2}~W14*9*10*1")


def receipt(segments: list[list[str]], context: SetContext | None = None) -> Receipt:
    (document,) = read_944(segments, context or context_from("warehouse"))
    assert isinstance(document, Receipt)
    check_provenance(document, segments)
    return document


def test_the_receipt() -> None:
    found = receipt(FLAT)
    assert (found.number, found.warehouse, found.is_return, found.final) == ("WR889", "HP1", True, True)
    assert found.received_on == found.issued_on == date(2025, 3, 25)
    assert (found.total_quantity, found.damaged_quantity) == (Decimal(9), Decimal(1))
    assert found.references == (
        Reference(kind="rma", value="RMA-7"),
        Reference(kind="shipment", value="SHP7781"),
        Reference(kind="tracking", value="PLX70045512"),
    )
    assert [p.role for p in found.parties] == ["warehouse", "ship_from"]
    assert found.note == "two cartons wet"


def test_its_lines() -> None:
    first, second = receipt(FLAT).lines
    assert (first.line_no, first.unit, first.item.description) == ("17", "EA", "CORDLESS DRILL")
    assert (first.item.sku, first.item.gtin, first.item.vendor_sku) == ("S-18", "400101001003", "DR-18")
    assert first.quantity == 4
    assert (first.lots, first.serials) == (("LOT7",), ("S-1", "S-2"))
    assert first.references == (Reference(kind="line", value="17"), Reference(kind="purchase_order", value="PO-1"))
    damaged, short = first.exceptions
    assert damaged.condition == Code(raw="01", canonical="damaged")
    assert (damaged.quantity, damaged.lot, damaged.damage) == (Decimal(1), "LOT7", "CC")
    assert short.condition.canonical == "short"
    assert (second.line_no, second.item.gtin, second.unit) == ("2", "400101003007", "CA")


def test_both_shapes_say_the_same() -> None:
    flat, nested = receipt(FLAT), receipt(NESTED)
    assert nested.lines[0].references[-2:] == (
        Reference(kind="bill_of_lading", value="BOL-1"),
        Reference(kind="carton", value="C1"),
    )
    plain = nested.lines[0].model_copy(update={"references": flat.lines[0].references})
    assert (plain, nested.lines[1]) == flat.lines
    assert nested.model_copy(update={"lines": flat.lines, "provenance": {}}) == flat.model_copy(
        update={"provenance": {}}
    )


def test_the_depositors_number_is_an_rma_beside_another_one() -> None:
    found = receipt(whole_set("944", "W17*F*20250325*WR1*ORDER-9~N1*WH*HARBOR~N9*QJ*RMA-1~W07*1*EA**VN*A~W14*1"))
    assert [(r.kind, r.value) for r in found.references] == [("rma", "RMA-1"), ("rma", "ORDER-9")]
    assert found.is_return is None
    assert found.warehouse == "HARBOR"


def test_an_adjustment_is_a_change() -> None:
    assert receipt(whole_set("944", "W17*A*20250325*WR1~N1*WH*HARBOR~W07*1*EA**VN*A~W14*1")).purpose == "change"


def test_the_partners_condition_codes_and_sites() -> None:
    walks = {**crosswalk("condition", **{"01": "incomplete"}), **crosswalk("site", HP1="RENO")}
    found = receipt(FLAT, context_from("warehouse", crosswalks=walks))
    assert found.warehouse == "RENO"
    assert [e.condition.canonical for e in found.lines[0].exceptions] == ["incomplete", "short"]


CONDITIONS = ["01", "02", "03", "04", "05", "07", "08", "09", "10", "11", "12", "13", "14", "16"]
PARTS = st.lists(st.tuples(st.sampled_from(CONDITIONS), st.integers(0, 500)), max_size=6)


def line_quantity(w07: int, parts: list[tuple[str, int]], *, includes: bool) -> Decimal:
    exceptions = "".join(f"~W13*{quantity}*EA*{code}" for code, quantity in parts)
    segments = whole_set("944", f"W17*C*20250325*WR1~N1*WH*HARBOR~W07*{w07}*EA**VN*A{exceptions}~W14*1")
    (line,) = receipt(segments, context_from("warehouse", w07_includes_exceptions=includes)).lines
    assert [(e.condition.raw, int(e.quantity)) for e in line.exceptions] == parts
    return line.quantity


@settings(deadline=None)
@given(st.integers(0, 9999), PARTS)
def test_received_is_the_same_however_the_warehouse_counts(good: int, parts: list[tuple[str, int]]) -> None:
    """The same delivery told both ways: W07 with everything in it, and W07 with the good pieces only."""
    came = sum(quantity for code, quantity in parts if code not in {"02", "11", "16"})
    told_whole = line_quantity(good + came, parts, includes=True)
    told_good = line_quantity(good, parts, includes=False)
    assert told_whole == told_good == good + came


def test_lines_without_numbers_of_their_own() -> None:
    body = "W17*C*20250325*WR1~N1*WH*HARBOR~W07*1*EA**VN*A~N9*LI*9~W07*1*EA**VN*B~W07*1*EA**VN*C~N9*LI*2~W14*3"
    assert [line.line_no for line in receipt(whole_set("944", body)).lines] == ["9", "4", "2"]


ELEMENTS = st.text(st.sampled_from("AB12.- 0é"), max_size=5)
SEGMENT_IDS = ["W17", "N1", "N9", "LX", "MAN", "W07", "G69", "W13", "W14", "NTE", "W20", ""]


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(SEGMENT_IDS), st.lists(ELEMENTS, max_size=12)), max_size=25), st.booleans())
def test_odd_data_never_raises(body: list[tuple[str, list[str]]], includes: bool) -> None:
    segments = [["ST", "944", "0001"], *([head, *rest] for head, rest in body), ["SE"]]
    assert len(read_944(segments, context_from("warehouse", w07_includes_exceptions=includes))) == 1
