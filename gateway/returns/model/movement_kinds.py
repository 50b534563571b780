"""The kinds of movement, each one row: which sum of a line it changes, what it draws on, which balances it moves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MovementKind = Literal[
    "authorize",
    "cancel",
    "ship",
    "receive",
    "inspect",
    "disposition",
    "redisposition",
    "credit",
    "claim",
    "close_short",
    "surplus",
    "charge",
]
# Sums of a `Tally`, by the letters of the quantity algebra, and its sums by condition or by disposition.
Sum = Literal["a", "x", "r", "i", "c", "v", "z", "b"]
SumByCode = Literal["by_condition", "d", "moved_on", "surplus"]
# What `Balances` says of a line.
Balance = Literal[
    "authorized",
    "shipped",
    "received",
    "inspected",
    "dispositioned",
    "credited",
    "claimed",
    "closed_short",
    "charged_back",
    "by_disposition",
    "by_condition",
    "moved_on",
    "open_to_receive",
    "in_transit",
    "over",
    "short",
    "awaiting_inspection",
    "awaiting_disposition",
    "creditable",
    "uncredited",
    "exposure",
]


@dataclass(slots=True, frozen=True)
class MovementEffect:
    """What a movement of a kind does to its line.

    `sum` and `by_code` are the sums of the Tally that it adds to (takes from, if `sign` is -1). `draws_on`: the kind of
    movement that must have brought in as much before it; a claim for more waits. `raises` and `lowers` are all balances
    that it can change, of a return in any state. `means`: in words.
    """

    means: str
    sum: Sum | None = None
    sign: Literal[1, -1] = 1
    by_code: SumByCode | None = None
    draws_on: MovementKind | None = None
    raises: tuple[Balance, ...] = ()
    lowers: tuple[Balance, ...] = ()


MOVEMENT_KINDS: dict[MovementKind, MovementEffect] = {
    "authorize": MovementEffect(
        "we allow this much to come back",
        sum="a",
        raises=("authorized", "open_to_receive", "creditable", "uncredited"),
        lowers=("over",),
    ),
    "cancel": MovementEffect(
        "the partner takes back this much of what we allowed",
        sum="a",
        sign=-1,
        draws_on="authorize",
        raises=("over",),
        lowers=("authorized", "open_to_receive", "creditable", "uncredited"),
    ),
    "ship": MovementEffect(
        "this much is on its way",
        sum="x",
        raises=("shipped", "in_transit", "short"),
    ),
    "receive": MovementEffect(
        "this much came, in one condition",
        sum="r",
        by_code="by_condition",
        raises=(
            "received",
            "by_condition",
            "over",
            "awaiting_inspection",
            "awaiting_disposition",
            "creditable",
            "uncredited",
        ),
        lowers=("open_to_receive", "in_transit", "short", "exposure"),
    ),
    "inspect": MovementEffect(
        "this much of what came was looked at",
        sum="i",
        draws_on="receive",
        raises=("inspected",),
        lowers=("awaiting_inspection",),
    ),
    "disposition": MovementEffect(
        "what becomes of this much of what was inspected",
        by_code="d",
        draws_on="inspect",
        raises=("dispositioned", "by_disposition", "creditable", "uncredited"),
        lowers=("awaiting_disposition",),
    ),
    "redisposition": MovementEffect(
        "this much goes on from the outcome that it had to another one: its code is quarantine>restock",
        by_code="moved_on",
        raises=("moved_on",),
    ),
    "credit": MovementEffect(
        "the ERP has credited or replaced this much",
        sum="c",
        raises=("credited", "exposure"),
        lowers=("uncredited",),
    ),
    "claim": MovementEffect(
        "the ERP has claimed this much from the supplier",
        sum="v",
        raises=("claimed",),
    ),
    "close_short": MovementEffect(
        "this much did not come and is not waited for",
        sum="z",
        raises=("closed_short",),
        lowers=("open_to_receive", "in_transit", "short"),
    ),
    "surplus": MovementEffect(
        "a person said what becomes of this much of what came and was not authorized: kept, or returned",
        by_code="surplus",
        lowers=("over", "awaiting_inspection", "awaiting_disposition"),
    ),
    "charge": MovementEffect(
        "the ERP has charged this much back to the partner",
        sum="b",
        raises=("charged_back",),
        lowers=("exposure",),
    ),
}
# Kind → the kind that it draws on, for those that draw on one.
DRAWS_ON: dict[MovementKind, MovementKind] = {
    kind: row.draws_on for kind, row in MOVEMENT_KINDS.items() if row.draws_on
}
