# ruff: noqa: E501 # a table reads better with one case to a line
"""Each way in which real files deviate from the standard, by name: what is said of it, and what happens to the set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from tests.translators.x12.files import codes, good, group, interchange, isa, only, read, sets_of, transaction

GOOD = good()


def wrapped(text: str, width: int) -> str:
    return "\n".join(text[at : at + width] for at in range(0, len(text), width))


@dataclass(frozen=True)
class Case:
    """A bent file, the findings it must have by level, and the verdict on its set."""

    name: str
    text: str
    verdict: str = "accepted"
    file: tuple[str, ...] = ()
    interchange: tuple[str, ...] = ()
    group: tuple[str, ...] = ()
    set: tuple[str, ...] = ()
    settings: Any = None


CASES = [
    Case("LF after the terminator", GOOD.replace("~", "~\n")),
    Case("CRLF after the terminator", GOOD.replace("~", "~\r\n")),
    Case("LF is the terminator", GOOD.replace("~", "\n")),
    Case("CR is the terminator", GOOD.replace("~", "\r")),
    Case("CRLF is the terminator", GOOD.replace("~", "\r\n")),
    Case("LF is the terminator, none after the IEA", GOOD.replace("~", "\n")[:-1]),
    Case("no terminator after the IEA", GOOD[:-1]),
    Case("blanks and empty lines after the IEA", GOOD + "   \n\n  \r\n\x1a"),
    Case("some lines end in LF, some do not", GOOD.replace("~N9", "~\nN9")),
    Case("only the ISA stands on its own line", GOOD.replace("~GS", "~\nGS")),
    Case("segments are indented", GOOD.replace("~", "~\n  "), set=("segment_untidy",)),
    Case("blanks before the ISA", "\n \n" + GOOD),
    Case("80 columns", wrapped(GOOD, 80), interchange=("isa_wrapped",)),
    Case("80 columns, strict", wrapped(GOOD, 80), "rejected", interchange=("isa_wrapped",), settings={"strict": True}),
    Case("132 columns", wrapped(GOOD, 132), interchange=("isa_wrapped",)),
    Case("cut inside IEA", GOOD.replace("IEA", "I\nEA"), interchange=("isa_wrapped",)),
    Case("UTF-8 byte order mark", "\xef\xbb\xbf" + GOOD, file=("byte_order_mark",)),
    Case("blanks eaten in the ISA", GOOD.replace(" " * 6, ""), interchange=("isa_length",)),
    Case("ISA02 and ISA04 empty", GOOD.replace(" " * 10, ""), interchange=("isa_length",)),
    Case("ISA02 and ISA04 empty, strict", GOOD.replace(" " * 10, ""), "rejected", interchange=("isa_length",), settings={"strict": True}),
    Case("ISA ids one blank too wide", GOOD.replace("NORTHGATE ", "NORTHGATE  ", 1), interchange=("isa_length",)),
    Case("ISA16 missing", GOOD.replace("*>~", "*~"), interchange=("isa_component_separator_missing",)),
    Case("U in ISA11 of a later release", GOOD.replace("*00401*", "*00501*"), interchange=("isa_repetition_off",)),
    Case("ISA12 and GS08 disagree", GOOD.replace("*00401*", "*00204*")),
    Case("odd delimiters", GOOD.translate(str.maketrans("*>~", "_^\\"))),
    Case("delimiters outside ASCII", GOOD.translate(str.maketrans("*>~", "\xd6\xe9\xdf"))),
    Case("a terminator outside ASCII in UTF-8", GOOD.replace("~", "\xc3\x96")),
    Case("ISA inside data", GOOD.replace("IA*123456", "IA*ISA NARCISA")),
    Case("ISAAC begins a line before the file", "ISAAC\n" + GOOD, file=("leading_data",)),
    Case("a mail's head before the file", "Subject: returns\n\n" + GOOD, file=("leading_data",)),
    Case("text after the IEA", GOOD + "-- \nsent from my phone", file=("trailing_data",)),
    Case("leading zeros in counts", GOOD.replace("SE*6*", "SE*0006*").replace("GE*1*", "GE*01*").replace("IEA*1*", "IEA*001*"), set=("set_number_padding",)),
    Case("leading zeros lost in GE02 and IEA02", GOOD.replace("*5*X", "*0005*X").replace("IEA*1*000000905", "IEA*1*905"), interchange=("control_number_padding",), group=("group_number_padding",)),
    Case("empty segments", GOOD.replace("~N9", "~~~N9"), set=("segment_untidy",)),
    Case("lower case ids", GOOD.replace("BLI*", "bli*").replace("N9*", "n9*"), set=("segment_id_case",)),
    Case("lower case throughout the envelope", GOOD.replace("GS*", "gs*").replace("ST*", "st*").replace("SE*", "se*").replace("GE*", "ge*").replace("IEA*", "iea*"), set=("segment_id_case",)),
    Case("functional id of another set", GOOD.replace("GS*AN", "GS*ME"), "accepted_with_errors", set=("set_not_in_group",)),
    Case("functional id of another set, strict", GOOD.replace("GS*AN", "GS*ME"), "rejected", group=("group_functional_id",), set=("set_not_in_group",), settings={"strict": True}),
    Case("a later release", GOOD.replace("004010", "004060"), group=("group_version_nearest",)),
    Case("a later release, strict", GOOD.replace("004010", "004060"), "rejected", group=("group_version",), set=("group_rejected",), settings={"strict": True}),
    Case("VICS after the release", GOOD.replace("004010", "004010VICS"), group=("group_version_nearest",)),
    Case("VICS after the release, strict", GOOD.replace("004010", "004010VICS"), "rejected", group=("group_version",), set=("group_rejected",), settings={"strict": True}),
    Case("VICS agreed with a strict partner", GOOD.replace("004010", "004010VICS"), group=("group_version_nearest",), settings={"strict": True, "envelope": {"version": "004010VICS"}}),
    Case("a version that is none", GOOD.replace("004010", "D96A"), "rejected", group=("group_version",), set=("group_rejected",)),
    Case("an unknown set", GOOD.replace("ST*180", "ST*850"), "rejected", set=("set_unknown",)),
    Case("an unknown set in its own group", GOOD.replace("ST*180", "ST*850").replace("GS*AN", "GS*PO"), "rejected", group=("group_functional_id",), set=("set_unknown",)),
    Case("SE01 wrong", GOOD.replace("SE*6*", "SE*7*"), "rejected", set=("se_segment_count",)),
    Case("SE01 wrong, tolerated", GOOD.replace("SE*6*", "SE*7*"), "accepted_with_errors", set=("se_segment_count",), settings={"tolerate": ["se_segment_count"]}),
    Case("SE01 is text", GOOD.replace("SE*6*", "SE*six*"), "rejected", set=("se_segment_count",)),
    Case("SE02 wrong", GOOD.replace("SE*6*0001", "SE*6*0002"), "rejected", set=("se_control_number",)),
    Case("GE01 wrong", GOOD.replace("GE*1*", "GE*2*"), "rejected", group=("ge_set_count",), set=("group_rejected",)),
    Case("GE02 wrong", GOOD.replace("GE*1*5", "GE*1*6"), "rejected", group=("ge_control_number",), set=("group_rejected",)),
    Case("GE02 wrong, tolerated", GOOD.replace("GE*1*5", "GE*1*6"), group=("ge_control_number",), settings={"tolerate": ["ge_control_number"]}),
    Case("GS06 is text", GOOD.replace("*5*X", "*FIVE*X").replace("GE*1*5", "GE*1*FIVE"), "rejected", group=("group_control_number",), set=("group_rejected",)),
    Case("IEA01 wrong", GOOD.replace("IEA*1*", "IEA*3*"), interchange=("iea_group_count",)),
    Case("IEA02 wrong", GOOD.replace("IEA*1*000000905", "IEA*1*000000906"), interchange=("iea_control_number",)),
    Case("SE missing", GOOD.replace("SE*6*0001~", ""), "rejected", set=("se_missing",)),
    Case("GE missing", GOOD.replace("GE*1*5~", ""), "rejected", group=("ge_missing",), set=("group_rejected",)),
    Case("IEA missing", GOOD.partition("IEA")[0], "rejected", interchange=("iea_missing",), set=("interchange_rejected",)),
    Case("TA1 before the groups", GOOD.replace("GS*", "TA1*000000001*250314*0931*A*000~GS*", 1)),
    Case("TA1 after the groups", GOOD.replace("IEA*", "TA1*000000001*250314*0931*A*000~IEA*")),
    Case("a segment between sets", GOOD.replace("GE*1", "N9*ZZ*1~GE*1"), group=("group_stray_segment",)),
    Case("a segment between groups", GOOD.replace("IEA*1", "N9*ZZ*1~IEA*1"), "rejected", interchange=("stray_segment",), set=("interchange_rejected",)),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_deviation(case: Case) -> None:
    file = read(case.text, **(case.settings or {}))
    assert codes(file.findings) == list(case.file)
    (found,) = file.interchanges
    assert codes(found.findings) == list(case.interchange)
    (one,) = found.groups
    assert codes(one.findings) == list(case.group)
    (only_set,) = one.sets
    assert set(case.set) <= set(codes(only_set.findings))
    if case.verdict == "accepted":
        assert codes(only_set.findings) == list(case.set)
    assert only_set.verdict == case.verdict


def test_strict_partners_may_not_leave_empty_segments() -> None:
    (one,) = sets_of(only(GOOD.replace("~N9", "~~~N9"), strict=True))
    assert one.verdict == "rejected"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", ["empty_file"]),
        (b"   \n", ["no_interchange"]),
        (transaction().encode(), ["no_interchange"]),
        (group([transaction()]).encode(), ["no_interchange"]),
        (b"hello", ["no_interchange"]),
        (bytes(range(256)) * 40, ["no_interchange"]),
        (b"\x00" * 5000, ["no_interchange"]),
        (b"ISA", ["unreadable_header"]),
        (b"ISA*00*1*2~", ["unreadable_header"]),
        (b"\xff\xfe", ["byte_order_mark", "transcoded", "no_interchange"]),
    ],
    ids=["empty", "blank", "bare set", "bare group", "text", "binary", "zeros", "ISA alone", "ISA cut", "mark alone"],
)
def test_files_without_an_interchange(data: bytes, expected: list[str]) -> None:
    file = read(data)
    assert file.interchanges == []
    assert codes(file.findings) == expected


def test_text_between_interchanges_is_told_once_and_harms_nobody() -> None:
    file = read(GOOD + "garbage ISA garbage\n" + GOOD.replace("000000905", "000000906"))
    assert codes(file.findings) == ["trailing_data"]
    assert [interchange.verdict for interchange in file.interchanges] == ["accepted", "accepted"]


def test_an_unreadable_isa_does_not_hide_the_interchange_after_it() -> None:
    file = read("ISA*00*nothing~IEA*0*1~\n" + GOOD)
    assert codes(file.findings) == ["unreadable_header"]
    assert [interchange.verdict for interchange in file.interchanges] == ["accepted"]


def test_numbers_used_twice() -> None:
    found = only(interchange([group([transaction(), transaction()])]))
    first, second = sets_of(found)
    assert (first.verdict, second.verdict) == ("accepted", "rejected")
    assert [(finding.code, finding.ack_code) for finding in second.findings] == [("set_duplicate", "23")]
    found = only(interchange([group([transaction()]), group([transaction()])]))
    assert [group.verdict for group in found.groups] == ["accepted", "rejected"]
    assert [(finding.code, finding.ack_code) for finding in found.groups[1].findings] == [("group_duplicate", "19")]


def test_an_interchange_without_groups_is_rejected_but_one_of_ta1s_is_not() -> None:
    assert [(finding.code, finding.ack_code) for finding in only(interchange([])).findings] == [("no_group", "024")]
    only_ta1 = isa() + "TA1*000000001*250314*0931*A*000~IEA*0*000000905~"
    assert only(only_ta1).verdict == "accepted"


def test_a_set_outside_of_any_group() -> None:
    found = only(isa() + transaction() + "IEA*0*000000905~")
    assert [(finding.code, finding.ack_code) for finding in found.findings] == [
        ("set_outside_group", "024"),
        ("no_group", "024"),
    ]
    assert found.verdict == "rejected"


def test_set_ids_and_numbers_that_are_none() -> None:
    (one,) = sets_of(only(GOOD.replace("ST*180*0001", "ST*18*0001")))
    assert [(finding.code, finding.ack_code) for finding in one.findings] == [("set_id", "6")]
    (one,) = sets_of(only(GOOD.replace("ST*180*0001", "ST*180")))
    assert ("set_control_number", "7") in [(finding.code, finding.ack_code) for finding in one.findings]


def test_the_wrong_group_has_its_own_code_from_005010_on() -> None:
    for version, code in (("004010", "6"), ("005010", "18")):
        (one,) = sets_of(only(GOOD.replace("GS*AN", "GS*SH").replace("004010", version)))
        assert [(finding.code, finding.ack_code) for finding in one.findings] == [("set_not_in_group", code)]
