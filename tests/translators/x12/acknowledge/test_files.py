"""What a 997 or 999 of ours says: every code and every count."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from tests.translators.x12.acknowledge.answers import NUMBERS, answer, faults, segments
from tests.translators.x12.files import good, group, interchange, isa, only, transaction
from tests.translators.x12.strict_receiver import check_outbound
from translators.profile import Profile
from translators.x12.acknowledge.files import acknowledgments_due, render_acknowledgment


def test_the_answer_to_a_good_file_byte_for_byte() -> None:
    (text,) = answer(good())
    assert text == (
        "ISA*00*          *00*          *ZZ*GATEWAY        *ZZ*NORTHGATE      *250314*0931*U*00401*000000041*0*P*>~"
        "GS*FA*GATEWAY*NORTHGATE*20250314*0931*7*X*004010~"
        "ST*997*0001~AK1*AN*5~AK2*180*0001~AK5*A~AK9*A*1*1*1~SE*6*0001~GE*1*7~IEA*1*000000041~"
    )


def test_from_005010_on_the_version_is_named_and_repetition_has_a_separator() -> None:
    (text,) = answer(good().replace("004010", "005010"))
    assert "*^*00501*" in text
    assert "GS*FA*GATEWAY*NORTHGATE*20250314*0931*7*X*005010~" in text
    assert "AK1*AN*5*005010~" in text


def test_a_999_where_the_partner_wants_it_and_the_release_has_it() -> None:
    wanted = {"acknowledgments": {"send": "999"}}
    (text,) = answer(good().replace("004010", "005010").replace("BLI*UP", "BLI*"), **wanted)
    assert segments(text)[2:-2] == [
        "ST*999*0001",
        "AK1*AN*5*005010",
        "AK2*180*0001",
        "IK3*BLI*4*BLI*8",
        "IK4*1*235*1",
        "IK5*R*5",
        "AK9*R*1*1*0",
        "SE*8*0001",
    ]
    (text,) = answer(good(), **wanted)
    assert "ST*997*" in text


@pytest.mark.parametrize(
    ("received", "written", "isa12", "day"),
    [
        ("004010", "004010", "U*00401", "20250314"),
        ("004010VICS", "004010VICS", "U*00401", "20250314"),
        ("004030", "004030", "^*00403", "20250314"),
        ("004060VICS", "004060VICS", "^*00406", "20250314"),
        ("005010X212", "005010", "^*00501", "20250314"),
        ("006020", "006020", "^*00602", "20250314"),
        ("003060", "003060", "U*00306", "250314"),
        ("D96A", "004010", "U*00401", "20250314"),
        ("", "004010", "U*00401", "20250314"),
    ],
)
def test_the_release_of_the_answer_is_the_received_ones(received: str, written: str, isa12: str, day: str) -> None:
    (text,) = answer(good().replace("*X*004010~", f"*X*{received}~"))
    assert f"GS*FA*GATEWAY*NORTHGATE*{day}*0931*7*X*{written}~" in text
    assert f"*0931*{isa12}*000000041*" in text
    if received >= "004010":
        assert faults(text.encode()) == []
    (fixed,) = answer(good().replace("*X*004010~", f"*X*{received}~"), acknowledgments={"version": "004010"})
    assert "*X*004010~" in fixed


def notes_999(body: str, **settings_of_profile: Any) -> list[str]:
    """IK3, IK4 and CTX of the 999 that answers a 180 of 005010."""
    header = isa(standards="^", version="00501")
    text = interchange([group([transaction("180", "0001", body)], version="005010")], header)
    (answered,) = answer(text, acknowledgments={"send": "999"}, **settings_of_profile)
    assert check_outbound(answered.encode()) == []
    return [segment for segment in segments(answered) if segment.startswith(("IK3", "IK4", "CTX"))]


@pytest.mark.parametrize(
    ("segment", "expected"),
    [
        ("N1*VN*ACME*92", ["IK4*4*67*2", "CTX*SITUATIONAL TRIGGER*N1*3*N1*3"]),
        ("N1*VN", ["IK4*2*93*2"]),
        ("RDR*RA*DR*RT", ["IK4*3*1294*10", "CTX*SITUATIONAL TRIGGER*RDR*3**2"]),
        ("N9*IA*1*****PO>1>LI", ["IK4*7>4*127*2", "CTX*SITUATIONAL TRIGGER*N9*3**7>3"]),
        ("N9*IA*1^2", ["IK4*2>>2*127*12*2"]),
    ],
    ids=["P", "R has no trigger", "E", "in a composite", "repeated"],
)
def test_a_999_names_what_a_condition_hangs_on_and_which_occurrence_is_wrong(segment: str, expected: list[str]) -> None:
    assert notes_999(f"BGN*13*RTV1*20250314~{segment}~")[1:] == expected


def test_what_only_the_partners_guide_forbids_has_its_own_codes_in_a_999() -> None:
    overlay = {"180": {"forbid": [{"path": "/N9"}, {"element": "BGN06"}]}}
    body = "BGN*13*RTV1*20250314***A~N9*IA*1~"
    assert notes_999(body, overlays=overlay) == ["IK3*BGN*2**8", "IK4*6*127*I10*A", "IK3*N9*3**I4"]
    (answered,) = answer(interchange([group([transaction("180", "0001", body)])]), overlays=overlay)
    noted = [segment for segment in segments(answered) if segment.startswith(("AK3", "AK4"))]
    assert noted == ["AK3*BGN*2**8", "AK4*6*127*10*A", "AK3*N9*3**2"]


def test_each_kind_of_error_has_its_segment_in_order() -> None:
    body = "BGN*13*RTV1*20251350~XX*1~N9*IA*1~N9*IA~CTT*1~BLI*UP*012345678905*3*EA~"
    (text,) = answer(interchange([group([transaction("180", "0001", body)])]))
    assert segments(text)[4:-4] == [
        "AK2*180*0001",
        "AK3*BGN*2**8",
        "AK4*3*373*8*20251350",
        "AK3*XX*3**1",
        "AK3*N9*5**8",
        "AK4*2*127*2",
        "AK3*CTT*6**6",
        "AK5*R*5",
    ]


def test_blanks_in_a_mandatory_element_are_one_mistake() -> None:
    notes = notes_999("BGN*13*  *20250314~BLI*UP*400101001003*1*EA~")
    assert notes == ["IK3*BGN*2**8", "IK4*2*127*1"]


def test_a_blank_element_behind_the_definition_is_named_by_its_place() -> None:
    body = "BGN*13*RTV1*20250314* * * * * * * ~BLI*UP*012345678905*3*EA~"
    file = interchange([group([transaction("180", "0001", body)])])
    (strict,) = answer(file, strict=True)
    notes = segments(strict)[5:-5]
    assert notes[-1] == "AK4*10**6"
    assert segments(strict)[-5] == "AK5*R*5"
    (tolerant,) = answer(file)
    assert segments(tolerant)[5:-5] == notes
    assert segments(tolerant)[-5] == "AK5*E*5"


def test_every_received_group_has_its_own_set_in_one_group() -> None:
    text = interchange([group([transaction()], "5"), group([transaction("944")], "6", "RE"), group([], "7")])
    (answered,) = answer(text)
    assert [segment for segment in segments(answered) if segment.startswith(("ST", "AK1", "AK9", "GE"))] == [
        "ST*997*0001",
        "AK1*AN*5",
        "AK9*A*1*1*1",
        "ST*997*0002",
        "AK1*RE*6",
        "AK9*A*1*1*1",
        "ST*997*0003",
        "AK1*AN*7",
        "AK9*A*0*0*0",
        "GE*3*7",
    ]


def test_groups_of_two_releases_are_answered_in_two_files() -> None:
    text = interchange([group([transaction()], "5"), group([transaction()], "6", version="005010")])
    first, second = answer(text)
    assert "*X*004010~" in first and "AK1*AN*5~" in first and "*000000041*" in first
    assert "*X*005010~" in second and "AK1*AN*6*005010~" in second and "*000000042*" in second


@pytest.mark.parametrize(
    ("bend", "expected"),
    [
        (lambda text: text, "AK9*A*3*3*3"),
        (lambda text: text.replace("BLI*UP", "BLI*", 1), "AK9*P*3*3*2"),
        (lambda text: text.replace("BLI*UP", "BLI*"), "AK9*R*3*3*0"),
        (lambda text: text.replace("GE*3", "GE*4"), "AK9*R*4*3*0*5"),
        (lambda text: text.replace("GE*3*5", "GE*3*6"), "AK9*R*3*3*0*4"),
        (lambda text: text.replace("GE*3*5~", ""), "AK9*R*3*3*0*3"),
        (lambda text: text.replace("GE*3", "GE*X"), "AK9*R*3*3*0*5"),
        (lambda text: text.replace("004010", "000ABC"), "AK9*R*3*3*0*2"),
        (lambda text: text.replace("GS*AN", "GS*PO").replace("ST*180", "ST*850"), "AK9*R*3*3*0*1"),
        (lambda text: text.replace("GS*AN", "GS*ME"), "AK9*E*3*3*3"),
    ],
    ids=[
        "good",
        "one bad",
        "all bad",
        "count",
        "number",
        "no GE",
        "no count",
        "version",
        "functional id",
        "wrong group",
    ],
)
def test_ak9_counts_claimed_received_and_accepted(bend: Any, expected: str) -> None:
    text = bend(interchange([group([transaction("180", f"{n:04d}") for n in (1, 2, 3)])]))
    (answered,) = answer(text)
    assert [segment for segment in segments(answered) if segment.startswith("AK9")] == [expected]


@pytest.mark.parametrize(
    ("bend", "expected"),
    [
        (lambda text: text.replace("ST*180", "ST*850"), "AK5*R*1"),
        (lambda text: text.replace("SE*6*0001~", ""), "AK5*R*2"),
        (lambda text: text.replace("SE*6*0001", "SE*6*0009"), "AK5*R*3"),
        (lambda text: text.replace("SE*6*", "SE*9*"), "AK5*R*4"),
        (lambda text: text.replace("SE*6*0001", "SE*9*0009"), "AK5*R*4*3"),
        (lambda text: text.replace("ST*180", "ST*18"), "AK5*R*6"),
        (lambda text: text.replace("BLI*UP", "BLI*"), "AK5*R*5"),
        (lambda text: text.replace("GS*AN", "GS*RE"), "AK5*E*6"),
    ],
    ids=["unknown", "no SE", "number", "count", "both", "id", "segments", "wrong group"],
)
def test_ak5_says_why(bend: Any, expected: str) -> None:
    (answered,) = answer(bend(good()))
    assert [segment for segment in segments(answered) if segment.startswith("AK5")] == [expected]


def test_a_set_number_that_is_too_long_keeps_its_end() -> None:
    (answered,) = answer(good().replace("*0001~", "*0000012345~"))
    assert "AK2*180*000012345~AK3*ST*1**8~AK4*2*329*5*0000012345~" in answered


def test_an_se_without_elements_is_damaged_not_missing() -> None:
    (answered,) = answer(good().replace("SE*6*0001~", "SE~"))
    noted = [segment for segment in segments(answered) if segment.startswith(("AK3", "AK4", "AK5"))]
    assert noted == ["AK3*SE*6**8", "AK4*1*96*1", "AK4*2*329*1", "AK5*R*5*4*3"]


def test_good_sets_of_a_rejected_group_are_not_called_accepted_nor_faulty() -> None:
    sets = [transaction(), transaction("180", "0002").replace("BLI*UP", "BLI*")]
    (answered,) = answer(interchange([group(sets)]).replace("GE*2", "GE*3"))
    assert [segment for segment in segments(answered) if segment.startswith("AK2")] == ["AK2*180*0002"]


def test_accepted_sets_may_be_left_out() -> None:
    sets = [transaction(), transaction("180", "0002").replace("BLI*UP", "BLI*")]
    (answered,) = answer(interchange([group(sets)]), acknowledgments={"accepted_sets": False})
    assert [segment for segment in segments(answered) if segment.startswith(("AK2", "AK9"))] == [
        "AK2*180*0002",
        "AK9*P*2*2*1",
    ]


def test_a_known_partner_is_addressed_as_its_profile_says() -> None:
    envelope = {
        "our_id": "US",
        "our_qualifier": "12",
        "their_id": "THEM",
        "their_qualifier": "01",
        "their_group_id": "DEPT",
    }
    (answered,) = answer(good(), partner="northgate", envelope=envelope)
    assert "*12*US             *01*THEM           *" in answered
    assert "GS*FA*US*DEPT*" in answered


def test_the_partners_delimiters_and_line_ends() -> None:
    marks = {"element": "|", "component": ":", "segment": "'", "newline": "\r\n"}
    (answered,) = answer(good(), envelope={"delimiters": marks})
    assert "AK9|A|1|1|1'\r\n" in answered
    assert check_outbound(answered.encode()) == []


def test_ids_that_hold_our_delimiters_get_other_delimiters() -> None:
    text = good().translate(str.maketrans("*", "|")).replace("NORTHGATE", "NORTH*ATE")
    (answered,) = answer(text)
    assert "NORTH*ATE" in answered
    assert check_outbound(answered.encode()) == []


def test_the_moment_may_be_given() -> None:
    due = acknowledgments_due(only(good()), Profile())
    rendered = render_acknowledgment(due[0], Profile(), NUMBERS, datetime(2025, 3, 15, 8, 5))  # noqa: DTZ001 # local time
    assert b"*250315*0805*" in rendered.data and b"*20250315*0805*" in rendered.data
    assert (rendered.kind, rendered.subject, rendered.control_number, rendered.group_control_number) == (
        "997",
        "groups 0",
        41,
        7,
    )
