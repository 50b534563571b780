"""What the ERP must be told: the postings that a line's ledger calls for, against those already issued.

Per slot (line, kind, split) the wanted quantity is a function of the ledger and the policy. What is missing is issued
as a new posting; what is too much is taken back (`take_back`): cancelled if it has not left us, else reversed by a "-"
posting of the difference. What a person voided counts as issued: it is settled outside the ERP. So the net of every
slot depends on the ledger alone, and no posting is ever issued twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal

from gateway.returns.decision import PostingCause
from gateway.returns.erp.release import release
from gateway.returns.erp.slots import Slot, slots_by_line
from gateway.returns.erp.take_back import Target, cancel_unsent, let_stand, posting_key, take_back
from gateway.returns.erp.units import name_units
from gateway.returns.model import (
    POSTING_KINDS,
    POSTING_RANK,
    ZERO,
    CreditAmounts,
    Posting,
    PostingState,
    Return,
    ReturnLine,
    ends_of,
)
from gateway.returns.money.credit_parts import credit_parts
from gateway.returns.money.due import carries_money, credit_amount, slots_due, worth_of
from gateway.returns.money.goods_slots import SlotDue, SlotKey
from gateway.returns.policy import PlacedRule, Policy, erp_that_knows

# What a rule says that is about goods where they were sent.
_NO_PLACE = PlacedRule(kind="goods_receipt")
# Slots whose money depends on price and reason.
_PRICED: tuple[SlotKey, ...] = (("charge_back", "0"), ("credit_request", "0"))


def settle(
    return_: Return,
    line_nos: Iterable[str],
    credits_: Mapping[str, Decimal],
    policy: Policy,
    cause: PostingCause,
    repriced: Collection[str] = (),
) -> list[Posting]:
    """Issue, cancel and reverse postings until every slot of these lines is as wanted. Returns the new ones.

    On a `repriced` line, credit whose money is not what it should be now is taken back whole and issued anew.
    """
    lines = [line for no in line_nos if (line := return_.lines.get(no)) is not None]
    issued = slots_by_line(return_) if lines and return_.postings else {}
    issued_now: list[Posting] = []
    for line in lines:
        slots = issued.get(line.line_no, {})
        due = slots_due(return_, line, credits_[line.line_no], policy)
        if slots:
            issued_now += _take_back_surplus(return_, line, slots, due, policy, cause, line.line_no in repriced)
        destination = ""
        for key, slot_due in due.items():
            slot = slots.get(key)
            if slot is None or slot.net < slot_due[0]:
                place = rule.site if type(rule := slot_due[1]) is PlacedRule else ""
                destination = destination or _destination(return_, line, slots, policy, cause, place)
                issued_now.append(_issue(return_, line, key, slot or Slot([]), slot_due, policy, cause, destination))
    name_units(return_, issued_now, policy)
    release(return_, policy, cause.at)
    return issued_now


def _take_back_surplus(
    return_: Return,
    line: ReturnLine,
    slots: Mapping[SlotKey, Slot],
    due: Mapping[SlotKey, SlotDue],
    policy: Policy,
    cause: PostingCause,
    repriced: bool,
) -> list[Posting]:
    """Take back what slots have too much of, what stands on others first; let reversals be that go too far now."""
    wanted = {key: due[key][0] if key in due else ZERO for key in slots}
    for key, slot in slots.items():
        if slot.net < wanted[key]:
            let_stand(return_, slot, wanted[key], cause.at)
    reversals: list[Posting] = []
    for key in _PRICED:
        priced = slots.get(key)
        if priced and _is_worth_otherwise(return_, line, priced, wanted[key], policy, repriced):
            cancel_unsent(return_, priced, cause.at)
            if _is_worth_otherwise(return_, line, priced, wanted[key], policy, repriced):
                anew = credit_amount(return_, line, wanted[key], policy) or ZERO
                reversals += take_back(return_, priced, Target(ZERO, ZERO, line.unit_price, anew), cause)
    too_much = [key for key, slot in slots.items() if slot.net > wanted[key]]
    for key in sorted(too_much, key=lambda key: (-POSTING_RANK[key[0]], -slots[key].issued[0].seq)):
        worth = worth_of(return_, line, key[0], wanted[key], policy)
        price = line.cost_price if POSTING_KINDS[key[0]].against_supplier else line.unit_price
        parts = credit_parts(return_, line, wanted[key], policy) if key in _PRICED else None
        reversals += take_back(return_, slots[key], Target(wanted[key], worth, price, parts=parts), cause)
    return reversals


def _is_worth_otherwise(
    return_: Return, line: ReturnLine, credit: Slot, wanted: Decimal, policy: Policy, repriced: bool
) -> bool:
    """Has the money of a credit changed so that no difference in quantity can put it right: the partner changed price
    or reason, or we our terms, and more goods would be less money or fewer goods more.
    """
    if not credit.net:
        return False
    worth = credit_amount(return_, line, wanted, policy) or ZERO
    if credit.net != wanted:
        goes_up = wanted > credit.net
        if worth < credit.amount if goes_up else worth > credit.amount:
            return True
    return repriced and credit.amount != (credit_amount(return_, line, credit.net, policy) or ZERO)


def _destination(
    return_: Return, line: ReturnLine, slots: Mapping[SlotKey, Slot], policy: Policy, cause: PostingCause, place: str
) -> str:
    """The ERP that a line's next posting is for: the one that got its first, for good; else that of a switch which
    fits on the day of the return's first posting; else the one that the return was opened with."""
    if slots and (first_erp := erp_that_knows(p for slot in slots.values() for p in slot.issued)):
        return first_erp
    if policy.routes.switches:
        first_day = min((p.created_at for p in return_.postings.values()), default=cause.at)
        day = _day(first_day, policy)
        place = place or cause.site or return_.warehouse
        if switched := policy.routes.switched_erp(return_, line, place, day):
            return switched
    return return_.erp or policy.erp


def _day(at: str, policy: Policy) -> date:
    """The day of an instant in the house's calendar: what is decided in the evening is not posted a day later."""
    return datetime.fromisoformat(at).astimezone(policy.calendar.zone).date()


def _issue(
    return_: Return,
    line: ReturnLine,
    key: SlotKey,
    slot: Slot,
    slot_due: SlotDue,
    policy: Policy,
    cause: PostingCause,
    destination: str,
) -> Posting:
    """Issue what a slot lacks as one new posting. Its money is what the whole slot's still lacks: cents never drift."""
    kind, split = key
    quantity_due, rule, code = slot_due
    n = len(slot.issued) + 1
    has_money = carries_money(rule) or POSTING_KINDS[kind].against_supplier
    amount = worth_of(return_, line, kind, quantity_due, policy) if has_money else None
    parts: CreditAmounts | None = None
    if amount is not None:
        amount -= slot.amount
        if key in _PRICED and (due := credit_parts(return_, line, quantity_due, policy)):
            parts = due - slot.parts.said_in(due.currency)
    posting_no = posting_key(return_.return_no, line.line_no, kind, split, n)
    quantity, seq = quantity_due - slot.net, len(return_.postings) + 1
    at_place = rule if type(rule) is PlacedRule else _NO_PLACE
    site = rule.site or cause.site or policy.routes.sites.get(return_.warehouse, return_.warehouse)
    state: PostingState = "void" if slot.void else "waiting"
    condition, disposition = (code, "") if POSTING_KINDS[kind].split_by == "condition" else ("", code)
    left, from_status = "", ""
    if POSTING_KINDS[kind].booked_as == "moved":
        left, disposition = ends_of(code)
        from_status = policy.follow_ons.stands_as(left) if left else policy.stages.receives_as
    elif disposition:
        left, disposition = ends_of(code)
    event_on = cause.event_on or _day(cause.at, policy).isoformat()
    # By place: passing two dozen fields by name takes three times as long.
    # fmt: off
    posting = Posting(
        posting_no, line.line_no, kind, split, n, "+", quantity, state, seq, "", rule.waits_for, destination,
        amount, rule.stock_status, condition, disposition, site, event_on, cause.document_ref,
        left, from_status, created_at=cause.at, changed_at=cause.at, from_site=at_place.from_site,
        amounts=parts,
    )
    # fmt: on
    return_.postings[posting.key] = posting
    return posting


def net_postings(return_: Return) -> dict[tuple[str, str, str], tuple[Decimal, Decimal]]:
    """Net quantity and amount at the ERP per (line, kind, split) once everything issued is posted; zeroes left out."""
    net: dict[tuple[str, str, str], tuple[Decimal, Decimal]] = {}
    for posting in return_.postings.values():
        if posting.state in {"cancelled", "void"}:
            continue
        sign = 1 if posting.sign == "+" else -1
        quantity, amount = net.get((posting.line_no, posting.kind, posting.split), (ZERO, ZERO))
        net[posting.line_no, posting.kind, posting.split] = (
            quantity + sign * posting.quantity,
            amount + sign * (posting.amount or ZERO),
        )
    return {slot: net_values for slot, net_values in net.items() if any(net_values)}


def postings_ready(return_: Return) -> list[Posting]:
    """Postings that may go into the next batch."""
    return [posting for posting in return_.postings.values() if posting.state == "ready"]
