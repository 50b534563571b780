"""What is not the same in the store and in what was made again: two streams of rows in the same order, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gateway.store import Snapshot
from gateway.store.rebuild.compared_rows import COMPARED_TABLES, ComparedTable, Key, rows_in_order


def differences(stored: Snapshot, repeated: Snapshot) -> Iterator[str]:
    """Every row that is in one of the two only, or not the same in both: a line each."""
    for table in COMPARED_TABLES:
        yield from _of_table(table, stored, repeated)


def differences_of(stored: Snapshot, repeated: Snapshot, return_nos: Sequence[str]) -> Iterator[str]:
    """As `differences`, of these returns only."""
    for table in COMPARED_TABLES:
        of_returns = table.of_returns(return_nos)
        if of_returns is not None:
            yield from _of_table(of_returns, stored, repeated)


def _of_table(table: ComparedTable, stored: Snapshot, repeated: Snapshot) -> Iterator[str]:
    stored_rows, repeated_rows = rows_in_order(table, stored), rows_in_order(table, repeated)
    left, right = next(stored_rows, None), next(repeated_rows, None)
    while left is not None or right is not None:
        if right is None or (left is not None and left[0] < right[0]):
            assert left is not None
            yield f"{_name(table, left[0])} is stored, and was not decided again"
            left = next(stored_rows, None)
        elif left is None or right[0] < left[0]:
            yield f"{_name(table, right[0])} was decided again, and is not stored"
            right = next(repeated_rows, None)
        else:
            if left[1] != right[1]:
                changed = [name for name, value in left[1].items() if right[1][name] != value]
                yield f"{_name(table, left[0])} differs in {', '.join(changed)}"
            left, right = next(stored_rows, None), next(repeated_rows, None)


def _name(table: ComparedTable, key: Key) -> str:
    return f"{table.name} {' '.join(str(part) for part in key)}"
