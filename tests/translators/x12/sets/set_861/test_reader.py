"""861 → receipt."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.translators.x12.sets.segments import check_provenance, context_from, whole_set
from translators.canonical import Receipt
from translators.x12.sets.context import SetContext
from translators.x12.sets.set_861.reader import read_861

WHOLE = whole_set(
    "861",
    "BRA*RA-1*20250325*00*1~REF*RZ*RMA-7~REF*SI*SHP7781~DTM*050*20250324~PRF*PO-1~N1*ST*CEDAR DC*92*DC3"
    "~RCD*10*10*EA***2*EA*01*1*CA*02~LIN**UP*400101001003*VN*DR-18~PID*F****DRILL~REF*SE*S-1~PRF*PO-2~MAN*GM*C1"
    "~RCD*20*5*EA*1*EA~LIN**VN*DR-19~CTT*2",
)


def receipt(segments: list[list[str]], context: SetContext | None = None) -> Receipt:
    (document,) = read_861(segments, context or context_from("warehouse"))
    assert isinstance(document, Receipt)
    check_provenance(document, segments)
    return document


def test_the_receipt() -> None:
    found = receipt(WHOLE)
    assert (found.number, found.warehouse, found.received_on) == ("RA-1", "DC3", date(2025, 3, 24))
    assert [(r.kind, r.value) for r in found.references] == [
        ("rma", "RMA-7"),
        ("shipment", "SHP7781"),
        ("purchase_order", "PO-1"),
    ]
    assert found.is_return is None


def test_its_lines() -> None:
    first, second = receipt(WHOLE).lines
    assert (first.line_no, first.item.vendor_sku, first.item.description) == ("10", "DR-18", "DRILL")
    assert first.quantity == 10
    assert first.serials == ("S-1",)
    assert [(r.kind, r.value) for r in first.references] == [("purchase_order", "PO-2"), ("carton", "C1")]
    assert [(e.condition.canonical, str(e.quantity), e.unit) for e in first.exceptions] == [
        ("damaged", "2", "EA"),
        ("short", "1", "CA"),
    ]
    assert [(e.condition.canonical, str(e.quantity)) for e in second.exceptions] == [("rejected", "1")]


@settings(deadline=None)
@given(
    st.integers(0, 999), st.lists(st.tuples(st.sampled_from(["01", "02", "03", "16"]), st.integers(1, 99)), max_size=5)
)
def test_received_is_the_same_however_it_is_counted(good: int, parts: list[tuple[str, int]]) -> None:
    came = sum(quantity for code, quantity in parts if code in {"01", "03"})

    def told(quantity: int, *, includes: bool) -> Decimal:
        conditions = "".join(f"*{number}*EA*{code}" for code, number in parts)
        segments = whole_set("861", f"BRA*R*20250325*00*1~RCD*1*{quantity}*EA**{conditions}")
        return receipt(segments, context_from("warehouse", w07_includes_exceptions=includes)).lines[0].quantity

    assert told(good + came, includes=True) == told(good, includes=False) == good + came


ELEMENTS = st.text(st.sampled_from("AB12.- 0é>"), max_size=5)
SEGMENT_IDS = ["BRA", "REF", "DTM", "N1", "RCD", "LIN", "PID", "PRF", "MAN", "CTT", ""]


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(SEGMENT_IDS), st.lists(ELEMENTS, max_size=20)), max_size=20))
def test_odd_data_never_raises(body: list[tuple[str, list[str]]]) -> None:
    segments = [["ST", "861", "0001"], *([head, *rest] for head, rest in body), ["SE"]]
    assert len(read_861(segments, context_from("warehouse", w07_includes_exceptions=False))) == 1
