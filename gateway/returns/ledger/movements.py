"""Movements: written, counted and reversed."""

from __future__ import annotations

from decimal import Decimal

from gateway.returns.model import ZERO, Movement, Return, Tally


def add_to_tally(tally: Tally, movement: Movement) -> None:
    """Count one movement. An unknown kind is a programming error (KeyError)."""
    quantity = movement.quantity
    match movement.kind:
        case "authorize":
            tally.a += quantity
        case "cancel":
            tally.a -= quantity
        case "ship":
            tally.x += quantity
        case "receive":
            tally.r += quantity
            tally.by_condition[movement.code] = tally.by_condition.get(movement.code, ZERO) + quantity
        case "inspect":
            tally.i += quantity
        case "disposition":
            tally.d[movement.code] = tally.d.get(movement.code, ZERO) + quantity
        case "credit":
            tally.c += quantity
        case "claim":
            tally.v += quantity
        case "close_short":
            tally.z += quantity
        case other:
            raise KeyError(f"no such movement: {other}")


def rebuild_tallies(return_: Return) -> None:
    """Derive every line's sums again from its movements alone."""
    return_.tallies.clear()
    for movement in return_.movements:
        add_to_tally(return_.tally(movement.line_no), movement)


def write_movement(
    return_: Return,
    line_no: str,
    kind: str,
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


def reverse_movement(return_: Return, seq: int, at: str) -> Movement:
    """Append the exact opposite of movement `seq`, pointing at it."""
    m = return_.movements[seq - 1]
    return write_movement(
        return_,
        m.line_no,
        m.kind,
        -m.quantity,
        at=at,
        code=m.code,
        split=m.split,
        source=m.source,
        document_id=m.document_id,
        reverses=seq,
    )
