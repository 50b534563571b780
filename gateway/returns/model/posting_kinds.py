"""The kinds of posting, each one row: what it says of which goods, what it needs first, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gateway.returns.model.movement_kinds import MovementKind

PostingKind = Literal[
    "return_order",
    "goods_receipt",
    "inventory_move",
    "scrap",
    "credit_request",
    "replacement",
    "repair_order",
    "supplier_claim",
    "charge_back",
]
# What a reconciliation counts a posting as.
BookedAs = Literal["received", "moved", "credited"]


@dataclass(slots=True, frozen=True)
class PostingMeaning:
    """What a posting of a kind is about.

    `key_code`: its short form in idempotency keys, which are at most 40 characters. `needs`: the kind that the shipped
    policy wants posted first. `quantity`: what its quantity is, of the line. `split_by`: which code its split is, and
    which field of an import file carries that code; None for one posting per line. `carries_money`: has an amount.
    `settles`: settles goods with the partner. `every_step`: goods that go on from one outcome to another have one for
    each; other kinds follow the outcome that goods have reached. `against_supplier`: limited to what an asked supplier
    allows, with the supplier's RMA number as the partner's reference; its amount is what the goods cost us. `teaches`:
    the movement that the ledger gets when the ERP has posted it. `booked_as`: what a reconciliation counts it as.
    `refusal_owner`: whose move it is if the ERP refuses it. `undo_owner`: who decides whether what the ERP has posted
    of it is undone; "" where nobody need decide.
    """

    key_code: str
    means: str
    quantity: Literal["authorized", "received", "dispositioned", "credit", "charge"]
    needs: PostingKind | Literal[""] = ""
    split_by: Literal["condition", "disposition"] | None = None
    carries_money: bool = False
    settles: bool = False
    every_step: bool = False
    against_supplier: bool = False
    teaches: MovementKind | None = None
    booked_as: BookedAs | None = None
    refusal_owner: Literal["it", "finance"] = "it"
    undo_owner: Literal["", "finance", "warehouse"] = ""


# In the order of their steps: what stands on others is taken back before them.
POSTING_KINDS: dict[PostingKind, PostingMeaning] = {
    "return_order": PostingMeaning("RO", "the return is authorized", "authorized"),
    "goods_receipt": PostingMeaning(
        "GR",
        "goods came",
        "received",
        needs="return_order",
        split_by="condition",
        booked_as="received",
        undo_owner="warehouse",
    ),
    "inventory_move": PostingMeaning(
        "IM",
        "goods go to another stock",
        "dispositioned",
        needs="goods_receipt",
        split_by="disposition",
        every_step=True,
        booked_as="moved",
    ),
    "scrap": PostingMeaning(
        "SC",
        "goods are scrapped",
        "dispositioned",
        needs="goods_receipt",
        split_by="disposition",
        every_step=True,
        booked_as="moved",
    ),
    "repair_order": PostingMeaning(
        "RE",
        "goods are repaired",
        "dispositioned",
        needs="inventory_move",
        split_by="disposition",
        every_step=True,
    ),
    "supplier_claim": PostingMeaning(
        "VC",
        "the supplier is to pay for goods that go back to it",
        "dispositioned",
        needs="inventory_move",
        split_by="disposition",
        carries_money=True,
        against_supplier=True,
        teaches="claim",
        refusal_owner="finance",
    ),
    "replacement": PostingMeaning(
        "RP",
        "the partner is sent other goods",
        "credit",
        needs="goods_receipt",
        settles=True,
        teaches="credit",
        booked_as="credited",
        refusal_owner="finance",
        undo_owner="finance",
    ),
    "credit_request": PostingMeaning(
        "CR",
        "the partner is credited",
        "credit",
        needs="goods_receipt",
        carries_money=True,
        settles=True,
        teaches="credit",
        booked_as="credited",
        refusal_owner="finance",
        undo_owner="finance",
    ),
    "charge_back": PostingMeaning(
        "CB",
        "the partner is charged for goods that were credited or replaced in advance and did not come",
        "charge",
        needs="credit_request",
        carries_money=True,
        teaches="charge",
        refusal_owner="finance",
    ),
}
# Place in the order: what stands on others is taken back before them.
POSTING_RANK: dict[str, int] = {kind: place for place, kind in enumerate(POSTING_KINDS)}
# Kinds of posting that settle goods with the partner.
SETTLEMENT_KINDS: frozenset[str] = frozenset(kind for kind, row in POSTING_KINDS.items() if row.settles)
