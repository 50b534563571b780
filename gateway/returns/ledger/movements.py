"""Movements: written, counted and reversed."""

from __future__ import annotations

from decimal import Decimal

from gateway.returns.model import MOVEMENT_KINDS, ZERO, Movement, MovementKind, Return, Tally, ends_of


def add_to_tally(tally: Tally, movement: Movement) -> None:
    """Count one movement as MOVEMENT_KINDS says of its kind. An unknown kind is a programming error (KeyError)."""
    effect = MOVEMENT_KINDS[movement.kind]
    if effect.sum is not None:
        sum_before = getattr(tally, effect.sum)
        setattr(
            tally, effect.sum, sum_before + movement.quantity if effect.sign > 0 else sum_before - movement.quantity
        )
    if effect.by_code is not None:
        sums: dict[str, Decimal] = getattr(tally, effect.by_code)
        sums[movement.code] = sums.get(movement.code, ZERO) + movement.quantity
        if effect.by_code == "moved_on":
            left, reached = ends_of(movement.code)
            tally.d[left] = tally.d.get(left, ZERO) - movement.quantity
            tally.d[reached] = tally.d.get(reached, ZERO) + movement.quantity


def rebuild_tallies(return_: Return) -> None:
    """Derive every line's sums again from its movements alone."""
    return_.tallies.clear()
    for movement in return_.movements:
        add_to_tally(return_.tally(movement.line_no), movement)


def write_movement(
    return_: Return,
    line_no: str,
    kind: MovementKind,
    quantity: Decimal,
    *,
    at: str,
    code: str = "",
    split: str = "0",
    source: str = "",
    document_id: int | None = None,
    reverses: int | None = None,
) -> Movement:
    """Append one movement and count it."""
    movements = return_.movements
    movement = Movement(len(movements) + 1, line_no, kind, quantity, code, split, source, document_id, reverses, at)
    movements.append(movement)
    add_to_tally(return_.tallies[line_no], movement)
    return movement


def reverse_movement(return_: Return, seq: int, at: str, quantity: Decimal | None = None) -> Movement:
    """Append the opposite of movement `seq`, pointing at it: of all of it, or of a `quantity` of it."""
    m = return_.movements[seq - 1]
    return write_movement(
        return_,
        m.line_no,
        m.kind,
        -(m.quantity if quantity is None else quantity),
        at=at,
        code=m.code,
        split=m.split,
        source=m.source,
        document_id=m.document_id,
        reverses=seq,
    )
