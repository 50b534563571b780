"""The composition root: one `tick` does everything that can be done now. Scheduler, watcher, CLI and tests all call it.

Order within a tick is the order files travel: collect → intake → process → requests → batch → dispatch → clocks →
webhooks.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from types import TracebackType

from gateway.batch import Batching, batch_due, follow_deliveries
from gateway.clock import Clock, instant
from gateway.collect import Collector, CompletionRule
from gateway.configuration import Configuration, read_configuration
from gateway.disk import sweep_temporaries
from gateway.dispatch import dispatch_all
from gateway.events import DailyFiles, WebhookDispatch
from gateway.faults import InboxGone, PartnerFolderWrong, crashpoint
from gateway.home import Home
from gateway.intake import take_all
from gateway.isolation import Parser
from gateway.partners import Partner, PartnerBook, PartnersError, Problem
from gateway.process import (
    Processing,
    answer_taken,
    ask_for_known_codes,
    carry_out_requests,
    process_waiting,
    report_statuses,
    review_pilots,
)
from gateway.remote import RemoteAccounts
from gateway.retention import Retention
from gateway.returns import Policy
from gateway.store import Store, open_store
from gateway.store.system import configurations, faults
from gateway.store.system.configurations import FolderContent
from gateway.sweep import Sweeper

# Seconds between the two looks of a `once`: long enough for a writer to show that it is still writing.
SECOND_LOOK = 0.2
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class TickResult:
    """What one tick did; `idle` when there was nothing to do."""

    collected: int = 0
    taken: int = 0
    processed: int = 0
    requests: int = 0
    batched: int = 0
    dispatched: int = 0
    swept: int = 0
    told: int = 0

    @property
    def idle(self) -> bool:
        """Whether the tick found nothing to do."""
        return not any(asdict(self).values())

    def __add__(self, other: TickResult) -> TickResult:
        """What two ticks did together."""
        more = asdict(other)
        return TickResult(**{name: count + more[name] for name, count in asdict(self).items()})


@dataclass(slots=True)
class Engine:
    """One gateway over one home. Open it with `Engine.open`, which owns the home until it is closed."""

    home: Home
    store: Store
    clock: Clock
    configuration: Configuration
    parser: Parser
    collector: Collector
    remotes: RemoteAccounts
    _stack: ExitStack = field(repr=False)
    settling: bool = False
    _sweeper: Sweeper = field(init=False, repr=False)
    _retention: Retention = field(init=False, repr=False)
    _daily_files: DailyFiles = field(init=False, repr=False)
    _webhooks: WebhookDispatch = field(init=False, repr=False)
    _codes_may_be_known: bool = False
    _noted: Configuration | None = None
    _version: str = ""

    def __post_init__(self) -> None:
        self._sweeper = Sweeper(self.store, self.home, self.clock)
        self._retention = Retention(self.store, self.home, self.clock)
        self._daily_files = DailyFiles(self.store, self.home, self.clock)
        self._webhooks = WebhookDispatch(self.store, self.clock)

    @classmethod
    def open(cls, home: Home, clock: Clock) -> Engine:
        """Own the home, open its store, read its partners.

        Raises HomeInUse, HomeMissing, PartnersError, StoreTooNew.
        """
        with ExitStack() as stack:
            home.require()
            stack.enter_context(home.acquire())
            sweep_temporaries(home)
            configuration = read_configuration(home.partners)
            store = stack.enter_context(open_store(home))
            limits = configuration.book.house.limits
            parser = stack.enter_context(Parser(limits.parse_seconds, limits.parse_memory_mb * MEGABYTE))
            remotes = RemoteAccounts(home, store, clock)
            engine = cls(home, store, clock, configuration, parser, Collector(home, clock), remotes, stack.pop_all())
        engine._use(configuration)
        with store.write() as tx:
            for trouble in store.troubles:
                faults.raise_(tx, trouble, at=instant(clock.now()))
        return engine

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the parser and what is being told, close the store and give up the home."""
        self._webhooks.close()
        self.store.checkpoint()
        self._stack.close()

    def tick(self, look_twice: bool = False) -> TickResult:
        """Do everything that can be done now. `look_twice`: wait for the second look at new files in this very tick."""
        collected = self.collector.collect(self.store, SECOND_LOOK if look_twice else 0.0)
        book = self.configuration.book
        self.settling = collected.waiting > 0
        self._note_configuration()

        taken = self._take(book)
        crashpoint("tick.taken")

        work = self._processing()
        processed = process_waiting(work)
        self._ask_for_known_codes(work)
        requests = carry_out_requests(work)
        if requests:  # a replay is an intake that waits
            processed += process_waiting(work)
        review_pilots(work)
        answer_taken(work)
        report_statuses(work)

        batching = Batching(self.store, self.home, book, self.clock, self.house_policy.calendar)
        batched = batch_due(batching)
        self._daily_files.write(book, self.house_policy.calendar.zone)
        dispatched = dispatch_all(self.store, self.home, self.remotes.outbound(book), self.clock)
        follow_deliveries(batching)

        ticked = TickResult(collected.claimed, taken, processed, requests, batched, dispatched)
        # Status files for changes made by the sweep go out in the next tick.
        swept = int(self._sweep(busy=not ticked.idle))
        return replace(ticked, swept=swept, told=self._webhooks.tell(book, wait=look_twice))

    def _take(self, book: PartnerBook) -> int:
        try:
            return take_all(self.store, self.home, self.clock, book)
        except InboxGone:  # collect has made it a Fault; what is here already goes on
            return 0

    def until_quiet(self) -> TickResult:
        """Tick until there is nothing left to do → what all ticks did. What waits for a later time stays."""
        total = TickResult()
        while not (ticked := self.tick(look_twice=True)).idle:
            total += ticked
        return total

    def reload(self) -> bool:
        """Read the partner folders again → whether anything changed. A wrong one keeps its old version, as a Fault."""
        try:
            new = read_configuration(self.home.partners, self.configuration)
        except PartnersError as wrong:
            self._report(wrong.problems)
            return False
        changed = new.book.stamps != self.configuration.book.stamps or new.house_policy != self.house_policy
        self._use(new)
        return changed

    @property
    def house_policy(self) -> Policy:
        """The policy of the house, without any partner's overrides."""
        return self.configuration.house_policy

    def _use(self, configuration: Configuration) -> None:
        new, old = configuration.book, self.configuration.book
        same = new.stamps == old.stamps and new.house.config_hash == old.house.config_hash
        self._codes_may_be_known |= configuration is self.configuration or not same
        self.configuration = configuration
        limits = configuration.book.house.limits
        self.collector.rules = {partner.id: completion_rule(partner) for partner in configuration.book}
        self.collector.per_partner = limits.max_claims_per_scan
        self.collector.minimum_free = limits.min_free_disk_mb * MEGABYTE
        self._report(configuration.problems)

    def _report(self, problems: tuple[Problem, ...]) -> None:
        """Wrong partner folders are Faults that clear when the folder is right."""
        at = instant(self.clock.now())
        with self.store.write() as tx:
            for problem in problems:
                subject = f"{problem.file}:{problem.key}"
                message = f"line {problem.line}: {problem.message}"
                faults.raise_(tx, PartnerFolderWrong(message, subject=subject, correction=problem.remedy), at=at)
            subjects = {f"{problem.file}:{problem.key}" for problem in problems}
            faults.clear_except(tx, PartnerFolderWrong, keep=subjects, at=at)

    def _ask_for_known_codes(self, work: Processing) -> None:
        """After every reading of the partner folders: codes that somebody has entered there set free what waited."""
        if self._codes_may_be_known:
            self._codes_may_be_known = False
            with self.store.write() as tx:
                ask_for_known_codes(tx, work)

    def _note_configuration(self) -> None:
        """Keep the configuration in force, when it has changed: what is decided under it can be decided again."""
        if self._noted is not self.configuration:
            folders = {name: FolderContent(digest, files) for name, digest, files in self.configuration.folders()}
            with self.store.write() as tx:
                self._version = configurations.note(tx, folders, instant(self.clock.now()))
            self._noted = self.configuration

    def _processing(self) -> Processing:
        configuration = self.configuration
        return Processing(
            self.store, self.home, configuration.book, configuration.policy, self.clock, self.parser, self._version
        )

    def _sweep(self, busy: bool) -> bool:
        configuration = self.configuration
        calendar = self.house_policy.calendar
        changed = self._sweeper.sweep(configuration.book, configuration.policy, calendar, busy, self._version)
        self._retention.run_daily(configuration.book.house.retention.payload_days)
        return changed


def completion_rule(partner: Partner) -> CompletionRule:
    """When a partner's file counts as complete, as its `[collect]` says."""
    collect = partner.collect
    return CompletionRule(
        quiet=collect.settle_seconds,
        incomplete_timeout=collect.incomplete_seconds,
        marker=collect.marker,
        result_folders=frozenset(partner.results.by_folder()) if partner.role == "erp" else frozenset(),
    )
