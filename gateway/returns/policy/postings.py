"""What the ERP is told, by stage and by disposition."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import Literal

from gateway.returns.model import POSTING_KINDS, PostingKind
from gateway.returns.policy.closed import Closed


class PostingRule(Closed):
    """One ERP posting that follows. `waits_for`: the kind whose result for the same line must be posted first."""

    kind: PostingKind
    stock_status: str = ""
    waits_for: PostingKind | Literal[""] = ""


class PlacedRule(PostingRule):
    """A rule for goods that are not where they were sent: the site they are booked at, and the one they come from."""

    site: str = ""
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
    """What an outcome of inspection means: may it be credited, and what the ERP is told."""

    credit: bool = True
    postings: tuple[PostingRule, ...] = ()

    @cached_property
    def replaces(self) -> bool:
        """Is the partner sent other goods for these?"""
        return any(rule.kind == "replacement" for rule in self.postings)


class Stages(Closed):
    """What the ERP is told when a quantity is authorized and when it is received."""

    authorized: tuple[PostingRule, ...] = (shipped_rule("return_order"),)
    received: tuple[PostingRule, ...] = (shipped_rule("goods_receipt", "returns"),)


def _move(status: str, *more: PostingRule) -> tuple[PostingRule, ...]:
    return (shipped_rule("inventory_move", status), *more)


def _default_dispositions() -> dict[str, DispositionRule]:
    return {
        "restock": DispositionRule(postings=_move("available")),
        "restock_b": DispositionRule(postings=_move("b_stock")),
        "refurbish": DispositionRule(postings=_move("refurbish")),
        "repair": DispositionRule(credit=False, postings=_move("repair", shipped_rule("repair_order", "repair"))),
        "rtv": DispositionRule(postings=_move("vendor_return", shipped_rule("supplier_claim"))),
        "scrap": DispositionRule(postings=(shipped_rule("scrap", "scrapped"),)),
        "donate": DispositionRule(postings=_move("donation")),
        "quarantine": DispositionRule(credit=False, postings=_move("quarantine")),
        "return_to_customer": DispositionRule(credit=False, postings=_move("return_to_customer")),
        "replace": DispositionRule(credit=False, postings=_move("blocked", shipped_rule("replacement"))),
        "keep": DispositionRule(),
    }
