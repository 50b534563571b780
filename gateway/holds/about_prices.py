"""Holds about prices and currencies that a partner claims otherwise than the sale has them."""

from __future__ import annotations

from gateway.holds.answers import DISMISS
from gateway.holds.row import Answer, HoldClass

_DENY = Answer("deny", "deny_authorized", "Nothing is to come back: what was authorized is denied, the partner told.")

ROWS = (
    HoldClass(
        "price_differs",
        about="return",
        origin="return",
        stage="credit",
        owner="finance",
        severity="business_day",
        happened="a partner claims a higher price than its goods were sold at, or one for goods whose sale has none",
        next_action="say at which price the line is credited",
        answers=(
            Answer("sale_price", "credit_sale_price", "The sale's price is credited, as without an answer."),
            Answer("claimed_price", "credit_claimed_price", "The claimed price is credited; other credit is remade."),
            _DENY,
            DISMISS,
        ),
        runbook="The request says another price than the ERP's order. Credit goes out at the sale's price meanwhile; "
        "without one nothing is credited. Compare the invoice: a price that was agreed later, a price for a case "
        "instead of a piece, and a retail price are the usual causes. `deny` only while nothing is on its way. Small "
        "differences that nobody needs to see: `[price_tolerance]` in the partner's policy.",
    ),
    HoldClass(
        "currency_differs",
        about="return",
        origin="return",
        stage="credit",
        owner="finance",
        severity="business_day",
        happened="a request is in another currency than its order, or in one that nobody knows",
        next_action="say whether the request's prices are meant in the currency of the sale",
        answers=(
            Answer("sale_price", "nothing", "The sale's prices are credited in its currency, as without an answer."),
            Answer(
                "same_currency",
                "credit_in_our_currency",
                "The request's prices are meant in the sale's currency, and are compared with its prices.",
            ),
            _DENY,
            DISMISS,
        ),
        runbook="Credit is given in the currency of the sale, at the sale's prices. Often the partner's bindings or "
        "layout put one currency into every request: correct them for what comes next. Ask the partner which "
        "currency its own claim is booked in, or its accounts will not match ours.",
    ),
)
