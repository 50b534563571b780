"""What may be said to a Hold: of a return, of a file, of a posting."""

from __future__ import annotations

import pytest

from gateway.holds import answers_to, hold_class


@pytest.mark.parametrize(
    ("class_", "posting_key", "answers"),
    [
        ("eligibility_review", "", ("approve", "deny")),
        ("over_received", "", ("accept", "quarantine_and_return", "keep_without_credit", "reject", "dismiss")),
        ("erp_refused", "R000001-1-RO-0-1", ("retry_posting", "drop_posting", "dismiss")),
        ("meant_twice", "", ("process", "ignore")),
        ("out_conflict", "", ("send_again", "void")),
        ("not_recognised", "", ("replay", "done")),
        ("unrenderable", "R000001-1-RO-0-1", ("retry", "void", "done")),
        ("unrenderable", "", ("done",)),
        ("answer_overdue", "", ("done",)),
    ],
)
def test_every_hold_can_be_answered(class_: str, posting_key: str, answers: tuple[str, ...]) -> None:
    assert tuple(answer.name for answer in answers_to(class_, posting_key)) == answers


def test_a_decision_without_a_list_is_taken_too() -> None:
    assert hold_class("answer_overdue").answer("dismiss") is not None
    assert hold_class("meant_twice").answer("done") is None
    assert hold_class("unrenderable").answer("void") is None
    assert hold_class("unrenderable").answer("void", "R000001-1-RO-0-1") is not None


def test_a_hold_that_another_version_stored_is_shown_without_answers() -> None:
    assert answers_to("class_of_tomorrow") == ()
