"""Documents that change nothing: they came before, they are outdated, or their sender may not say what they say."""

from __future__ import annotations

from gateway.returns.apply.open_hold import HoldCause, open_hold
from gateway.returns.apply.settle import settle_ledger
from gateway.returns.apply.standing import Standing
from gateway.returns.decision import Decision, PostingCause
from gateway.returns.documents.identity import fingerprint
from gateway.returns.documents.ownership import why_not_theirs
from gateway.returns.documents.versions import note_version
from gateway.returns.model import DocumentState, Return
from translators.canonical import InboundDocument

# Why a document that is not the first with its key is left aside, and what the return's timeline says of it.
_ASIDE: dict[Standing, tuple[str, str]] = {
    "identical": ("duplicate", "{what} came again, unchanged"),
    "outdated": ("superseded", "an earlier version of {what} came late"),
    "refused": ("decided_against", "{what} came in the version that was decided against"),
}


def set_aside(
    decision: Decision, return_: Return, document: InboundDocument, key: str, its_standing: Standing, name: str
) -> tuple[DocumentState, str] | None:
    """The state of a document that changes nothing because of what came before it; None if it has an effect.

    The same business key with other content and no word of replacing is held: a Hold asks which version is right.
    """
    if its_standing == "differs":
        if not note_version(return_, key, fingerprint(document), decision.received.document_id):
            decision.note(return_, f"{name} came again in a version that is held already")
            return "ignored", "duplicate"
        settle_ledger(decision, return_, (), PostingCause(decision.at), for_erp=False)
        return "held", "duplicate_differs"
    reason_and_note = _ASIDE.get(its_standing)
    if reason_and_note is None:
        return None
    decision.note(return_, reason_and_note[1].format(what=name))
    return "ignored", reason_and_note[0]


def not_theirs(decision: Decision, return_: Return, key: str) -> bool:
    """True, with an open Hold, if the sender does not own what the document would change on this return.

    `key`: the document's business key.
    """
    why = why_not_theirs(decision.speaks_of, decision.received, return_)
    if not why:
        return False
    cause = HoldCause("ownership_conflict", "", key, key, why, document_id=decision.received.document_id)
    if open_hold(return_, cause, decision.at, derived=False):
        settle_ledger(decision, return_, (), PostingCause(decision.at))
    return True
