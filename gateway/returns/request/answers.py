"""What we say to others about a return: the answer to the partner, the expected receipt to the warehouse."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from gateway.returns.claims.cancelled_goods import came_cancelled, is_taken_back
from gateway.returns.decision import Decision
from gateway.returns.documents.serial_numbers import distinct
from gateway.returns.items.lines import parts_of, whole_line
from gateway.returns.items.units import in_asked_unit
from gateway.returns.model import ZERO, Return, ReturnLine, plain
from translators.canonical import AnswerDecision, AnswerLine, ExpectedLine, ExpectedReceipt, ReturnAnswer

# The reason of an answer that confirms a cancellation.
CANCELLED = "cancelled"


def answer(decision: Decision, return_: Return) -> None:
    """Add the business answer to the outcome, once every line is decided and if it says anything new."""
    if _undecided(return_):
        return
    lines = answer_lines(return_)
    answered_as = "|".join(_answered(line) for line in lines)
    if answered_as == return_.answered:
        return
    return_.answered = answered_as
    _send(decision, return_, lines)


def answer_again(decision: Decision, return_: Return) -> None:
    """Tell the partner, who asks once more under a number that it has cancelled, that the cancellation stands."""
    said = {"text": "cancelled before: ask again under another number"}
    lines = answer_lines(return_)
    _send(decision, return_, [line.model_copy(update=said) if line.decision == CANCELLED else line for line in lines])


def _send(decision: Decision, return_: Return, lines: list[AnswerLine]) -> None:
    return_.answers += 1
    local = decision.now.astimezone(decision.policy(return_).calendar.zone)
    reasons = {line.reason for line in lines if line.reason}
    document = ReturnAnswer(
        number=f"{return_.return_no}A{return_.answers}",
        request_number=return_.request_number,
        rma=return_.rma,
        decision=_overall(lines),
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


def overall(return_: Return) -> AnswerDecision:
    """The answer in one word, from the decisions of the lines that were asked for."""
    return _overall(answer_lines(return_))


def _overall(lines: Iterable[AnswerLine]) -> AnswerDecision:
    decisions = {line.decision for line in lines}
    if "pending" in decisions:
        return "pending"
    if len(decisions) == 1:
        return decisions.pop()
    return "denied" if decisions == {"denied", "cancelled"} else "partial"


def answer_lines(return_: Return) -> list[AnswerLine]:
    """The decision on every line that was asked for, in the order of the return's lines."""
    return [answer_line(return_, line) for line in return_.lines.values() if not line.added and not line.part_of]


def answer_line(return_: Return, line: ReturnLine) -> AnswerLine:
    """The decision on a line with its parts, in the unit that was asked in; in ours if it grants no whole number of
    those. What is cancelled and came is not confirmed as cancelled before a person has said what becomes of it.
    """
    lines = (line, *parts_of(return_, line))
    authorized = sum(
        (return_.tally(part.line_no).a + came_cancelled(return_, part.line_no) for part in lines),
        ZERO,
    )
    line = whole_line(return_, line)
    theirs = authorized if line.decision == "denied" else in_asked_unit(line, authorized)
    decision, reason, text = _as_it_stands(return_, line, authorized)
    return AnswerLine(
        line_no=line.partner_line,
        item=line.item,
        requested=line.requested if theirs is None else line.asked,
        authorized=authorized if theirs is None else theirs,
        unit=line.unit if theirs is None else line.asked_unit,
        decision=decision,
        reason=reason,
        text=text,
        instruction=line.instruction,
        serials=distinct(line.serials),
        lots=distinct(line.lots),
    )


def _answered(line: AnswerLine) -> str:
    """A line in what was answered last: the partner hears of it again only if something of it changes."""
    return f"{line.line_no}{_units(line)}:{line.decision}:{plain(line.authorized)}:{line.reason}"


def _units(line: AnswerLine | ReturnLine) -> str:
    """The units that a line names, in short, for what was last said of it; "" if it names none."""
    named = "\x1f".join((*line.serials, "", *line.lots))
    return f":{hashlib.sha256(named.encode()).hexdigest()[:12]}" if line.serials or line.lots else ""


def _as_it_stands(return_: Return, line: ReturnLine, authorized: Decimal) -> tuple[AnswerDecision, str, str]:
    """Decision, reason and words: ours, unless the partner has taken back what it asked for, or a part of it."""
    if return_.cancelled and not authorized:
        return "cancelled", CANCELLED, "cancelled as you asked"
    if line.decision in {"authorized", "partial"} and _is_taken_back(return_, line):
        if not authorized:
            return "cancelled", CANCELLED, "cancelled as you asked"
        if authorized >= line.requested:
            return line.decision, line.decision_reason, line.decision_text
        return "partial", CANCELLED, "the rest is cancelled as you asked"
    return line.decision, line.decision_reason, line.decision_text


def announce(decision: Decision, return_: Return) -> None:
    """Tell the warehouse what will come, what changed about it, or that nothing will; only if that is news to it.

    What takes everything back names the lines that it was told last.
    """
    if not return_.warehouse or _undecided(return_):
        return
    told_last = {line.line_no: quantity for line, quantity in _told(return_)}
    coming = [
        (whole_line(return_, line), quantity)
        for no, line in return_.lines.items()
        if line.instruction != "keep" and not line.part_of
        if (quantity := _to_expect(return_, line, told_last.get(no, ZERO))) > 0
    ]
    announced_as = "|".join(f"{line.line_no}{_units(line)}:{plain(quantity)}" for line, quantity in coming)
    # A home of before does not know under which order the warehouse was told: that is no news.
    is_other_order = bool(return_.expected_under and coming and return_.expected_under != return_.purchase_order)
    if announced_as == return_.expected and not is_other_order:
        return
    purpose = "cancel" if not coming else "change" if return_.expected else "original"
    told = coming or _told(return_)
    return_.expected, return_.expected_under = announced_as, return_.purchase_order
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
            "lines": tuple(_expected_line(line, quantity) for line, quantity in told),
        }
    )
    decision.outcome.expected.append((return_.warehouse, document))
    decision.note(return_, f"{return_.warehouse} told what to expect ({purpose})")


def _to_expect(return_: Return, line: ReturnLine, told_last: Decimal) -> Decimal:
    """How much of a line with its parts the warehouse is to expect in all. What it has of it no cancellation takes
    back.
    """
    tallies = [return_.tally(part.line_no) for part in (line, *parts_of(return_, line))]
    expected = sum((max(ZERO, tally.a - tally.z) for tally in tallies), ZERO)
    came = sum((tally.r for tally in tallies), ZERO)
    return max(expected, min(told_last, came)) if _is_taken_back(return_, line) else expected


def _is_taken_back(return_: Return, line: ReturnLine) -> bool:
    """Has the partner cancelled the line, or units of it or of its parts?"""
    return any(is_taken_back(return_, part.line_no) for part in (line, *parts_of(return_, line)))


def _told(return_: Return) -> list[tuple[ReturnLine, Decimal]]:
    """What the warehouse expects by what it was told last: every line with its quantity."""
    told = [entry.split(":") for entry in return_.expected.split("|") if entry]
    return [(whole_line(return_, return_.lines[parts[0]]), Decimal(parts[-1])) for parts in told]


def _expected_line(line: ReturnLine, quantity: Decimal) -> ExpectedLine:
    return ExpectedLine(
        line_no=line.line_no,
        item=line.item,
        quantity=quantity,
        unit=line.unit,
        serials=distinct(line.serials),
        lots=distinct(line.lots),
    )


def _partner_name(return_: Return) -> str:
    roles = ("ship_from", "buyer", "store")
    named = (p.name for role in roles for p in return_.parties if p.role == role and p.name)
    return next(named, return_.partner)
