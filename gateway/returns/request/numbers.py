"""Serial and lot numbers of a request: are they those of the sale, and does another return bring the same units back?

Requests for the same unit compete, and the one that came first has it. One that waits for that reason is judged again
whenever the other return changes, so that it does not matter whether the other one is cancelled before or after.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from gateway.returns.decision import Decision
from gateway.returns.documents.matching import find_line
from gateway.returns.documents.serial_numbers import distinct, others, repeated
from gateway.returns.items.masters import Order
from gateway.returns.model import Return, ReturnLine, plain
from translators.canonical import RequestLine


@dataclass(slots=True, frozen=True)
class NumberComparison:
    """What is wrong with the serial and lot numbers that a requested line names, in words by check; "" if nothing."""

    inconsistent: str = ""
    serial_not_sold: str = ""
    lot_not_sold: str = ""
    in_other_return: str = ""


NOTHING_STRANGE = NumberComparison()


def note_sold_numbers(line: ReturnLine, order: Order | None) -> None:
    """Note on the line which serials and lots the order says were sold of its item, on whichever of its lines."""
    sold = [each for each in order.lines if not set(each.ids).isdisjoint(line.ids)] if order else []
    line.sold_serials = distinct(serial for each in sold for serial in each.serials)
    line.sold_lots = distinct(lot for each in sold for lot in each.lots)


def compare_numbers(decision: Decision, return_: Return, line: ReturnLine, requested: RequestLine) -> NumberComparison:
    """Compare what a requested line names with the sale, with the lines before it and with other returns."""
    if not requested.serials and not requested.lots:
        return NOTHING_STRANGE
    not_sold = others(requested.serials, line.sold_serials) if line.sold_serials else ()
    strange_lots = others(requested.lots, line.sold_lots) if line.sold_lots else ()
    taken = [
        f"{serial} ({other.return_no})"
        for other in rivals(decision, return_, line)
        for serial in _open_in(other, line.ids, requested.serials, return_.order_number, decision.now)
    ]
    return NumberComparison(
        _inconsistent(return_, line, requested.serials),
        f"{_serials(not_sold)} {_of_the_sale(not_sold, line.sold_serials)}" if not_sold else "",
        f"lot {', '.join(strange_lots)} {_of_the_sale(strange_lots, line.sold_lots)}" if strange_lots else "",
        f"{_serials(taken)} is to come back in another return" if taken else "",
    )


def _serials(serials: Sequence[str]) -> str:
    return f"serial {', '.join(serials)}"


def _of_the_sale(strange: Sequence[str], sold: Sequence[str]) -> str:
    return f"{'was' if len(strange) == 1 else 'were'} not sold: {', '.join(sold)} {'was' if len(sold) == 1 else 'were'}"


def _inconsistent(return_: Return, line: ReturnLine, serials: Sequence[str]) -> str:
    """More units are named than asked for, or one of them twice."""
    of_other_lines = [
        serial
        for other in (return_.lines[no] for no in find_line(return_, line.ids))
        if (whole := return_.lines.get(other.part_of, other)) is not line and _comes_before(return_, whole, line)
        for serial in other.serials
    ]
    if twice := repeated(serials, of_other_lines):
        return f"{_serials(twice)} is named twice"
    units = Decimal(len(distinct(serials)))
    return f"{units} serials for {plain(line.requested)} units" if line.requested < units else ""


def _comes_before(return_: Return, other: ReturnLine, line: ReturnLine) -> bool:
    """Does another line of the request, one that is still asked for, stand before this one?"""
    if other.added or (other.decision == "denied" and other.decision_reason == "withdrawn"):
        return False
    for each in return_.lines.values():
        if each is other or each is line:
            return each is other
    return False


def rivals(decision: Decision, return_: Return, line: ReturnLine) -> list[Return]:
    """Returns that came before this one and name a serial of the line; those of the store that have its keys."""
    own = _intake_of(return_, decision.received.document_id)
    return [
        other
        for other in decision.candidates
        if other is not return_ and _intake_of(other, 0) < own and _names_any(other, line.ids, line.serials)
    ]


def _intake_of(return_: Return, new_document: int) -> int:
    """The place in the order of intake of what a return asks for: its request's document, or the one being decided."""
    numbers = [applied.document_id for key, applied in return_.applied.items() if key.startswith("return_request:")]
    return max(numbers, default=new_document)


def _names_any(other: Return, ids: Sequence[str], serials: Iterable[str]) -> bool:
    return any(
        len(others(serials, _named_on(other.lines[no]))) < len(distinct(serials)) for no in find_line(other, ids)
    )


def _named_on(line: ReturnLine) -> tuple[str, ...]:
    return (*line.serials, *line.taken_serials)


def _open_in(other: Return, ids: Sequence[str], serials: Sequence[str], order: str, now: datetime) -> tuple[str, ...]:
    """Those of the serials that another return brings back, or has brought back of the same sale."""
    if other.cancelled or _has_lapsed(other, now):
        return ()
    is_same_sale = bool(order) and other.order_number == order
    found: list[str] = []
    for no in find_line(other, ids):
        named = _brought_back(other, other.lines[no], is_same_sale=is_same_sale)
        found += [serial for serial in distinct(serials) if named and not others((serial,), named)]
    return distinct(found)


def _has_lapsed(other: Return, now: datetime) -> bool:
    """Has the time run out in which goods could come, and none did?"""
    if not other.expires_on or other.expires_on >= now.date().isoformat():
        return False
    return not any(other.tallies[no].r or other.tallies[no].x for no in other.lines)


def _brought_back(other: Return, line: ReturnLine, *, is_same_sale: bool) -> tuple[str, ...]:
    """The serials that a line of another return brings back; of goods that came, those that did."""
    tally = other.tallies[line.line_no]
    if line.decision == "pending" or tally.a > tally.r + tally.z:
        return () if line.decision == "denied" else _named_on(line)
    if not tally.r or (tally.dispositioned >= tally.r and not is_same_sale):
        # Nothing came; or what came is dealt with, and may have been sold again.
        return ()
    return _came(other, line) or _named_on(line)


def _came(return_: Return, line: ReturnLine) -> tuple[str, ...]:
    """The serials that came of a line; none where nobody said which."""
    claims = return_.claims.get(line.line_no, ())
    return distinct(s for claim in claims if claim.kind == "receive" and claim.state == "active" for s in claim.serials)
