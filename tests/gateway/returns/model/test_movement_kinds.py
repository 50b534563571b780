"""What a movement does to every balance of its line is what its row in MOVEMENT_KINDS says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from decimal import Decimal
from itertools import product
from typing import get_args

import pytest

from gateway.returns import Return, ReturnLine, balances
from gateway.returns.ledger import write_movement
from gateway.returns.model import MOVEMENT_KINDS, MovementKind
from translators.canonical import Item

AT = "2025-03-03T15:00:00.000000Z"
FEW, MANY = Decimal(2), Decimal(9)


def returns_in_many_states() -> Iterator[Return]:
    """Returns with more and with less authorized, shipped, received and credited, under every settlement."""
    for settlement in ("none", "after_receipt", "after_inspection", "in_advance"):
        for authorized, shipped, received, credited in product((FEW, MANY), repeat=4):
            return_ = Return("R1", "northgate", settlement=settlement)
            return_.lines["1"] = ReturnLine("1", Item(sku="MS-1003"), authorized)
            return_.finals["receipt:harbor:1"] = True
            said: tuple[tuple[MovementKind, Decimal], ...] = (
                ("authorize", authorized),
                ("ship", shipped),
                ("receive", received),
                ("inspect", FEW),
                ("credit", credited),
            )
            for kind, quantity in said:
                write_movement(return_, "1", kind, quantity, at=AT, code="good" if kind == "receive" else "")
            yield return_


def sizes(return_: Return) -> dict[str, Decimal]:
    """Every balance of the line as one number: those by condition or disposition summed up."""
    found = asdict(balances(return_, "1"))
    return {
        name: sum(value.values(), Decimal(0)) if isinstance(value, dict) else value for name, value in found.items()
    }


@pytest.mark.parametrize("kind", get_args(MovementKind))
def test_a_movement_moves_the_balances_of_its_row_and_no_others(kind: MovementKind) -> None:
    raised: set[str] = set()
    lowered: set[str] = set()
    for return_ in returns_in_many_states():
        before = sizes(return_)
        code = "quarantine>restock" if kind == "redisposition" else "good"
        write_movement(return_, "1", kind, Decimal(1), at=AT, code=code)
        after = sizes(return_)
        raised |= {name for name in before if after[name] > before[name]}
        lowered |= {name for name in before if after[name] < before[name]}
    effect = MOVEMENT_KINDS[kind]
    assert (raised, lowered) == (set(effect.raises), set(effect.lowers))
