"""The ISA: delimiters, and each deviation that is repaired or refused."""

from __future__ import annotations

import pytest

from tests.translators.x12.files import codes, isa
from translators.profile import Profile
from translators.x12.envelope.encoding import sniff_encoding
from translators.x12.envelope.header import read_header
from translators.x12.envelope.isa import Header
from translators.x12.envelope.standards import is_date, is_time

NEXT = "GS*AN*NORTHGATE*GATEWAY*20250314*0931*5*X*004010~ST*180*0001~"


def header(text: str, **settings: object) -> Header:
    found = read_header(text, 0, Profile.model_validate(settings))
    assert found is not None
    return found


def test_a_good_isa_has_no_findings_and_its_values_without_padding() -> None:
    found = header(isa() + NEXT)
    assert found.findings == []
    assert (found[5], found[6], found[7], found[8], found[13]) == ("ZZ", "NORTHGATE", "ZZ", "GATEWAY", "000000905")
    assert found.length == 106
    assert found.delimiters.model_dump() == {
        "element": "*",
        "component": ">",
        "repetition": "",
        "segment": "~",
        "newline": "",
    }


@pytest.mark.parametrize(
    ("element", "component", "segment"),
    [("*", ":", "~"), ("|", "<", "'"), ("\x1d", "\x1f", "\x1c"), ("~", ":", "*"), ("_", "^", "\\"), ("\xd6", ">", "~")],
)
def test_delimiters_are_whatever_the_isa_says(element: str, component: str, segment: str) -> None:
    table = str.maketrans({"*": element, ">": component, "~": segment})
    found = header((isa() + NEXT).translate(table))
    assert found.findings == []
    marks = found.delimiters
    assert (marks.element, marks.component, marks.segment) == (element, component, segment)


@pytest.mark.parametrize(
    ("ending", "segment", "newline"),
    [("~\n", "~", "\n"), ("~\r\n", "~", "\r\n"), ("\n", "\n", ""), ("\r", "\r", ""), ("\r\n", "\r\n", "")],
)
def test_line_ends_after_or_as_the_terminator(ending: str, segment: str, newline: str) -> None:
    found = header((isa() + NEXT).replace("~", ending))
    assert (found.delimiters.segment, found.delimiters.newline) == (segment, newline)
    assert found.findings == []


def test_a_terminator_outside_ascii_in_a_utf_8_file_is_all_of_its_bytes() -> None:
    found = header((isa() + NEXT).replace("~", "Ö").encode().decode("latin-1"))
    assert found.delimiters.segment == "Ö".encode().decode("latin-1")
    assert found.findings == []


@pytest.mark.parametrize(
    ("standards", "version", "repetition", "expected"),
    [
        ("U", "00401", "", []),
        ("^", "00501", "^", []),
        ("^", "00402", "^", []),
        ("U", "00501", "", ["isa_repetition_off"]),
        ("V", "00501", "", ["isa_repetition_off"]),
        (" ", "00501", "", ["isa_repetition_off"]),
        (">", "00501", "", ["isa_repetition_off"]),
        ("^", "00401", "", ["isa_standards_id"]),
    ],
)
def test_isa11_is_a_separator_only_from_00402_on_and_if_it_can_be_one(
    standards: str, version: str, repetition: str, expected: list[str]
) -> None:
    found = header(isa(standards=standards, version=version) + NEXT)
    assert found.delimiters.repetition == repetition
    assert codes(found.findings) == expected


def test_blanks_eaten_by_a_mail_program_are_put_back() -> None:
    text = (isa() + NEXT).replace("NORTHGATE      ", "NORTHGATE").replace("*          *", "**")
    found = header(text)
    assert found[6] == "NORTHGATE"
    assert [(finding.code, finding.severity, finding.ack_code) for finding in found.findings] == [
        ("isa_length", "warning", "022")
    ]
    assert text[found.length :].startswith("GS*")


def test_a_strict_partner_must_keep_the_isa_at_106_characters() -> None:
    found = header((isa() + NEXT).replace("NORTHGATE      ", "NORTHGATE"), strict=True)
    assert [(finding.code, finding.severity) for finding in found.findings] == [("isa_length", "error")]


@pytest.mark.parametrize("ending", ["~", "~\n"])
def test_a_missing_component_separator_is_told_from_a_missing_terminator(ending: str) -> None:
    text = (isa() + NEXT).replace("~", ending).replace("*>", "*", 1)
    found = header(text)
    assert found.delimiters.segment == "~"
    assert codes(found.findings) == ["isa_component_separator_missing"]
    assert text[found.length :].startswith("GS*")


def test_without_a_terminator_the_line_end_is_it() -> None:
    text = (isa() + NEXT).replace("~", "\n").replace(">\n", ">", 1)
    found = header(text.replace(">GS", ">\nGS"))
    assert found.delimiters.segment == "\n"


def test_lines_cut_at_eighty_columns_are_joined() -> None:
    text = isa() + NEXT
    wrapped = "\n".join(text[at : at + 80] for at in range(0, len(text), 80))
    found = header(wrapped)
    assert found.wrapped
    assert found[13] == "000000905"
    assert codes(found.findings) == ["isa_wrapped"]


@pytest.mark.parametrize(
    ("settings", "code", "note"),
    [
        ({"date": "251314"}, "isa_date", "014"),
        ({"time": "2460"}, "isa_time", "015"),
        ({"version": "4010 "}, "isa_version", "017"),
        ({"number": "00000090A"}, "isa_control_number", "018"),
        ({"ack_requested": "7"}, "isa_ack_requested", "019"),
        ({"usage": "X"}, "isa_usage", "020"),
        ({"sender": ""}, "isa_sender_id", "006"),
        ({"receiver": ""}, "isa_receiver_id", "008"),
        ({"component": "A"}, "isa_component_separator", "027"),
    ],
)
def test_each_element_has_its_own_note_code(settings: dict[str, str], code: str, note: str) -> None:
    (finding,) = header(isa(**settings) + NEXT).findings
    assert (finding.code, finding.ack_code, finding.segment) == (code, note, "ISA")


def test_qualifiers_are_checked() -> None:
    found = header(isa().replace("*ZZ*", "*!!*") + NEXT)
    assert [finding.ack_code for finding in found.findings] == ["005", "007"]


def test_a_known_partner_may_not_send_under_another_name() -> None:
    envelope = {"our_id": "GATEWAY", "their_id": "SOUTHGATE"}
    found = header(isa() + NEXT, partner="southgate", envelope=envelope)
    assert [(finding.code, finding.ack_code, finding.severity) for finding in found.findings] == [
        ("isa_sender_unknown", "006", "warning")
    ]


@pytest.mark.parametrize(
    "text", ["ISA", "ISAAC NEWTON WAS HERE, AND THERE", "ISA*00*1*2*3~GS*", "ISA*00********010101*0000**00000*0~", ""]
)
def test_what_is_not_an_isa_is_not_made_one(text: str) -> None:
    assert read_header(text, 0, Profile()) is None


@pytest.mark.parametrize(
    ("data", "codec", "mark"),
    [
        (b"ISA*00", "latin-1", 0),
        (b"\xef\xbb\xbfISA*00", "latin-1", 3),
        ("\ufeffISA*00".encode("utf-16-le"), "utf-16-le", 2),
        ("\ufeffISA*00".encode("utf-16-be"), "utf-16-be", 2),
        ("ISA*00".encode("utf-16-le"), "utf-16-le", 0),
        ("ISA*00".encode("utf-16-be"), "utf-16-be", 0),
        ("ISA*00".encode("cp037"), "cp037", 0),
    ],
)
def test_encodings_are_recognised(data: bytes, codec: str, mark: int) -> None:
    found = sniff_encoding(data)
    assert found[:2] == (codec, mark)
    assert bool(found[2]) == (codec != "latin-1" or mark > 0)


@pytest.mark.parametrize(
    ("value", "length", "good"),
    [
        ("20240229", 8, True),
        ("20250229", 8, False),
        ("19000229", 8, False),
        ("250229", 6, True),
        ("250431", 6, False),
        ("250400", 6, False),
        ("2504١١", 6, False),
    ],
)
def test_dates_are_days_that_exist(value: str, length: int, good: bool) -> None:
    assert is_date(value, length) is good


@pytest.mark.parametrize(
    ("value", "good"),
    [("0000", True), ("2359", True), ("2400", False), ("0960", False), ("093059", True), ("09305", False)],
)
def test_times_are_on_a_clock(value: str, good: bool) -> None:
    assert is_time(value, 4, 8) is good
