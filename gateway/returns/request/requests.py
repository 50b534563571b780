"""Requests and their changes: a request opens a return, or changes the one that it opened."""

from __future__ import annotations

from gateway.returns.apply.set_aside import set_aside
from gateway.returns.apply.settle import settle_ledger
from gateway.returns.apply.standing import rank_of, remember, standing, supersede
from gateway.returns.decision import Decision, PostingCause
from gateway.returns.documents.identity import business_key
from gateway.returns.items.unknown_names import master_data_for_request
from gateway.returns.model import Return, ReturnLine
from gateway.returns.request.answers import answer_again
from gateway.returns.request.cancellations import cancel_request
from gateway.returns.request.conclusion import conclude
from gateway.returns.request.header import open_return
from gateway.returns.request.lines import judge_lines
from gateway.returns.request.numbers import rivals
from translators.canonical import ReturnRequest


def apply_request(decision: Decision, document: ReturnRequest) -> None:
    """A request opens a return, or changes the one it opened before; every line is judged by the policy."""
    key = business_key(document, decision.received)
    number = key.split(":", 2)[2]
    return_ = next((candidate for candidate in decision.candidates if key in candidate.applied), None)
    if return_ is not None:
        _apply_to_known(decision, return_, document, key, f"request {number}")
    elif rank_of(document) == 2:
        decision.outcome.park("no_match", (f"request:{decision.received.partner}:{number}",))
    else:
        _judge(decision, open_return(decision, document, number), document, key)


def _apply_to_known(decision: Decision, return_: Return, document: ReturnRequest, key: str, name: str) -> None:
    """The return is there: the same request again, another version of it, or its cancellation."""
    received, outcome = decision.received, decision.outcome
    its_standing = standing(return_, key, document, received)
    if aside := set_aside(decision, return_, document, key, its_standing, name):
        outcome.state, outcome.reason = aside
        if its_standing == "outdated" and return_.cancelled:
            answer_again(decision, return_)
            settle_ledger(decision, return_, (), PostingCause(decision.at), for_erp=False)
    elif its_standing == "same_document":
        # What was cancelled meanwhile stays so, even if what its lines waited for comes.
        if not return_.cancelled and any(line.decision == "pending" for line in return_.lines.values()):
            _judge(decision, return_, document, key)
    elif rank_of(document) == 2:
        cancel_request(decision, return_)
        outcome.redo += remember(return_, key, document, received)
        conclude(decision, return_, document.number)
    else:
        supersede(return_, key)
        decision.note(return_, f"{name} was changed by the partner")
        _judge(decision, return_, document, key)


def _judge(decision: Decision, return_: Return, document: ReturnRequest, key: str) -> None:
    """Judge the lines (of the same document again, those that wait), and answer."""
    received, outcome = decision.received, decision.outcome
    decided_before = key in return_.applied and return_.applied[key].document_id == received.document_id
    outcome.redo += remember(return_, key, document, received)
    terms_before = {no: _terms(line) for no, line in return_.lines.items()}
    judge_lines(decision, return_, document, key, pending_only=decided_before)
    decision.repriced = frozenset(no for no, terms in terms_before.items() if terms != _terms(return_.lines[no]))
    conclude(decision, return_, document.number)
    pending = {line.decision_reason for line in return_.lines.values() if line.decision == "pending"}
    if pending:
        outcome.state, outcome.reason = "held", "eligibility_review"
        # The ERP may only be late: the next load of what is missing asks again, whatever a person says meanwhile.
        outcome.park_keys = (*master_data_for_request(pending), *_keys_of_rivals(decision, return_))
    if "unknown_order" in pending:
        outcome.state, outcome.reason = "parked", "unknown_order"


def _keys_of_rivals(decision: Decision, return_: Return) -> tuple[str, ...]:
    """Keys of the returns that have units which a line that waits names too: what becomes of them may set it free."""
    waiting = [line for line in return_.lines.values() if line.decision == "pending" and line.serials]
    found = (other.return_no for line in waiting for other in rivals(decision, return_, line))
    return tuple(dict.fromkeys(f"return:{number}" for number in found))


def _terms(line: ReturnLine) -> tuple[object, ...]:
    """What the credit of a line depends on: price, reason, taxes and charges, these for how many units."""
    charges = (line.credited_charges, line.requested) if line.credited_charges else ()
    return line.unit_price, line.reason.canonical, line.tax_rates, *charges
