"""Scan inbox/<partner>/ and claim what is complete."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from gateway.clock import Clock, instant, parse_instant
from gateway.collect.completeness import CompletionRule, ignored, shows_its_end
from gateway.disk import (
    Look,
    Wanted,
    claim_files,
    drop_marker,
    escape_name,
    is_real_folder,
    look_at,
    require_space,
)
from gateway.faults import (
    CollectDenied,
    DiskFull,
    GatewayError,
    InboxGone,
    IncompleteFile,
    OddObject,
    StillChanging,
    StrayFile,
    from_os_error,
)
from gateway.home import Home
from gateway.store import Store
from gateway.store.system import faults
from translators.erp.read.results import folder_key

_SUBJECTS = "inbox"  # every subject of a collecting fault begins so
_LAST_SECOND = int(datetime.max.replace(tzinfo=UTC).timestamp())  # that a calendar has


@dataclass
class _Seen:
    """A file between two looks."""

    look: Look
    since: float  # monotonic
    shows_end: bool | None = None
    read: bool = False
    marker: bool = False


@dataclass(frozen=True)
class Collected:
    """What one call did: files claimed, files that are there but not ready, and what is wrong."""

    claimed: int
    waiting: int
    troubles: tuple[GatewayError, ...] = ()


@dataclass
class Collector:
    """Looks at the inbox again and again; remembers between two looks what it saw. One for each process.

    `rules` are by partner, `rule` is for all others (also for folders of no known partner: their files are taken too,
    and quarantined). At most `per_partner` files of one partner are claimed in one call, the oldest first.
    """

    home: Home
    clock: Clock
    rules: Mapping[str, CompletionRule] = field(default_factory=dict)
    rule: CompletionRule = field(default_factory=CompletionRule)
    per_partner: int = 1000
    minimum_free: int = 256 * 1024 * 1024
    _seen: dict[tuple[str, str], _Seen] = field(default_factory=dict)
    _quiet_since: dict[str, tuple[str, str]] = field(default_factory=dict)
    _device: int | None = None

    def collect(self, store: Store, wait: float = 0.0) -> Collected:
        """Look once and claim what two looks found equal and complete. With `wait`, look a second time after so many
        seconds if a file is still to be seen again: what is lying there complete is then taken in this one call.

        Troubles become Faults, and clear when they are gone. Raises FsyncFailed.
        """
        self._remember_incomplete(store)
        try:
            self._require_inbox()
            require_space(self.home.inbox, self.minimum_free)
            collected = self._look(wait)
            if wait and collected.waiting:
                self.clock.sleep(wait)
                again = self._look(wait)
                collected = Collected(collected.claimed + again.claimed, again.waiting, again.troubles)
        except (InboxGone, DiskFull) as error:
            named = type(error)(error.message, subject=_SUBJECTS)
            collected = Collected(0, 0, (named,))
        faults.settle(store, _SUBJECTS, collected.troubles, at=instant(self.clock.now()))
        return collected

    def _require_inbox(self) -> None:
        try:
            device = self.home.inbox.stat().st_dev
        except FileNotFoundError:
            raise InboxGone from None
        if self._device is None:
            self._device = device
        if device != self._device or not self.home.inbox_claimed.is_dir():
            raise InboxGone

    def _look(self, wait: float) -> Collected:
        troubles: list[GatewayError] = []
        seen: dict[tuple[str, str], _Seen] = {}
        ready: list[Wanted] = []
        for folder in self._folders(troubles):
            ready += self._look_into(folder, seen, wait, troubles)
        ready.sort(key=lambda wanted: (wanted.look.mtime_ns, wanted.folder, wanted.name))
        self._seen = seen
        nanoseconds = int(self.clock.now().timestamp() * 1_000_000) * 1000
        claimed, failed = claim_files(self.home, ready, nanoseconds)
        troubles += [error for error in failed if not isinstance(error, StillChanging)]
        for wanted in ready:
            self._seen.pop((wanted.folder, wanted.name), None)
            if marker := self._rule(wanted.folder).marker:
                drop_marker(self.home.inbox / wanted.folder / (wanted.name + marker))
        waiting = sum(not this.marker for this in self._seen.values())
        return Collected(len(claimed), waiting, tuple(troubles))

    def _rule(self, folder: str) -> CompletionRule:
        """Nobody puts a marker beside a file that is moved."""
        partner, below, _ = folder.partition("/")
        rule = self.rules.get(partner, self.rule)
        return replace(rule, marker="") if below else rule

    def _folders(self, troubles: list[GatewayError]) -> Iterator[str]:
        try:
            entries = sorted(os.scandir(self.home.inbox), key=lambda entry: entry.name)
        except OSError as error:
            troubles.append(from_os_error(error, _SUBJECTS))
            return
        for entry in entries:
            if entry.name.startswith(".") or (ignored(entry.name) and not entry.is_dir()):
                continue
            if is_real_folder(self.home.inbox / entry.name):
                yield entry.name
                yield from self._result_folders(entry.name)
            elif entry.is_symlink():
                troubles.append(OddObject(subject=_shown(entry.name)))
            else:
                troubles.append(StrayFile(subject=_shown(entry.name)))

    def _result_folders(self, folder: str) -> Iterator[str]:
        """Folders below a partner's into which it moves our files, as folder/name."""
        if not self._rule(folder).result_folders:
            return
        try:
            names = sorted(entry.name for entry in os.scandir(self.home.inbox / folder))
        except OSError:
            return  # looking into the folder itself says what is wrong
        yield from (f"{folder}/{name}" for name in names if self._is_result_folder(folder, name))

    def _is_result_folder(self, folder: str, name: str) -> bool:
        wanted = "/" not in folder and folder_key(name) in self._rule(folder).result_folders
        return wanted and is_real_folder(self.home.inbox / folder / name)

    def _look_into(
        self, folder: str, seen: dict[tuple[str, str], _Seen], wait: float, troubles: list[GatewayError]
    ) -> list[Wanted]:
        rule = self._rule(folder)
        try:
            names = {entry.name for entry in os.scandir(self.home.inbox / folder)}
        except OSError as error:
            troubles.append(from_os_error(error, _shown(folder)))
            return []
        ready: list[Wanted] = []
        for name in sorted(names):
            if ignored(name):
                continue
            look = look_at(self.home.inbox / folder / name)
            if look is None:
                continue
            if not look.plain and self._is_result_folder(folder, name):
                continue
            if not look.plain:
                troubles.append(OddObject(subject=_shown(folder, name)))
                continue
            known = self._seen.get((folder, name))
            this = known if known and known.look == look else _Seen(look, self.clock.monotonic())
            seen[folder, name] = this
            if rule.marker and name.endswith(rule.marker):
                this.marker = True
                if known is this and name.removesuffix(rule.marker) not in names:
                    drop_marker(self.home.inbox / folder / name)  # it would make the next file of that name complete
                continue
            try:
                if known is this and self._is_ready(folder, name, this, names, wait):
                    ready.append(Wanted(folder, name, look))
            except (CollectDenied, OddObject, IncompleteFile) as error:
                troubles.append(error)
            except StillChanging:
                continue
        ready.sort(key=lambda wanted: (wanted.look.mtime_ns, wanted.name))
        return ready[: self.per_partner]

    def _is_ready(self, folder: str, name: str, this: _Seen, names: set[str], wait: float) -> bool:
        rule = self._rule(folder)
        quiet_for = round(self.clock.monotonic() - this.since, 6)  # a difference of floats is not exact
        settle = min(rule.settle, wait) if wait else rule.settle
        quiet = min(rule.quiet, wait) if wait else rule.quiet
        if quiet_for < settle:
            return False
        if rule.marker and name + rule.marker in names:
            return True
        if not this.read:
            this.shows_end = shows_its_end(self.home.inbox / folder / name, _shown(folder, name))
            this.read = True
        if not rule.marker and this.shows_end is not False:
            return bool(this.shows_end) or quiet_for >= quiet
        return self._waited_enough(_shown(folder, name), this, quiet_for, rule)

    def _waited_enough(self, shown: str, this: _Seen, quiet_for: float, rule: CompletionRule) -> bool:
        seconds = min(max(this.look.mtime_ns // 1_000_000_000, 0), _LAST_SECOND)  # senders set what they like
        written = datetime.fromtimestamp(seconds, UTC)
        message = f"{this.look.size} bytes without an end or a marker, last written {written:%Y-%m-%d %H:%M:%S} UTC"
        since, before = self._quiet_since.get(shown, ("", ""))
        if before == message:  # an earlier process saw it like this: its waiting counts
            quiet_for = max(quiet_for, (self.clock.now() - parse_instant(since)).total_seconds())
        if quiet_for >= rule.incomplete_timeout:
            return True
        raise IncompleteFile(message, subject=shown)

    def _remember_incomplete(self, store: Store) -> None:
        with store.read() as snapshot:
            known = faults.open_faults(snapshot, IncompleteFile)
        self._quiet_since = {fault.subject: (fault.since, fault.message) for fault in known}


def _shown(*parts: str) -> str:
    return "/".join((_SUBJECTS, *(escape_name(each) for part in parts for each in part.split("/"))))
