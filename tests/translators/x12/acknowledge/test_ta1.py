"""When we owe a TA1 and what it says; and who gets no answer at all."""

from __future__ import annotations

import pytest

from tests.translators.x12.acknowledge.answers import answer, segments
from tests.translators.x12.files import good, group, interchange, isa, transaction
from tests.translators.x12.strict_receiver import check_outbound


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
