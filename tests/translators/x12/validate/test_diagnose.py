"""Every error with its exact code and place, and no blame for the segments around it."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import asdict
from random import Random

import pytest

from tests.translators.x12.oracle.generate import valid_set
from tests.translators.x12.oracle.judge import judge, loaded
from translators.findings import CATALOGUE, Finding
from translators.profile import DEFAULT_TOLERATE, Delimiters
from translators.x12.envelope.limits import MAX_FINDINGS_PER_SET
from translators.x12.guide.maps import load_plan
from translators.x12.sets.table import SETS, releases_of
from translators.x12.validate.verdict import validate_set, verdict_of

D = Delimiters()
LINE = ["BLI*UP*012345678905*3*EA*UCP*12.5**VN*AC-100", "N9*FJ*1", "RDR**DR**CRACKED HANDLE*Y"]
REQUEST = [
    "BGN*13*RTV100045*20250314*0930",
    "N9*IA*123456",
    "N1*SN*STORE 0456*92*0456",
    "N3*12 MAIN STREET",
    "N1*VN*ACME MFG*91*ACME",
    *LINE,
    "BLI*UP*012345678912*1*EA",
    "RDR**DT",
]
RECEIPT = [
    "W17*C*20250325*WR889*RGA5512*SHP7781",
    "N1*WH*ACME RETURNS DC*91*R1",
    "N9*RZ*RGA5512",
    "W07*2*EA**UP*012345678905",
    "N9*FJ*1",
    "W13*1*EA*01**CC",
    "W14*2**1",
]
NOTICE = [
    "BSN*00*SH1*20250314*0930",
    "HL*1**S",
    "TD5*B*2*UPSN*M",
    "REF*RZ*12",
    "N1*SF*STORE*92*456",
    "HL*2*1*I",
    "LIN**UP*012345678905",
    "SN1**3*EA",
    "CTT*2",
]


def findings(
    body: list[str],
    set_id: str = "180",
    release: str = "004010",
    *,
    strict: bool = False,
    tolerate: Collection[str] = (),
    delimiters: Delimiters = D,
) -> list[Finding]:
    segments = [f"ST*{set_id}*0001", *body, f"SE*{len(body) + 2}*0001"]
    return validate_set(load_plan(set_id, release), segments, delimiters, strict=strict, tolerate=tolerate)


def short(found: list[Finding]) -> list[tuple[str, str, int, int, int]]:
    """(ack code, segment, position, element, component) of each finding."""
    return [(f.ack_code, f.segment, f.position, f.element, f.component) for f in found]


def changed(body: list[str], old: str, new: str) -> list[str]:
    return [raw.replace(old, new) for raw in body]


def test_good_sets_have_no_findings() -> None:
    assert findings(REQUEST) == []
    assert findings(RECEIPT, "944") == []
    assert findings(NOTICE, "856") == []


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        pytest.param([*REQUEST, "QQQ*1"], [("1", "QQQ", 12)], id="no such segment in X12"),
        pytest.param([*REQUEST[:7], "LQ*A*1", *REQUEST[7:]], [("2", "LQ", 9)], id="a loop's inside without the loop"),
        pytest.param([*REQUEST[:7], "LQ*A*1", "LQ*A*2", *REQUEST[10:]], [("2", "LQ", 9)], id="all of its inside"),
        pytest.param(REQUEST[1:], [("3", "BGN", 2)], id="mandatory segment missing: where that was noticed"),
        pytest.param([*REQUEST[:5], *LINE, "LM*VI", "N1*SN*X"], [("3", "LQ", 11)], id="mandatory in an open loop"),
        pytest.param([*REQUEST[:5], *LINE, *["LM*VI", "LQ*A*1"] * 11], [("4", "LM", 30)], id="loop too often"),
        pytest.param([*REQUEST[:2], *["N9*CN*1"] * 10, *REQUEST[2:]], [("5", "N9", 13)], id="segment too often"),
        pytest.param(
            [*REQUEST[:2], *["N9*CN*1"] * 12, *REQUEST[2:]], [("5", "N9", p) for p in (13, 14, 15)], id="each"
        ),
        pytest.param([*REQUEST, "CTT*2"], [("6", "CTT", 12)], id="not in this set"),
        pytest.param([*REQUEST[:3], "N9*CN*1", *REQUEST[3:]], [("7", "N9", 5)], id="out of sequence, loop goes on"),
        pytest.param([*REQUEST[1:3], REQUEST[0], *REQUEST[3:]], [("7", "BGN", 4)], id="late, so not missing"),
        pytest.param([REQUEST[1], REQUEST[0], *REQUEST[2:]], [("7", "BGN", 3)], id="two swapped"),
    ],
)
def test_segment_errors(body: list[str], wanted: list[tuple[str, str, int]]) -> None:
    found = findings(body)
    assert [(f.ack_code, f.segment, f.position) for f in found] == wanted
    assert all(f.element == 0 and f.severity == "error" for f in found)
    assert verdict_of(found) == "rejected"


@pytest.mark.parametrize(
    ("body", "set_id", "wanted"),
    [
        pytest.param(changed(REQUEST, "BLI*UP*012345678905", "BL1*UP*1"), "180", [("1", "BL1", 7)], id="first line"),
        pytest.param(changed(REQUEST, "BLI*UP*012345678912", "QLI*UP*1"), "180", [("1", "QLI", 10)], id="second line"),
        pytest.param(changed(REQUEST, "N1*SN", "N*SN"), "180", [("1", "N", 4)], id="a name"),
        pytest.param(changed(NOTICE, "HL*2", "XXL*2"), "856", [("1", "XXL", 7)], id="a level"),
        pytest.param(changed(NOTICE, "HL*1", "HI_*1"), "856", [("1", "HI_", 3)], id="the first level"),
        pytest.param(changed(RECEIPT, "W07*2", "WO7*2"), "944", [("1", "WO7", 5)], id="a receipt line"),
    ],
)
def test_a_damaged_opener_does_not_blame_its_loop(
    body: list[str], set_id: str, wanted: list[tuple[str, str, int]]
) -> None:
    found = findings(body, set_id)
    assert [(f.ack_code, f.segment, f.position) for f in found] == wanted


def test_what_follows_is_not_missing() -> None:
    body = ["IK5*A", "AK1*RE*5", "AK9*A*1*1*1"]
    assert [(f.ack_code, f.segment, f.position) for f in findings(body, "999", "005010")] == [("2", "IK5", 2)]


def test_a_loop_out_of_its_place_is_one_error() -> None:
    body = [*REQUEST[:5], "LM*VI", "LQ*A*1", "N1*ST*DC", "N3*STREET", "N4*TOWN*IL*62701", *LINE]
    assert [(f.ack_code, f.segment, f.position) for f in findings(body)] == [("7", "N1", 9)]


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("BGN*13*RTV100045", "BGN**RTV100045", [("1", "BGN", 2, 1, 0)]),
        ("RDR**DT", "RDR", []),
        ("*EA*UCP*12.5", "*EA**12.5", [("2", "BLI", 7, 5, 0)]),
        ("VN*AC-100", "VN", [("2", "BLI", 7, 9, 0)]),
        ("*ACME MFG*91*ACME", "", [("2", "N1", 6, 2, 0)]),
        ("N3*12 MAIN STREET", "N3*A*B*C", [("3", "N3", 5, 3, 0)]),
        ("*92*0456", "*92*4", [("4", "N1", 4, 4, 0)]),
        ("RTV100045", "R" * 31, [("5", "BGN", 2, 2, 0)]),
        ("*3*EA", "*THREE*EA", [("6", "BLI", 7, 3, 0)]),
        ("*3*EA", "*3.*EA", [("6", "BLI", 7, 3, 0)]),
        ("CRACKED HANDLE", "CRACKED\x07HANDLE", [("6", "RDR", 9, 4, 0)]),
        ("CRACKED HANDLE", "CRACKED>HANDLE", [("6", "RDR", 9, 4, 0)]),
        ("RDR**DR", "RDR**XX", [("7", "RDR", 9, 2, 0)]),
        ("20250314", "20250230", [("8", "BGN", 2, 3, 0)]),
        ("20250314", "2025-3-1", [("8", "BGN", 2, 3, 0)]),
        ("20250314", "2025031", [("4", "BGN", 2, 3, 0)]),
        ("0930", "2460", [("9", "BGN", 2, 4, 0)]),
        ("0930", "093", [("4", "BGN", 2, 4, 0)]),
        ("RDR**DR**", "RDR**DR*EW*", [("10", "RDR", 9, 3, 0)]),
        ("*3*EA*UCP*12.5", "*X*EACH**12.5", [("6", "BLI", 7, 3, 0), ("5", "BLI", 7, 4, 0), ("2", "BLI", 7, 5, 0)]),
    ],
)
def test_element_errors(old: str, new: str, wanted: list[tuple[str, str, int, int, int]]) -> None:
    assert short(findings(changed(REQUEST, old, new))) == wanted


def test_what_a_finding_carries() -> None:
    (found,) = findings(changed(RECEIPT, "*01**CC", "*15**CC"), "944")
    expected = {
        "code": "bad_code",
        "segment": "W13",
        "position": 7,
        "element": 3,
        "ack_code": "7",
        "value": "15",
        "data_element": "412",
        "loop": "W13",
        "severity": "error",
    }
    assert {name: asdict(found)[name] for name in expected} == expected
    (character,) = findings(changed(REQUEST, "CRACKED", "CRA\tKED"))
    assert (character.ack_code, character.value, character.data_element) == ("6", "", "352")
    (long,) = findings(changed(REQUEST, "RTV100045", "R" * 500))
    assert len(long.value) == 99


def test_composites() -> None:
    def acknowledgment(ak4: str, release: str = "004010") -> list[tuple[str, str, int, int, int]]:
        body = ["AK1*RE*5", "AK2*944*0001", "AK3*N9*4**8", f"AK4*{ak4}*127*5*X", "AK5*R*5", "AK9*R*1*1*0"]
        return short(findings(body, "997", release))

    assert acknowledgment("2") == acknowledgment("2>1") == acknowledgment("2>1>3", "005010") == []
    assert acknowledgment("2>1>3") == [("3", "AK4", 5, 1, 3)]
    assert acknowledgment("2>1>3>4", "005010") == [("13", "AK4", 5, 1, 4)]
    assert acknowledgment("2>X") == [("6", "AK4", 5, 1, 2)]
    assert acknowledgment("2>999") == [("5", "AK4", 5, 1, 2)]
    assert acknowledgment(">1") == [("1", "AK4", 5, 1, 1)]
    assert acknowledgment("") == [("1", "AK4", 5, 1, 0)]


def test_notes_inside_a_composite() -> None:
    body = [*REQUEST[:1], "N9*RZ*1*****VN>A>PO", *REQUEST[1:]]
    assert short(findings(body)) == [("2", "N9", 3, 7, 4)]


@pytest.mark.parametrize(
    ("segment", "words"),
    [
        ("N1*VN*ACME*92", "N104: Identification Code is missing: N103 and N104 go together (P0304)"),
        ("N1*VN", "N102: one of N102 and N103 must have a value (R0203)"),
        ("DTM*007**1200*ET*D8", "DTM06: Date Time Period is missing: DTM05 and DTM06 go together (P0506)"),
        ("N9*IA*1****ET", "N905: Time is missing: N906 asks for it (C0605)"),
        ("RDR**DR*RT", "RDR03: only one of RDR02 and RDR03 may have a value (E0203)"),
    ],
)
def test_conditions_are_told_in_words(segment: str, words: str) -> None:
    messages = [
        finding.message
        for finding in findings([*REQUEST[:1], segment, *REQUEST[1:]])
        if finding.ack_code in ("2", "10")
    ]
    assert words in messages


def test_a_list_condition_names_what_would_meet_it() -> None:
    body = ["BSN*00*SHP1*20250318*1000", "HL*1**S", "CUR*BY*USD********007"]
    assert [finding.message for finding in findings(body, "856")] == [
        "CUR11: one of CUR11 and CUR12 must have a value, as CUR10 has one (L101112)"
    ]


def test_repetitions_are_seen_where_the_release_has_them() -> None:
    five = Delimiters(repetition="^")
    found = findings(changed(REQUEST, "N9*IA*123456", "N9*IA*12^34"), release="005010", delimiters=five)
    assert short(found) == [("12", "N9", 3, 2, 0)]
    assert findings(changed(REQUEST, "N9*IA*123456", "N9*IA*12^34"), release="005010") == []


def test_an_element_may_repeat_where_the_guide_says_so() -> None:
    five = Delimiters(repetition="^")

    def answer(context: str) -> list[tuple[str, str, int, int, int]]:
        body = ["AK1*RE*5*005010", "AK2*944*0001", "IK3*N9*4**8", f"CTX*{context}", "IK5*R*5", "AK9*R*1*1*0"]
        return short(findings(body, "999", "005010", delimiters=five))

    assert answer("SITUATIONAL TRIGGER") == answer("TRIGGER>2^TRIGGER") == answer("^".join("ABCDEFGHIJ")) == []
    assert answer("^".join("ABCDEFGHIJK")) == [("12", "CTX", 5, 1, 0)]
    assert answer("A^^B") == [("1", "CTX", 5, 1, 0)]
    assert answer("A^" + "B" * 36) == [("5", "CTX", 5, 1, 1)]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("N9*FJ*1", "N9*FJ*1***", "trailing_separators"),
        ("CRACKED HANDLE", "CRACKED HANDLE  ", "trailing_blanks"),
        ("**CRACKED HANDLE", "** ", "blank_element"),
        ("RDR**DT", "SAC*A*D240***2.00", "decimal_point_in_n2"),
        ("20250314", "250314", "short_date"),
        ("CRACKED HANDLE", "POIGNÉE CASSÉE", "national_character"),
    ],
)
def test_deviations_that_are_forgiven_unless_strict(old: str, new: str, code: str) -> None:
    body = changed(REQUEST, old, new)
    if code == "decimal_point_in_n2":
        assert findings(changed(REQUEST, old, "SAC*A*D240***200")) == []
    forgiven = findings(body, tolerate=DEFAULT_TOLERATE)
    assert [(f.code, f.severity) for f in forgiven] == [(code, "warning")]
    assert verdict_of(forgiven) == "accepted_with_errors"
    for strictly in (findings(body, strict=True, tolerate=DEFAULT_TOLERATE), findings(body)):
        assert [(f.code, f.severity) for f in strictly] == [(code, "error")]
        assert verdict_of(strictly) == "rejected"
    assert CATALOGUE[code].ack_code


def test_blanks_do_not_stand_for_a_mandatory_value() -> None:
    found = findings(changed(REQUEST, "RTV100045", "   "), tolerate=DEFAULT_TOLERATE)
    assert [(f.code, f.severity) for f in found] == [("blank_element", "warning"), ("element_missing", "error")]


# A definition's end: ST has two elements in 004010, N9 has seven, the composite in MEA04 has fifteen components.
BEHIND_THE_DEFINITION = [
    ("ST*180*0001* ", [("blank_element", 3, 0)]),
    ("ST*180*0001**  ", [("blank_element", 4, 0)]),
    ("ST*180*0001* * ", [("blank_element", 3, 0), ("blank_element", 4, 0)]),
    ("ST*180*0001* *", [("blank_element", 3, 0), ("trailing_separators", 4, 0)]),
    ("ST*180*0001* *X", [("blank_element", 3, 0), ("too_many_elements", 4, 0)]),
]


@pytest.mark.parametrize(("header", "expected"), BEHIND_THE_DEFINITION)
def test_blanks_behind_the_last_defined_element_are_a_blank_element(
    header: str, expected: list[tuple[str, int, int]]
) -> None:
    segments = [header, *REQUEST, f"SE*{len(REQUEST) + 2}*0001"]
    plan = load_plan("180", "004010")
    strictly = validate_set(plan, segments, Delimiters(), strict=True, tolerate=DEFAULT_TOLERATE)
    assert [(f.code, f.element, f.component) for f in strictly] == expected
    assert {(f.severity, f.segment, f.position, f.data_element) for f in strictly} == {("error", "ST", 1, "")}
    forgiven = validate_set(plan, segments, Delimiters(), tolerate=DEFAULT_TOLERATE)
    assert [(f.code, f.element, f.component) for f in forgiven] == expected
    assert [f.severity == "warning" for f in forgiven] == [f.code in DEFAULT_TOLERATE for f in forgiven]


def test_blanks_behind_the_last_component_are_a_blank_element() -> None:
    composite = "MEA*WT*G*1*LB" + ">" * 15
    for behind, expected in ((" ", ["blank_element"]), (" >", ["blank_element", "trailing_separators"])):
        body = [*REQUEST[:2], "BLI*UP*012345678905*3*EA", composite + behind]
        found = findings(body, tolerate=DEFAULT_TOLERATE)
        assert [(f.code, f.severity) for f in found] == [(code, "warning") for code in expected]
        assert (found[0].element, found[0].component) == (4, 16)
        assert verdict_of(findings(body, strict=True, tolerate=DEFAULT_TOLERATE)) == "rejected"
    (late,) = findings([*REQUEST[:2], "BLI*UP*012345678905*3*EA", composite + " >X"])[1:]
    assert (late.code, late.element, late.component) == ("too_many_components", 4, 17)


@pytest.mark.parametrize(("set_id", "release"), [(s, r) for s in SETS for r in releases_of(s)])
def test_no_segment_of_any_set_may_have_blanks_behind_its_definition(set_id: str, release: str) -> None:
    plan, random = load_plan(set_id, release), Random(release)
    delimiters = Delimiters(repetition="^") if release == "005010" else Delimiters()
    definitions = {node.id: node.definition for node in plan.root.segments()}
    segments = valid_set(plan, random, 0.3)
    for at, raw in enumerate(segments):
        values = raw.split("*")
        count = len(definitions[values[0]].elements)
        padded = [*segments]
        padded[at] = "*".join([*values, *[""] * (count + 1 - len(values)), " "])
        (only,) = validate_set(plan, padded, delimiters, strict=True)
        assert (only.code, only.position, only.element) == ("blank_element", at + 1, count + 1)
        assert judge(loaded(set_id, release), padded, delimiters)


def test_a_partner_can_be_forgiven_one_place() -> None:
    body = changed(RECEIPT, "WR889", "EISU9397985-21104")
    assert verdict_of(findings(body, "944")) == "rejected"
    assert verdict_of(findings(body, "944", tolerate=["element_too_long:W1703"])) == "accepted_with_errors"
    assert verdict_of(findings(body, "944", tolerate=["element_too_long:W1704"])) == "rejected"
    late = [*REQUEST[:3], "N9*CN*1", *REQUEST[3:]]
    assert verdict_of(findings(late, tolerate=["segment_out_of_sequence:N9"])) == "accepted_with_errors"


def test_a_944_is_read_in_either_shape_unless_strict() -> None:
    loops = [*RECEIPT[:3], "LX*1", "MAN*GM*1", *RECEIPT[3:]]
    (note,) = findings(loops, "944")
    assert (note.code, note.severity, note.position) == ("other_shape", "note", 5)
    assert verdict_of([note]) == "accepted"
    assert verdict_of(findings(loops, "944", strict=True)) == "rejected"
    assert findings(loops, "944", "005010") == []
    for release in ("004030", "005010"):
        assert [f.code for f in findings(RECEIPT, "944", release)] == ["other_shape"]
    wrong = findings(changed(loops, "*01**CC", "*15**CC"), "944")
    assert [(f.code, f.position) for f in wrong] == [("other_shape", 5), ("bad_code", 9)]


def test_dates_that_a_qualifier_describes() -> None:
    def notice(dtp: str) -> list[tuple[str, str, int, int, int]]:
        return short(findings([*NOTICE[:4], "CLD*1*2", dtp, *NOTICE[4:]], "856"))

    assert notice("DTP*011*D8*20250314") == notice("DTP*011*RD8*20250314-20250315") == notice("DTP*011*WW*12") == []
    assert notice("DTP*011*D8*20250231") == [("8", "DTP", 7, 3, 0)]
    assert notice("DTP*011*RD8*20250314") == [("8", "DTP", 7, 3, 0)]
    assert notice("DTP*011*TM*2500") == [("9", "DTP", 7, 3, 0)]


def test_findings_are_bounded_and_the_verdict_is_not_lost() -> None:
    bad = findings([*REQUEST, *["BLI*UP"] * 5000])
    assert len(bad) == MAX_FINDINGS_PER_SET
    assert bad[-1].code == "too_many_findings"
    late = [*REQUEST, *["BLI*UP*1**"] * 500, "RDR**XX"]
    found = findings(late, tolerate=DEFAULT_TOLERATE)
    assert len(found) == MAX_FINDINGS_PER_SET
    assert verdict_of(found) == "rejected"
    assert found[-2].code == "bad_code"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(["BGN*00*" + "A" * 2_000_000 + "*20250314"], id="an element of two million letters"),
        pytest.param(["BGN" + "*" * 1_000_000], id="a million separators"),
        pytest.param(["BGN*00*1*20250314", *["BLI*UP*1"] * 100_000], id="a hundred thousand good lines"),
        pytest.param(["BGN*00*1*20250314", *[""] * 100_000], id="a hundred thousand empty segments"),
        pytest.param(["BGN*00*1*20250314", *["N9*"] * 100_000], id="a hundred thousand bad segments"),
        pytest.param(["BGN*00*1*20250314", *["BLI*UP*1 "] * 50_000], id="fifty thousand tolerated ones"),
        pytest.param(["BGN*00*1*20250314", "MEA" + "*1" * 100_000], id="one of a hundred thousand elements"),
        pytest.param(["BGN*00*1*20250314", "MEA" + "* " * 100_000], id="one of a hundred thousand blanks"),
        pytest.param(["BGN*00*1*20250314", "BLI*UP*1", "MEA*WT*G*" + "9" * 200_000 + ".9"], id="a long number"),
        pytest.param(["BGN*00*1*20250314", "BLI*UP*1", "MEA*WT*G*1*" + "LB>" * 100_000], id="a long composite"),
    ],
)
def test_hostile_sets_end_in_time(body: list[str]) -> None:
    start = time.perf_counter()
    findings(body, tolerate=DEFAULT_TOLERATE)
    assert time.perf_counter() - start < 5
