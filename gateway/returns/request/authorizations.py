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
from gateway.returns.vendors.answers import answered, granted
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
    conflicts: list[str] = []
    for line in document.lines:
        same = find_line(return_, decision.facts.ids(line.item), line.line_no)
        ours = return_.tally(same[0]).a if same else ZERO
        theirs = ZERO if document.decision == "denied" else granted(decision, return_, same, line)
        if document.decision != "pending" and ours != theirs:
            conflicts.append(f"{line.item.ids()[:1] or ('?',)}: {received.partner} says {theirs}, we say {ours}")
    if conflicts:
        cause = HoldCause("ownership_conflict", "", key, key, "; ".join(conflicts), document_id=received.document_id)
        open_hold(return_, cause, decision.at, derived=False)
        outcome.state, outcome.reason = "held", "ownership_conflict"
    decision.note(
        return_, f"{received.partner} answered: {document.decision}" + (f" ({document.rma})" * bool(document.rma))
    )
    settle_ledger(decision, return_, (), PostingCause(decision.at, document_ref=document.number), has_new_keys=True)


def _apply_vendor_answer(decision: Decision, return_: Return, document: Authorization, key: str) -> None:
    """A supplier's word on goods that we asked it to take back: its RMA number, and what may be claimed of it."""
    received, outcome = decision.received, decision.outcome
    claim = return_.vendor_claims.get(received.partner)
    if claim is None:
        outcome.park("waits_for_vendor_request", (f"return:{return_.return_no}",))
        return
    what = f"answer {document.number} of {received.partner}"
    before = standing(return_, key, document, received)
    if aside := set_aside(decision, return_, document, key, before, what):
        outcome.state, outcome.reason = aside
        return
    if before == "same_document":
        return
    outcome.redo += remember(return_, key, document, received)
    if not answered(decision, return_, claim, document):
        outcome.state, outcome.reason = "ignored", "superseded"
        return
    if document.rma:
        return_.keys.add(f"rma:{document.rma}")
        outcome.retry_keys.add(f"rma:{document.rma}")
    settle_ledger(decision, return_, list(return_.lines), PostingCause(decision.at, document_ref=document.number))
