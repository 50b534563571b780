"""What the ERP is told, by stage and by disposition."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Literal

from gateway.returns.model import POSTING_KINDS, PostingKind
from gateway.returns.policy.calendar import ClockRule
from gateway.returns.policy.closed import Closed


class PostingRule(Closed):
    """One ERP posting that follows. `waits_for`: the kind whose result for the same line must be posted first.

    `site`: where the ERP books it, if not at the site that the document names.
    """

    kind: PostingKind
    stock_status: str = ""
    site: str = ""
    waits_for: PostingKind | Literal[""] = ""


class PlacedRule(PostingRule):
    """A rule for goods that are not where they were sent: the one that they come from."""

    from_site: str = ""


@lru_cache(maxsize=1024)
def placed(
    rule: PostingRule,
    site: str = "",
    from_site: str = "",
    *,
    stock_status: str | None = None,
    waits: bool = True,
) -> PlacedRule:
    """A rule for goods at a site. `stock_status`: another than the rule's; `waits` false: for no other posting."""
    return PlacedRule(
        kind=rule.kind,
        stock_status=rule.stock_status if stock_status is None else stock_status,
        waits_for=rule.waits_for if waits else "",
        site=site,
        from_site=from_site,
    )


def shipped_rule(kind: PostingKind, stock_status: str = "") -> PostingRule:
    """A rule that waits for what postings of its kind need first, as the shipped policy has it."""
    return PostingRule(kind=kind, stock_status=stock_status, waits_for=POSTING_KINDS[kind].needs)


class DispositionRule(Closed):
    """What an outcome of inspection means: may it be credited, what the ERP is told, and what may follow it.

    `passing`: goods may not stay here; the return is open until they have gone on, and `clock` says by when. `then`:
    outcomes that may follow; "*" is every other one.
    """

    credit: bool = True
    postings: tuple[PostingRule, ...] = ()
    passing: bool = False
    then: tuple[str, ...] = ()
    clock: ClockRule | None = None

    @cached_property
    def replaces(self) -> bool:
        """Is the partner sent other goods for these?"""
        return any(rule.kind == "replacement" for rule in self.postings)

    @cached_property
    def moves_by(self) -> PostingRule | None:
        """The posting that brings goods here; None if the ERP is not told where they are."""
        return next((rule for rule in self.postings if POSTING_KINDS[rule.kind].booked_as == "moved"), None)


class Stages(Closed):
    """What the ERP is told when a quantity is authorized, when it is received, and when goods of no return came."""

    authorized: tuple[PostingRule, ...] = (shipped_rule("return_order"),)
    received: tuple[PostingRule, ...] = (shipped_rule("goods_receipt", "returns"),)
    unassigned: tuple[PostingRule, ...] = ()

    @cached_property
    def receives_as(self) -> str:
        """The stock status of goods that came, before anything becomes of them."""
        return next((rule.stock_status for rule in self.received if rule.kind == "goods_receipt"), "")


def _move(status: str, *more: PostingRule) -> tuple[PostingRule, ...]:
    return (shipped_rule("inventory_move", status), *more)


# What may follow the shipped outcomes. A policy that has these outcomes and does not say what follows gets this.
_AS_GOOD_AS_NEW = ("restock", "restock_b", "scrap")
_FOLLOWS: dict[str, tuple[str, ...]] = {
    "quarantine": ("*",),
    "refurbish": _AS_GOOD_AS_NEW,
    "repair": ("return_to_customer", "replace", *_AS_GOOD_AS_NEW),
    "rtv": ("refurbish", "donate", *_AS_GOOD_AS_NEW),
    "replace": ("refurbish", "rtv", "donate", *_AS_GOOD_AS_NEW),
}
# How long goods may stay in the shipped outcomes that they pass: business hours until a warning and until a breach.
_STAYS: dict[str, ClockRule] = {
    "quarantine": ClockRule(warn_hours=Decimal(36), due_hours=Decimal(45)),
    "refurbish": ClockRule(warn_hours=Decimal(72), due_hours=Decimal(90)),
    "repair": ClockRule(warn_hours=Decimal(135), due_hours=Decimal(180)),
}


def _credited(table: object) -> bool:
    return not isinstance(table, Mapping) or bool(table.get("credit", True))


def with_follow_ons(dispositions: Mapping[str, object]) -> dict[str, object]:
    """Tables of dispositions as a policy has them, with what the shipped ones lack of `passing`, `then` and `clock`."""
    filled: dict[str, object] = {}
    for name, table in dispositions.items():
        if isinstance(table, Mapping) and name in _FOLLOWS:
            then = tuple(code for code in _FOLLOWS[name] if code == "*" or code in dispositions)
            if name == "replace" and not all(_credited(dispositions[code]) for code in then):
                then = ()
            shipped = {"passing": name in _STAYS and bool(then), "then": then, "clock": _STAYS.get(name)}
            filled[name] = shipped | dict(table)
        else:
            filled[name] = table
    return filled


def _default_dispositions() -> dict[str, DispositionRule]:
    rows: dict[str, dict[str, object]] = {
        "restock": {"postings": _move("available")},
        "restock_b": {"postings": _move("b_stock")},
        "refurbish": {"postings": _move("refurbish")},
        "repair": {"credit": False, "postings": _move("repair", shipped_rule("repair_order", "repair"))},
        "rtv": {"postings": _move("vendor_return", shipped_rule("supplier_claim"))},
        "scrap": {"postings": (shipped_rule("scrap", "scrapped"),)},
        "donate": {"postings": _move("donation")},
        "quarantine": {"credit": False, "postings": _move("quarantine")},
        "return_to_customer": {"credit": False, "postings": _move("return_to_customer")},
        "replace": {"credit": False, "postings": _move("blocked", shipped_rule("replacement"))},
        "keep": {},
    }
    return {name: DispositionRule.model_validate(table) for name, table in with_follow_ons(rows).items()}
