"""Whatever happens to a gateway in its life: made again from what is stored, it comes out exactly as it is stored."""

from __future__ import annotations

from collections import Counter

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, event, given, settings

from gateway.rebuild.sample import sample
from gateway.store.returns import returns
from gateway.store.tables import step
from tests.conftest import examples
from tests.gateway.rebuild.lives import Event, lives
from tests.gateway.rebuild.player import Gateways

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]
usual = settings(max_examples=examples(30), deadline=None, suppress_health_check=SLOW)
thorough = settings(max_examples=300, deadline=None, suppress_health_check=SLOW)


def comes_out_again(gateways: Gateways, life: list[Event]) -> None:
    player = gateways.player()
    player.play(life)
    with player.store.read() as snapshot:
        for kind in Counter(snapshot.execute(sa.select(step.c.kind)).scalars()):
            event(kind)
    assert player.rebuilt().differences == []


@usual
@given(life=lives(4))
def test_a_short_life_comes_out_again(gateways: Gateways, life: list[Event]) -> None:
    comes_out_again(gateways, life)


@usual
@given(life=lives(6))
def test_a_longer_life_comes_out_again(gateways: Gateways, life: list[Event]) -> None:
    comes_out_again(gateways, life)


@pytest.mark.long
@thorough
@given(life=lives(8))
def test_every_life_comes_out_again_at_length(gateways: Gateways, life: list[Event]) -> None:
    comes_out_again(gateways, life)


@settings(max_examples=examples(12), deadline=None, suppress_health_check=SLOW)
@given(life=lives(5))
def test_every_return_comes_out_again_by_itself(gateways: Gateways, life: list[Event]) -> None:
    each_by_itself(gateways, life)


@pytest.mark.long
@settings(max_examples=200, deadline=None, suppress_health_check=SLOW)
@given(life=lives(8))
def test_every_return_comes_out_again_by_itself_at_length(gateways: Gateways, life: list[Event]) -> None:
    each_by_itself(gateways, life)


def each_by_itself(gateways: Gateways, life: list[Event]) -> None:
    player = gateways.player()
    player.play(life)
    with player.store.read() as snapshot:
        for number in returns.all_numbers(snapshot):
            done = sample(snapshot, 1, [number])
            event("picked" if done.picked else "passed over")
            assert done.differences == []
