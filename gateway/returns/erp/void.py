"""A person decides that postings are never sent: they count as settled outside the ERP's import files."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from gateway.returns.decision import Decision, finish
from gateway.returns.erp.postings import Cause
from gateway.returns.items.master_data import NO_FACTS, Facts
from gateway.returns.model import Outcome, Received, Return
from gateway.returns.outcome.dispose import CannotResolve, NoNumbers
from gateway.returns.policy import Policies

# Only what has not left us, and could leave any time.
_VOIDABLE = frozenset({"ready", "refused"})


def void_postings(
    return_: Return,
    keys: Iterable[str],
    actor: str,
    now: datetime,
    policies: Policies,
    facts: Facts = NO_FACTS,
    *,
    why: str = "",
) -> Outcome:
    """Void these postings of a return, and with them what needs them.

    Raises CannotResolve, and has done nothing then, if one has left us or was taken back.
    """
    decision = Decision(Received(0, return_.partner, "house", now), [return_], facts, policies, now, NoNumbers())
    chosen = [return_.postings[key] for key in keys]
    for posting in chosen:
        if posting.state not in _VOIDABLE:
            raise CannotResolve(f"posting {posting.key} is {posting.state}: only what has not left us can be voided")
    for posting in chosen:
        posting.state, posting.waits_for, posting.changed_at = "void", "", decision.at
        posting.error_code, posting.error_text = "", f"void by {actor}" + (f": {why}" if why else "")
        decision.note(return_, f"{actor} voided {posting.kind} {posting.key}: it is never sent")
    finish(decision, return_, [posting.line_no for posting in chosen], Cause(decision.at))
    return decision.outcome
