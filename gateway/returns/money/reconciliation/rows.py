"""Every unit of a return line in one row: the three views side by side, and the one cause for which it stands so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from gateway.clock import parse_instant
from gateway.returns.model import ZERO, Return, ReturnLine
from gateway.returns.money.claim_figures import claim_figures
from gateway.returns.money.currency import rounded
from gateway.returns.money.due import credit_amount
from gateway.returns.money.posted import has_other_currency, posted_difference
from gateway.returns.money.reconciliation.differences import DIFFERENCES, RowClass
from gateway.returns.money.reconciliation.figures import BookedFigures, Figures, figures
from gateway.returns.policy import Policies, Policy, policy_for

# What only goods that came, or only goods that did not come, can be; all others take from those that came first.
_HERE = frozenset({"received_not_authorized", "received_not_posted", "not_inspected", "outcome_missing"}) | {
    "outcome_open",
    "disposition_not_posted",
    "received_not_shipped",
}
_NOT_HERE = frozenset({"posted_not_received", "advance_not_returned", "charge_not_posted", "closed_short"}) | {
    "shipped_not_received",
    "awaiting_goods",
}


@dataclass(slots=True, frozen=True)
class Row:
    """Units of one line that stand so for one cause; quantities in its unit, money in its currency.

    Quantities of a line's rows add up to the most units that anybody says it is about. `age_days`: full days since the
    longest waiting unit waits; None where nothing waits. `owner` must act. `last_on`: day of the line's last movement
    (UTC). Of a claim on a `supplier`, the line is "" and the amount what it owes.
    """

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
    class_: RowClass
    age_days: int | None
    owner: str
    supplier: str
    last_on: str


def reconcile(returns: Iterable[Return], policies: Policies, now: datetime | None = None) -> list[Row]:
    """Every unit of every line of these returns in one row, and what suppliers owe; by return and line.

    `now`: the instant to which rows are aged; without it they have no age.
    """
    rows: list[Row] = []
    for return_ in sorted(returns, key=lambda r: r.return_no):
        policy = policy_for(policies, return_.partner)
        for line in return_.lines.values():
            rows += _line_rows(return_, line, policy, now)
        rows += _supplier_rows(return_, policy)
    return rows


def _line_rows(return_: Return, line: ReturnLine, policy: Policy, now: datetime | None) -> list[Row]:
    found = figures(return_, line, policy)
    shares = _share_out(found)
    amounts = _amounts(return_, line, policy, found, shares)
    rows = [
        _row(return_, line, found.booked, name, quantity, amounts[name], _age(return_, line, name, quantity, now))
        for name, quantity in shares.items()
    ]
    if (beyond := _booked_beyond(return_, line, policy)) is not None:
        # Money alone: its units are told in the rows above.
        age = _age(return_, line, "erp_amount_differs", Decimal(1), now)
        rows.append(_row(return_, line, found.booked, "erp_amount_differs", ZERO, beyond, age))
    return rows


def _booked_beyond(return_: Return, line: ReturnLine, policy: Policy) -> Decimal | None:
    """How much more (less: negative) than it was asked to the ERP says it booked of a line; None if it is as asked, or
    as a person has accepted. What it booked in another currency is told with the money that it should have been.
    """
    accepted = {h.posting_key for h in return_.holds.values() if h.class_ == "erp_amount_differs" and h.resolved_by}
    beyond: list[Decimal] = []
    for posting in return_.postings.values():
        if posting.line_no != line.line_no or posting.posted_amount is None or posting.key in accepted:
            continue
        sign = 1 if posting.sign == "+" else -1
        if has_other_currency(return_, posting):
            beyond.append(-sign * (posting.amount or ZERO))
        elif (difference := posted_difference(return_, posting)) and abs(difference) > policy.posted_tolerance:
            beyond.append(sign * difference)
    return sum(beyond, ZERO) if beyond else None


def _share_out(found: Figures) -> dict[str, Decimal]:
    """Units by difference, each unit once: what is nearer to the root takes first, what agrees is what is left."""
    here, not_here = found.here, found.about - found.here
    shares: dict[str, Decimal] = {}
    for name in DIFFERENCES:
        wanted = found.of.get(name, ZERO)
        if wanted <= 0:
            continue
        of_here = ZERO if name in _NOT_HERE else min(wanted, here)
        of_others = ZERO if name in _HERE else min(wanted - of_here, not_here)
        if name not in _NOT_HERE:
            # It is of goods that came before it is of others: what a root took of those is not told of these again.
            due = found.creditable if name == "credit_not_posted" else wanted
            of_others = min(of_others, max(ZERO, due - found.here))
        here, not_here = here - of_here, not_here - of_others
        if of_here + of_others:
            shares[name] = of_here + of_others
    if here + not_here or not shares:
        shares = {"matched": here + not_here} | shares
    return shares


def _amounts(
    return_: Return, line: ReturnLine, policy: Policy, found: Figures, shares: dict[str, Decimal]
) -> dict[str, Decimal | None]:
    """Money of each share. What accrues is counted on from what is credited, so that its cents add up."""
    amounts: dict[str, Decimal | None] = {}
    counted = found.credited
    for name, quantity in shares.items():
        if name in {"matched", "awaiting_goods"}:
            amounts[name] = ZERO
        elif DIFFERENCES[name].accrues:
            upto = min(counted + quantity, max(counted, found.creditable))
            amounts[name] = _between(return_, line, policy, counted, upto)
            counted = upto
        elif name == "credit_beyond_due":
            amounts[name] = _between(return_, line, policy, found.credited - quantity, found.credited)
        elif name in {"advance_not_returned", "charge_not_posted"}:
            amounts[name] = credit_amount(return_, line, quantity, policy)
        elif line.unit_price is None:
            amounts[name] = None
        else:
            amounts[name] = rounded(quantity * line.unit_price, return_.currency)
    return amounts


def _between(return_: Return, line: ReturnLine, policy: Policy, low: Decimal, high: Decimal) -> Decimal | None:
    before, after = (credit_amount(return_, line, quantity, policy) for quantity in (low, high))
    return None if before is None or after is None else after - before


def _age(return_: Return, line: ReturnLine, name: str, quantity: Decimal, now: datetime | None) -> int | None:
    """Full days since the longest waiting of these units waits: the units that came last are those that wait."""
    if now is None:
        return None
    reversed_ = {movement.reverses for movement in return_.movements}
    for kind in DIFFERENCES[name].since:
        since, left = "", quantity
        standing = (m for m in return_.movements if m.line_no == line.line_no and m.kind == kind and m.quantity > 0)
        for movement in sorted(standing, key=lambda m: m.at, reverse=True):
            if movement.seq in reversed_ or not movement.at or left <= 0:
                continue
            since, left = movement.at, left - movement.quantity
        if since:
            return max(0, (now - parse_instant(since)).days)
    return None


def _row(
    return_: Return,
    line: ReturnLine,
    booked: BookedFigures,
    difference: str,
    quantity: Decimal,
    amount: Decimal | None,
    age_days: int | None,
) -> Row:
    t = return_.tally(line.line_no)
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
        class_=DIFFERENCES[difference].class_,
        age_days=age_days,
        owner=DIFFERENCES[difference].owner,
        supplier="",
        last_on=max((m.at for m in return_.movements if m.line_no == line.line_no), default="")[:10],
    )


def _supplier_rows(return_: Return, policy: Policy) -> list[Row]:
    """What suppliers owe of their claims, one row per claim and currency."""
    return [
        Row(
            *(return_.return_no, claim.rma, return_.partner, claim.number, "", "", "supplier_owes"),
            claim.asked,
            claim.open,
            claim.currency,
            *(ZERO,) * 9,
            class_=DIFFERENCES["supplier_owes"].class_,
            age_days=None,
            owner=DIFFERENCES["supplier_owes"].owner,
            supplier=claim.supplier,
            last_on=max((m.at for m in return_.movements), default="")[:10],
        )
        for claim in claim_figures(return_, policy.vendor_claims.tolerance)
        if claim.open > 0
    ]
