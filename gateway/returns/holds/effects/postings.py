"""A person says what becomes of a posting that the ERP refused, or of what it has posted and should not have."""

from __future__ import annotations

from gateway.returns.erp.undo import undecided
from gateway.returns.holds.effects.answer import Answer
from gateway.returns.model import Posting


def retry_posting(answer: Answer) -> None:
    """The posting goes into the next batch again."""
    posting = answer.return_.postings[answer.hold.posting_key]
    posting.state, posting.error_code, posting.error_text = "waiting", "", ""
    posting.changed_at = answer.decision.at


def drop_posting(answer: Answer) -> None:
    """It is settled outside the ERP's import files, and what needs it is void with it."""
    posting = answer.return_.postings[answer.hold.posting_key]
    posting.state, posting.waits_for, posting.changed_at = "void", "", answer.decision.at


def reverse_posted(answer: Answer) -> None:
    """What the ERP has posted too much is undone: the reversals go out."""
    for posting in _asked_about(answer):
        posting.answer, posting.changed_at = "reverse", answer.decision.at


def keep_posted(answer: Answer) -> None:
    """What the ERP has posted stays. The reversals are void, and with them what was issued anew in their place."""
    for posting in _asked_about(answer):
        posting.answer = "keep"
        slot = (posting.line_no, posting.kind, posting.split)
        anew = [
            p
            for p in answer.return_.postings.values()
            if (p.line_no, p.kind, p.split) == slot and p.sign == "+" and p.seq > posting.seq and p.state == "waiting"
        ]
        for void in (posting, *anew):
            void.state, void.waits_for, void.changed_at = "void", "", answer.decision.at
            void.error_text = f"{answer.actor} kept what was posted"


def _asked_about(answer: Answer) -> list[Posting]:
    """The reversals that the Hold is about."""
    first = answer.return_.postings[answer.hold.posting_key]
    waiting = undecided(answer.return_, answer.decision.policy(answer.return_))
    return waiting[first.line_no, (first.kind, first.split)]
