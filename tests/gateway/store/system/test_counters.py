from __future__ import annotations

from pathlib import Path

import pytest

from gateway.store import Store, open_store
from gateway.store.system import counters


def test_numbers_begin_again_at_one_in_the_next_epoch(store: Store) -> None:
    with store.write() as tx:
        counters.start(tx, "isa", 999_999_997)
        given_out = [counters.next_(tx, "isa") for _ in range(4)]
        with pytest.raises(ValueError, match="already"):
            counters.start(tx, "isa", 1)
    assert given_out == [(999_999_998, 0), (999_999_999, 0), (1, 1), (2, 1)]


def test_numbers_have_no_hole_and_no_repeat(tmp_path: Path) -> None:
    with open_store(tmp_path / "s.sqlite3") as store, store.write() as tx:
        for maximum in range(1, 8):
            numbers = [counters.next_(tx, f"up to {maximum}", maximum) for _ in range(30)]
            assert numbers == [(1 + n % maximum, n // maximum) for n in range(30)]


def test_a_number_on_trial_is_given_back_if_nothing_comes_of_it(store: Store) -> None:
    with store.write() as tx:
        counters.next_(tx, "isa")
        with counters.on_trial(tx):
            counters.next_(tx, "isa")
        with pytest.raises(ValueError, match="too long"), counters.on_trial(tx):
            counters.next_(tx, "isa")
            raise ValueError("too long")
        with counters.on_trial(tx) as give_back:
            counters.next_(tx, "isa")
            counters.next_(tx, "rma")
            give_back()
        assert counters.next_(tx, "isa") == (3, 0)
        assert counters.current(tx, "rma") == (0, 0)
