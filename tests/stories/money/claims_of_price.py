"""Requests that claim a price or a currency, and what became of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from gateway.returns import net_postings
from tests.gateway.returns.builders import inspection, orders, receipt, request
from tests.gateway.returns.histories import Sent
from tests.gateway.returns.shell import Shell
from translators.canonical import ReferenceData, ReturnRequest


def sold(price: str = "84.50", currency: str = "USD", *more: tuple[str, str, str]) -> Sent:
    """Order SO1: ten of item A at a price. `more`: item, price, currency of further lines."""
    rows: list[dict[str, str]] = []
    for sku, its_price, its_currency in (("A", price, currency), *more):
        quantities = {sku: 10}
        (row,) = orders("SO1", **quantities).rows  # type: ignore[arg-type]  # items are keywords
        rows.append({**row, "order_line": str(len(rows) + 1), "unit_price": its_price, "currency": its_currency})
    return "atlas", ReferenceData(dataset="orders", rows=tuple(rows))


def asked(price: str = "", currency: str = "", **more: Any) -> ReturnRequest:
    """Four of item A come back, each claimed at a price."""
    document = request("RTV1", {"A": 4})
    (line,) = document.lines
    claimed = Decimal(price) if price else None
    changed = {"lines": (line.model_copy(update={"unit_price": claimed}),), "currency": currency}
    return document.model_copy(update=changed | more)


def came_back(document: ReturnRequest) -> list[Sent]:
    """The request, and all four units received and put back into stock."""
    return [
        ("northgate", document),
        ("harbor", receipt("WR1", "RTV1", {"A": 4})),
        ("harbor", inspection("IN1", "RTV1", [("A", 4, "restock")])),
    ]


def credited(shell: Shell, line_no: str = "1") -> str:
    """The net credit of a line at the ERP, with its currency; "" for none."""
    return_ = shell.one()
    _, amount = net_postings(return_).get((line_no, "credit_request", "0"), (None, ""))
    return f"{amount} {return_.currency}" if amount else ""


def held(shell: Shell) -> list[tuple[str, str]]:
    """Class and owner of the open Holds."""
    return sorted((hold.class_, hold.owner) for hold in shell.one().open_holds())
