"""A file explained: what stands where, what it is called, and what is wrong with it."""

from __future__ import annotations

import pytest

from tests.translators.x12.files import good, group, interchange, transaction
from translators.profile import Profile
from translators.x12.explain.file import explain
from translators.x12.explain.lines import ExplainedLine
from translators.x12.explain.terminal import explain_text


def lines(text: str) -> list[ExplainedLine]:
    return explain(text.encode("latin-1"), Profile())


def test_every_segment_has_its_line_with_place_and_name() -> None:
    text = good("944").replace("~", "~\n")
    found = lines(text)
    assert [(line.segment, line.depth) for line in found] == [
        ("ISA", 0),
        ("GS", 1),
        ("ST", 2),
        ("W17", 3),
        ("N1", 3),
        ("W07", 3),
        ("W14", 3),
        ("SE", 2),
        ("GE", 1),
        ("IEA", 0),
    ]
    for line in found:
        assert text.encode()[line.offset :].startswith(line.raw.encode())
        assert line.name
    receipt = found[3]
    assert [(element.ref, element.value) for element in receipt.elements[:2]] == [("W1701", "C"), ("W1702", "20250325")]
    assert (found[0].verdict, found[1].verdict, found[2].verdict) == ("accepted",) * 3
    assert [line.position for line in found] == [0, 0, 1, 2, 3, 4, 5, 6, 0, 0]


def test_levels_of_a_shipment_are_indented_by_their_parents() -> None:
    found = [(line.segment, line.depth) for line in lines(good("856")) if line.segment in {"HL", "LIN", "PRF"}]
    assert found == [("HL", 3), ("HL", 4), ("PRF", 5), ("HL", 5), ("LIN", 6)]


def test_findings_stand_at_their_segments() -> None:
    sets = [transaction().replace("BLI*UP", "BLI*"), transaction("180", "0002")]
    text = interchange([group(sets)]).replace("IEA*1*", "IEA*2*").replace("GE*2*5", "GE*2*6")
    placed = [
        (line.segment, line.position, [one.code for one in line.findings]) for line in lines(text) if line.findings
    ]
    assert placed == [
        ("BLI", 4, ["element_missing"]),
        ("ST", 1, ["group_rejected"]),
        ("GE", 0, ["ge_control_number"]),
        ("IEA", 0, ["iea_group_count"]),
    ]


@pytest.mark.parametrize("cut", ["SE*", "GE*", "IEA*"])
def test_what_is_missing_is_told_too(cut: str) -> None:
    text = good().partition(cut)[0]
    codes_found = {one.code for line in lines(text) for one in line.findings}
    assert f"{cut[:-1].lower()}_missing" in codes_found


def test_a_file_that_is_none_has_its_findings() -> None:
    (only,) = lines("hello")
    assert (only.kind, [finding.code for finding in only.findings]) == ("file", ["no_interchange"])


def test_wrapped_files_are_explained_unwrapped() -> None:
    text = good("856")
    wrapped = "\n".join(text[at : at + 80] for at in range(0, len(text), 80))
    assert [(line.segment, line.raw) for line in lines(wrapped)] == [(line.segment, line.raw) for line in lines(text)]


@pytest.mark.parametrize("codec", ["utf-16", "cp037", "utf-8-sig"])
def test_other_encodings_are_explained_alike(codec: str) -> None:
    found = explain(good("856").encode(codec), Profile())
    assert [line.raw for line in found if line.segment] == [line.raw for line in lines(good("856"))]


def test_the_text_for_a_terminal() -> None:
    text = explain_text(lines(good().replace("BLI*UP", "BLI*\x1b[2J")), colour=False)
    assert "\x1b" not in text
    assert "ISA  Interchange header  [accepted]\n" in text
    assert "    ST  Transaction set header  [rejected]\n" in text
    assert "BGN02 Reference Identification: RTV100045\n" in text
    assert "error: BLI01: " in text and "[AK403 " in text
    coloured = explain_text(lines(good()), colour=True)
    assert "\x1b[32maccepted\x1b[0m" in coloured
    assert explain_text([], colour=True) == ""


def test_segments_show_the_place_that_an_acknowledgment_names() -> None:
    text = explain_text(lines(good().replace("20250314", "20250230", 1)), colour=False)
    assert "      BGN  Beginning Segment  #2\n" in text
    assert "BLI  Baseline Item Data  #4\n" in text
    bad = good().replace("*20250314*0930~", "*20250230*0930~")
    assert "error: BGN03: there is no day 20250230 [AK403 8]\n" in explain_text(lines(bad), colour=False)


def test_codes_are_spelt_out() -> None:
    shown = {element.ref: element.text for line in lines(good()) for element in line.elements}
    assert shown["ISA15"] == "production"
    assert shown["GS01"] == "return authorization (180)"
    assert shown["RDR02"]
