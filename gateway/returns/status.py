"""Where a return stands: its status and what blocks it, both derived from the ledger, postings and Holds."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from gateway.holds import OVERDUE_OF_RETURNS, Stage, hold_class
from gateway.returns.items.lines import parts_of
from gateway.returns.ledger import exposure
from gateway.returns.model import SETTLEMENT_KINDS, ZERO, Blocked, Hold, Posting, Return, instant, plain
from gateway.returns.vendors.claims import unanswered
from translators.canonical import StatusRow

# Every status of a return, the event that leads on, what comes next, and whose move it is.
TRANSITIONS: tuple[tuple[str, str, str, str], ...] = (
    ("draft", "request received", "requested", "partner"),
    ("requested", "all lines denied", "rejected", "us"),
    ("requested", "some line authorized", "authorized", "us"),
    ("requested", "request cancelled", "cancelled", "partner"),
    ("authorized", "shipment announced", "awaiting_goods", "partner"),
    ("authorized", "request cancelled", "cancelled", "partner"),
    ("authorized", "validity ended, nothing shipped", "expired", "partner"),
    ("authorized", "part received", "partially_received", "warehouse"),
    ("awaiting_goods", "part received", "partially_received", "warehouse"),
    ("awaiting_goods", "all received", "received", "warehouse"),
    ("partially_received", "rest received or closed short", "received", "warehouse"),
    ("received", "part inspected", "inspecting", "warehouse"),
    ("inspecting", "every unit has a disposition", "dispositioned", "warehouse"),
    ("dispositioned", "no goods where they may not stay, stock postings posted", "settling", "ERP"),
    ("settling", "settlement posted", "settled", "ERP"),
    ("settled", "no Hold open", "closed", "us"),
    ("settled", "no Hold open, some units closed short", "closed_short", "us"),
)
STATUSES: tuple[str, ...] = tuple(dict.fromkeys(s for a, _, b, _ in TRANSITIONS for s in (a, b)))
# Kinds of posting that settle with the partner.
_WITH_PARTNER = SETTLEMENT_KINDS | {"charge_back"}
_DONE = frozenset({"posted", "cancelled", "reversed", "void"})
# What a line has become that lacks something → where its return is blocked.
STAGE_REACHED: dict[str, Stage] = {
    "requested": "eligibility",
    "authorized": "authorization",
    "shipped": "shipment",
    "received": "receipt",
    "inspected": "inspection",
    "dispositioned": "disposition",
    "credited": "credit",
}
_STAGES: tuple[Stage, ...] = (
    "eligibility",
    "authorization",
    "shipment",
    "receipt",
    "inspection",
    "disposition",
    "credit",
    "erp",
)


def status_of(return_: Return, now: datetime | None = None) -> str:
    """The return's status, one of STATUSES. With `now`, an authorization that lapsed unused is expired."""
    authorized = received = shipped = inspected = dispositioned = closed = open_ = ZERO
    for line_no in return_.lines:
        t = return_.tally(line_no)
        authorized += t.a
        shipped += t.x
        received += t.r
        inspected += t.i
        dispositioned += t.dispositioned + t.sent_back
        closed += t.z
        if return_.lines[line_no].instruction != "keep":
            open_ += max(ZERO, t.a - t.r - t.z)
    if not return_.lines:
        return "draft"
    if not received and not authorized:
        return _without_goods(return_)
    if not received and open_:
        return _expecting(return_, shipped, now)
    if open_:
        return "partially_received"
    if dispositioned < received:
        return "inspecting" if inspected else "received"
    return _after_disposition(return_, closed)


def _without_goods(return_: Return) -> str:
    if return_.cancelled:
        return "cancelled"
    decisions = {line.decision for line in return_.lines.values()}
    return "requested" if "pending" in decisions else "rejected" if decisions == {"denied"} else "cancelled"


def _expecting(return_: Return, shipped: Decimal, now: datetime | None) -> str:
    if shipped:
        return "awaiting_goods"
    # What was credited or replaced in advance is owed for, however long ago it could still be sent.
    at_stake = any(exposure(return_, line) for line in return_.lines.values())
    expired = now is not None and return_.expires_on and return_.expires_on < now.date().isoformat() and not at_stake
    return "expired" if expired else "authorized"


def _after_disposition(return_: Return, closed: Decimal) -> str:
    open_ = _open_postings(return_)
    if return_.staying or any(p.kind not in _WITH_PARTNER for p in open_):
        return "dispositioned"
    if open_ or any(unanswered(return_)):
        return "settling"
    if _questions(return_):
        return "settled"
    return "closed_short" if closed else "closed"


def _open_postings(return_: Return) -> list[Posting]:
    """Postings that still await the ERP; one that it refused is done with once a person has dismissed it."""
    open_ = [p for p in return_.postings.values() if p.state not in _DONE]
    if not any(p.state == "refused" for p in open_):
        return open_
    about = {"erp_refused", "unrenderable"}
    dismissed = {h.posting_key for h in return_.holds.values() if h.class_ in about and h.state == "resolved"}
    return [p for p in open_ if p.state != "refused" or p.key not in dismissed]


def blocked_at(return_: Return, now: datetime) -> Blocked | None:
    """What the return waits for at `now`; None if for nothing. An open Hold goes first, then the flow of the goods."""
    holds = _questions(return_)
    if holds:
        most_urgent = min(holds, key=lambda hold: (_STAGES.index(_stage(return_, hold)), hold.opened_at, hold.key))
        return Blocked(
            _stage(return_, most_urgent),
            most_urgent.message,
            most_urgent.opened_at,
            most_urgent.owner,
            most_urgent.next_action,
        )
    return _flow(return_, now)


def _questions(return_: Return) -> list[Hold]:
    """Open Holds that ask a person something; a broken promise only says how late the answer is."""
    return [h for h in return_.holds.values() if h.state == "open" and h.class_ not in OVERDUE_OF_RETURNS]


def _stage(return_: Return, hold: Hold) -> Stage:
    if hold.class_ == "crosswalk_missing" and (line := return_.lines.get(hold.line_no)) and line.decision == "pending":
        return "eligibility"
    if hold.class_ == "incomplete":
        return STAGE_REACHED.get(hold.extent.partition(":")[0], "credit")
    if hold.posting_key and (posting := return_.postings.get(hold.posting_key)) and posting.kind in _WITH_PARTNER:
        return "credit"
    return hold_class(hold.class_).stage


def _flow(return_: Return, now: datetime) -> Blocked | None:
    tallies = [(line, return_.tally(no)) for no, line in return_.lines.items()]
    in_transit = sum((max(ZERO, t.x - t.r - t.z) for _, t in tallies), ZERO)
    if in_transit:
        since = _since(return_, "ship")
        carrier = next((c.carrier for c in return_.consignments if c.carrier), "")
        by = f" with {carrier}" if carrier else ""
        return Blocked("receipt", f"{plain(in_transit)} in transit{by}", since, "warehouse", "receive the goods")
    uninspected = sum((max(ZERO, t.r - t.sent_back - t.i) for _, t in tallies), ZERO)
    if uninspected:
        since = _since(return_, "receive")
        why = f"{plain(uninspected)} received, not inspected"
        return Blocked("inspection", why, since, "warehouse", "inspect the goods")
    undecided = sum((t.i - t.dispositioned for _, t in tallies), ZERO)
    if undecided:
        since = _since(return_, "inspect")
        return Blocked(
            "disposition", f"{plain(undecided)} inspected, outcome open", since, "warehouse", "say what becomes of it"
        )
    if return_.staying:
        return _passing(return_)
    coming = sum((max(ZERO, t.a - t.r - t.z) for line, t in tallies if line.instruction != "keep"), ZERO)
    if coming and status_of(return_, now) != "expired":
        since = _since(return_, "receive") or return_.authorized_on or return_.opened_at
        settled = " (credited or replaced in advance)" if any(exposure(return_, line) for line, _ in tallies) else ""
        why = f"{plain(coming)} authorized, not shipped{settled}"
        return Blocked("shipment", why, since, "partner", "ship the goods")
    return _erp(return_) or _vendor(return_)


def _passing(return_: Return) -> Blocked:
    """Goods stand where they may not stay: how many where, since when the longest."""
    places = []
    for code in return_.staying:
        units = sum((return_.tally(no).d.get(code, ZERO) for no in return_.lines), ZERO)
        places.append(f"{plain(units)} in {code}".replace("_", " "))
    since = min(return_.staying.values())
    return Blocked("disposition", ", ".join(places), since, "warehouse", "say what becomes of the goods next")


def _vendor(return_: Return) -> Blocked | None:
    claim = next(unanswered(return_), None)
    if claim is None:
        return None
    text = f"{claim.supplier} has not answered {claim.number}: {sum(claim.asked.values(), ZERO)} to go back"
    return Blocked("authorization", text, claim.asked_at, "partner", "ask the supplier whether it takes the goods back")


def _erp(return_: Return) -> Blocked | None:
    open_ = _open_postings(return_)
    if not open_:
        return None
    next_posting = min(open_, key=lambda posting: (posting.state == "waiting", posting.seq))
    stage: Stage = "credit" if all(posting.kind in _WITH_PARTNER for posting in open_) else "erp"
    needed = return_.postings.get(next_posting.waits_for)
    if needed is not None and needed.state == "refused":
        error = f"{needed.error_code} {needed.error_text}"
        text = f"{next_posting.kind} waits for the {needed.kind}, which was refused: {error}"
        return Blocked(stage, text.rstrip(), needed.changed_at, "erp", f"post {needed.key} and report the result")
    if next_posting.state in {"ready", "waiting"}:
        return Blocked(
            stage, f"{next_posting.kind} not sent yet", next_posting.changed_at, "us", "send the next batch to the ERP"
        )
    return Blocked(
        stage, f"{next_posting.kind} sent, no result yet", next_posting.changed_at, "erp", "post and report the result"
    )


def _since(return_: Return, kind: str) -> str:
    """When the latest movement of a kind was written."""
    return next((m.at for m in reversed(return_.movements) if m.kind == kind), "")


def status_rows(return_: Return, now: datetime) -> tuple[StatusRow, ...]:
    """Where the return stands, line by line, for a portal's or CRM's status file."""
    blocked = blocked_at(return_, now)
    status = status_of(return_, now)
    promise, state, due = _promise(return_, now)
    return tuple(
        StatusRow(
            return_no=return_.return_no,
            rma=return_.rma,
            request_number=return_.request_number,
            line_no=line.partner_line or line.line_no,
            sku=line.sku,
            status=status,
            blocked_at=blocked.stage if blocked else "",
            since=blocked.since if blocked else return_.changed_at,
            waiting_for=blocked.who if blocked else "",
            quantity=sum((return_.tally(each.line_no).a for each in (line, *parts_of(return_, line))), ZERO),
            promise=promise,
            promise_state=state,
            promise_due=due,
        )
        for line in return_.lines.values()
        if not line.part_of
    )


def _promise(return_: Return, now: datetime) -> tuple[str, str, str]:
    """The promise on this return that is broken, or else about to be: its class, warned or overdue, when it is due."""
    at = instant(now)
    at_risk = [
        clock
        for clock in return_.clocks.values()
        if clock.state == "running" and min(clock.warn_at, clock.due_at) <= at
    ]
    if not at_risk:
        return "", "", ""
    soonest = min(at_risk, key=lambda clock: (clock.due_at, clock.class_))
    return soonest.class_, "overdue" if soonest.due_at <= at else "warned", soonest.due_at


def blocked_text(return_: Return, now: datetime) -> str:
    """`blocked_at` in one line for lists: stage, why, who; "" if nothing blocks."""
    blocked = blocked_at(return_, now)
    return f"{blocked.stage}: {blocked.why} ({blocked.who})" if blocked else ""
