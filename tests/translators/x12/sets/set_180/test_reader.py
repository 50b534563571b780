"""180 → return request, authorization, cancellation."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.translators.x12.sets.segments import check_provenance, context_from, crosswalk, whole_set
from translators.bindings import BindingError
from translators.canonical import Authorization, Cancellation, Code, Reference, ReturnRequest
from translators.profile import Delimiters, Profile
from translators.x12.sets.context import SetContext
from translators.x12.sets.set_180.reader import read_180
from translators.x12.sets.set_180.request_or_answer import Evidence, decision_of, side_of

REQUEST = whole_set(
    "180",
    "BGN*13*NR-4471*20250314*0915~PRF*PO-55010***20250203~DTM*036*20250501~N9*IA*20117~N9*CO*SO-9001~N9*IV*INV-77"
    "~PER*CN*RETURNS DESK*TE*3035550142~SAC*C*D240***1250~NTE*GEN*Call before pickup"
    "~N1*SN*NORTHGATE 42*92*0042~N2*LAKEWOOD~N3*4100 QUARRY ROAD*DOOR 7~N4*DENVER*CO*80216*US"
    "~N1*BY*NORTHGATE RETAIL*92*NG01"
    "~BLI*UP*400101001003*4*EA*UCP*84.5**IN*NG44871*VN*DR-18*PL*12~N9*FJ*7~N9*SE*S-1~N9*LT*L-9"
    "~PID*F****CORDLESS DRILL~RDR**DR**CHUCK DOES NOT CLOSE*Y~SAC*A*C000***2.00"
    "~NTE*LIN*box is open~PRF*PO-55011****4"
    "~BLI*EN*4001010030075*6*EA~N9*FJ*8~RDR**DT**CARTON CRUSHED*N",
)
RESPONSE = whole_set(
    "180",
    "BGN*11*HW-R778*20250316*1102**RTV100045~RDR*PA~DTM*036*20250415~N9*RZ*RGA5512~N9*OD*RTV100045"
    "~N1*RT*HARBOR WAREHOUSING*91*R1~BLI*UP*400101001003*2*EA~RDR*RA~BLI*UP*400101003007*1*EA~RDR*RD**RT",
)


def request(segments: list[list[str]], context: SetContext | None = None) -> ReturnRequest:
    (document,) = read_180(segments, context or context_from("retailer"))
    assert isinstance(document, ReturnRequest)
    check_provenance(document, segments)
    return document


def authorization(segments: list[list[str]], context: SetContext | None = None) -> Authorization:
    (document,) = read_180(segments, context or context_from())
    assert isinstance(document, Authorization)
    check_provenance(document, segments)
    return document


def test_a_request_with_everything() -> None:
    found = request(REQUEST)
    assert (found.number, found.purpose, found.purpose_code) == ("NR-4471", "request", "13")
    assert found.issued_on == found.requested_on == date(2025, 3, 14)
    assert (found.purchase_order, found.order_number, found.invoice_number) == ("PO-55010", "SO-9001", "INV-77")
    assert (found.customer, found.contact) == ("", "RETURNS DESK")
    assert found.note == "Call before pickup"
    assert [(c.kind, c.amount) for c in found.charges] == [("freight", Decimal("12.50"))]
    assert found.references == (
        Reference(kind="invoice", value="INV-77"),
        Reference(kind="order", value="SO-9001"),
        Reference(kind="purchase_order", value="PO-55010"),
        Reference(kind="vendor", value="20117"),
    )
    store, buyer = found.parties
    assert (store.role, store.id, store.name) == ("store", "0042", "NORTHGATE 42 LAKEWOOD")
    assert store.address == ("4100 QUARRY ROAD", "DOOR 7")
    assert (store.city, store.region, store.postal_code, store.country) == ("DENVER", "CO", "80216", "US")
    assert buyer.role == "buyer"


def test_its_lines() -> None:
    first, second = request(REQUEST).lines
    assert (first.line_no, first.unit, first.unit_price) == ("7", "EA", Decimal("84.5"))
    assert first.quantity == 4
    assert (first.item.gtin, first.item.buyer_sku, first.item.vendor_sku) == ("400101001003", "NG44871", "DR-18")
    assert first.item.description == "CORDLESS DRILL"
    assert first.order_line == "4", "PRF05 goes before the PL pair"
    assert first.reason == Code(raw="DR", canonical="defective", text="CHUCK DOES NOT CLOSE")
    assert first.used is True
    assert (first.serials, first.lots, first.note) == (("S-1",), ("L-9",), "box is open")
    assert [(c.kind, c.amount, c.code) for c in first.charges] == [("allowance", Decimal("2.00"), "C000")]
    assert Reference(kind="purchase_order", value="PO-55011") in first.references
    assert (second.line_no, second.item.gtin, second.reason.canonical) == ("8", "4001010030075", "damaged_transit")
    assert second.used is False


def test_provenance_points_at_the_elements() -> None:
    found = request(REQUEST)
    bli = next(place for place, segment in enumerate(REQUEST, 1) if segment[0] == "BLI")
    quantity = found.provenance["lines.0.quantity"]
    assert (quantity.segment, quantity.position, quantity.element) == ("BLI", bli, 3)
    assert found.provenance["lines.0.item.buyer_sku"].element == 9
    assert found.provenance["number"].element == 2


def test_an_answer_in_part() -> None:
    found = authorization(RESPONSE)
    assert (found.decision, found.rma, found.purpose) == ("partial", "RGA5512", "response")
    assert found.reference("request") == "RTV100045"
    assert found.expires_on == date(2025, 4, 15)
    assert [line.disposition.canonical for line in found.lines] == ["return", "denied"]
    assert found.lines[1].response_reason == Code(raw="RT", canonical="outside_window")


@pytest.mark.parametrize(
    ("header", "lines", "decision"),
    [
        ("RA", [], "authorized"),
        ("RD", [], "denied"),
        ("RP", [], "pending"),
        ("PA", ["RA", "RA"], "partial"),
        ("", ["RA", "RN"], "authorized"),
        ("", ["RD", "RD"], "denied"),
        ("", ["RA", "RD"], "partial"),
        ("RA", ["RD"], "partial"),
        ("RA", ["RA", "RP"], "partial"),
        ("", ["PA"], "partial"),
        ("", [], "pending"),
    ],
)
def test_decisions(header: str, lines: list[str], decision: str) -> None:
    assert decision_of(header, lines, "", "00") == decision


def test_a_decision_without_any_rdr() -> None:
    assert decision_of("", [], "11", "00") == "authorized"
    assert decision_of("", [], "21", "00") == "denied"
    assert decision_of("", [], "", "37") == "denied"
    assert decision_of("", [], "", "36") == "authorized"


@pytest.mark.parametrize(
    ("body", "role", "meaning", "kind"),
    [
        # The purpose code alone never decides.
        ("BGN*11*N1*20250314", "", "request", "return_request"),
        ("BGN*13*N1*20250314", "", "authorization", "authorization"),
        ("BGN*00*N1*20250314", "", "authorization", "authorization"),
        ("BGN*00*N1*20250314", "", "notice", "return_request"),
        # Who sends it does, where the codes leave it open.
        ("BGN*00*N1*20250314~RDR*RA*DR", "retailer", "request", "return_request"),
        ("BGN*00*N1*20250314~RDR*RA*DR", "supplier", "request", "authorization"),
        ("BGN*00*N1*20250314~RDR*KA*DA", "retailer", "authorization", "return_request"),
        # Both sides weigh the same: the partner's habit.
        ("BGN*00*N1*20250314~RDR*RA*DR", "", "request", "return_request"),
        ("BGN*00*N1*20250314~RDR*RA*DR", "", "authorization", "authorization"),
        # Codes that only one side writes.
        ("BGN*00*N1*20250314~RDR*RD", "", "request", "authorization"),
        ("BGN*00*N1*20250314~RDR*RD**RT", "retailer", "request", "authorization"),
        ("BGN*00*N1*20250314~RDR*CR*DR", "", "authorization", "return_request"),
        ("BGN*00*N1*20250314****RD*11", "", "request", "authorization"),
        ("BGN*00*N1*20250314****RD*7", "", "authorization", "return_request"),
        # Purpose beside other evidence.
        ("BGN*11*N1*20250314***R9~RDR*RA", "", "request", "authorization"),
        ("BGN*13*N1*20250314~RDR*RP*DR", "", "authorization", "return_request"),
        ("BGN*00*N1*20250314~N9*OD*R9~RDR*RN", "", "request", "authorization"),
        # Taken back.
        ("BGN*01*N1*20250314", "retailer", "request", "cancellation"),
        ("BGN*00*N1*20250314****RD*3", "retailer", "request", "cancellation"),
    ],
)
def test_what_a_180_is(body: str, role: str, meaning: str, kind: str) -> None:
    (document,) = read_180(whole_set("180", body), context_from(role, meaning_180=meaning))
    assert document.kind == kind


def test_our_own_answer_read_back_is_an_answer() -> None:
    context = SetContext(profile=Profile(role="retailer"), from_us_to_them=True)
    (document,) = read_180(whole_set("180", "BGN*11*N1*20250314~RDR*RN"), context)
    assert document.kind == "authorization"


@settings(deadline=None)
@given(
    st.builds(
        Evidence,
        purpose=st.sampled_from(["original", "request", "response", "notice", "replace"]),
        sender=st.sampled_from([None, "asks", "answers"]),
        dispositions=st.frozensets(st.sampled_from(["RA", "RD", "CR", "PA", "KA"])),
        request_reason=st.booleans(),
        response_reason=st.booleans(),
        points_back=st.booleans(),
    )
)
def test_the_habit_only_ever_breaks_ties(evidence: Evidence) -> None:
    """Where two habits disagree on a set, evidence that favours one side would have made them agree."""
    request_side = side_of(evidence, "request")
    authorization_side = side_of(evidence, "authorization")
    assert side_of(evidence, "notice") == request_side
    if request_side != authorization_side:
        assert (request_side, authorization_side) == ("asks", "answers")
        more = evidence._replace(response_reason=True, request_reason=False, purpose="response", points_back=True)
        if not more.dispositions & {"CR"} and more.sender != "asks":
            assert side_of(more, "request") == side_of(more, "authorization") == "answers"


def test_notices() -> None:
    shipped = request(whole_set("180", "BGN*00*N1*20250314~DTM*011*20250310~BLI*UP*400101001003*1*EA"))
    consumer = request(whole_set("180", "BGN*00*N1*20250314~RDR*CR*DR~BLI*UP*400101001003*1*EA"))
    habit = request(whole_set("180", "BGN*00*N1*20250314~N9*IA*1"), context_from("retailer", meaning_180="notice"))
    explicit = request(whole_set("180", "BGN*14*N1*20250314~N9*IA*1"))
    plain = request(whole_set("180", "BGN*00*N1*20250314~N9*IA*1"))
    replaced = request(whole_set("180", "BGN*05*N1*20250314~DTM*011*20250310"))
    assert {shipped.purpose, consumer.purpose, habit.purpose, explicit.purpose} == {"notice"}
    assert consumer.consumer_return
    assert plain.purpose == "original"
    assert replaced.purpose == "replace"


def test_a_cancellation_points_at_what_it_takes_back() -> None:
    (named,) = read_180(whole_set("180", "BGN*01*C-1*20250314***R-9~N9*RZ*RMA-1"), context_from("retailer"))
    (same,) = read_180(whole_set("180", "BGN*01*R-9*20250314~BLI*UP*400101001003*2*EA"), context_from("retailer"))
    assert isinstance(named, Cancellation)
    assert isinstance(same, Cancellation)
    assert (named.cancels, named.reference("rma"), named.lines) == ("R-9", "RMA-1", ())
    assert same.cancels == "R-9"
    assert same.lines[0].quantity == 2
    assert same.provenance["cancels"].segment == "BGN"


def test_the_headers_rdr_is_the_default_of_lines_without_one() -> None:
    found = request(
        whole_set("180", "BGN*00*N1*20250314~RDR*KA*DA**CRUSHED~BLI*UP*400101001003*1*EA~BLI*UP*2*1*EA~RDR**WG")
    )
    first, second = found.lines
    assert (first.disposition.canonical, first.reason.canonical, first.reason.text) == (
        "keep",
        "damaged_transit",
        "CRUSHED",
    )
    assert (second.disposition, second.reason.raw) == (Code(), "WG")
    assert found.provenance["lines.0.reason"].position == 3


def test_partly_authorized_is_no_decision_on_a_line() -> None:
    found = authorization(whole_set("180", "BGN*11*N1*20250314***R1~RDR*PA~BLI*UP*400101001003*1*EA"))
    assert (found.decision, found.lines[0].disposition) == ("partial", Code())


def test_quantities_by_condition() -> None:
    body = "BGN*00*N1*20250314~BLI*VN*DR-18{bli}{qty}"
    split_line = request(whole_set("180", body.format(bli="", qty="~QTY*QA*8~QTY*74*2"))).lines[0]
    whole = request(whole_set("180", body.format(bli="*2*EA", qty="~QTY*74*2"))).lines[0]
    stated = request(whole_set("180", body.format(bli="", qty="~QTY*76*5~QTY*74*2"))).lines[0]
    assert split_line.quantity == 10
    assert {(r.kind, r.value) for r in split_line.references} == {("x12:QTY.QA", "8"), ("x12:QTY.74", "2")}
    assert whole.quantity == 2
    assert whole.condition == Code(raw="74", canonical="damaged")
    assert stated.quantity == 5


def test_an_answers_approved_quantity() -> None:
    body = "BGN*11*N1*20250314***R1~RDR*PA~BLI*UP*400101001003*3*EA~RDR*RA~QTY*QA*2~QTY*QC*1"
    found = authorization(whole_set("180", body))
    assert found.lines[0].quantity == 2


def test_serials_below_quantities_and_stores() -> None:
    body = (
        "BGN*00*N1*20250314~BLI*VN*DR-18~SDQ*EA*92*0042*3*0043*2~BLI*VN*DR-19*2*EA~QTY*38*2~LX*1~N9*SE*S1~LX*2~N9*SN*S2"
    )
    stores, serials = request(whole_set("180", body)).lines
    assert stores.quantity == 5
    assert Reference(kind="x12:SDQ.0043", value="2") in stores.references
    assert serials.serials == ("S1", "S2")


def test_whose_sku_it_is_depends_on_who_sends() -> None:
    segments = whole_set("180", "BGN*00*N1*20250314~BLI*SK*A1*1*EA****IN*B1")
    retailer = request(segments).lines[0].item
    warehouse = request(segments, context_from("warehouse")).lines[0].item
    assert (retailer.sku, retailer.buyer_sku, retailer.other) == ("", "A1", (("IN", "B1"),))
    assert (warehouse.sku, warehouse.buyer_sku) == ("A1", "B1")


def test_crosswalks_of_skus_reasons_and_qualifiers() -> None:
    walks = {
        **crosswalk("sku", NG44871="DR-18"),
        **crosswalk("reason", Q7="recall"),
        **crosswalk("item_qualifier", ZZ="buyer_sku", VN="style"),
    }
    segments = whole_set("180", "BGN*00*N1*20250314~BLI*ZZ*NG44871*1*EA****VN*ST-1~RDR**Q7")
    line = request(segments, context_from("retailer", crosswalks=walks)).lines[0]
    assert (line.item.sku, line.item.buyer_sku) == ("DR-18", "NG44871")
    assert line.item.other == (("VN", "ST-1"),)
    assert line.reason == Code(raw="Q7", canonical="recall")


@pytest.mark.parametrize(
    ("party", "settings", "account"),
    [
        ("N1*BY*STORE*92*118", {}, ""),  # the buyer's own number is no account of ours
        ("N1*BY*STORE*9*123456789", {"customer": "C-7"}, "C-7"),
        ("N1*BY*STORE*92*118", {"customer": "C-7"}, "C-7"),
        ("N1*BY*STORE*91*C-8", {"customer": "C-7"}, "C-8"),
        ("N1*BY*STORE*92*118", {"customer": "C-7", "crosswalks": crosswalk("customer", **{"118": "C-9"})}, "C-9"),
        ("N1*BY*STORE*92*118", {"bindings": {"180": {"header": {"customer": "N1[BY]04"}}}}, "118"),
        ("N1*BY*STORE*92*118", {"bindings": {"180": {"header": {"customer": {"constant": "C-1"}}}}}, "C-1"),
        ("N1*SN*STORE*92*118", {"customer": "C-7"}, "C-7"),
    ],
)
def test_whose_account_a_request_is_on(party: str, settings: dict[str, Any], account: str) -> None:
    segments = whole_set("180", f"BGN*00*N1*20250314~{party}~BLI*UP*4*1*EA")
    assert request(segments, context_from("retailer", **settings)).customer == account


def test_the_partners_own_reference_qualifiers_go_before_the_standards() -> None:
    walks = crosswalk("reference_qualifier", QR="rma", PO="claim", X9="serial")
    segments = whole_set("180", "BGN*00*N1*20250314~N9*QR*FRA-1~N9*PO*C-7~BLI*UP*4*1*EA~N9*X9*S-1~N9*ZZ*1")
    found = request(segments, context_from("retailer", crosswalks=walks))
    assert found.references == (
        Reference(kind="purchase_order", value="C-7"),  # the bindings' own place for it
        Reference(kind="rma", value="FRA-1"),
        Reference(kind="claim", value="C-7"),
    )
    assert found.lines[0].serials == ("S-1",)
    assert found.lines[0].references == (Reference(kind="x12:ZZ", value="1"),)


def test_a_partners_bindings() -> None:
    override = {
        "header": {"rma": "BGN06", "currency": {"constant": "USD"}},
        "line": {"reason": "NTE[GSI]02", "line_no": "BLI18"},
    }
    context = context_from("retailer", bindings={"180": override})
    found = request(whole_set("180", "BGN*00*N1*20250314***RA-1~BLI*UP*4*1*EA~NTE*GSI*R"), context)
    assert found.currency == "USD"
    assert found.lines[0].reason.raw == "R"
    numbered = request(whole_set("180", "BGN*00*N1*20250314***RA-1~BLI*UP*4*1*EA"), context)
    assert numbered.reference("rma") == "RA-1"


def test_a_wrong_bindings_table_is_a_configuration_error() -> None:
    with pytest.raises(BindingError):
        read_180(REQUEST, context_from("retailer", bindings={"180": {"header": {"number": "?"}}}))


def test_line_numbers_are_unique() -> None:
    body = "BGN*00*N1*20250314~BLI*UP*1*1*EA{}~BLI*UP*2*1*EA{}~BLI*UP*3*1*EA{}"
    doubled = request(whole_set("180", body.format("~N9*FJ*5", "~N9*FJ*5", "~N9*FJ*6")))
    partly = request(whole_set("180", body.format("~N9*FJ*20", "~N9*FJ*3", "")))
    assert [line.line_no for line in doubled.lines] == ["1", "2", "3"]
    assert doubled.lines[0].references == (Reference(kind="line", value="5"),)
    assert [line.line_no for line in partly.lines] == ["20", "3", "4"]


def test_amounts_rates_and_percents() -> None:
    found = request(
        whole_set("180", "BGN*00*N1*20250314~SAC*C*D500***2.00~SAC*C*G470****3*5~SAC*C*D240******0.5*EA*4~SAC*N*F050")
    )
    assert [(c.kind, c.amount, c.text) for c in found.charges] == [
        ("handling", Decimal("2.00"), ""),
        ("restocking", Decimal(0), "5 %"),
        ("freight", Decimal("2.0"), ""),
    ]


def test_a_c040_composite_carries_more_references() -> None:
    context = SetContext(profile=Profile(role="retailer"), delimiters=Delimiters(component=":"))
    found = request(whole_set("180", "BGN*00*N1*20250314~N9*IA*20117*****RZ:RMA-5:ZZ:X"), context)
    assert found.reference("rma") == "RMA-5"
    assert found.reference("x12:ZZ") == "X"


def test_text_is_read_in_the_partners_character_set() -> None:
    name = "CAFÉ".encode().decode("latin-1")
    found = request(whole_set("180", f"BGN*00*N1*20250314~N1*SF*{name}"), context_from("retailer", charset="utf-8"))
    assert found.parties[0].name == "CAFÉ"


ELEMENTS = st.text(st.sampled_from("AB12.- 0é"), max_size=5)
SEGMENT_IDS = ["BGN", "RDR", "PRF", "DTM", "N9", "SAC", "N1", "N2", "N4", "BLI", "QTY", "LX", "SDQ", "PID", "NTE", ""]


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(SEGMENT_IDS), st.lists(ELEMENTS, max_size=14)), max_size=25))
def test_odd_data_never_raises(body: list[tuple[str, list[str]]]) -> None:
    segments = [["ST", "180", "0001"], *([head, *rest] for head, rest in body), ["SE"]]
    assert len(read_180(segments, context_from("retailer"))) == 1
