"""Scan inbox/<partner>/ and claim what is complete."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from gateway.clock import Clock, instant, parse_instant
from gateway.collect.completeness import CompletionRule, is_ignored, shows_its_end
from gateway.disk import (
    CompleteFile,
    Look,
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
class _Sighting:
    """A file between two looks: since when it looks like this (monotonic seconds), and what its bytes say.

    `shows_end` as `shows_its_end` says it, once `read`. `is_marker`: it stands for another file and is none itself.
    """

    look: Look
    since: float
    shows_end: bool | None = None
    read: bool = False
    is_marker: bool = False


@dataclass
class _Scan:
    """One look at the whole inbox, and what it finds. `wait`: as given to `collect`, 0.0 for none."""

    wait: float
    sightings: dict[tuple[str, str], _Sighting] = field(default_factory=dict)
    troubles: list[GatewayError] = field(default_factory=list)


@dataclass(frozen=True)
class CollectResult:
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
    _sightings: dict[tuple[str, str], _Sighting] = field(default_factory=dict)
    _quiet_since: dict[str, tuple[str, str]] = field(default_factory=dict)
    _device: int | None = None

    def collect(self, store: Store, wait: float = 0.0) -> CollectResult:
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
                second = self._look(wait)
                collected = CollectResult(collected.claimed + second.claimed, second.waiting, second.troubles)
        except (InboxGone, DiskFull) as error:
            named = type(error)(error.message, subject=_SUBJECTS)
            collected = CollectResult(0, 0, (named,))
        faults.keep_exactly(store, _SUBJECTS, collected.troubles, at=instant(self.clock.now()))
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

    def _look(self, wait: float) -> CollectResult:
        """Scan every folder, then claim what is complete, the oldest first."""
        scan = _Scan(wait)
        complete = [file for folder in self._folders(scan) for file in self._complete_files(folder, scan)]
        complete.sort(key=lambda file: (file.look.mtime_ns, file.folder, file.name))
        self._sightings = scan.sightings
        nanoseconds = int(self.clock.now().timestamp() * 1_000_000) * 1000
        claimed, failed = claim_files(self.home, complete, nanoseconds)
        scan.troubles += [error for error in failed if not isinstance(error, StillChanging)]
        for file in complete:
            self._sightings.pop((file.folder, file.name), None)
            if marker := self._rule(file.folder).marker:
                drop_marker(self.home.inbox / file.folder / (file.name + marker))
        waiting = sum(not sighting.is_marker for sighting in self._sightings.values())
        return CollectResult(len(claimed), waiting, tuple(scan.troubles))

    def _rule(self, folder: str) -> CompletionRule:
        """The rule of a folder; below a partner's folder without a marker: nobody puts one beside a file that is
        moved.
        """
        partner, below, _ = folder.partition("/")
        rule = self.rules.get(partner, self.rule)
        return replace(rule, marker="") if below else rule

    def _folders(self, scan: _Scan) -> Iterator[str]:
        """The folders to look into: those of partners, and those below them into which an ERP moves our files."""
        try:
            entries = sorted(os.scandir(self.home.inbox), key=lambda entry: entry.name)
        except OSError as error:
            scan.troubles.append(from_os_error(error, _SUBJECTS))
            return
        for entry in entries:
            if entry.name.startswith(".") or (is_ignored(entry.name) and not entry.is_dir()):
                continue
            if is_real_folder(self.home.inbox / entry.name):
                yield entry.name
                yield from self._result_folders(entry.name)
            elif entry.is_symlink():
                scan.troubles.append(OddObject(subject=_shown(entry.name)))
            else:
                scan.troubles.append(StrayFile(subject=_shown(entry.name)))

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
        is_named = "/" not in folder and folder_key(name) in self._rule(folder).result_folders
        return is_named and is_real_folder(self.home.inbox / folder / name)

    def _complete_files(self, folder: str, scan: _Scan) -> list[CompleteFile]:
        """The files of a folder that two looks found equal and complete, the oldest first, no more than may be claimed
        in one call.
        """
        try:
            names = {entry.name for entry in os.scandir(self.home.inbox / folder)}
        except OSError as error:
            scan.troubles.append(from_os_error(error, _shown(folder)))
            return []
        marker = self._rule(folder).marker
        complete: list[CompleteFile] = []
        for name in sorted(names):
            sighting = self._sight(folder, name, scan)
            if sighting is None:
                continue
            if marker and name.endswith(marker):
                sighting.is_marker = True
                if self._seen_before(folder, name, sighting) and name.removesuffix(marker) not in names:
                    drop_marker(self.home.inbox / folder / name)  # it would make the next file of that name complete
            elif self._seen_before(folder, name, sighting) and self._is_complete(folder, name, names, sighting, scan):
                complete.append(CompleteFile(folder, name, sighting.look))
        complete.sort(key=lambda file: (file.look.mtime_ns, file.name))
        return complete[: self.per_partner]

    def _sight(self, folder: str, name: str, scan: _Scan) -> _Sighting | None:
        """What stands under a name now; the sighting of the look before if nothing about it has changed.

        None for what is not taken: ignored names, a result folder, what is gone, and odd objects, which are troubles.
        """
        if is_ignored(name):
            return None
        look = look_at(self.home.inbox / folder / name)
        if look is None or (not look.plain and self._is_result_folder(folder, name)):
            return None
        if not look.plain:
            scan.troubles.append(OddObject(subject=_shown(folder, name)))
            return None
        before = self._sightings.get((folder, name))
        sighting = before if before and before.look == look else _Sighting(look, self.clock.monotonic())
        scan.sightings[folder, name] = sighting
        return sighting

    def _seen_before(self, folder: str, name: str, sighting: _Sighting) -> bool:
        return self._sightings.get((folder, name)) is sighting

    def _is_complete(self, folder: str, name: str, names: set[str], sighting: _Sighting, scan: _Scan) -> bool:
        """Whether a file seen twice is complete. `names`: what else lies in the folder."""
        try:
            return self._shows_completeness(folder, name, names, sighting, scan.wait)
        except (CollectDenied, OddObject, IncompleteFile) as error:
            scan.troubles.append(error)
        except StillChanging:
            pass
        return False

    def _shows_completeness(self, folder: str, name: str, names: set[str], sighting: _Sighting, wait: float) -> bool:
        """Raises IncompleteFile for one without its end; CollectDenied, OddObject, StillChanging for one that cannot be
        read.
        """
        rule = self._rule(folder)
        quiet_for = round(self.clock.monotonic() - sighting.since, 6)  # a difference of floats is not exact
        settle = min(rule.settle, wait) if wait else rule.settle
        quiet = min(rule.quiet, wait) if wait else rule.quiet
        if quiet_for < settle:
            return False
        if rule.marker and name + rule.marker in names:
            return True
        if not sighting.read:
            sighting.shows_end = shows_its_end(self.home.inbox / folder / name, _shown(folder, name))
            sighting.read = True
        if not rule.marker and sighting.shows_end is not False:
            return bool(sighting.shows_end) or quiet_for >= quiet
        return self._waited_enough(_shown(folder, name), sighting.look, quiet_for, rule)

    def _waited_enough(self, shown: str, look: Look, quiet_for: float, rule: CompletionRule) -> bool:
        """Whether a file without its end has waited its time, in this process or since an earlier one saw it so.

        Raises IncompleteFile if not.
        """
        seconds = min(max(look.mtime_ns // 1_000_000_000, 0), _LAST_SECOND)  # senders set what they like
        written = datetime.fromtimestamp(seconds, UTC)
        message = f"{look.size} bytes without an end or a marker, last written {written:%Y-%m-%d %H:%M:%S} UTC"
        since, before = self._quiet_since.get(shown, ("", ""))
        if before == message:  # an earlier process saw it like this: its waiting counts
            quiet_for = max(quiet_for, (self.clock.now() - parse_instant(since)).total_seconds())
        if quiet_for >= rule.incomplete_timeout:
            return True
        raise IncompleteFile(message, subject=shown)

    def _remember_incomplete(self, store: Store) -> None:
        with store.read() as snapshot:
            incomplete = faults.open_faults(snapshot, IncompleteFile)
        self._quiet_since = {fault.subject: (fault.since, fault.message) for fault in incomplete}


def _shown(*parts: str) -> str:
    """A place below the inbox as the subject of a Fault: its names escaped."""
    return "/".join((_SUBJECTS, *(escape_name(name) for part in parts for name in part.split("/"))))
