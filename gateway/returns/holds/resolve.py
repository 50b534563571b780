"""A person's answer to a Hold: an audited decision that writes claims and movements, never an edit."""

from __future__ import annotations

from collections.abc import Callable

from gateway.holds import Effect, hold_class
from gateway.returns.decision import CannotResolve
from gateway.returns.holds.effects.advance import charge_back, extend, write_off
from gateway.returns.holds.effects.answer import Answer
from gateway.returns.holds.effects.cancelled import (
    keep_cancelled_goods,
    keep_cancelled_without_credit,
    send_cancelled_goods_back,
)
from gateway.returns.holds.effects.charges import accept_charge
from gateway.returns.holds.effects.goods import (
    close_line_short,
    dispose_goods,
    move_goods_on,
    move_goods_to_line,
    withdraw_outcome,
)
from gateway.returns.holds.effects.numbers import take_strange_numbers, withdraw_strange_goods
from gateway.returns.holds.effects.parcels import close_parcel_short
from gateway.returns.holds.effects.postings import drop_posting, keep_posted, retry_posting, reverse_posted
from gateway.returns.holds.effects.prices import (
    credit_claimed_price,
    credit_in_our_currency,
    credit_sale_price,
    deny_authorized,
)
from gateway.returns.holds.effects.requests import approve_line, deny_line
from gateway.returns.holds.effects.surplus import (
    accept_goods,
    identify_item,
    keep_surplus,
    reject_goods,
    send_surplus_back,
    settle_site,
    withdraw_surplus,
)
from gateway.returns.holds.effects.unassigned import assign_goods, create_return, refuse_goods
from gateway.returns.holds.effects.vendors import (
    ask_supplier_again,
    claim_again,
    claim_by_quantity,
    move_refused_on,
    set_cost,
    wait_for_credit,
    write_off_claim,
)
from gateway.returns.holds.effects.versions import keep_first_version, take_new_version

# Hold classes that a line of a request may have while it is not decided.
_OF_REQUESTS = frozenset({"eligibility_review", "crosswalk_missing"})
# What each effect of an answer does to the return; the rows of gateway.holds say which answer has which.
_EFFECTS: dict[Effect, Callable[[Answer], None]] = {
    "nothing": lambda _: None,
    "approve_line": approve_line,
    "deny_line": deny_line,
    "authorize_what_came": accept_goods,
    "withdraw_goods": reject_goods,
    "withdraw_surplus": withdraw_surplus,
    "send_surplus_back": send_surplus_back,
    "keep_surplus": keep_surplus,
    "identify_item": identify_item,
    "settle_site": settle_site,
    "take_strange_numbers": take_strange_numbers,
    "withdraw_strange_goods": withdraw_strange_goods,
    "move_goods_to_line": move_goods_to_line,
    "dispose_goods": dispose_goods,
    "move_goods_on": move_goods_on,
    "withdraw_outcome": withdraw_outcome,
    "keep_cancelled_goods": keep_cancelled_goods,
    "send_cancelled_goods_back": send_cancelled_goods_back,
    "keep_cancelled_without_credit": keep_cancelled_without_credit,
    "create_return": create_return,
    "assign_goods": assign_goods,
    "refuse_goods": refuse_goods,
    "close_line_short": close_line_short,
    "close_parcel_short": close_parcel_short,
    "keep_first_version": keep_first_version,
    "take_new_version": take_new_version,
    "ask_supplier_again": ask_supplier_again,
    "move_refused_on": move_refused_on,
    "claim_again": claim_again,
    "wait_for_credit": wait_for_credit,
    "write_off_claim": write_off_claim,
    "set_cost": set_cost,
    "claim_by_quantity": claim_by_quantity,
    "retry_posting": retry_posting,
    "drop_posting": drop_posting,
    "reverse_posted": reverse_posted,
    "keep_posted": keep_posted,
    "credit_sale_price": credit_sale_price,
    "credit_claimed_price": credit_claimed_price,
    "credit_in_our_currency": credit_in_our_currency,
    "deny_authorized": deny_authorized,
    "charge_back": charge_back,
    "extend": extend,
    "write_off": write_off,
    "accept_charge": accept_charge,
}


def answer_hold(answer: Answer) -> None:
    """Mark the Hold as answered and do what the answer says. The ledger may be left to be settled by the caller.

    Raises CannotResolve, and the Hold is open as before then, if the decision does not answer it.
    """
    return_, hold, decision, context = answer.return_, answer.hold, answer.choice, answer.decision
    effect = _checked_effect(answer)
    hold.state, hold.resolved_by, hold.resolved_at = "resolved", answer.actor, context.at
    hold.resolution = " ".join([decision, *(f"{name}={value}" for name, value in answer.choices.items())])
    context.note(return_, f"{answer.actor} answered {hold.class_}: {hold.resolution}")
    try:
        _EFFECTS[effect](answer)
    except CannotResolve:
        hold.state, hold.resolution, hold.resolved_by, hold.resolved_at = "open", "", "", ""
        raise


def _checked_effect(answer: Answer) -> Effect:
    """What the decision does. Raises CannotResolve if it does not answer the Hold, or lacks what it needs."""
    return_, hold, decision = answer.return_, answer.hold, answer.choice
    row = hold_class(hold.class_)
    answer_row = row.answer(decision)
    if answer_row is None:
        names = ", ".join(other.name for other in row.answers)
        raise CannotResolve(f"{decision} does not answer {hold.class_}: {names} do")
    if bool(answer.choices) != bool(answer_row.needs):
        raise CannotResolve(
            f"{decision} needs {answer_row.needs}" if answer_row.needs else f"{decision} takes no further choice"
        )
    line = return_.lines.get(hold.line_no)
    if decision == "dismiss" and hold.class_ in _OF_REQUESTS and line is not None and line.decision == "pending":
        raise CannotResolve("the partner waits for an answer: approve or deny the line, or say what its code means")
    return answer_row.effect
