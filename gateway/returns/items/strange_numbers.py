"""Goods with serial or lot numbers that nobody expected: they may be other goods than those that were sold.

What a document says of goods is compared with what is known of them before: a notice and a receipt with the numbers
that were asked for, else with those that were sold, else with the notice; an inspection with the receipt. Where nothing
before it names numbers, nothing is compared; a list that names fewer serials than there are units leaves room for
others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from gateway.returns.documents.serial_numbers import distinct, others
from gateway.returns.model import SETTLEMENT_KINDS, UNSENT, ZERO, Claim, Return, ReturnLine, plain
from gateway.returns.policy import Policy

Sort = Literal["serial", "lot"]
# Hold class → the numbers that it is about.
SORTS: Mapping[str, Sort] = {"serial_differs": "serial", "lot_differs": "lot"}
# Claims about goods in the order of their steps → what the words say of the goods.
STEPS: Mapping[str, str] = {"ship": "is on its way", "receive": "came", "inspect": "was inspected"}
# What a person settles outside the ERP counts as told.
_UNTOLD = (UNSENT | {"cancelled"}) - {"void"}


@dataclass(slots=True, frozen=True)
class StrangeNumbers:
    """What is strange about the goods of an item. `line_nos`: the lines that have it, the first one speaks for them.

    `found`: (kind of claim, number, the claim's source), `too_many`: (kind, words, source) of rows that name more
    serials than units; `expected`: what was; `units`: how many came by line that may be other goods.
    """

    sort: Sort
    line_nos: tuple[str, ...]
    found: tuple[tuple[str, str, str], ...]
    too_many: tuple[tuple[str, str, str], ...]
    expected: tuple[str, ...]
    units: Mapping[str, Decimal]

    @property
    def line_no(self) -> str:
        """The line that the Hold is on."""
        return self.line_nos[0]

    @property
    def extent(self) -> str:
        """How far it goes: every strange number with the document that names it."""
        return "; ".join(sorted(" ".join(entry) for entry in (*self.found, *self.too_many)))


def strange_numbers(return_: Return, policy: Policy) -> list[StrangeNumbers]:
    """What is strange about the serials and lots of a return, item by item, as far as the policy compares them."""
    serials = lots = False
    for claims in return_.claims.values():
        for claim in claims:
            serials = serials or bool(claim.serials)
            lots = lots or bool(claim.lots)
    strange: list[StrangeNumbers] = []
    if (serials and policy.compare_serials) or (lots and policy.compare_lots):
        for lines in _by_item(return_):
            if serials and policy.compare_serials:
                strange += _strange_serials(return_, lines)
            if lots and policy.compare_lots:
                strange += _strange_lots(return_, lines)
    return strange


def units_in_question(return_: Return, policy: Policy) -> dict[str, Decimal]:
    """How many units of a line may be other goods than those expected, as long as nobody has said what they are."""
    units: dict[str, Decimal] = {}
    for strange in strange_numbers(return_, policy):
        if not _is_answered(return_, strange):
            for no, quantity in strange.units.items():
                units[no] = max(units.get(no, ZERO), quantity)
    return units


def settled_so_far(return_: Return, line_no: str) -> Decimal:
    """How much of a line the ERP was told to credit or replace: that is not taken back for a question."""
    net = ZERO
    for posting in return_.postings.values():
        if posting.line_no == line_no and posting.kind in SETTLEMENT_KINDS and posting.state not in _UNTOLD:
            net += posting.quantity if posting.sign == "+" else -posting.quantity
    return max(ZERO, net)


def _is_answered(return_: Return, strange: StrangeNumbers) -> bool:
    """Has a person said of exactly this that nothing is to be done about it?"""
    hold = return_.holds.get(f"{strange.sort}_differs:{return_.return_no}:{strange.line_no}")
    return hold is not None and hold.state == "resolved" and bool(hold.resolved_by) and hold.extent == strange.extent


def _by_item(return_: Return) -> list[list[ReturnLine]]:
    """The lines of a return, those that share an id together."""
    groups: dict[str, list[ReturnLine]] = {}
    all_groups: list[list[ReturnLine]] = []
    for line in return_.lines.values():
        group = next((groups[item_id] for item_id in line.ids if item_id in groups), None)
        if group is None:
            group = []
            all_groups.append(group)
        group.append(line)
        for item_id in line.ids:
            groups[item_id] = group
    return all_groups


def _standing(return_: Return, lines: Iterable[ReturnLine]) -> dict[str, list[Claim]]:
    """Claims about goods that stand, by their kind."""
    by_kind: dict[str, list[Claim]] = {kind: [] for kind in STEPS}
    for line in lines:
        for claim in return_.claims.get(line.line_no, ()):
            if claim.state == "active" and claim.kind in by_kind:
                by_kind[claim.kind].append(claim)
    return by_kind


def _strange_serials(return_: Return, lines: list[ReturnLine]) -> list[StrangeNumbers]:
    by_kind = _standing(return_, lines)
    named = {kind: distinct(s for claim in claims for s in claim.serials) for kind, claims in by_kind.items()}
    if not any(named.values()):
        return []
    taken = tuple(serial for line in lines for serial in line.taken_serials)
    asked = distinct(s for line in lines if line.decision != "denied" for s in line.serials)
    sold = distinct(s for line in lines for s in line.sold_serials)
    units = sum((line.requested for line in lines if not line.added), ZERO)
    base = distinct((*asked, *(sold if len(asked) < units else ()), *taken))
    spare = units - len(asked) if asked and not sold else ZERO
    found: list[tuple[str, str, str]] = []
    for kind, claims in by_kind.items():
        known, room = base, spare
        if kind == "inspect" and named["receive"]:
            known = distinct((*named["receive"], *taken))
            room = _counted(by_kind["receive"], "receive") - len(named["receive"])
        elif kind != "ship" and not base:
            known = named["ship"]
            room = _counted(by_kind["ship"], "ship") - len(known)
        strangers = others(named[kind], known) if known else ()
        if len(strangers) > max(room, ZERO):
            found += _sources(claims, kind, strangers, "serial")
    too_many = _too_many(by_kind)
    if not found and not too_many:
        return []
    return [_found("serial", lines, by_kind, found, too_many, base or named["ship"] or named["receive"])]


def _strange_lots(return_: Return, lines: list[ReturnLine]) -> list[StrangeNumbers]:
    by_kind = _standing(return_, lines)
    named = {kind: distinct(lot for claim in claims for lot in claim.lots) for kind, claims in by_kind.items()}
    asked = distinct(lot for line in lines if line.decision != "denied" for lot in line.lots)
    sold = distinct(lot for line in lines for lot in line.sold_lots)
    taken = tuple(lot for line in lines for lot in line.taken_lots)
    base = distinct((*(asked or sold), *taken)) if asked or sold else ()
    found: list[tuple[str, str, str]] = []
    known = base
    for kind, claims in by_kind.items():
        if known and (strangers := others(named[kind], known)):
            found += _sources(claims, kind, strangers, "lot")
        known = known or distinct((*named[kind], *taken)) if named[kind] else known
    return [_found("lot", lines, by_kind, found, [], base or known)] if found else []


def _numbers(claim: Claim, sort: Sort) -> tuple[str, ...]:
    return claim.serials if sort == "serial" else claim.lots


def _counted(claims: Iterable[Claim], kind: str) -> Decimal:
    return sum((quantity for claim in claims for what, quantity, _, _ in claim.effects if what == kind), ZERO)


def _sources(claims: Iterable[Claim], kind: str, strangers: Collection[str], sort: Sort) -> list[tuple[str, str, str]]:
    """Where each strange number is named, once for every document."""
    entries = [
        (kind, number, claim.source)
        for claim in claims
        for number in _numbers(claim, sort)
        if not others((number,), strangers)
    ]
    return list(dict.fromkeys(entries))


def _too_many(by_kind: Mapping[str, list[Claim]]) -> list[tuple[str, str, str]]:
    """Rows that name more serials than units; a row that is shared out among lines is one."""
    rows: dict[tuple[str, int], list[Claim]] = {}
    for claims in by_kind.values():
        for claim in claims:
            if claim.serials:
                rows.setdefault((claim.source, claim.row), []).append(claim)
    entries: list[tuple[str, str, str]] = []
    for (source, _), claims in rows.items():
        units, serials = _counted(claims, claims[0].kind), len(claims[0].serials)
        if serials > units > 0:
            entries.append((claims[0].kind, f"{serials} serials for {plain(units)} units", source))
    return entries


def _found(
    sort: Sort,
    lines: list[ReturnLine],
    by_kind: Mapping[str, list[Claim]],
    found: list[tuple[str, str, str]],
    too_many: list[tuple[str, str, str]],
    expected: tuple[str, ...],
) -> StrangeNumbers:
    units: dict[str, Decimal] = {}
    for kind in ("receive", "inspect"):
        strangers = {number for what, number, _ in found if what == kind}
        counted_many = {source for what, _, source in too_many if what == kind}
        of_kind: dict[str, Decimal] = {}
        for claim in by_kind[kind]:
            here = sum(number in strangers for number in _numbers(claim, sort))
            if here or claim.source in counted_many:
                quantity = _counted((claim,), kind)
                in_question = min(quantity, Decimal(here)) if sort == "serial" and here else quantity
                of_kind[claim.line_no] = of_kind.get(claim.line_no, ZERO) + in_question
        for no, quantity in of_kind.items():
            units[no] = max(units.get(no, ZERO), quantity)
    line_nos = tuple(line.line_no for line in lines)
    return StrangeNumbers(sort, line_nos, tuple(found), tuple(too_many), expected, units)
