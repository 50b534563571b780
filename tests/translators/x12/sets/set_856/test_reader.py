"""856 → shipment: the HL tree, lines with their cartons, whatever the order of the loops."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.translators.x12.sets.segments import check_provenance, context_from, crosswalk, split_segments, whole_set
from translators.canonical import Shipment
from translators.x12.sets.context import SetContext
from translators.x12.sets.set_856.reader import read_856

HEAD = "BSN*00*NGS8801*20250314*1605*0001*RD"
LOOPS = [
    "HL*1**S*1~TD1*CTN25*2****G*14.2*KG~TD5*B*2*PLRX*M~REF*RZ*RMA-7~REF*2I*PLX70045512~DTM*011*20250314"
    "~DTM*017*20250318~N1*SF*NORTHGATE RETURNS*92*RC07~N3*4100 QUARRY ROAD~N4*DENVER*CO*80216~N1*RT*HARBOR*92*HP1",
    "HL*2*1*O*1~PRF*PO-55010~REF*IV*INV-77~N1*BY*NORTHGATE 42*92*0042",
    "HL*3*2*T*1~MAN*W*PALLET-1",
    "HL*4*3*P*1~MAN*GM*095212340000880110~MAN*CP*1Z999",
    "HL*5*4*I*0~LIN*1*UP*400101001003*IN*NG44871*SN*S-1*LT*L-1*PL*3~SN1*1*4*EA~PID*F****DRILL~REF*LI*17",
    "HL*6*3*P*1~MAN*GM*095212340000880127*095212340000880134",
    "HL*7*6*I*0~LIN*2*UP*400101003007~SN1*2*6*EA~PRF*PO-1",
    "HL*8*1*O*1~PRF*PO-55020~REF*QJ*RMA-8",
    "HL*9*8*I*0~LIN*3*VN*DR-18~SN1*3*1.5*KG",
]
TAIL = "CTT*9*11.5"
WHOLE = whole_set("856", "~".join([HEAD, *LOOPS, TAIL]))


def shipment(segments: list[list[str]], context: SetContext | None = None) -> Shipment:
    (document,) = read_856(segments, context or context_from("retailer"))
    assert isinstance(document, Shipment)
    check_provenance(document, segments)
    return document


def test_the_shipment() -> None:
    found = shipment(WHOLE)
    assert (found.number, found.purpose, found.issued_on) == ("NGS8801", "original", date(2025, 3, 14))
    assert (found.shipped_on, found.expected_on) == (date(2025, 3, 14), date(2025, 3, 18))
    assert (found.carrier, found.carton_count) == ("PLRX", 2)
    assert found.tracking == ("PLX70045512", "1Z999")
    assert found.cartons == ("PALLET-1", "095212340000880110", "095212340000880127", "095212340000880134")
    assert [r.value for r in found.references if r.kind == "rma"] == ["RMA-7", "RMA-8"]
    assert [r.value for r in found.references if r.kind == "purchase_order"] == ["PO-55010", "PO-55020"]
    assert [p.role for p in found.parties] == ["ship_from", "return_to", "buyer"]
    assert found.parties[0].city == "DENVER"


def test_its_lines() -> None:
    first, second, third = shipment(WHOLE).lines
    assert (first.line_no, first.item.gtin, first.item.buyer_sku) == ("1", "400101001003", "NG44871")
    assert first.quantity == 4
    assert (first.unit, first.item.description) == ("EA", "DRILL")
    assert (first.serials, first.lots) == (("S-1",), ("L-1",))
    assert {(r.kind, r.value) for r in first.references} == {("x12:PL", "3"), ("line", "17")}
    assert (first.purchase_order, first.cartons) == ("PO-55010", ("095212340000880110", "PALLET-1"))
    assert first.path == "S1/O2/T3/P4/I5"
    assert second.purchase_order == "PO-1", "its own before its order's"
    assert second.cartons == ("095212340000880127", "095212340000880134", "PALLET-1")
    assert (third.purchase_order, third.cartons, third.unit) == ("PO-55020", (), "KG")
    assert third.quantity == Decimal("1.5")
    assert [(r.kind, r.value) for r in third.references] == [("rma", "RMA-8")]


def lines_of(loops: list[str]) -> list[tuple[object, ...]]:
    found = shipment(whole_set("856", "~".join([HEAD, *loops, TAIL])))
    return [(*line.model_dump().values(),) for line in found.lines]


@settings(deadline=None)
@given(st.permutations(LOOPS))
def test_the_order_of_the_loops_does_not_matter(loops: list[str]) -> None:
    assert lines_of(loops) == lines_of(LOOPS)


@settings(deadline=None)
@given(st.permutations(range(1, 10)))
def test_neither_do_the_hl_numbers(numbers: list[int]) -> None:
    """Renumbering HL01 and HL02 keeps every line's item, quantity, order and cartons."""

    def renumber(loop: str) -> str:
        (head, *rest) = split_segments(loop)
        head[1] = str(numbers[int(head[1]) - 1])
        head[2] = str(numbers[int(head[2]) - 1]) if head[2] else ""
        return "~".join("*".join(segment) for segment in [head, *rest])

    def kept(loops: list[str]) -> set[tuple[object, ...]]:
        found = shipment(whole_set("856", "~".join([HEAD, *loops, TAIL])))
        return {(x.line_no, x.item, x.quantity, x.purchase_order, x.cartons) for x in found.lines}

    assert kept([renumber(loop) for loop in LOOPS]) == kept(LOOPS)


@settings(deadline=None)
@given(st.sets(st.sampled_from(range(1, 9))))
def test_without_hl02_level_order_gives_the_same_tree(missing: set[int]) -> None:
    """Loops written from the top down need no parent ids: any of them may be missing."""
    loops = []
    for place, loop in enumerate(LOOPS):
        (head, *rest) = split_segments(loop)
        head[2] = "" if place in missing else head[2]
        loops.append("~".join("*".join(segment) for segment in [head, *rest]))
    assert lines_of(loops) == lines_of(LOOPS)


PARENTS = st.lists(
    st.tuples(st.sampled_from("SOTPIX"), st.integers(0, 12), st.booleans(), st.booleans()), min_size=1, max_size=12
)


@settings(deadline=None)
@given(PARENTS)
def test_every_tree_ends(levels: list[tuple[str, int, bool, bool]]) -> None:
    """Rings, unknown parents, several roots: each item comes out once, and nothing raises."""
    loops = [
        f"HL*{number}*{parent or ''}*{code}"
        + (f"~LIN**VN*ITEM{number}" if item else "")
        + (f"~SN1**{number}*EA" if quantity else "")
        for number, (code, parent, item, quantity) in enumerate(levels, 1)
    ]
    found = shipment(whole_set("856", "~".join([HEAD, *loops])))
    shipped = [line.item.vendor_sku for line in found.lines if line.item.vendor_sku]
    whole = {f"ITEM{number}" for number, (_, _, item, quantity) in enumerate(levels, 1) if item and quantity}
    assert len(shipped) == len(set(shipped))
    assert whole <= set(shipped)


def test_a_ring_falls_back_on_level_order() -> None:
    found = shipment(
        whole_set("856", f"{HEAD}~HL*1*3*S~HL*2*1*O~PRF*PO-1~HL*3*2*P~MAN*GM*C1~HL*4*3*I~LIN**VN*A~SN1**1*EA")
    )
    (line,) = found.lines
    assert (line.path, line.purchase_order, line.cartons) == ("S1/O2/P3/I4", "PO-1", ("C1",))


@pytest.mark.parametrize("ids", [("1", "1", "2"), ("1", "X", "X"), ("1", "2", "9")])
def test_unusable_parent_ids(ids: tuple[str, str, str]) -> None:
    first, second, third = ids
    found = shipment(
        whole_set("856", f"{HEAD}~HL*1*{first}*S~HL*2*{second}*O~PRF*PO-1~HL*3*{third}*I~LIN**VN*A~SN1**1*EA")
    )
    assert (found.lines[0].path, found.lines[0].purchase_order) == ("S1/O2/I3", "PO-1")


def test_packs_below_items() -> None:
    """Structure 0002: the item stands above the cartons it is in."""
    head = HEAD.replace("0001", "0002")
    packs = "HL*{}**P~MAN*GM*C{}~SN1**{}*EA"
    body = f"{head}~HL*1**S~HL*2**O~PRF*PO-1~HL*3**I~LIN**VN*A~{packs.format(4, 1, 5)}~{packs.format(5, 2, 7)}"
    (line,) = shipment(whole_set("856", body)).lines
    assert line.quantity == 12
    assert line.cartons == ("C1", "C2")
    stated = whole_set("856", body.replace("LIN**VN*A", "LIN**VN*A~SN1**12*EA"))
    assert shipment(stated).lines[0].quantity == 12


def test_cartons_without_items() -> None:
    found = shipment(whole_set("856", f"{HEAD}~HL*1**S~HL*2*1*O~PRF*PO-1~HL*3*2*P~MAN*GM*C1~SN1**4*EA"))
    assert (found.lines, found.cartons) == ((), ("C1",))


def test_a_bindings_override_takes_the_rma_from_the_order() -> None:
    context = context_from(
        "retailer", bindings={"856": {"order": {"rma": "PRF01"}}}, crosswalks=crosswalk("unit", KG="KGM")
    )
    found = shipment(WHOLE, context)
    assert found.reference("rma") == "RMA-7"
    assert [(r.kind, r.value) for r in found.lines[2].references] == [
        ("rma", "PO-55020"),
    ]
    assert found.lines[2].unit == "KGM"


def test_dates_in_periods() -> None:
    found = shipment(whole_set("856", f"{HEAD}~DTM*011***D8*20250314~HL*1**S"))
    assert found.shipped_on is None or found.shipped_on == date(2025, 3, 14)


def test_a_deep_chain_stays_bounded() -> None:
    """4,000 nested items: paths and cartons look up a bounded number of levels."""
    loops = "~".join(f"HL*{n}*{n - 1 or ''}*I~LIN**VN*A{n}~SN1**1*EA~MAN*GM*C{n}" for n in range(1, 4001))
    found = read_856(whole_set("856", f"{HEAD}~{loops}"), context_from())[0]
    assert isinstance(found, Shipment)
    assert len(found.lines) == 4000
    assert max(len(line.cartons) for line in found.lines) <= 13


ELEMENTS = st.text(st.sampled_from("AB12.- 0é"), max_size=5)
SEGMENT_IDS = ["BSN", "HL", "LIN", "SN1", "MAN", "REF", "N1", "TD1", "TD5", "PRF", "DTM", "CTT", ""]


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(SEGMENT_IDS), st.lists(ELEMENTS, max_size=9)), max_size=30))
def test_odd_data_never_raises(body: list[tuple[str, list[str]]]) -> None:
    segments = [["ST", "856", "0001"], *([head, *rest] for head, rest in body), ["SE"]]
    assert len(read_856(segments, context_from("retailer"))) == 1
