"""Requests and their changes: a request opens a return, or changes the one that it opened."""

from __future__ import annotations

from gateway.returns.apply.set_aside import set_aside
from gateway.returns.apply.standing import rank_of, remember, standing, supersede
from gateway.returns.decision import Decision
from gateway.returns.documents.identity import business_key
from gateway.returns.items.unknown_names import master_data_for_request
from gateway.returns.request.cancellations import _cancel_all
from gateway.returns.request.conclusion import _conclude
from gateway.returns.request.header import open_return
from gateway.returns.request.lines import _judge_lines
from translators.canonical import ReturnRequest


def apply_request(decision: Decision, document: ReturnRequest) -> None:
    """A request opens a return, or changes the one it opened before; every line is judged by the policy."""
    received, outcome = decision.received, decision.outcome
    key = business_key(document, received)
    number = key.split(":", 2)[2]
    return_ = next((r for r in decision.candidates if key in r.applied), None)
    if return_ is None:
        if rank_of(document) == 2:
            outcome.park("no_match", (f"request:{received.partner}:{number}",))
            return
        return_ = open_return(decision, document, number)
    else:
        before = standing(return_, key, document, received)
        if aside := set_aside(decision, return_, document, key, before, f"request {number}"):
            outcome.state, outcome.reason = aside
            return
        if before == "same_document":
            # What was cancelled meanwhile stays so, even if what its lines waited for comes.
            if return_.cancelled or not any(line.decision == "pending" for line in return_.lines.values()):
                return
        elif rank_of(document) == 2:
            _cancel_all(decision, return_)
            outcome.redo += remember(return_, key, document, received)
            _conclude(decision, return_, document, answer=False)
            return
        else:
            supersede(return_, key)
            decision.note(return_, f"request {number} was changed by the partner")
    again = key in return_.applied and return_.applied[key].document_id == received.document_id
    outcome.redo += remember(return_, key, document, received)
    terms = {no: (line.unit_price, line.reason.canonical) for no, line in return_.lines.items()}
    _judge_lines(decision, return_, document, key, pending_only=again)
    decision.repriced = frozenset(
        no for no, was in terms.items() if was != (return_.lines[no].unit_price, return_.lines[no].reason.canonical)
    )
    _conclude(decision, return_, document)
    pending = {line.decision_reason for line in return_.lines.values() if line.decision == "pending"}
    if pending:
        outcome.state, outcome.reason = "held", "eligibility_review"
        # The ERP may only be late: the next load of what is missing asks again, whatever a person says meanwhile.
        outcome.park_keys = master_data_for_request(pending)
    if "unknown_order" in pending:
        outcome.state, outcome.reason = "parked", "unknown_order"
