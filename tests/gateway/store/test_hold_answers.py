"""What may be said to a Hold: of a return, of a file, of a posting."""

from __future__ import annotations

import pytest

from gateway.store.people.hold_answers import answers_to


@pytest.mark.parametrize(
    ("class_", "intake_id", "posting_key", "answers"),
    [
        ("eligibility_review", None, "", ("approve", "deny")),
        ("over_received", None, "", ("accept_over", "reject", "dismiss")),
        ("meant_twice", 4, "", ("process", "ignore")),
        ("out_conflict", None, "", ("send_again", "void")),
        ("not_recognised", 4, "", ("replay", "done")),
        ("unrenderable", None, "R000001-1-RO-0-1", ("retry", "void", "done")),
        ("answer_overdue", None, "", ("done",)),
    ],
)
def test_every_hold_can_be_answered(
    class_: str, intake_id: int | None, posting_key: str, answers: tuple[str, ...]
) -> None:
    assert answers_to(class_, intake_id, posting_key) == answers
