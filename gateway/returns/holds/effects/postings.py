"""A person says what becomes of a posting that the ERP refused."""

from __future__ import annotations

from gateway.returns.holds.effects.answer import Answer


def retry_posting(answer: Answer) -> None:
    """The posting goes into the next batch again."""
    posting = answer.return_.postings[answer.hold.posting_key]
    posting.state, posting.error_code, posting.error_text = "waiting", "", ""
    posting.changed_at = answer.decision.at


def drop_posting(answer: Answer) -> None:
    """It is settled outside the ERP's import files, and what needs it is void with it."""
    posting = answer.return_.postings[answer.hold.posting_key]
    posting.state, posting.waits_for, posting.changed_at = "void", "", answer.decision.at
