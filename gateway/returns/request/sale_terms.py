"""The terms of the sale for goods that nobody asked for: their line was made by a receipt, which tells no price."""

from __future__ import annotations

from gateway.returns.decision import Decision
from gateway.returns.items.units import sold_in_base
from gateway.returns.model import Return, ReturnLine
from gateway.returns.money.prices import credited_price


def take_sale_terms(decision: Decision, return_: Return, line: ReturnLine) -> None:
    """Give a line without a price those of the return's order: price, taxes and order line, where the item is on it."""
    if line.unit_price is not None:
        return
    facts, policy = decision.facts, decision.policy(return_)
    order = facts.orders.get(return_.order_number) or facts.orders.get(f"po:{return_.purchase_order}")
    sold = next((row for row in order.lines if set(row.ids) & set(line.ids)), None) if order else None
    counted = sold_in_base(sold, line.unit, facts.product(line.item), policy) if sold else None
    if counted is None or counted.currency not in {"", return_.currency}:
        return
    line.sale_price, line.tax_rates = counted.unit_price, counted.tax_rates
    line.order_line = line.order_line or counted.order_line
    line.unit_price = credited_price(return_, line, policy)
