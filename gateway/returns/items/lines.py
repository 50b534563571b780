"""The lines of a return: what was asked for, and what came without being asked for."""

from __future__ import annotations

from dataclasses import replace

from gateway.returns.documents.matching import find_line
from gateway.returns.items.master_data import Facts
from gateway.returns.items.masters import Product
from gateway.returns.items.units import base_unit, price_in_base
from gateway.returns.model import ZERO, Return, ReturnLine
from gateway.returns.policy import Policy
from translators.canonical import Item

# What begins the id of goods that came as a line's and are another item.
OTHER_THAN = "other than "


def add_line(return_: Return, item: Item, ids: tuple[str, ...], unit: str, theirs: str = "") -> ReturnLine:
    """A new line for an item. Its number is theirs if it fits a posting key and is free, else the next of ours."""
    line = ReturnLine(_free_number(return_, theirs), item, ZERO, unit, partner_line=theirs, ids=ids)
    return_.lines[line.line_no] = line
    return line


def _free_number(return_: Return, theirs: str) -> str:
    if theirs and len(theirs) <= 6 and theirs.isascii() and theirs.isalnum() and theirs not in return_.lines:
        return theirs
    n = len(return_.lines) + 1
    while str(n) in return_.lines:
        n += 1
    return str(n)


def parts_of(return_: Return, line: ReturnLine) -> list[ReturnLine]:
    """The further lines that a line was cut into, in their order."""
    return [return_.lines[no] for no in line.parts]


def whole_line(return_: Return, line: ReturnLine) -> ReturnLine:
    """A line as its partner asked for it: with the quantities and serials of its parts."""
    parts = parts_of(return_, line)
    if not parts:
        return line
    requested = line.requested + sum((part.requested for part in parts), ZERO)
    serials = (*line.serials, *(serial for part in parts for serial in part.serials))
    return replace(line, requested=requested, serials=serials)


def unnamed(name: str) -> tuple[str, ...]:
    """What stands for the ids of goods that name no item: the number of the line, or of the row, that they name."""
    return (f"line:{name}",)


def numbered(return_: Return, line_no: str) -> list[str]:
    """The line with this number: ours, else the partner's."""
    if line_no in return_.lines:
        return [line_no]
    return [no for no, line in return_.lines.items() if line_no and line.partner_line == line_no]


def line_of_goods(
    return_: Return, item: Item, ids: tuple[str, ...], facts: Facts, policy: Policy, unit: str, line_no: str = ""
) -> list[str]:
    """The lines that have this item (without an item, the line that is named); goods that nobody asked for get a line
    of their own, with nothing authorized, counted in their base unit.

    So the ledger knows of everything that came, and a person decides what becomes of it.
    """
    having_item = find_line(return_, ids, line_no)
    if not having_item and line_no and ids == unnamed(line_no):
        having_item = numbered(return_, line_no)
    if having_item:
        return having_item
    product = facts.product(item)
    line = add_line(return_, product.item if product else item, ids, base_unit(unit, product, policy))
    line.decision, line.decision_reason, line.added = "denied", "not_requested", True
    note_master(line, product, policy)
    return [line.line_no]


def note_master(line: ReturnLine, product: Product | None, policy: Policy) -> None:
    """What the product master says of a line's item: its class, its supplier, and what one unit of the line cost us."""
    line.product_class = product.product_class if product else ""
    line.vendor = product.vendor if product else ""
    # The cost that was known first stands, also a person's word: claims are posted with it.
    if product and product.cost_price is not None and product.cost_price >= 0 and line.cost_price is None:
        line.cost_price = price_in_base(product.cost_price, product.unit or line.unit, line.unit, product, policy)
        line.cost_currency = product.cost_currency or policy.currency


def line_of_other_goods(return_: Return, line: ReturnLine, number: str) -> ReturnLine:
    """The line of goods that a document (its `number`) says came as a line's and are another item: nobody knows which
    yet. Each document's are a line of their own, with nothing authorized.
    """
    # By the item: our number of a line that nobody asked for depends on what came first.
    said_to_be = line.sku or line.ids[0]
    ids = unnamed(f"{OTHER_THAN}{said_to_be}@{number}")
    for no in find_line(return_, ids):
        return return_.lines[no]
    other = add_line(return_, Item(), ids, line.unit)
    other.decision, other.decision_reason, other.added = "denied", "wrong_item", True
    other.decision_text = f"another item than {said_to_be.replace(':', ' ')}"
    return other
