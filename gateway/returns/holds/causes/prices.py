"""Prices and currencies that a request claims otherwise than the sale has them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from gateway.returns.apply.open_hold import HoldCause
from gateway.returns.holds.causes.words import named
from gateway.returns.model import Return, ReturnLine, plain
from gateway.returns.money.currency import is_known
from gateway.returns.money.prices import beyond_sale, currency_in_doubt, price_text
from gateway.returns.policy import Policy


def price_causes(return_: Return, _credits: Mapping[str, Decimal], policy: Policy) -> list[HoldCause]:
    """Every authorized line for which more is claimed than it was sold at, and the currency if it is in doubt."""
    authorized = [line for no, line in return_.lines.items() if return_.tallies[no].a]
    if not authorized or return_.settlement == "none":
        return []
    causes = [_of_line(return_, line) for line in authorized if beyond_sale(return_, line, policy)]
    if currency_in_doubt(return_):
        causes.append(_of_currency(return_))
    return causes


def _of_line(return_: Return, line: ReturnLine) -> HoldCause:
    claimed, sold_at, currency = line.claimed_price, line.sale_price, return_.currency
    assert claimed is not None
    what = f"{price_text(claimed, currency)} is claimed for one of {named(line)}"
    if sold_at is None:
        text = f"{what}, and no price of its sale is known: nothing is credited until somebody says so"
    else:
        text = f"{what}, which was sold at {price_text(sold_at, currency)} and is credited at that"
    extent = f"{plain(claimed)}|{'' if sold_at is None else plain(sold_at)}"
    return HoldCause("price_differs", line.line_no, "", extent, text)


def _of_currency(return_: Return) -> HoldCause:
    claimed, ours = return_.claimed_currency, return_.currency
    unknown = next((code for code in (ours, claimed) if code and not is_known(code)), "")
    text = f"the request is in {claimed or ours}"
    text += f", and {unknown} is no currency that we know" if unknown else ""
    text += f"; the return is in {ours}, and what the request claims as prices counts for nothing"
    return HoldCause("currency_differs", "", "", f"{claimed}|{ours}", text)
