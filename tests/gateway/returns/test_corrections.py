"""After the first posting, whatever is corrected, cancelled, refused or without an owner: every order ends alike."""

from __future__ import annotations

from random import Random, SystemRandom

import pytest

from gateway.returns import check_invariants, money_gaps
from tests.conftest import FRESH, examples
from tests.gateway.returns.corrected_histories import Happening, Written, a_happening, a_history, smallest
from tests.gateway.returns.corrected_play import Played, answer_everything, ends, play
from tests.gateway.returns.shell import stored

# In parts, so that several processes share them: 12 of 420 histories.
PARTS, IN_A_PART = 12, 420


def is_sound(played: Played) -> None:
    """Ledger, money and stored form of every return are right, and no posting went out twice."""
    for return_ in played.shell.returns.values():
        assert check_invariants(return_) == []
        assert money_gaps(return_, played.policy) == []
        assert stored(return_) == return_
    assert len(played.sent) == len(set(played.sent))


def converges(said: Written, mixed: Happening) -> None:
    """However it happens, the end is the one of the documents as they were written and an ERP that answers at once."""
    as_written, as_it_came = play(said), play(said, mixed)
    in_that_order = play(said, Happening(tuple(step for step in mixed.steps if not isinstance(step, str))))
    assert ends(in_that_order.shell) == ends(as_written.shell), "before anybody answers"
    for played in (as_written, as_it_came):
        answer_everything(played, said)
        is_sound(played)
        assert all(return_.open_holds() == [] for return_ in played.shell.returns.values())
    assert ends(as_it_came.shell) == ends(as_written.shell), "after everything is answered"


def _fails(said: Written, mixed: Happening) -> bool:
    try:
        converges(said, mixed)
    except AssertionError:
        return True
    return False


def _try(part: int, count: int) -> None:
    base = SystemRandom().randrange(10**9) if FRESH else part * IN_A_PART
    for n in range(base, base + count):
        by = Random(n)
        said = a_history(by)
        mixed = a_happening(by, said)
        if _fails(said, mixed):
            said, mixed = smallest(said, mixed, _fails)
            print(f"history {n}, made as small as it can be:\n{said}\n{mixed}")
            converges(said, mixed)


def test_every_order_ends_alike() -> None:
    _try(PARTS, examples(30))


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_every_order_ends_alike_at_length(part: int) -> None:
    _try(part, IN_A_PART)
