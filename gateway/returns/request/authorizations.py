"""Other parties' answers: another authorization of a return, or a supplier's answer."""

from __future__ import annotations

from gateway.returns.apply.open_hold import HoldCause, open_hold
from gateway.returns.apply.set_aside import set_aside
from gateway.returns.apply.settle import settle_ledger
from gateway.returns.apply.standing import remember, standing
from gateway.returns.decision import Decision, PostingCause
from gateway.returns.documents.identity import business_key
from gateway.returns.documents.keys import keys_of_authorization
from gateway.returns.documents.matching import find, find_line
from gateway.returns.model import ZERO, Return
from gateway.returns.vendors.answers import granted, note_answer
from translators.canonical import Authorization


def apply_authorization(decision: Decision, document: Authorization) -> None:
    """Another party's word on a return that we authorize ourselves: noted if it agrees, held if it does not.

    We own the authorized quantity; a supplier's RMA becomes a number the return is known by.
    """
    received, outcome = decision.received, decision.outcome
    keys = keys_of_authorization(document, received)
    match_ = find(keys, decision.candidates, received)
    if match_.found is None:
        outcome.park(match_.why, keys)
        return
    return_, key = match_.found, business_key(document, received)
    if received.partner in decision.policy(return_).suppliers.values():
        _apply_vendor_answer(decision, return_, document, key)
        return
    if standing(return_, key, document, received) in {"same_document", "identical", "outdated"}:
        outcome.state, outcome.reason = "ignored", "duplicate"
        return
    remember(return_, key, document, received)
    if document.rma:
        return_.keys.add(f"rma:{document.rma}")
        outcome.retry_keys.add(f"rma:{document.rma}")
    if conflicts := _conflicts(decision, return_, document):
        cause = HoldCause("ownership_conflict", "", key, key, "; ".join(conflicts), document_id=received.document_id)
        open_hold(return_, cause, decision.at, derived=False)
        outcome.state, outcome.reason = "held", "ownership_conflict"
    decision.note(
        return_, f"{received.partner} answered: {document.decision}" + (f" ({document.rma})" * bool(document.rma))
    )
    settle_ledger(decision, return_, (), PostingCause(decision.at, document_ref=document.number), has_new_keys=True)


def _conflicts(decision: Decision, return_: Return, document: Authorization) -> list[str]:
    """Lines of which the document grants another quantity than we do, in words."""
    conflicts: list[str] = []
    for line in document.lines:
        our_lines = find_line(return_, decision.facts.ids(line.item), line.line_no)
        ours = return_.tally(our_lines[0]).a if our_lines else ZERO
        theirs = ZERO if document.decision == "denied" else granted(decision, return_, our_lines, line)
        if document.decision != "pending" and ours != theirs:
            sender = decision.received.partner
            conflicts.append(f"{line.item.ids()[:1] or ('?',)}: {sender} says {theirs}, we say {ours}")
    return conflicts


def _apply_vendor_answer(decision: Decision, return_: Return, document: Authorization, key: str) -> None:
    """A supplier's word on goods that we asked it to take back: its RMA number, and what may be claimed of it."""
    received, outcome = decision.received, decision.outcome
    claim = return_.vendor_claims.get(received.partner)
    if claim is None:
        outcome.park("waits_for_vendor_request", (f"return:{return_.return_no}",))
        return
    name = f"answer {document.number} of {received.partner}"
    its_standing = standing(return_, key, document, received)
    if aside := set_aside(decision, return_, document, key, its_standing, name):
        outcome.state, outcome.reason = aside
        return
    if its_standing == "same_document":
        return
    outcome.redo += remember(return_, key, document, received)
    if not note_answer(decision, return_, claim, document):
        outcome.state, outcome.reason = "ignored", "superseded"
        return
    if document.rma:
        return_.keys.add(f"rma:{document.rma}")
        outcome.retry_keys.add(f"rma:{document.rma}")
    settle_ledger(decision, return_, list(return_.lines), PostingCause(decision.at, document_ref=document.number))
