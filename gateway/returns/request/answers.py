"""What we say to others about a return: the answer to the partner, the expected receipt to the warehouse."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from gateway.returns.decision import Decision
from gateway.returns.items.units import in_asked_unit
from gateway.returns.model import LineDecision, Return, ReturnLine, plain
from translators.canonical import AnswerLine, ExpectedLine, ExpectedReceipt, ReturnAnswer


def answer(decision: Decision, return_: Return) -> None:
    """Add the business answer to the outcome, once every line is decided and if it says anything new."""
    if _undecided(return_):
        return
    lines = [answer_line(return_, line) for line in return_.lines.values() if not line.added]
    answered_as = "|".join(f"{line.line_no}:{line.decision}:{plain(line.authorized)}:{line.reason}" for line in lines)
    if answered_as == return_.answered:
        return
    return_.answered = answered_as
    return_.answers += 1
    local = decision.now.astimezone(decision.policy(return_).calendar.zone)
    reasons = {line.reason for line in lines if line.reason}
    document = ReturnAnswer(
        number=f"{return_.return_no}A{return_.answers}",
        request_number=return_.request_number,
        rma=return_.rma,
        decision=overall(return_),
        reason=reasons.pop() if len(reasons) == 1 else "",
        issued_on=local.date(),
        issued_time=local.strftime("%H%M"),
        expires_on=date.fromisoformat(return_.expires_on) if return_.expires_on else None,
        correlation_id=return_.correlation_id,
        order_number=return_.order_number,
        purchase_order=return_.purchase_order,
        customer=return_.customer,
        currency=return_.currency,
        references=return_.references,
        parties=return_.parties,
        lines=tuple(lines),
    )
    decision.outcome.answers.append((return_.partner, document))
    decision.note(return_, f"answered: {document.decision}" + (f" ({document.reason})" if document.reason else ""))


def _undecided(return_: Return) -> bool:
    """A line waits for a person: neither partner nor warehouse hears of the others before that."""
    return not return_.cancelled and any(line.decision == "pending" for line in return_.lines.values())


def overall(return_: Return) -> LineDecision:
    """The answer in one word, from the decisions of the lines that were asked for."""
    decisions = {line.decision for line in return_.lines.values() if not line.added}
    if "pending" in decisions:
        return "pending"
    if decisions == {"denied"}:
        return "denied"
    return "authorized" if decisions == {"authorized"} else "partial"


def answer_line(return_: Return, line: ReturnLine) -> AnswerLine:
    """The decision on a line, in the unit that was asked in; in ours if it grants no whole number of those."""
    authorized = return_.tally(line.line_no).a
    theirs = authorized if line.decision == "denied" else in_asked_unit(line, authorized)
    return AnswerLine(
        line_no=line.partner_line,
        item=line.item,
        requested=line.requested if theirs is None else line.asked,
        authorized=authorized if theirs is None else theirs,
        unit=line.unit if theirs is None else line.asked_unit,
        decision=line.decision,
        reason=line.decision_reason,
        text=line.decision_text,
        instruction=line.instruction,
    )


def announce(decision: Decision, return_: Return) -> None:
    """Tell the warehouse what will come, what changed about it, or that nothing will; only if that is news to it."""
    if not return_.warehouse or _undecided(return_):
        return
    coming = [
        (line, quantity)
        for no, line in return_.lines.items()
        if line.instruction != "keep" and (quantity := return_.tally(no).a - return_.tally(no).z) > 0
    ]
    announced_as = "|".join(f"{line.line_no}:{plain(quantity)}" for line, quantity in coming)
    if announced_as == return_.expected:
        return
    purpose = "original" if not return_.expectations else "change" if coming else "cancel"
    return_.expected = announced_as
    return_.expectations += 1
    local = decision.now.astimezone(decision.policy(return_).calendar.zone)
    document = ExpectedReceipt.model_validate(
        {
            "number": return_.return_no,
            "rma": return_.rma,
            "purpose": purpose,
            "issued_on": local.date(),
            "correlation_id": return_.correlation_id,
            "partner_name": _partner_name(return_),
            "purchase_order": return_.purchase_order,
            "references": return_.references,
            "parties": return_.parties,
            "lines": tuple(_expected_line(line, quantity) for line, quantity in coming),
        }
    )
    decision.outcome.expected.append((return_.warehouse, document))
    decision.note(return_, f"{return_.warehouse} told what to expect ({purpose})")


def _expected_line(line: ReturnLine, quantity: Decimal) -> ExpectedLine:
    return ExpectedLine(line_no=line.line_no, item=line.item, quantity=quantity, unit=line.unit, lots=line.lots)


def _partner_name(return_: Return) -> str:
    roles = ("ship_from", "buyer", "store")
    named = (p.name for role in roles for p in return_.parties if p.role == role and p.name)
    return next(named, return_.partner)
