"""Writing interchanges: counts, numbers, delimiters, and reading back what was written."""

from __future__ import annotations

from datetime import datetime
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.translators.x12.files import only, sets_of
from tests.translators.x12.oracle import generate
from tests.translators.x12.strict_receiver import check_outbound
from translators.profile import Delimiters, Envelope
from translators.x12.guide.maps import load_plan
from translators.x12.sets.table import SETS, all_sets, releases_of
from translators.x12.writer import (
    COMPONENT_MARK,
    ControlNumbers,
    DelimiterInData,
    OutboundSet,
    render_interchange,
    render_segments,
)

AT = datetime(2025, 3, 16, 11, 2)  # noqa: DTZ001 # the partner's local time, as the envelope carries it
NUMBERS = ControlNumbers(interchange=12, group=8)
GROUP = {description.id: description.group for description in all_sets()}
ANSWER = [
    ["BGN", "11", "ACME-R778", "20250316", "1102", "", "RTV100045"],
    ["RDR", "PA"],
    ["N9", "RZ", "RGA5512", "", ""],
]


def test_one_set_byte_for_byte() -> None:
    envelope = Envelope(our_id="ACME", their_id="NORTHGATE", their_group_id="NGRETURNS")
    data = render_interchange([OutboundSet("AN", "180", ANSWER)], envelope, NUMBERS, AT)
    assert data == (
        b"ISA*00*          *00*          *ZZ*ACME           *ZZ*NORTHGATE      *250316*1102*U*00401*000000012*0*P*>~"
        b"GS*AN*ACME*NGRETURNS*20250316*1102*8*X*004010~"
        b"ST*180*0001~BGN*11*ACME-R778*20250316*1102**RTV100045~RDR*PA~N9*RZ*RGA5512~SE*5*0001~"
        b"GE*1*8~IEA*1*000000012~"
    )
    assert len(data.partition(b"GS*")[0]) == 106
    assert check_outbound(data) == []


def test_sets_are_numbered_in_their_groups_and_groups_count_on() -> None:
    sets = [OutboundSet("AN", "180", ANSWER)] * 3 + [OutboundSet("RE", "944", [["W17", "C", "20250325"], ["W14", "1"]])]
    found = only(render_interchange(sets, Envelope(), NUMBERS, AT))
    assert [(group.functional_id, group.control_number, group.claimed_sets) for group in found.groups] == [
        ("AN", "8", 3),
        ("RE", "9", 1),
    ]
    assert [transaction_set.control_number for transaction_set in sets_of(found)] == ["0001", "0002", "0003", "0001"]
    assert found.verdict == "accepted"


@pytest.mark.parametrize("newline", ["", "\n", "\r\n"])
@pytest.mark.parametrize("version", ["004010", "004010VICS", "005010"])
def test_the_envelopes_delimiters_and_version(newline: str, version: str) -> None:
    delimiters = Delimiters(element="|", component=":", segment="'", newline=newline)
    envelope = Envelope(version=version, delimiters=delimiters)
    data = render_interchange([OutboundSet("AN", "180", ANSWER)], envelope, NUMBERS, AT)
    assert data.count(b"'" + newline.encode()) == data.count(b"'") == 9
    found = only(data)
    assert (found.version, found.groups[0].version) == (f"00{version[2:5]}", version)
    assert check_outbound(data) == []


@pytest.mark.parametrize("value", ["A*B", "A>B", "A~B", "A\nB", "A\rB"])
def test_a_value_with_a_delimiter_is_refused_with_its_place(value: str) -> None:
    with pytest.raises(DelimiterInData) as refused:
        render_interchange([OutboundSet("AN", "180", [*ANSWER, ["N9", "ZZ", value]])], Envelope(), NUMBERS, AT)
    assert (refused.value.segment, refused.value.element, refused.value.value) == ("N9", 2, value)


def test_an_id_with_a_delimiter_is_refused() -> None:
    with pytest.raises(DelimiterInData) as refused:
        render_interchange([OutboundSet("AN", "180", ANSWER)], Envelope(their_id="A*B"), NUMBERS, AT)
    assert (refused.value.segment, refused.value.element) == ("ISA", 8)


def test_what_we_would_send_wrongly_is_found_before_it_leaves() -> None:
    data = render_interchange([OutboundSet("AN", "180", [["BGN", "99", "R1", "2025-03-16"]])], Envelope(), NUMBERS, AT)
    assert {(finding.segment, finding.element) for finding in check_outbound(data)} >= {("BGN", 3)}


def test_text_outside_latin_1_leaves_as_utf_8() -> None:
    segments = [*ANSWER, ["N9", "ZZ", "Ž"]]
    data = render_interchange([OutboundSet("AN", "180", segments)], Envelope(), NUMBERS, AT)
    assert "N9*ZZ*Ž~".encode() in data


def test_control_numbers_wrap_at_nine_digits() -> None:
    data = render_interchange([OutboundSet("AN", "180", ANSWER)], Envelope(), ControlNumbers(1_000_000_001, 5), AT)
    assert only(data).control_number == "000000001"


@given(st.integers(0, 2**32), st.sampled_from([(s, r) for s in SETS for r in releases_of(s)]))
@settings(max_examples=80, deadline=None)
def test_parse_write_parse_is_the_identity_on_valid_sets(seed: int, kind: tuple[str, str]) -> None:
    set_id, release = kind
    raw = generate.valid_set(load_plan(set_id, release), Random(seed))
    body = [segment.split("*") for segment in raw[1:-1]]
    # A composite's separator is written by the envelope.
    marked = [[element.replace(">", "\x1f") for element in segment] for segment in body]
    envelope = Envelope(version=release)
    data = render_interchange([OutboundSet(GROUP[set_id], set_id, marked)], envelope, NUMBERS, AT)
    (one,) = sets_of(only(data))
    assert (one.verdict, one.findings) == ("accepted", [])
    written = data[one.offset : one.offset + one.length].decode("latin-1").rstrip("~").split("~")
    assert [segment.split("*") for segment in written[1:-1]] == body
    assert render_segments(body, Delimiters(component="\x00")) == "".join(f"{segment}~" for segment in raw[1:-1])


def test_the_mark_between_components_may_be_their_separator() -> None:
    delimiters = Delimiters(element="*", component=COMPONENT_MARK, segment="~")
    segments = [["AK4", f"1{COMPONENT_MARK}2", "373", "8", "UP"]]
    assert render_segments(segments, delimiters) == f"AK4*1{COMPONENT_MARK}2*373*8*UP~"
    with pytest.raises(DelimiterInData):
        render_segments([["NTE", "", "A*B"]], delimiters)
