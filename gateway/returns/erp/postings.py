"""What the ERP must be told: the postings that a line's ledger calls for, against those already issued.

Per slot (line, kind, split) the wanted quantity is a function of the ledger and the policy. What is missing is issued
as a new posting; what is too much is taken back: cancelled if it has not left us, else reversed by a "-" posting that
points at it. What a person voided counts as issued: it is settled outside the ERP. So the net of every slot depends on
the ledger alone, and no posting is ever issued twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from gateway.returns.decision import PostingCause
from gateway.returns.erp.release import WITHDRAWN, release, stands
from gateway.returns.model import (
    POSTING_KINDS,
    POSTING_RANK,
    UNSENT,
    ZERO,
    Posting,
    PostingKind,
    PostingState,
    Return,
    ReturnLine,
)
from gateway.returns.money.due import PAY_ADVANCE, PAY_AFTER, SlotDue, SlotKey, credit_amount, slots_due
from gateway.returns.policy import Policy, erp_that_knows


@dataclass(slots=True)
class Slot:
    """What was issued in one slot: all postings in order, the net of those that stand, and the money of those.

    `void`: a posting that a person voided is taken back; what of it is still wanted stays settled outside the ERP.
    """

    issued: list[Posting]
    net: Decimal = ZERO
    amount: Decimal = ZERO
    void: bool = False

    def live(self) -> list[Posting]:
        """The postings that stand, oldest first."""
        return [p for p in self.issued if stands(p)]


_CREDIT: SlotKey = ("credit_request", "0")


def posting_key(return_no: str, line_no: str, kind: PostingKind, split: str, n: int) -> str:
    """The idempotency key of a posting: letters, digits and dashes, at most 40."""
    return f"{return_no}-{line_no}-{POSTING_KINDS[kind].key_code}-{split}-{n}"


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
    issued = _slots_by_line(return_) if lines and return_.postings else {}
    issued_now: list[Posting] = []
    for line in lines:
        slots = issued.get(line.line_no, {})
        due = slots_due(return_, line, credits_[line.line_no], policy)
        destination = ""
        credit = slots.get(_CREDIT)
        if (
            line.line_no in repriced
            and credit
            and credit.net
            and credit.amount != credit_amount(line, credit.net, policy)
        ):
            issued_now += _take_back(return_, credit, None, cause)
        too_much = [key for key, slot in slots.items() if slot.net > (due[key][0] if key in due else ZERO)]
        if too_much:
            too_much.sort(key=lambda key: (-POSTING_RANK[key[0]], key[1]))
            for key in too_much:
                issued_now += _take_back(return_, slots[key], due.get(key), cause)
        for key, slot_due in due.items():
            slot = slots.get(key)
            if slot is None or slot.net < slot_due[0]:
                destination = destination or _destination(return_, line, slots, policy, cause)
                issued_now.append(_issue(return_, line, key, slot or Slot([]), slot_due, policy, cause, destination))
    release(return_, cause.at)
    return issued_now


def _slots_by_line(return_: Return) -> dict[str, dict[SlotKey, Slot]]:
    lines: dict[str, dict[SlotKey, Slot]] = {}
    for posting in return_.postings.values():
        slots = lines.get(posting.line_no)
        if slots is None:
            slots = lines[posting.line_no] = {}
        key = (posting.kind, posting.split)
        slot = slots.get(key)
        if slot is None:
            slot = slots[key] = Slot([])
        slot.issued.append(posting)
        if posting.sign == "+" and not posting.reversed_by and posting.state not in WITHDRAWN:
            slot.net += posting.quantity
            if posting.amount is not None:
                slot.amount += posting.amount
    return lines


def _take_back(return_: Return, slot: Slot, slot_due: SlotDue | None, cause: PostingCause) -> list[Posting]:
    """Take back the newest postings of a slot until it has no more than is wanted."""
    target = slot_due[0] if slot_due else ZERO
    live, issued = slot.live(), slot.issued
    reversals: list[Posting] = []
    while slot.net > target:
        newest = live.pop()
        slot.net -= newest.quantity
        slot.amount -= newest.amount or ZERO
        if newest.state in UNSENT:
            slot.void = newest.state == "void"
            newest.state, newest.waits_for, newest.changed_at = "cancelled", "", cause.at
            continue
        n = len(issued) + 1
        reversal = Posting(
            key=posting_key(return_.return_no, newest.line_no, newest.kind, newest.split, n),
            line_no=newest.line_no,
            kind=newest.kind,
            split=newest.split,
            n=n,
            sign="-",
            quantity=newest.quantity,
            state="waiting",
            seq=len(return_.postings) + 1,
            destination=newest.destination,
            amount=newest.amount,
            stock_status=newest.stock_status,
            condition=newest.condition,
            disposition=newest.disposition,
            site=newest.site,
            event_on=cause.event_on or newest.event_on,
            document_ref=newest.erp_document or newest.key,
            reverses=newest.key,
            created_at=cause.at,
            changed_at=cause.at,
        )
        newest.reversed_by = reversal.key
        return_.postings[reversal.key] = reversal
        issued.append(reversal)
        reversals.append(reversal)
    return reversals


def _destination(
    return_: Return, line: ReturnLine, slots: Mapping[SlotKey, Slot], policy: Policy, cause: PostingCause
) -> str:
    """The ERP that a line's next posting is for: the one that got its first, for good; else that of a switch which
    fits on the day of the return's first posting; else the one that the return was opened with."""
    if slots and (first_erp := erp_that_knows(p for slot in slots.values() for p in slot.issued)):
        return first_erp
    if policy.routes.switches:
        first_day = min((p.created_at for p in return_.postings.values()), default=cause.at)
        day = _day(first_day, policy)
        place = cause.site or return_.warehouse
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
    amount = credit_amount(line, quantity_due, policy) if rule is PAY_ADVANCE or rule is PAY_AFTER else None
    if amount is not None:
        amount -= slot.amount
    posting_no = posting_key(return_.return_no, line.line_no, kind, split, n)
    quantity, seq = quantity_due - slot.net, len(return_.postings) + 1
    site = cause.site or policy.routes.sites.get(return_.warehouse, return_.warehouse)
    state: PostingState = "void" if slot.void else "waiting"
    condition, disposition = (code, "") if POSTING_KINDS[kind].split_by == "condition" else ("", code)
    event_on = cause.event_on or _day(cause.at, policy).isoformat()
    # By place: passing two dozen fields by name takes three times as long.
    # fmt: off
    posting = Posting(
        posting_no, line.line_no, kind, split, n, "+", quantity, state, seq, "", rule.waits_for, destination,
        amount, rule.stock_status, condition, disposition, site, event_on, cause.document_ref,
        created_at=cause.at, changed_at=cause.at,
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
