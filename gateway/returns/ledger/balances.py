"""Balances of a line: the ledger's sums and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from gateway.returns.ledger.advance import exposure
from gateway.returns.model import ZERO, Return, ReturnLine


@dataclass(slots=True, frozen=True)
class Balances:
    """Quantities of one line in its unit: the ledger's sums and what follows from them."""

    authorized: Decimal
    shipped: Decimal
    received: Decimal
    inspected: Decimal
    dispositioned: Decimal
    credited: Decimal
    claimed: Decimal
    closed_short: Decimal
    charged_back: Decimal
    by_disposition: dict[str, Decimal]
    by_condition: dict[str, Decimal]
    moved_on: dict[str, Decimal]
    open_to_receive: Decimal
    in_transit: Decimal
    over: Decimal
    short: Decimal
    awaiting_inspection: Decimal
    awaiting_disposition: Decimal
    creditable: Decimal
    uncredited: Decimal
    exposure: Decimal


def creditable(return_: Return, line: ReturnLine) -> Decimal:
    """The most that may be credited on the line now, by the settlement agreed when the return was opened."""
    tally = return_.tally(line.line_no)
    if return_.settlement == "none":
        return ZERO
    if line.instruction == "keep" or return_.settlement == "in_advance":
        return tally.a
    if return_.settlement == "after_receipt":
        return min(tally.a, tally.r)
    return min(tally.a, tally.dispositioned)


def balances(return_: Return, line_no: str) -> Balances:
    """The line's quantities. `short` counts only once every known receipt of the return was final."""
    t = return_.tally(line_no)
    line = return_.lines.get(line_no)
    may_credit = creditable(return_, line) if line else ZERO
    dispositioned, sent_back = t.dispositioned, t.sent_back
    final = bool(return_.finals) and all(return_.finals.values())
    return Balances(
        authorized=t.a,
        shipped=t.x,
        received=t.r,
        inspected=t.i,
        dispositioned=dispositioned,
        credited=t.c,
        claimed=t.v,
        closed_short=t.z,
        charged_back=t.b,
        by_disposition={k: q for k, q in sorted(t.d.items()) if q},
        by_condition={k: q for k, q in sorted(t.by_condition.items()) if q},
        moved_on={k: q for k, q in sorted(t.moved_on.items()) if q},
        open_to_receive=max(ZERO, t.a - t.r - t.z),
        in_transit=max(ZERO, t.x - t.r - t.z),
        over=t.undecided_surplus,
        short=max(ZERO, t.x - t.r - t.z) if final else ZERO,
        awaiting_inspection=max(ZERO, t.r - sent_back - t.i),
        awaiting_disposition=max(ZERO, t.r - sent_back - dispositioned),
        creditable=may_credit,
        uncredited=may_credit - t.c,
        exposure=exposure(return_, line) if line else ZERO,
    )
