"""A person decides a line of a request."""

from __future__ import annotations

from gateway.returns.claims.acceptance import add_claim
from gateway.returns.decision import CannotResolve
from gateway.returns.holds.effects.answer import Answer
from gateway.returns.items.lines import parts_of
from gateway.returns.model import Claim, LedgerEffect, Return, ReturnLine
from gateway.returns.money.prices import credited_price
from gateway.returns.request.conclusion import conclude


def _request_key(return_: Return) -> tuple[str, int]:
    """Business key and document of the request, so that a later change of it replaces what was approved."""
    return next(
        ((k, a.document_id) for k, a in return_.applied.items() if k.startswith("return_request:")), ("request", 0)
    )


def _pending_line(answer: Answer) -> ReturnLine:
    line = answer.return_.lines.get(answer.hold.line_no)
    if line is None or line.decision != "pending" or answer.return_.cancelled:
        raise CannotResolve("this Hold is not about a request that waits: add the code to the partner's crosswalk")
    if answer.choice == "approve" and line.decision_reason == "unknown_unit":
        raise CannotResolve(
            f"nobody can say yet how many {line.unit} {line.asked} {line.asked_unit} are; say that first"
        )
    return line


def _settle_request(answer: Answer) -> None:
    """The request's own document waits no more once a person has decided its last line."""
    if not any(line.decision == "pending" for line in answer.return_.lines.values()):
        _, document_id = _request_key(answer.return_)
        answer.decision.outcome.moved[document_id] = ("applied", "")


def _pending_parts(return_: Return, line: ReturnLine) -> list[ReturnLine]:
    """The further parts of a line that waits: the answer is for all of it."""
    return [part for part in parts_of(return_, line) if part.decision == "pending"]


def approve_line(answer: Answer) -> None:
    """The line is authorized as it was asked for; the partner is answered once every line is decided."""
    return_, line = answer.return_, _pending_line(answer)
    source, document_id = _request_key(return_)
    asks_for_price = _asks_for_price(answer, line)
    for each in (line, *_pending_parts(return_, line)):
        if asks_for_price:
            each.accepted_price = each.claimed_price
            each.unit_price = credited_price(return_, each, answer.decision.policy(return_))
        each.decision, each.decision_reason, each.decision_text = "authorized", "", ""
        effects: tuple[LedgerEffect, ...] = (("authorize", each.requested, "", "0"),)
        add_claim(return_, Claim(source, document_id, "authorize", each.line_no, effects, at=answer.decision.at))
    _settle_request(answer)
    conclude(answer.decision, return_, return_.request_number)


def _asks_for_price(answer: Answer, line: ReturnLine) -> bool:
    """Does the line wait because no sale tells its price? Approved, it is credited at what is claimed."""
    rules = answer.decision.policy(answer.return_).rules_for(line.product_class, line.reason.canonical)
    rule = rules.get("no_sale_price")
    return rule is not None and line.sale_price is None and line.decision_reason == (rule.reason or rule.check)


def deny_line(answer: Answer) -> None:
    """The line is denied; the partner is answered once every line is decided."""
    line = _pending_line(answer)
    for each in (line, *_pending_parts(answer.return_, line)):
        each.decision = "denied"
    _settle_request(answer)
    conclude(answer.decision, answer.return_, answer.return_.request_number)
