"""Some returns made again, picked at random: what `verify` does where there is too much to make all of it again.

Each is made again with all that belongs to it and with nothing else, so a store of any size takes the same time; what
comes out must be the same. Whoever tampers with one return is found by chance, by `rebuild --check` for certain.
"""

from __future__ import annotations

import random
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from gateway.configuration import Configuration
from gateway.process.decide.application import Application
from gateway.rebuild.connected_returns import Related, related_to
from gateway.rebuild.differences import differences_of
from gateway.rebuild.repeat_steps import AT_ONCE, Again
from gateway.rebuild.scratch import scratch_database
from gateway.rebuild.stored_configurations import Kept
from gateway.returns import Numbers, reference_rows
from gateway.store import Snapshot
from gateway.store.returns import returns
from gateway.store.system import steps
from gateway.store.system.steps import Step
from gateway.store.tables import document, posting, step
from translators.canonical import ErpResult, Inbound, ReferenceData


@dataclass(slots=True)
class Sampled:
    """What came of it: the returns that were picked and made again, those that were passed over, what differs."""

    picked: list[str] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)


def sample(snapshot: Snapshot, count: int, numbers: Sequence[str] = ()) -> Sampled:
    """Make so many returns again, picked at random (or those that are named), and compare them."""
    every = list(numbers) or returns.all_numbers(snapshot)
    chosen = random.SystemRandom().sample(every, min(count, len(every)))
    done, together = Sampled(), Related()
    today = _newest(snapshot)
    if today is None:
        return done
    for number in chosen:
        related = None if number in together.returns else related_to(snapshot, number, today.book)
        if related is not None and related.reads_back(today.policy):
            together.absorb(related)
        (done.picked if number in together.returns else done.passed_over).append(number)
    if together.returns:
        with scratch_database() as scratch:
            again = AgainInPart(snapshot, scratch, related=together)
            done.differences = [trouble for each in steps.in_order(snapshot) if (trouble := again.take(each))]
            done.differences += differences_of(snapshot, scratch, sorted(together.returns))
    return done


def _newest(snapshot: Snapshot) -> Configuration | None:
    """The configuration of the last step that was decided; None where there is none."""
    query = sa.select(step.c.config_version).where(step.c.config_version != "").order_by(step.c.id.desc()).limit(1)
    version = snapshot.scalar(query)
    return Kept(snapshot).configuration(version) if version else None


@dataclass(slots=True)
class _Allotted:
    """The numbers that were given these returns, in the order in which they were."""

    left: dict[str, deque[int]]

    def next(self, name: str) -> int:
        if not self.left[name]:
            raise LookupError(f"no number of {name} was given at this step")
        return self.left[name].popleft()


@dataclass(slots=True)
class _ApplicationInPart(Application):
    allotted: _Allotted = field(default_factory=lambda: _Allotted({}))

    def numbers(self) -> Numbers:
        return self.allotted


@dataclass(slots=True)
class AgainInPart(Again):
    """As Again, for the steps (and the parts of them) that are about some returns."""

    related: Related = field(default_factory=Related)
    allotted: _Allotted = field(init=False)
    mine: list[int] = field(init=False)

    def __post_init__(self) -> None:
        Again.__post_init__(self)
        given = {name: deque(self.related.numbers(name)) for name in ("return", "rma")}
        self.allotted = _Allotted(given)
        master_data = ReferenceData.model_fields["kind"].default
        every = self.snapshot.execute(sa.select(document.c.id).where(document.c.kind == master_data)).scalars()
        self.mine = sorted({*self.related.documents, *map(int, every)})

    def take(self, each: Step) -> str:
        body = self._part(each.kind, each.body)
        if body is None:
            return ""
        trouble = Again.take(self, Step(each.id, each.at, each.kind, each.config_version, body))
        if each.kind == steps.BATCHED and not trouble:
            self._number_rows(each.body["postings"])
        return trouble

    def _part(self, kind: str, body: dict[str, Any]) -> dict[str, Any] | None:
        """What of a step is about these returns; None if nothing."""
        if kind == steps.BATCHED:
            keys = [key for key in body["postings"] if key in self.related.postings]
            return {**body, "postings": keys} if keys else None
        if kind == steps.REFRESHED:
            numbers = [number for number in body["returns"] if number in self.related.returns]
            return {"returns": numbers} if numbers else None
        return body if self._is_mine(kind, body) else None

    def _is_mine(self, kind: str, body: dict[str, Any]) -> bool:
        match kind:
            case steps.DOCUMENTS:
                return bool(self._ids(body))
            case steps.READING | steps.DISCARD:
                return body["document"] in self.related.documents
            case steps.REFUSED | steps.RETRIED:
                return body["posting"] in self.related.postings
            case steps.CLOSE:
                return False
        number = body.get("return", body.get("return_no"))
        return number is None or number in self.related.returns

    def _number_rows(self, keys: list[str]) -> None:
        """The rows of a file keep their numbers, whoever else is in it."""
        for row_no, key in enumerate(keys, start=1):
            if key in self.related.postings:
                self.scratch.execute(posting.update().where(posting.c.key == key).values(row_no=row_no))

    def _ids(self, body: dict[str, Any]) -> list[int]:
        return self.mine[bisect_left(self.mine, body["first"]) : bisect_right(self.mine, body["last"])]

    def _pages(self, body: dict[str, Any]) -> Iterator[list[dict[str, Any]]]:
        ids = self._ids(body)
        for start in range(0, len(ids), AT_ONCE):
            query = sa.select(document).where(document.c.id.in_(ids[start : start + AT_ONCE]))
            mine = query.where(document.c.intake_id == body["intake"]).order_by(document.c.id)
            found = self.snapshot.execute(mine).mappings().all()
            if found:
                yield [dict(row) for row in found]

    def _read(self, row: dict[str, Any]) -> Inbound:
        """Of results and master data, only the rows that concern these returns: there may be very many others."""
        body = Again._read(self, row)
        if isinstance(body, ErpResult):
            body = self.related.results.get(int(row["id"]), body)
            mine = [each for each in body.rows if each.idempotency_key in self.related.postings]
            return body.model_copy(update={"rows": tuple(mine)})
        if isinstance(body, ReferenceData):
            asked = tuple(each for each in body.rows if self._is_asked(body, each))
            # At least one: that there is such master data at all matters too.
            return body.model_copy(update={"rows": asked or body.rows[:1]})
        return body

    def _is_asked(self, data: ReferenceData, row: Any) -> bool:
        alone = data.model_copy(update={"rows": (row,)})
        return any((dataset, key) in self.related.facts for dataset, key, _ in reference_rows(alone) if key)

    def _application(self, each: Step, actor: str = "gateway") -> Application:
        whole = Again._application(self, each, actor)
        return _ApplicationInPart(
            whole.tx,
            whole.book,
            whole.policies,
            whole.now,
            actor=actor,
            version=whole.version,
            allotted=self.allotted,
        )
