"""What the ERP has booked of a line, and how many units each difference is about before any of them is shared out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from gateway.returns.claims.passing import passing, waiting_surplus
from gateway.returns.ledger import balances, charge_due, undecided_exposure
from gateway.returns.model import POSTING_KINDS, ZERO, Posting, PostingKind, Return, ReturnLine, ends_of
from gateway.returns.model.posting_kinds import BookedAs
from gateway.returns.money.due import NEVER_CREDITED, credit_wanted, settlement_due
from gateway.returns.money.goods_slots import TO_SENDER
from gateway.returns.policy import Policy, PostingRule


@dataclass(slots=True)
class BookedFigures:
    """What the ERP has confirmed of a line, and by kind of posting what it refused, what a person voided (net of what
    takes back), and what it has said nothing about yet."""

    received: Decimal = ZERO
    moved: Decimal = ZERO
    credited: Decimal = ZERO
    amount: Decimal = ZERO
    refused: dict[PostingKind, Decimal] = field(default_factory=dict)
    void: dict[PostingKind, Decimal] = field(default_factory=dict)
    silent: dict[PostingKind, Decimal] = field(default_factory=dict)

    def outside(self, booked_as: BookedAs) -> Decimal:
        """Of how much a person voided the postings that book this: it is settled outside the ERP's import files."""
        void = (quantity for kind, quantity in self.void.items() if POSTING_KINDS[kind].booked_as == booked_as)
        return sum(void, ZERO)


@dataclass(slots=True, frozen=True)
class Figures:
    """Units of a line: `here` of `about` came, the most that anybody says the line is about; `credited` are settled,
    `creditable` are or will be if nothing goes wrong. `of` each difference: how many it could be about.
    """

    booked: BookedFigures
    about: Decimal
    here: Decimal
    credited: Decimal
    creditable: Decimal
    of: dict[str, Decimal]


def booked_of(return_: Return, line_no: str) -> BookedFigures:
    """What the postings of a line have come to."""
    booked = BookedFigures()
    for posting in return_.postings.values():
        if posting.line_no == line_no:
            _count(booked, posting)
    return booked


def _count(booked: BookedFigures, posting: Posting) -> None:
    kind = posting.kind
    quantity = posting.quantity if posting.sign == "+" else -posting.quantity
    if posting.state == "refused":
        booked.refused[kind] = booked.refused.get(kind, ZERO) + posting.quantity
    elif posting.state in {"batched", "delivered"}:
        booked.silent[kind] = booked.silent.get(kind, ZERO) + posting.quantity
    elif posting.state == "void":
        booked.void[kind] = booked.void.get(kind, ZERO) + quantity
    if not posting.erp_document:
        return
    match POSTING_KINDS[kind].booked_as:
        case "received":
            booked.received += quantity
        case "moved":
            # What goes on to the site it was sent to has no outcome yet.
            booked.moved += ZERO if posting.from_site else quantity
        case "credited":
            booked.credited += quantity
            money = posting.amount or ZERO
            booked.amount += money if posting.sign == "+" else -money
        case None:
            pass


def figures(return_: Return, line: ReturnLine, policy: Policy) -> Figures:
    """How many units each difference of a line could be about; the same unit may be in several."""
    t = return_.tally(line.line_no)
    booked = booked_of(return_, line.line_no)
    sums = balances(return_, line.line_no)
    due = settlement_due(return_, line, credit_wanted(return_, line, policy), policy)
    # Goods that wait for a person are not the ERP's to know yet; those without a name never are.
    may_be_posted = t.r - waiting_surplus(t, policy) - (ZERO if line.sku else t.sent_back)
    received = booked.received + booked.outside("received")
    moved = booked.moved + booked.outside("moved")
    credited = booked.credited + booked.outside("credited")
    # Postings of several kinds are about the same goods: the largest says how many units it is about.
    refused = max(booked.refused.values(), default=ZERO)
    silent = max(booked.silent.values(), default=ZERO)
    void = max(map(abs, booked.void.values()), default=ZERO)
    not_inspected = min(sums.awaiting_inspection, sums.awaiting_disposition)
    of = {
        "posted_not_received": received - t.r,
        "received_not_authorized": t.undecided_surplus,
        "advance_not_returned": undecided_exposure(return_, line),
        "charge_not_posted": charge_due(return_, line) - t.b - booked.void.get("charge_back", ZERO),
        "posting_refused": refused,
        "posting_unconfirmed": silent,
        "received_not_posted": may_be_posted - received if policy.stages.received else ZERO,
        "credit_not_posted": due - credited,
        "disposition_not_posted": _moving(return_, line, policy) - moved,
        "credit_beyond_due": credited - due,
        "not_inspected": not_inspected,
        "outcome_missing": sums.awaiting_disposition - not_inspected,
        "outcome_open": sum((t.d.get(code, ZERO) for code in return_.staying), ZERO),
        "received_not_shipped": t.r - t.x if t.x else ZERO,
        "closed_short": t.z,
        "shipped_not_received": t.x - t.r - t.z,
        "settled_outside": void,
        "awaiting_goods": ZERO if line.instruction == "keep" else t.a - max(t.x, t.r) - t.z,
    }
    about = max(t.a, t.x, t.r + t.z, received, moved, credited, refused, silent, void, ZERO)
    return Figures(booked, about, t.r, credited, max(due, _to_be_credited(return_, line, due)), of)


def _to_be_credited(return_: Return, line: ReturnLine, due: Decimal) -> Decimal:
    """What is due, and what will be if the goods that wait for an inspection or an outcome get one that credits."""
    if return_.settlement != "after_inspection":
        return due
    t, sums = return_.tally(line.line_no), balances(return_, line.line_no)
    staying = sum((t.d.get(code, ZERO) for code in return_.staying if code not in NEVER_CREDITED), ZERO)
    return min(t.a, due + sums.awaiting_disposition + staying)


def _moving(return_: Return, line: ReturnLine, policy: Policy) -> Decimal:
    """How many units of a line the ERP should move or scrap by their outcomes, or because they are sent back."""
    units = dict.fromkeys(policy.dispositions, ZERO)
    goods = passing(return_, line.line_no, policy)
    for (step, _), quantity in (*goods.first.items(), *goods.steps.items()):
        code = ends_of(step)[1]
        units[code] = units.get(code, ZERO) + quantity
    if line.sku:
        units[TO_SENDER] = units.get(TO_SENDER, ZERO) + return_.tally(line.line_no).sent_back
    return sum(
        (q for code, q in units.items() if (rule := policy.dispositions.get(code)) and _moves(rule.postings)), ZERO
    )


def _moves(rules: Iterable[PostingRule]) -> bool:
    return any(POSTING_KINDS[rule.kind].booked_as == "moved" for rule in rules)
