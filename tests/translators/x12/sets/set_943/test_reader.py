"""943 that arrives → shipment."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.translators.x12.sets.segments import check_provenance, context_from, whole_set
from translators.canonical import Shipment
from translators.x12.sets.set_943.reader import read_943

WHOLE = whole_set(
    "943",
    "W06*F*RMA-7*20250314*R000007**PO-1~N1*WH*HARBOR*91*HP1~N1*SF*NORTHGATE~N9*RZ*RMA-7~N9*2I*PLX7~G62*17*20250320"
    "~NTE*GEN*Dock 4~W27*ZZ*PLRX~W04*4*EA**SK*S-18*UP*400101001003~G69*DRILL~N9*LI*1~N9*LT*L-1"
    "~W04*6*CA*400101003007~N9*LI*2~W03*10***2*KG*3*CT",
)


def test_goods_announced() -> None:
    (found,) = read_943(WHOLE, context_from("warehouse"))
    assert isinstance(found, Shipment)
    check_provenance(found, WHOLE)
    assert (found.number, found.carrier, found.expected_on) == ("R000007", "PLRX", date(2025, 3, 20))
    assert (found.tracking, found.note, found.carton_count) == (("PLX7",), "Dock 4", 3)
    assert [(r.kind, r.value) for r in found.references] == [
        ("rma", "RMA-7"),
        ("order", "RMA-7"),
        ("purchase_order", "PO-1"),
        ("tracking", "PLX7"),
    ]
    first, second = found.lines
    assert (first.line_no, first.item.sku, first.item.gtin, first.lots) == ("1", "S-18", "400101001003", ("L-1",))
    assert first.quantity == 4
    assert (second.line_no, second.item.gtin, second.unit) == ("2", "400101003007", "CA")


def test_purposes() -> None:
    body = "W06*{}*RMA-7*20250314*********{}~N1*WH*H~W27*ZZ*PLRX~W04*4*EA**SK*S-18~W03*4"
    found = [
        read_943(whole_set("943", body.format(*codes)), context_from())[0]
        for codes in [("F", ""), ("A", ""), ("F", "3")]
    ]
    assert [document.purpose for document in found if isinstance(document, Shipment)] == [
        "original",
        "change",
        "cancel",
    ]


ELEMENTS = st.text(st.sampled_from("AB12.- 0é"), max_size=5)
SEGMENT_IDS = ["W06", "N1", "N9", "G62", "W27", "W04", "G69", "W03", ""]


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(SEGMENT_IDS), st.lists(ELEMENTS, max_size=16)), max_size=20))
def test_odd_data_never_raises(body: list[tuple[str, list[str]]]) -> None:
    segments = [["ST", "943", "0001"], *([head, *rest] for head, rest in body), ["SE"]]
    assert len(read_943(segments, context_from("warehouse"))) == 1
