"""What we answer: every code, every count, and that each answer is itself valid and says what we meant."""

from __future__ import annotations

from datetime import datetime
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.translators.x12.files import codes, good, group, interchange, isa, only, sets_of, transaction
from tests.translators.x12.oracle import generate
from tests.translators.x12.oracle.judge import judge, loaded
from tests.translators.x12.strict_receiver import check_outbound
from translators.canonical import AcknowledgmentReceived
from translators.findings import CATALOGUE, Finding, new_finding
from translators.profile import Delimiters, Profile
from translators.translation import GroupResult, InterchangeResult, SetResult
from translators.x12.acknowledge.files import ControlNumbers, acknowledge, acknowledgments_due, render_acknowledgment
from translators.x12.guide.maps import load_plan, nearest_release
from translators.x12.read.file import read_interchanges
from translators.x12.read.group import group_verdict
from translators.x12.sets.set_997.reader import read_997
from translators.x12.sets.set_999.reader import read_999

NUMBERS = ControlNumbers(interchange=41, group=7)


def answer(text: str, **settings_of_profile: Any) -> list[str]:
    """The acknowledgments of a file's only interchange, as text."""
    profile = Profile.model_validate(settings_of_profile)
    return [file.data.decode("latin-1") for file in acknowledge(only(text, **settings_of_profile), profile, NUMBERS)]


def faults(data: bytes) -> list[Finding]:
    """What a strict receiver finds in an answer; one in a release without a guide is read as the nearest that has."""
    (back,) = read_interchanges(data, Profile(), {}).interchanges
    for one in back.groups:
        nearest = nearest_release("997", one.version)
        if nearest is not None and not nearest.exact:
            element, end = chr(data[3]), chr(data[105])
            named, read_as = f"{element}{one.version}{end}", f"{element}{nearest.name}{end}"
            data = data.replace(named.encode(), read_as.encode())
    return check_outbound(data)


def segments(text: str) -> list[str]:
    return text.rstrip("~").split("~")


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


# --- TA1 --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "ack_requested", "bend", "expected"),
    [
        ("on_request", "0", "", ""),
        ("on_request", "1", "", "A*000"),
        ("on_request", "1", "count", "E*021"),
        ("on_request", "1", "cut", "R*023"),
        ("on_request", "0", "cut", ""),
        ("on_request", "2", "count", ""),
        ("on_request", "2", "cut", "R*023"),
        ("on_request", "3", "count", "E*021"),
        ("on_request", "3", "", ""),
        ("on_error", "0", "", ""),
        ("on_error", "0", "count", "E*021"),
        ("on_error", "0", "cut", "R*023"),
        ("on_error", "1", "", "A*000"),
        ("always", "0", "", "A*000"),
        ("never", "1", "cut", ""),
    ],
)
def test_when_a_ta1_is_owed_and_what_it_says(policy: str, ack_requested: str, bend: str, expected: str) -> None:
    text = interchange([group([transaction()])], isa(ack_requested=ack_requested))
    if bend == "count":
        text = text.replace("IEA*1*", "IEA*2*")
    if bend == "cut":
        text = text.partition("IEA*")[0]
    answers = answer(text, acknowledgments={"ta1": policy})
    ta1s = [answer for answer in answers if "TA1*" in answer]
    assert [answer.split("TA1*")[1].split("~")[0] for answer in ta1s] == (
        [f"000000905*250314*0931*{expected}"] if expected else []
    )
    # What is rejected as a whole was not processed: no 997 for it.
    assert len(answers) - len(ta1s) == (bend != "cut")
    assert all(check_outbound(answer.encode()) == [] for answer in answers)


@pytest.mark.parametrize("version", ["00401", "00403", "00501"])
def test_a_ta1_travels_in_the_control_version_that_it_answers(version: str) -> None:
    text = interchange([group([transaction()])], isa(ack_requested="1", version=version, standards="^"))
    ta1, _ = answer(text)
    assert f"*{version}*000000041*" in ta1


@pytest.mark.parametrize("policy", ["always", "on_error", "on_request"])
def test_acknowledgments_are_never_acknowledged(policy: str) -> None:
    (answered,) = answer(good())
    assert answer(answered.replace("*0*P*", "*1*P*"), acknowledgments={"ta1": policy}) == []
    only_ta1 = isa(ack_requested="1") + "TA1*000000001*250314*0931*A*000~IEA*0*000000905~"
    assert answer(only_ta1, acknowledgments={"ta1": policy}) == []


def test_an_fa_group_beside_others_is_passed_over() -> None:
    (answered,) = answer(good())
    acknowledgment_group = "GS*FA*" + answered.partition("GS*FA*")[2].partition("IEA*")[0]
    (second,) = answer(interchange([acknowledgment_group, group([transaction()], "6")]))
    assert [segment for segment in segments(second) if segment.startswith("AK1")] == ["AK1*AN*6"]


def test_nothing_is_sent_to_a_partner_who_wants_nothing() -> None:
    assert answer(good(), acknowledgments={"send": "none"}) == []


# --- every answer is valid, and reads back as it was meant ------------------------------------------------------------

REPORTABLE = sorted(code for code, kind in CATALOGUE.items() if kind.level in {"set", "segment", "element"})
GROUP_CODES = sorted(code for code, kind in CATALOGUE.items() if kind.level == "group")
ANY_TEXT = st.text(st.characters(min_codepoint=0, max_codepoint=255), max_size=30)

findings_of_a_set = st.lists(
    st.builds(
        lambda code, severity, segment, position, element, component, repeat, value, number: new_finding(
            code,
            severity=severity,
            segment=segment,
            position=position,
            element=element if CATALOGUE[code].level == "element" else 0,
            component=component,
            repeat=repeat,
            value=value,
            data_element=number,
        ),
        st.sampled_from(REPORTABLE),
        st.sampled_from(["error", "warning", "note"]),
        st.one_of(st.sampled_from(["BGN", "N9", "BLI"]), ANY_TEXT),
        st.integers(1, 10_000_000),
        st.integers(1, 120),
        st.integers(0, 3),
        st.integers(0, 3),
        ANY_TEXT,
        st.sampled_from(["353", "28", "C040", ""]),
    ),
    max_size=6,
)


@st.composite
def received(draw: st.DrawFn) -> InterchangeResult:
    """An interchange as it might have been read, however broken."""
    groups = []
    for _ in range(draw(st.integers(1, 3))):
        sets = []
        for _ in range(draw(st.integers(0, 4))):
            findings = draw(findings_of_a_set)
            severities = {finding.severity for finding in findings}
            verdict: Any = (
                "rejected"
                if "error" in severities
                else "accepted_with_errors"
                if "warning" in severities
                else "accepted"
            )
            number = draw(st.one_of(st.integers(1, 9999).map(lambda n: f"{n:04d}"), ANY_TEXT))
            sets.append(SetResult(draw(st.sampled_from(["180", "944", "18", "", "9*4"])), number, 3, verdict, findings))
        one = GroupResult(
            draw(st.sampled_from(["AN", "RE", "PO", "", "*"])),
            draw(st.one_of(st.just("5"), ANY_TEXT)),
            draw(st.sampled_from(["004010", "005010", "005010VICS", "004060", "", "~"])),
            draw(ANY_TEXT),
            draw(ANY_TEXT),
            "accepted",
            sets,
            [new_finding(code) for code in draw(st.lists(st.sampled_from(GROUP_CODES), max_size=2))],
            draw(st.integers(0, 999_999)),
        )
        one.verdict = group_verdict(one)
        groups.append(one)
    requested = draw(st.sampled_from(["0", "1"]))
    date = draw(st.sampled_from(["250314", "", "991399"]))
    sender = draw(st.one_of(st.just("NORTHGATE"), ANY_TEXT)).strip() or "NOBODY"
    return InterchangeResult(
        "000000905", "ZZ", sender, "ZZ", "GATEWAY", date, "0931", "00401", "P", requested, "accepted", groups
    )


@given(received(), st.sampled_from(["997", "999"]), st.booleans())
@settings(max_examples=60, deadline=None)
def test_every_answer_is_valid_and_reads_back_to_the_same_verdicts(
    interchange_read: InterchangeResult, send: Any, accepted_sets: bool
) -> None:
    profile = Profile.model_validate({"acknowledgments": {"send": send, "accepted_sets": accepted_sets}})
    answers: dict[int, AcknowledgmentReceived] = {}
    for due in acknowledgments_due(interchange_read, profile):
        rendered = render_acknowledgment(due, profile, NUMBERS)
        assert faults(rendered.data) == []
        if due.kind == "TA1":
            continue
        file = read_interchanges(rendered.data, Profile(), {"997": read_997, "999": read_999})
        (back,) = file.interchanges
        pyx12_agrees(rendered.data, due.kind, due.version, back)
        documents = [document for one in sets_of(back) for document in one.documents]
        for ordinal, document in zip(due.groups, documents, strict=True):
            assert isinstance(document, AcknowledgmentReceived)
            answers[ordinal] = document
    assert sorted(answers) == list(range(len(interchange_read.groups)))
    for ordinal, document in answers.items():
        says_the_same(interchange_read.groups[ordinal], document, accepted_sets)


def says_the_same(one: GroupResult, document: AcknowledgmentReceived, accepted_sets: bool) -> None:
    assert document.verdict == one.verdict
    assert (document.included, document.received) == (one.claimed_sets, len(one.sets))
    assert [transaction_set.verdict for transaction_set in document.sets] == [
        transaction_set.verdict
        for transaction_set in one.sets
        if (accepted_sets or transaction_set.verdict != "accepted")
        and not (
            transaction_set.verdict == "rejected"
            and {"group_rejected", "interchange_rejected"} & set(codes(transaction_set.findings))
        )
    ]
    rejected = one.verdict == "rejected"
    assert document.accepted == (
        0 if rejected else sum(transaction_set.verdict != "rejected" for transaction_set in one.sets)
    )


def pyx12_agrees(data: bytes, kind: str, version: str, back: InterchangeResult) -> None:
    """pyx12's own judgement of each set we wrote, on the same map."""
    tree = loaded(kind, "005010" if version >= "005010" else "004010")
    marks = Delimiters(element=chr(data[3]), component=chr(data[104]), segment=chr(data[105]))
    for transaction_set in sets_of(back):
        raw = (
            data[transaction_set.offset : transaction_set.offset + transaction_set.length]
            .decode("latin-1")
            .rstrip(marks.segment)
        )
        assert judge(tree, raw.split(marks.segment), marks) == []


@given(st.integers(0, 2**32), st.sampled_from(["180", "856", "944"]), st.sampled_from(["004010", "005010"]))
@settings(max_examples=60, deadline=None)
def test_damaged_files_get_answers_that_are_valid(seed: int, set_id: str, release: str) -> None:
    random = Random(seed)
    raw = generate.valid_set(load_plan(set_id, release), random)
    for _ in range(random.randint(0, 3)):
        raw = generate.damaged(load_plan(set_id, release), raw, random)
    functional = {"180": "AN", "856": "SH", "944": "RE"}[set_id]
    text = interchange([group(["".join(f"{segment}~" for segment in raw)], functional_id=functional, version=release)])
    for found_interchange in read_interchanges(text.encode("latin-1", "replace"), Profile(), {}).interchanges:
        for file in acknowledge(found_interchange, Profile(), NUMBERS):
            assert check_outbound(file.data) == []
