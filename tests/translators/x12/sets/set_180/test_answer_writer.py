"""Our answers as 180 responses: what the partner gets, that the guides accept it, that nothing is cut."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.translators.x12.sets.outbound import guide_findings, in_set, items, parties, partner, references, words
from tests.translators.x12.sets.segments import crosswalk, split_segments
from translators.canonical import AnswerLine, Authorization, Item, Party, Reference, ReturnAnswer
from translators.profile import Delimiters, Envelope, Profile
from translators.x12.sets.compose import MissingValue, ValueTooLong, ValueTooShort
from translators.x12.sets.context import SetContext
from translators.x12.sets.set_180.answer_writer import write_180_response
from translators.x12.sets.set_180.reader import read_180

DRILL = Item(gtin="400101001003", buyer_sku="NG44871")
LAMP = Item(gtin="4001010030075", vendor_sku="LW-30")
RETURN_TO = Party(
    role="return_to",
    name="Harbor Warehousing",
    qualifier="91",
    id="HP1",
    address=("9 Pier Road", "Gate 4"),
    city="Reno",
    region="NV",
    postal_code="89501",
    country="US",
)
PARTLY = ReturnAnswer(
    number="R000001",
    request_number="NR-4471",
    rma="RMA-000001",
    decision="partial",
    issued_on=date(2025, 3, 16),
    issued_time="1102",
    expires_on=date(2025, 4, 15),
    correlation_id="01JPCQ7Z2M",
    order_number="SO-9001",
    purchase_order="PO-55010",
    references=(Reference(kind="vendor", value="20117"), Reference(kind="request", value="NR-4471")),
    parties=(RETURN_TO,),
    lines=(
        AnswerLine(line_no="7", item=DRILL, requested=Decimal(4), authorized=Decimal("4.00"), decision="authorized"),
        AnswerLine(
            line_no="8",
            item=LAMP,
            requested=Decimal(6),
            authorized=Decimal(0),
            decision="denied",
            reason="outside_window",
            text="the window ended on 2025-01-31",
        ),
    ),
)


def changed(**fields: Any) -> ReturnAnswer:
    return PARTLY.model_copy(update=fields)


def test_an_answer_in_part() -> None:
    assert write_180_response(PARTLY, partner()) == split_segments(
        "BGN*11*R000001*20250316*1102**NR-4471~RDR*PA~DTM*036*20250415~N9*RZ*RMA-000001~N9*OD*NR-4471~N9*PO*PO-55010"
        "~N9*CO*SO-9001~N9*TN*01JPCQ7Z2M~N9*IA*20117~N1*RT*Harbor Warehousing*91*HP1~N3*9 Pier Road*Gate 4"
        "~N4*Reno*NV*89501*US~BLI*UP*400101001003*4*EA****IN*NG44871~N9*FJ*7~RDR*RA"
        "~BLI*EN*4001010030075*0*EA****VN*LW-30~N9*FJ*8~RDR*RD**RT*the window ended on 2025-01-31"
    )


def test_a_cancellation_is_confirmed() -> None:
    cancelled = {"decision": "cancelled", "reason": "cancelled", "text": "cancelled as you asked"}
    lines = tuple(line.model_copy(update={"authorized": Decimal(0), **cancelled}) for line in PARTLY.lines)
    answer = changed(decision="cancelled", reason="cancelled", parties=(), expires_on=None, lines=lines)
    assert write_180_response(answer, partner()) == split_segments(
        "BGN*06*R000001*20250316*1102**NR-4471~RDR*RD***cancelled~N9*RZ*RMA-000001~N9*OD*NR-4471~N9*PO*PO-55010"
        "~N9*CO*SO-9001~N9*TN*01JPCQ7Z2M~N9*IA*20117~BLI*UP*400101001003*0*EA****IN*NG44871~N9*FJ*7"
        "~RDR*RD***cancelled as you asked~BLI*EN*4001010030075*0*EA****VN*LW-30~N9*FJ*8~RDR*RD***cancelled as you asked"
    )
    for release in ("004010", "005010"):
        assert guide_findings("180", write_180_response(answer, partner(release)), release) == []


@pytest.mark.parametrize("release", ["004010", "005010"])
def test_the_guide_accepts_it(release: str) -> None:
    assert guide_findings("180", write_180_response(PARTLY, partner(release)), release) == []


def test_a_denial_says_why_in_the_header() -> None:
    segments = write_180_response(changed(decision="denied", reason="unknown_order", rma="", lines=()), partner())
    assert ["RDR", "RD", "", "NR"] in segments
    assert not any(segment[:2] == ["N9", "RZ"] for segment in segments)
    assert guide_findings("180", segments) == []


def test_the_partners_own_reason_codes() -> None:
    profile = Profile(crosswalks=crosswalk("response_reason", QQ="outside_window"))
    assert write_180_response(PARTLY, profile)[-1][3] == "QQ"


def test_a_reason_without_a_code_is_said_in_words() -> None:
    answer = changed(decision="denied", reason="blocked_customer", lines=())
    assert ["RDR", "RD", "", "", "blocked customer"] in write_180_response(answer, partner())


@pytest.mark.parametrize(
    ("decision", "rma", "instruction", "code"),
    [
        ("authorized", "RMA-1", "return", "RA"),
        ("authorized", "", "return", "RN"),
        ("authorized", "RMA-1", "keep", "KA"),
        ("authorized", "RMA-1", "destroy", "DI"),
        ("authorized", "RMA-1", "donate", "SC"),
        ("pending", "", "return", "RP"),
        ("denied", "", "return", "RD"),
    ],
)
def test_codes_of_the_decision(decision: str, rma: str, instruction: str, code: str) -> None:
    line = PARTLY.lines[0].model_copy(update={"decision": decision, "instruction": instruction})
    segments = write_180_response(changed(decision=decision, rma=rma, lines=(line,)), partner())
    assert [segment[1] for segment in segments if segment[0] == "RDR"] == [code, code]
    assert guide_findings("180", segments) == []


def test_what_is_still_open_shows_what_was_asked() -> None:
    line = PARTLY.lines[0].model_copy(update={"decision": "pending", "authorized": Decimal(0)})
    segments = write_180_response(changed(decision="pending", lines=(line,)), partner())
    assert next(segment for segment in segments if segment[0] == "BLI")[3] == "4"


def test_our_sku_is_the_vendors_number_to_a_buyer() -> None:
    line = PARTLY.lines[0].model_copy(update={"item": Item(sku="DR-18")})
    segments = write_180_response(changed(lines=(line,)), partner())
    assert next(segment for segment in segments if segment[0] == "BLI")[1:3] == ["VN", "DR-18"]


def test_the_partners_own_item_qualifiers() -> None:
    profile = Profile(crosswalks=crosswalk("item_qualifier", BP="buyer_sku"))
    bli = next(segment for segment in write_180_response(PARTLY, profile) if segment[0] == "BLI")
    assert bli[8:] == ["BP", "NG44871"]


def test_the_partners_own_reference_qualifiers() -> None:
    usual = {tuple(segment[1:3]) for segment in write_180_response(PARTLY, partner()) if segment[0] == "N9"}
    profile = Profile(crosswalks=crosswalk("reference_qualifier", QR="rma"))
    own = {tuple(segment[1:3]) for segment in write_180_response(PARTLY, profile) if segment[0] == "N9"}
    assert ("RZ", PARTLY.rma) in usual
    assert own == {("QR" if qualifier == "RZ" else qualifier, value) for qualifier, value in usual}


def test_long_words_go_on_in_notes() -> None:
    line = PARTLY.lines[0].model_copy(update={"text": "please take * out " + "and out again " * 9})
    segments = write_180_response(changed(lines=(line,)), partner())
    notes = [segment for segment in segments if segment[0] == "NTE"]
    assert len(notes) == 2
    assert "*" not in notes[0][2]
    assert guide_findings("180", segments) == []


@pytest.mark.parametrize(
    ("answer", "place"),
    [
        (changed(number="R" * 31), ("BGN", 2)),
        (changed(request_number="R" * 31), ("BGN", 6)),
        (changed(rma="R" * 31), ("N9", 2)),
        (changed(correlation_id="R" * 31), ("N9", 2)),
        (changed(parties=(RETURN_TO.model_copy(update={"name": "H" * 61}),)), ("N1", 2)),
        (changed(parties=(RETURN_TO.model_copy(update={"region": "Nevada"}),)), ("N4", 2)),
        (changed(parties=(RETURN_TO.model_copy(update={"address": ("a",) * 5}),)), ("N3", 1)),
        (changed(lines=(PARTLY.lines[0].model_copy(update={"item": Item(vendor_sku="V" * 49)}),)), ("BLI", 2)),
        (changed(lines=(PARTLY.lines[0].model_copy(update={"unit": "EACH"}),)), ("BLI", 4)),
        (changed(lines=(PARTLY.lines[0].model_copy(update={"authorized": Decimal(10) ** 15}),)), ("BLI", 3)),
    ],
)
def test_what_is_too_long_is_an_error_with_its_place(answer: ReturnAnswer, place: tuple[str, int]) -> None:
    with pytest.raises(ValueTooLong) as caught:
        write_180_response(answer, partner())
    assert (caught.value.segment, caught.value.element) == place
    assert len(caught.value.value) > 0


def test_longer_references_fit_in_005010() -> None:
    segments = write_180_response(changed(number="R" * 50), partner("005010"))
    assert guide_findings("180", segments, "005010") == []


def test_what_is_too_short_or_missing() -> None:
    with pytest.raises(ValueTooShort, match="N104"):
        write_180_response(changed(parties=(RETURN_TO.model_copy(update={"id": "1"}),)), partner())
    with pytest.raises(MissingValue, match="line 7"):
        write_180_response(changed(lines=(PARTLY.lines[0].model_copy(update={"item": Item()}),)), partner())
    with pytest.raises(MissingValue, match="return_to"):
        write_180_response(changed(parties=(Party(role="return_to"),)), partner())


def test_free_text_avoids_the_envelopes_delimiters() -> None:
    profile = Profile(envelope=Envelope(delimiters=Delimiters(element="|", segment="\n")))
    line = PARTLY.lines[0].model_copy(update={"text": "a|b\nc  d"})
    assert write_180_response(changed(lines=(line,)), profile)[-1][4] == "a b c d"


DECISIONS = st.sampled_from(["authorized", "partial", "denied", "pending", "cancelled"])
LINES = st.lists(
    st.builds(
        AnswerLine,
        line_no=words(20),
        item=items(),
        requested=st.decimals(1, 9999, places=2),
        authorized=st.decimals(0, 9999, places=2),
        decision=DECISIONS,
        reason=st.sampled_from(["", "outside_window", "quantity_exceeded", "over_limit"]),
        text=st.one_of(st.just(""), words(200)),
        instruction=st.sampled_from(["return", "keep", "destroy", "repair"]),
    ),
    max_size=4,
    unique_by=lambda line: line.line_no,
)
ANSWERS = st.builds(
    ReturnAnswer,
    number=words(30),
    request_number=words(30),
    rma=st.one_of(st.just(""), words(30)),
    decision=DECISIONS,
    reason=st.sampled_from(["", "unknown_order", "no such word"]),
    issued_on=st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    issued_time=st.sampled_from(["0000", "2359"]),
    expires_on=st.none() | st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    correlation_id=st.one_of(st.just(""), words(26)),
    order_number=st.one_of(st.just(""), words(30)),
    purchase_order=st.one_of(st.just(""), words(30)),
    references=references(),
    parties=parties("return_to", "store", "warehouse"),
    lines=LINES.map(tuple),
)


@settings(deadline=None)
@given(ANSWERS, st.sampled_from(["004010", "005010"]))
def test_every_answer_passes_the_guide_and_reads_back(answer: ReturnAnswer, release: str) -> None:
    profile = partner(release)
    segments = write_180_response(answer, profile)
    assert guide_findings("180", segments, release) == []
    context = SetContext(profile=profile, from_us_to_them=True)
    (found,) = read_180(in_set("180", segments), context)
    assert isinstance(found, Authorization)
    assert (found.number, found.rma, found.issued_on) == (answer.number, answer.rma, answer.issued_on)
    assert found.reference("request") == answer.request_number
    assert found.expires_on == answer.expires_on
    assert [line.line_no for line in found.lines] == [line.line_no for line in answer.lines]
    for line, told in zip(answer.lines, found.lines, strict=True):
        assert told.quantity == (line.requested if line.decision == "pending" else line.authorized)
        assert told.disposition.canonical in {
            "denied": {"denied"},
            "cancelled": {"denied"},
            "pending": {"pending"},
        }.get(line.decision, {"return", "keep", "scrap", "repair"})


def test_the_units_of_a_line_come_back_as_far_as_the_loop_reaches() -> None:
    first = PARTLY.lines[0].model_copy(update={"serials": tuple(f"S{n}" for n in range(30)), "lots": ("L-1",)})
    told = changed(lines=(first, *PARTLY.lines[1:]))
    written = write_180_response(told, partner())
    numbers = [segment[2] for segment in written if segment[0] == "N9" and segment[1] in {"FJ", "LT", "SE"}]
    of_first = numbers[: numbers.index("S18") + 1] if "S18" in numbers else numbers[:20]
    assert len(of_first) <= 20
    assert of_first[1:4] == ["L-1", "S0", "S1"]
