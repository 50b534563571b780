"""Some returns repeated, picked at random: what `verify` does where there is too much to repeat all of it.

Each is repeated with all that belongs to it and with nothing else, so a store of any size takes the same time; what
comes out must be the same. Whoever tampers with one return is found by chance, by `rebuild --check` for certain.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from gateway.configuration import Configuration
from gateway.rebuild.connected_returns import ConnectedReturns, connected_to
from gateway.rebuild.differences import differences_of
from gateway.rebuild.repeat_some import PartialRepetition
from gateway.rebuild.stored_configurations import StoredConfigurations
from gateway.store import Snapshot
from gateway.store.rebuild.scratch import scratch_database
from gateway.store.returns import returns
from gateway.store.system import steps


@dataclass(slots=True)
class RebuiltSample:
    """The returns that were picked and repeated, those that were passed over, and what differs, a line each."""

    picked: list[str] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)


def sample(snapshot: Snapshot, count: int, numbers: Sequence[str] = ()) -> RebuiltSample:
    """Repeat so many returns, picked at random (or from those that are named), and compare them."""
    candidates = list(numbers) or returns.all_numbers(snapshot)
    chosen = random.SystemRandom().sample(candidates, min(count, len(candidates)))
    sampled, together = RebuiltSample(), ConnectedReturns()
    today = _newest_configuration(snapshot)
    if today is None:
        return sampled
    for number in chosen:
        connected = None if number in together.returns else connected_to(snapshot, number, today.book)
        if connected is not None and connected.has_numbers_of(today.policy):
            together.absorb(connected)
        (sampled.picked if number in together.returns else sampled.passed_over).append(number)
    if together.returns:
        with scratch_database() as scratch:
            repetition = PartialRepetition(snapshot, scratch, connected=together)
            troubles = (repetition.repeat(step) for step in steps.in_order(snapshot))
            sampled.differences = [trouble for trouble in troubles if trouble]
            sampled.differences += differences_of(snapshot, scratch, sorted(together.returns))
    return sampled


def _newest_configuration(snapshot: Snapshot) -> Configuration | None:
    """The configuration of the last step that was decided; None where there is none."""
    version = steps.newest_configuration(snapshot)
    return StoredConfigurations(snapshot).configuration(version) if version else None
