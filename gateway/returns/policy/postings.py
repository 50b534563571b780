"""What the ERP is told, by stage and by disposition."""

from __future__ import annotations

from functools import cached_property
from typing import Literal

from gateway.returns.policy.closed import Closed

PostingKind = Literal[
    "return_order",
    "goods_receipt",
    "inventory_move",
    "scrap",
    "credit_request",
    "replacement",
    "repair_order",
    "supplier_claim",
]
# Reductions are posted in this order backwards, so that a dependant is taken back before what it stands on.
POSTING_ORDER: tuple[str, ...] = (
    "return_order",
    "goods_receipt",
    "inventory_move",
    "scrap",
    "repair_order",
    "supplier_claim",
    "replacement",
    "credit_request",
)


class PostingRule(Closed):
    """One ERP posting that follows. `waits_for`: the kind whose result for the same line must be posted first."""

    kind: PostingKind
    stock_status: str = ""
    waits_for: PostingKind | Literal[""] = ""


class DispositionRule(Closed):
    """What an outcome of inspection means: may it be credited, and what the ERP is told."""

    credit: bool = True
    postings: tuple[PostingRule, ...] = ()

    @cached_property
    def replaces(self) -> bool:
        """Is the partner sent other goods for these?"""
        return any(each.kind == "replacement" for each in self.postings)


class Stages(Closed):
    """What the ERP is told when a quantity is authorized and when it is received."""

    authorized: tuple[PostingRule, ...] = (PostingRule(kind="return_order"),)
    received: tuple[PostingRule, ...] = (
        PostingRule(kind="goods_receipt", stock_status="returns", waits_for="return_order"),
    )


def _move(status: str, *more: PostingRule) -> tuple[PostingRule, ...]:
    return (PostingRule(kind="inventory_move", stock_status=status, waits_for="goods_receipt"), *more)


def _default_dispositions() -> dict[str, DispositionRule]:
    scrap = PostingRule(kind="scrap", stock_status="scrapped", waits_for="goods_receipt")
    repair = PostingRule(kind="repair_order", stock_status="repair", waits_for="inventory_move")
    claim = PostingRule(kind="supplier_claim", waits_for="inventory_move")
    replacement = PostingRule(kind="replacement", waits_for="goods_receipt")
    return {
        "restock": DispositionRule(postings=_move("available")),
        "restock_b": DispositionRule(postings=_move("b_stock")),
        "refurbish": DispositionRule(postings=_move("refurbish")),
        "repair": DispositionRule(credit=False, postings=_move("repair", repair)),
        "rtv": DispositionRule(postings=_move("vendor_return", claim)),
        "scrap": DispositionRule(postings=(scrap,)),
        "donate": DispositionRule(postings=_move("donation")),
        "quarantine": DispositionRule(credit=False, postings=_move("quarantine")),
        "return_to_customer": DispositionRule(credit=False, postings=_move("return_to_customer")),
        "replace": DispositionRule(credit=False, postings=_move("blocked", replacement)),
        "keep": DispositionRule(),
    }
