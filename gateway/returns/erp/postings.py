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
    fresh: list[Posting] = []
    for line in lines:
        slots = issued.get(line.line_no, {})
        wanted = slots_due(return_, line, credits_[line.line_no], policy)
        destination = ""
        credit = slots.get(_CREDIT)
        if (
            line.line_no in repriced
            and credit
            and credit.net
            and credit.amount != credit_amount(line, credit.net, policy)
        ):
            fresh += _take_back(return_, credit, None, cause)
        too_much = [s for s, slot in slots.items() if slot.net > (wanted[s][0] if s in wanted else ZERO)]
        if too_much:
            too_much.sort(key=lambda s: (-POSTING_RANK[s[0]], s[1]))
            for key in too_much:
                fresh += _take_back(return_, slots[key], wanted.get(key), cause)
        for key, want in wanted.items():
            slot = slots.get(key)
            if slot is None or slot.net < want[0]:
                destination = destination or _destination(return_, line, slots, policy, cause)
                fresh.append(_issue(return_, line, key, slot or Slot([]), want, policy, cause, destination))
    release(return_, cause.at)
    return fresh


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


def _take_back(return_: Return, slot: Slot, want: SlotDue | None, cause: PostingCause) -> list[Posting]:
    """Take back the newest postings of a slot until it has no more than is wanted."""
    target = want[0] if want else ZERO
    live, issued = slot.live(), slot.issued
    fresh: list[Posting] = []
    while slot.net > target:
        last = live.pop()
        slot.net -= last.quantity
        slot.amount -= last.amount or ZERO
        if last.state in UNSENT:
            slot.void = last.state == "void"
            last.state, last.waits_for, last.changed_at = "cancelled", "", cause.at
            continue
        n = len(issued) + 1
        reversal = Posting(
            key=posting_key(return_.return_no, last.line_no, last.kind, last.split, n),
            line_no=last.line_no,
            kind=last.kind,
            split=last.split,
            n=n,
            sign="-",
            quantity=last.quantity,
            state="waiting",
            seq=len(return_.postings) + 1,
            destination=last.destination,
            amount=last.amount,
            stock_status=last.stock_status,
            condition=last.condition,
            disposition=last.disposition,
            site=last.site,
            event_on=cause.event_on or last.event_on,
            document_ref=last.erp_document or last.key,
            reverses=last.key,
            created_at=cause.at,
            changed_at=cause.at,
        )
        last.reversed_by = reversal.key
        return_.postings[reversal.key] = reversal
        issued.append(reversal)
        fresh.append(reversal)
    return fresh


def _destination(
    return_: Return, line: ReturnLine, slots: Mapping[SlotKey, Slot], policy: Policy, cause: PostingCause
) -> str:
    """The ERP that a line's next posting is for: the one that got its first, for good; else that of a switch which
    fits on the day of the return's first posting; else the one that the return was opened with."""
    if slots and (known := erp_that_knows(p for slot in slots.values() for p in slot.issued)):
        return known
    if policy.routes.switches:
        first = min((p.created_at for p in return_.postings.values()), default=cause.at)
        on = _day(first, policy)
        place = cause.site or return_.warehouse
        if switched := policy.routes.switched_erp(return_, line, place, on):
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
    want: SlotDue,
    policy: Policy,
    cause: PostingCause,
    destination: str,
) -> Posting:
    """Issue what a slot lacks as one new posting. Its money is what the whole slot's still lacks: cents never drift."""
    kind, split = key
    wanted, rule, code = want
    n = len(slot.issued) + 1
    amount = credit_amount(line, wanted, policy) if rule is PAY_ADVANCE or rule is PAY_AFTER else None
    if amount is not None:
        amount -= slot.amount
    posting_no = posting_key(return_.return_no, line.line_no, kind, split, n)
    quantity, seq = wanted - slot.net, len(return_.postings) + 1
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
    for p in return_.postings.values():
        if p.state in {"cancelled", "void"}:
            continue
        sign = 1 if p.sign == "+" else -1
        quantity, amount = net.get((p.line_no, p.kind, p.split), (ZERO, ZERO))
        net[p.line_no, p.kind, p.split] = (quantity + sign * p.quantity, amount + sign * (p.amount or ZERO))
    return {slot: both for slot, both in net.items() if any(both)}


def postings_ready(return_: Return) -> list[Posting]:
    """Postings that may go into the next batch."""
    return [p for p in return_.postings.values() if p.state == "ready"]
