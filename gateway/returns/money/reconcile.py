"""Three views of every return line side by side: what the partner says it sent, the warehouse got, the ERP booked.

A line where they agree is *matched*; every other has one row per typed difference, in quantity and money.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from decimal import Decimal

from gateway.returns.claims.passing import passing, waiting_surplus
from gateway.returns.ledger import charge_due, undecided_exposure
from gateway.returns.model import POSTING_KINDS, ZERO, Posting, PostingKind, Return, ReturnLine, ends_of
from gateway.returns.model.posting_kinds import BookedAs
from gateway.returns.money.currency import rounded
from gateway.returns.money.due import credit_amount, credit_wanted, settlement_due
from gateway.returns.money.goods_slots import TO_SENDER
from gateway.returns.policy import REPLACEMENT_RESOLUTIONS, Policies, Policy, PostingRule, policy_for

# Type of difference → between whom, and what it means.
DIFFERENCES: dict[str, tuple[str, str]] = {
    "matched": ("", "all three agree"),
    "shipped_not_received": ("partner / warehouse", "the partner shipped more than came"),
    "received_not_shipped": ("partner / warehouse", "more came than the partner says it shipped"),
    "closed_short": ("partner / warehouse", "did not come, and we closed it short"),
    "received_not_authorized": ("warehouse / us", "more came than was authorized"),
    "received_not_posted": ("warehouse / ERP", "goods came that the ERP has not booked"),
    "posted_not_received": ("warehouse / ERP", "the ERP booked goods that did not come"),
    "outcome_open": ("warehouse / us", "goods stand where they may not stay: in quarantine, refurbishment or repair"),
    "disposition_not_posted": ("warehouse / ERP", "an outcome of inspection that the ERP has not booked"),
    "credit_not_posted": ("partner / ERP", "credit is due that the ERP has not given"),
    "credit_beyond_due": ("partner / ERP", "the ERP credited more than is due"),
    "advance_not_returned": ("partner / us", "credited or replaced in advance, and the goods have not come back"),
    "charge_not_posted": ("partner / ERP", "a charge is due that the ERP has not posted"),
    "posting_refused": ("us / ERP", "the ERP refused what we told it to post"),
    "settled_outside": ("us / ERP", "a person voided what would have told the ERP"),
    "posting_unconfirmed": ("us / ERP", "sent to the ERP, which has not said what became of it"),
}


@dataclass(slots=True, frozen=True)
class Row:
    """One line of a return under one type of difference; quantities in its unit, money in its currency."""

    return_no: str
    rma: str
    partner: str
    request_number: str
    line_no: str
    sku: str
    difference: str
    quantity: Decimal
    amount: Decimal | None
    currency: str
    requested: Decimal
    authorized: Decimal
    shipped: Decimal
    received: Decimal
    dispositioned: Decimal
    erp_received: Decimal
    erp_moved: Decimal
    erp_credited: Decimal
    erp_credit_amount: Decimal


@dataclass(slots=True, frozen=True)
class Period:
    """A closed period: its rows as CSV, frozen, and the SHA-256 that proves it."""

    name: str
    closed_at: str
    csv: str
    sha256: str
    rows: int
    differences: int


def reconcile(returns: Iterable[Return], policies: Policies) -> list[Row]:
    """Every line of these returns: one row if all agree, one per difference otherwise, by return and line."""
    rows: list[Row] = []
    for return_ in sorted(returns, key=lambda r: r.return_no):
        for line in return_.lines.values():
            rows += _line_rows(return_, line, policies)
    return rows


@dataclass(slots=True)
class _Booked:
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


def _booked(return_: Return, line_no: str) -> _Booked:
    """What the postings of a line have come to."""
    booked = _Booked()
    for posting in return_.postings.values():
        if posting.line_no == line_no:
            _count(booked, posting)
    return booked


def _count(booked: _Booked, posting: Posting) -> None:
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


def _line_rows(return_: Return, line: ReturnLine, policies: Policies) -> list[Row]:
    t = return_.tally(line.line_no)
    booked = _booked(return_, line.line_no)
    policy = policy_for(policies, return_.partner)
    credit = credit_wanted(return_, line, policy)
    due = settlement_due(return_, line, credit, policy)
    replaced = line.resolution in REPLACEMENT_RESOLUTIONS
    # Credit differs by the money that we asked for and the ERP gave: fees, freight and tax are in it.
    money = None if replaced else credit_amount(return_, line, credit, policy)
    owed = None if money is None else money - booked.amount
    moving = _moving(return_, line, policy)
    # Goods that wait for a person are not the ERP's to know yet; those without a name never are.
    may_be_posted = t.r - waiting_surplus(t, policy) - (ZERO if line.sku else t.sent_back)
    not_returned = undecided_exposure(return_, line)
    uncharged = max(ZERO, charge_due(return_, line) - t.b - booked.void.get("charge_back", ZERO))
    amounts = {
        "credit_not_posted": owed,
        "credit_beyond_due": None if owed is None else -owed,
        "advance_not_returned": credit_amount(return_, line, not_returned, policy),
        "charge_not_posted": credit_amount(return_, line, uncharged, policy),
    }
    receipts_posted = bool(policy.stages.received)
    received = booked.received + booked.outside("received")
    moved = booked.moved + booked.outside("moved")
    credited = booked.credited + booked.outside("credited")
    differences = {
        "shipped_not_received": t.x - t.r - t.z,
        "received_not_shipped": t.r - t.x if t.x else ZERO,
        "closed_short": t.z,
        "received_not_authorized": t.undecided_surplus,
        "received_not_posted": may_be_posted - received if receipts_posted else ZERO,
        "posted_not_received": received - t.r,
        "outcome_open": sum((t.d.get(code, ZERO) for code in return_.staying), ZERO),
        "disposition_not_posted": moving - moved,
        "credit_not_posted": due - credited,
        "credit_beyond_due": credited - due,
        "advance_not_returned": not_returned,
        "charge_not_posted": uncharged,
        # Postings of several kinds are about the same goods: the largest says how many units it is about.
        "posting_refused": max(booked.refused.values(), default=ZERO),
        "settled_outside": max(map(abs, booked.void.values()), default=ZERO),
        "posting_unconfirmed": max(booked.silent.values(), default=ZERO),
    }
    there_are = [(name, quantity) for name, quantity in differences.items() if quantity > 0] or [("matched", ZERO)]
    return [_row(return_, line, booked, name, quantity, amounts.get(name)) for name, quantity in there_are]


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


def _row(
    return_: Return, line: ReturnLine, booked: _Booked, difference: str, quantity: Decimal, amount: Decimal | None
) -> Row:
    """`amount`: the money of the difference, where it is not the value of the goods."""
    t = return_.tally(line.line_no)
    if amount is None and line.unit_price is not None:
        amount = rounded(quantity * line.unit_price, return_.currency)
    return Row(
        return_no=return_.return_no,
        rma=return_.rma,
        partner=return_.partner,
        request_number=return_.request_number,
        line_no=line.line_no,
        sku=line.sku,
        difference=difference,
        quantity=quantity,
        amount=amount,
        currency=return_.currency,
        requested=line.requested,
        authorized=t.a,
        shipped=t.x,
        received=t.r,
        dispositioned=t.dispositioned,
        erp_received=booked.received,
        erp_moved=booked.moved,
        erp_credited=booked.credited,
        erp_credit_amount=booked.amount,
    )


def as_csv(rows: Iterable[Row]) -> str:
    """The table with a header row, RFC 4180, plain decimals."""
    out = io.StringIO()
    writer = csv.writer(out)
    names = [f.name for f in fields(Row)]
    writer.writerow(names)
    for row in rows:
        values = (getattr(row, name) for name in names)
        writer.writerow(["" if v is None else f"{v:f}" if isinstance(v, Decimal) else v for v in values])
    return out.getvalue()


def close_period(name: str, rows: Iterable[Row], at: str) -> Period:
    """Freeze a reconciliation: whoever reads the same rows later can prove that they are the same."""
    table = list(rows)
    text = as_csv(table)
    differing = sum(row.difference != "matched" for row in table)
    return Period(name, at, text, hashlib.sha256(text.encode()).hexdigest(), len(table), differing)


@dataclass(slots=True, frozen=True)
class Change:
    """A line of a closed period that stands otherwise now: its differences then and now, and which columns moved."""

    return_no: str
    line_no: str
    sku: str
    before: tuple[str, ...]
    now: tuple[str, ...]
    columns: tuple[str, ...]

    def sentence(self, period: str) -> str:
        """The change in one sentence."""
        then, today = " and ".join(self.before) or "not there", " and ".join(self.now) or "gone"
        if then != today:
            return f"closed in {period} with {then}; now {today}"
        return f"closed in {period} with {then}; since then changed: {', '.join(self.columns)}"


def changed_since(period: Period, rows: Iterable[Row]) -> list[Change]:
    """What differs now from the frozen result of a closed period, line by line. `rows`: the same returns today."""
    frozen = _by_line(period.csv)
    today = _by_line(as_csv(rows))
    changes = []
    for key in sorted(frozen.keys() | today.keys()):
        rows_then, rows_now = frozen.get(key, []), today.get(key, [])
        if rows_then == rows_now:
            continue
        any_row = (rows_now or rows_then)[0]
        columns = {
            name
            for row_then, row_now in zip(rows_then, rows_now, strict=False)
            for name in row_then
            if row_then[name] != row_now.get(name)
        }
        changes.append(
            Change(
                *key,
                any_row["sku"],
                _differences_of(rows_then),
                _differences_of(rows_now),
                tuple(name for name in any_row if name in columns),
            )
        )
    return changes


def _by_line(text: str) -> dict[tuple[str, str], list[dict[str, str]]]:
    by_line: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in csv.DictReader(io.StringIO(text)):
        by_line.setdefault((row["return_no"], row["line_no"]), []).append(row)
    return by_line


def _differences_of(rows: list[dict[str, str]]) -> tuple[str, ...]:
    quantities = ((row["difference"], row["quantity"]) for row in rows)
    return tuple(name if name == "matched" else f"{name} {quantity}" for name, quantity in quantities)
