"""Money that the ERP booked otherwise than it was asked to."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from gateway.returns.apply.open_hold import HoldCause
from gateway.returns.model import Return
from gateway.returns.money.posted import currency_of, has_other_currency, posted_difference
from gateway.returns.policy import Policy


def posted_causes(return_: Return, _credits: Mapping[str, Decimal], policy: Policy) -> list[HoldCause]:
    """Every posting that the ERP says it booked with other money, beyond the tolerance of the policy."""
    causes: list[HoldCause] = []
    for posting in return_.postings.values():
        if posting.posted_amount is None or posting.amount is None:
            continue
        difference = posted_difference(return_, posting)
        if difference is not None and abs(difference) <= policy.posted_tolerance:
            continue
        asked = f"{posting.amount} {currency_of(return_, posting)}".rstrip()
        booked = f"{posting.posted_amount} {posting.posted_currency or currency_of(return_, posting)}".rstrip()
        text = f"{posting.destination} booked {booked} as {posting.erp_document} for {posting.kind} {posting.key}"
        text += f", which asks for {asked}"
        if has_other_currency(return_, posting):
            text += ": another currency"
        extent = f"{booked}/{asked}"
        causes.append(
            HoldCause("erp_amount_differs", posting.line_no, posting.key, extent, text, posting_key=posting.key)
        )
    return causes
