"""May this line come back? The policy's rules, row by row, over the order, product and customer it names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from gateway.returns.items.master_data import Facts, SaleItem
from gateway.returns.items.masters import Order, OrderLine, Product
from gateway.returns.model import AUTO_CLOSE, ZERO, LineDecision, Return
from gateway.returns.policy import Policy, Rule
from gateway.returns.request.numbers import NOTHING_STRANGE, NumberComparison
from translators.canonical import RequestLine, ReturnRequest


@dataclass(slots=True)
class Verdict:
    """The decision on one line. `reason` is the canonical reason code of the answer, `owner` decides a held line."""

    decision: LineDecision
    authorized: Decimal
    reason: str = ""
    text: str = ""
    owner: str = ""


@dataclass(slots=True)
class Question:
    """One requested line with everything the rules may look at. `earlier`: already authorized on the same
    sale, or asked for on other lines of this request.

    `quantity` and what was sold are counted in the line's base unit. `asked_on`: the day that windows are judged by.
    `value`: what the line is worth. `numbers`: what is wrong with the serial and lot numbers that the line names.
    `price_unknown`: why its sale does not tell its price.
    """

    request: ReturnRequest
    line: RequestLine
    quantity: Decimal
    ids: tuple[str, ...]
    order: Order | None
    sold: OrderLine | None
    product: Product | None
    facts: Facts
    earlier: Decimal
    asked_on: date
    value: Decimal | None
    numbers: NumberComparison = NOTHING_STRANGE
    price_unknown: str = ""

    @property
    def customer(self) -> str:
        """The customer that the request names, else that of its order."""
        return self.request.customer or (self.order.customer if self.order else "")


def find_order(request: ReturnRequest, facts: Facts) -> Order | None:
    """The order of a request: by its number, else by the partner's purchase order; None if neither is known."""
    number = request.order_number or request.reference("order")
    purchase = request.purchase_order or request.reference("purchase_order")
    return facts.orders.get(number) or facts.orders.get(f"po:{purchase}")


def find_sold(order: Order | None, line: RequestLine, ids: Sequence[str]) -> OrderLine | None:
    """The order line that the requested line returns: by item, and by order line number where items repeat."""
    if order is None:
        return None
    first_of_item: OrderLine | None = None
    for sold in order.lines:
        for item_id in ids:
            if item_id in sold.ids:
                if not line.order_line or sold.order_line == line.order_line:
                    return sold
                first_of_item = first_of_item or sold
                break
    return first_of_item


def sale_keys(document: ReturnRequest, partner: str, facts: Facts) -> list[str]:
    """Keys of the sale that a request is about, the surest first: our order, then the partner's purchase order."""
    order = find_order(document, facts)
    number = order.number if order else document.order_number or document.reference("order")
    purchase = document.purchase_order or document.reference("purchase_order")
    keys = [f"order:{number}"] if number else []
    return keys + ([f"po:{partner}:{purchase}"] if purchase else [])


def taken_back(return_: Return) -> dict[SaleItem, Decimal]:
    """What a return was authorized to bring back of its sale, less what a person closed short: the store sums it.

    What the policy closes short by itself still counts: whether a receipt came before this request must not matter.
    """
    sales = [f"order:{return_.order_number}"] if return_.order_number else []
    if return_.purchase_order:
        sales.append(f"po:{return_.partner}:{return_.purchase_order}")
    taken: dict[SaleItem, Decimal] = {}
    for line in return_.lines.values():
        tally = return_.tallies[line.line_no]
        quantity = tally.a
        if quantity and tally.z:
            quantity -= _closed_by_hand(return_, line.line_no)
        if not quantity:
            continue
        for sale in sales:
            for item_id in line.ids:
                key = (sale, item_id, line.order_line)
                taken[key] = taken.get(key, ZERO) + quantity
    return taken


def earlier_quantity(
    facts: Facts, of_this_return: dict[SaleItem, Decimal], sale: str, ids: Iterable[str], order_line: str
) -> Decimal:
    """What other returns of the same sale were authorized to bring back of this item. `own` is this return's part.

    An item known by several ids is counted by the id that most returns named it by.
    """
    if not facts.taken_back:
        return ZERO
    item_ids = set(ids)
    by_id: dict[str, Decimal] = {}
    for (where, item, line), quantity in facts.taken_back.items():
        if where != sale or item not in item_ids or (order_line and line and line != order_line):
            continue
        by_id[item] = by_id.get(item, ZERO) + quantity - of_this_return.get((where, item, line), ZERO)
    return max(by_id.values(), default=ZERO)


def _closed_by_hand(return_: Return, line_no: str) -> Decimal:
    closed = ZERO
    for claim in return_.claims.get(line_no, ()):
        if claim.kind == "close_short" and claim.state == "active" and claim.source != AUTO_CLOSE:
            closed += sum((quantity for _, quantity, _, _ in claim.effects), ZERO)
    return closed


def judge(question: Question, policy: Policy) -> Verdict:
    """The verdict on one line: the first denial wins; else a hold; else what a limit leaves; else all of it."""
    quantity = question.quantity
    product_class = question.product.product_class if question.product else ""
    reason = question.line.reason.canonical
    held: Verdict | None = None
    limited: Verdict | None = None
    rules = policy.rules_for(product_class, reason)
    unclear: set[str] = set()
    for check, fails in _CHECKS:
        rule = rules.get(check)
        if rule is None or rule.outcome == "allow" or _RESTS_ON.get(check) in unclear:
            continue
        why = fails(question, rule)
        if not why:
            continue
        code, text = rule.reason or check, rule.text or why
        returnable = _returnable(question)
        if rule.outcome == "limit" and returnable > 0:
            limited = Verdict("partial", returnable, code, text)
        elif rule.outcome == "hold":
            held = held or Verdict("pending", ZERO, code, text, rule.owner)
            unclear.add(check)
        else:
            return Verdict("denied", ZERO, code, text)
    return held or limited or Verdict("authorized", quantity)


def _returnable(q: Question) -> Decimal:
    return max(ZERO, q.sold.quantity - q.earlier) if q.sold else ZERO


def _invalid_quantity(q: Question, _: Rule) -> str:
    return "" if q.quantity > 0 else f"quantity {q.quantity} cannot be returned"


def _unknown_order(q: Question, _: Rule) -> str:
    if q.order:
        return ""
    number = q.request.order_number or q.request.reference("order") or q.request.purchase_order
    return f"order {number} is not known" if number else "no order is named"


def _unknown_customer(q: Question, _: Rule) -> str:
    if not q.customer or "customers" not in q.facts.masters or q.customer in q.facts.customers:
        return ""
    return f"customer {q.customer} is not known"


def _unknown_item(q: Question, _: Rule) -> str:
    """Neither the order nor the product master has it: the number may be one that only its sender uses."""
    if not q.ids or q.sold or q.product or "products" not in q.facts.masters:
        return ""
    return f"item {' / '.join(q.ids)} is not known"


def _unknown_reason(q: Question, _: Rule) -> str:
    reason = q.line.reason
    return f"reason code {reason.raw} has no meaning here yet" if reason.raw and not reason.canonical else ""


def _customer_mismatch(q: Question, _: Rule) -> str:
    if not q.order or not q.request.customer or not q.order.customer or q.order.customer == q.request.customer:
        return ""
    return f"order {q.order.number} is not of customer {q.request.customer}"


def _blocked_customer(q: Question, _: Rule) -> str:
    return f"customer {q.customer} is blocked" if q.customer in q.facts.blocked_customers else ""


def _not_on_order(q: Question, _: Rule) -> str:
    return f"item {' / '.join(q.ids) or '(none)'} is not on order {q.order.number}" if q.order and not q.sold else ""


def _not_returnable(q: Question, _: Rule) -> str:
    return "this item cannot be returned" if q.product and not q.product.returnable else ""


def _outside_window(q: Question, rule: Rule) -> str:
    if not q.order or not q.order.sold_on:
        return ""
    last_day = q.order.sold_on + timedelta(days=rule.days)
    return f"the return window of {rule.days} days ended on {last_day.isoformat()}" if q.asked_on > last_day else ""


def _outside_warranty(q: Question, rule: Rule) -> str:
    """The product's own warranty days go before the rule's; 0 of them is no warranty, whenever it was sold."""
    own = q.product.warranty_days if q.product else None
    if own is not None and own <= 0:
        return "this item has no warranty"
    days = rule.days if own is None else own
    if not q.order or not q.order.sold_on or not days:
        return ""
    last_day = q.order.sold_on + timedelta(days=days)
    return f"the warranty of {days} days ended on {last_day.isoformat()}" if q.asked_on > last_day else ""


def _quantity_exceeded(q: Question, _: Rule) -> str:
    if not q.sold or q.quantity <= q.sold.quantity - q.earlier:
        return ""
    gone = f"{q.sold.quantity} sold, {q.earlier} already returned or asked for"
    return f"{gone}: {_returnable(q)} left of {q.quantity} asked for"


def _over_limit(q: Question, rule: Rule) -> str:
    if rule.quantity is not None and q.quantity > rule.quantity:
        return f"quantity {q.quantity} is above the limit of {rule.quantity}"
    if rule.value is not None and q.value is not None and q.value > rule.value:
        return f"value {q.value} is above the limit of {rule.value}"
    return ""


# What cannot be said of a line as long as a person must first say who or what it names.
_RESTS_ON = {"customer_mismatch": "unknown_customer", "not_on_order": "unknown_item"}
_CHECKS: tuple[tuple[str, Callable[[Question, Rule], str]], ...] = (
    ("invalid_quantity", _invalid_quantity),
    ("unknown_order", _unknown_order),
    ("unknown_customer", _unknown_customer),
    ("customer_mismatch", _customer_mismatch),
    ("unknown_item", _unknown_item),
    ("not_on_order", _not_on_order),
    ("not_returnable", _not_returnable),
    ("outside_window", _outside_window),
    ("outside_warranty", _outside_warranty),
    ("quantity_exceeded", _quantity_exceeded),
    ("serials_inconsistent", lambda q, _: q.numbers.inconsistent),
    ("serial_not_sold", lambda q, _: q.numbers.serial_not_sold),
    ("lot_not_sold", lambda q, _: q.numbers.lot_not_sold),
    ("serial_in_other_return", lambda q, _: q.numbers.in_other_return),
    ("no_sale_price", lambda q, _: q.price_unknown),
    ("unknown_reason", _unknown_reason),
    ("blocked_customer", _blocked_customer),
    ("over_limit", _over_limit),
)
