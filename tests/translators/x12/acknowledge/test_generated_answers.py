"""Every answer is valid by itself and reads back as it was meant, whatever it answers."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.translators.x12.acknowledge.answers import NUMBERS, faults
from tests.translators.x12.files import codes, group, interchange, sets_of
from tests.translators.x12.oracle import generate
from tests.translators.x12.oracle.judge import judge, loaded
from tests.translators.x12.strict_receiver import check_outbound
from translators.canonical import AcknowledgmentReceived
from translators.findings import CATALOGUE, new_finding
from translators.profile import Delimiters, Profile
from translators.translation import GroupResult, InterchangeResult, SetResult
from translators.x12.acknowledge.files import acknowledge, acknowledgments_due, render_acknowledgment
from translators.x12.guide.maps import load_plan
from translators.x12.read.file import read_interchanges
from translators.x12.read.group import group_verdict
from translators.x12.sets.set_997.reader import read_997
from translators.x12.sets.set_999.reader import read_999

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
