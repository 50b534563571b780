"""At which price a line is credited: the sale's. What a partner claims is a word about it, which a person may accept.

A price that is claimed means something only in the currency of the return, which is that of the sale.
"""

from __future__ import annotations

from decimal import Decimal

from gateway.returns.model import Return, ReturnLine
from gateway.returns.money.currency import is_known, rounded
from gateway.returns.policy import REPLACEMENT_RESOLUTIONS, Policy


def currency_in_doubt(return_: Return) -> bool:
    """Does the request name another currency than the return has, or is one of the two none that we know?

    Not where a person has said that the figures in the request are meant in the return's own.
    """
    if return_.currency and not is_known(return_.currency):
        return True
    claimed = return_.claimed_currency
    return bool(claimed) and claimed not in {return_.currency, return_.accepted_currency}


def claimed_price(return_: Return, line: ReturnLine) -> Decimal | None:
    """The price that the partner claims for one unit, in the return's currency; None if it claims none, or in another
    currency, or one below nothing.
    """
    claimed = line.claimed_price
    return None if claimed is None or claimed < 0 or currency_in_doubt(return_) else claimed


def credited_price(return_: Return, line: ReturnLine, policy: Policy) -> Decimal | None:
    """What one unit is credited at: the claim that a person accepted, else the sale's price or a claim below it, as the
    policy says. None where no sale tells a price and nobody has said that the claimed one is paid.
    """
    claimed = claimed_price(return_, line)
    if claimed is not None and line.accepted_price == claimed:
        return claimed
    if line.sale_price is None:
        return claimed if claimed is not None and _is_paid_as_claimed(line, policy) else None
    return line.sale_price if claimed is None or policy.price == "sale" else min(claimed, line.sale_price)


def _is_paid_as_claimed(line: ReturnLine, policy: Policy) -> bool:
    """Is a claimed price taken without a sale's: by a rule, or because the line is replaced and nothing is paid?"""
    rule = policy.rules_for(line.product_class, line.reason.canonical).get("no_sale_price")
    return line.resolution in REPLACEMENT_RESOLUTIONS or (rule is not None and rule.outcome == "allow")


def beyond_sale(return_: Return, line: ReturnLine, policy: Policy) -> bool:
    """Is more claimed than the line was sold at, by more than the policy tolerates, or is what is claimed no price?

    Of a line whose sale price nobody knows every claim is that.
    """
    claimed, sold_at = line.claimed_price, line.sale_price
    if claimed is None or currency_in_doubt(return_) or line.resolution in REPLACEMENT_RESOLUTIONS:
        return False
    if sold_at is None:
        return credited_price(return_, line, policy) is None
    if claimed < 0:
        return True
    return line.accepted_price != claimed and claimed - sold_at > policy.price_tolerance.of(sold_at)


def unknown_price(return_: Return, line: ReturnLine, sold_in: str) -> str:
    """Why a line's price cannot be told by its sale, in words; "" if it can, or if nothing was claimed for it.

    `sold_in`: the currency of its sold line.
    """
    if line.sale_price is not None or line.resolution in REPLACEMENT_RESOLUTIONS:
        return ""
    if sold_in not in {"", return_.currency}:
        return f"it was sold in {sold_in}, and the return is in {return_.currency}"
    if line.claimed_price is None:
        return ""
    claimed_in = return_.claimed_currency or return_.currency
    return f"{price_text(line.claimed_price, claimed_in)} is claimed, and no price of its sale is known"


def price_text(price: Decimal, currency: str) -> str:
    """A price with its currency, as people write it: at least that currency's decimals."""
    at_least = rounded(price, currency)
    return f"{at_least if at_least == price else price.normalize():f} {currency}".rstrip()
