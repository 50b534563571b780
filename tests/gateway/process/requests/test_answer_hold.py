"""What answers to Holds about files, documents and promises are taken, and what they do."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from gateway.clock import instant
from gateway.holds import HoldSubject, NewHold, hold_class
from gateway.store.people import holds, requests
from gateway.store.tables import hold, request
from tests.homes import GatewayAtWork


def opened(gateway: GatewayAtWork, class_: str, subject: HoldSubject) -> int:
    """A Hold of a class → its number."""
    row = hold_class(class_)
    with gateway.engine.store.write() as tx:
        new = NewHold(class_, f"{class_}:1", row.owner, "a message", "do something", subject)
        return holds.open_(tx, new, instant(gateway.clock.now()))


def answered(gateway: GatewayAtWork, number: int, decision: str) -> tuple[str, str]:
    """The outcome of an answer, and the state of the Hold afterwards."""
    body = {"hold": number, "decision": decision}
    with gateway.engine.store.write() as tx:
        requests.add(tx, "resolve", body, actor="ana", at=instant(gateway.clock.now()))
    gateway.work()
    outcomes = gateway.rows(sa.select(request.c.outcome).order_by(request.c.id.desc()).limit(1))
    states = gateway.rows(sa.select(hold.c.state).where(hold.c.id == number))
    return outcomes[0]["outcome"], states[0]["state"]


@pytest.mark.parametrize("decision", ["done", "dismiss"])
@pytest.mark.parametrize(
    "class_", ["answer_overdue", "partner_silent", "wrong_receiver", "unrenderable", "out_conflict"]
)
def test_what_was_settled_elsewhere_is_closed_with_either_word(
    gateway: GatewayAtWork, class_: str, decision: str
) -> None:
    number = opened(gateway, class_, HoldSubject(partner="cedar"))
    assert answered(gateway, number, decision) == ("noted as done", "resolved")


@pytest.mark.parametrize(
    ("class_", "decision"),
    [
        ("answer_overdue", "replay"),
        ("unrenderable", "retry"),
        ("unrenderable", "void"),
        ("wrong_receiver", "send_again"),
        ("wrong_receiver", "replay"),  # it names no intake
    ],
)
def test_what_is_no_answer_leaves_the_hold_open(gateway: GatewayAtWork, class_: str, decision: str) -> None:
    number = opened(gateway, class_, HoldSubject(partner="cedar"))
    refusal = f"'{decision}' is no answer to a hold of class {class_}: do something"
    assert answered(gateway, number, decision) == (refusal, "open")


def test_a_question_with_two_answers_names_them(gateway: GatewayAtWork) -> None:
    number = opened(gateway, "meant_twice", HoldSubject(partner="cedar", intake_id=1))
    assert answered(gateway, number, "done") == ("answer `process` or `ignore`", "open")
