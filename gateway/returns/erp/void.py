"""A person decides that postings are never sent: they count as settled outside the ERP's import files."""

from __future__ import annotations

from collections.abc import Iterable

from gateway.returns.apply.settle import settle_ledger
from gateway.returns.decision import CannotResolve, Decision, PostingCause
from gateway.returns.model import Return

# Only what has not left us, and could leave any time.
_VOIDABLE = frozenset({"ready", "refused"})


def void(decision: Decision, return_: Return, keys: Iterable[str], actor: str, why: str) -> None:
    """Void these postings of a return. What needs them is void with them once the decision is finished.

    Raises CannotResolve, and has done nothing then, if one has left us or was taken back.
    """
    chosen = [return_.postings[key] for key in keys]
    for posting in chosen:
        if posting.state not in _VOIDABLE:
            raise CannotResolve(f"posting {posting.key} is {posting.state}: only what has not left us can be voided")
    for posting in chosen:
        posting.state, posting.waits_for, posting.changed_at = "void", "", decision.at
        posting.error_code, posting.error_text = "", f"void by {actor}" + (f": {why}" if why else "")
        decision.note(return_, f"{actor} voided {posting.kind} {posting.key}: it is never sent")
    settle_ledger(decision, return_, [posting.line_no for posting in chosen], PostingCause(decision.at))
