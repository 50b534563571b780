"""Translation in a child process with limits, so that one poison or giant file harms nobody else.

The child lives on between files (a start costs more than a file); it is killed and replaced when a file exceeds its
time, or when it dies (out of memory, a crash in C code). What it returns is plain data: a Translation, or the parts of
one where a flat file is long: it waits with the next part until the one before was taken.
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from multiprocessing import Pipe
from multiprocessing.connection import Connection

from gateway.faults import ParserUnusable
from translators.profile import Profile
from translators.registry import joined_translation
from translators.translation import Translation

# A file may take this long to translate; 100 MB of 856 takes a few seconds.
SECONDS_PER_FILE = 120.0
# Address space of the child. Beyond it an allocation fails in the child, not on the machine.
MEMORY_BYTES = 4 * 1024**3
# A child that is not ready by then will never be: the machine cannot start it.
SECONDS_TO_START = 60.0
READY = "ready"


@dataclass(frozen=True, slots=True)
class Job:
    """One file to translate. `key` comes back with its outcome."""

    key: int
    data: bytes
    name: str
    profile: Profile
    profile_version: str


@dataclass(frozen=True, slots=True)
class AbnormalEnd:
    """The child did not survive this file: `reason` is timeout or died."""

    reason: str
    detail: str


class ParserEnded(Exception):
    """The child did not survive a later part of the file."""

    def __init__(self, abnormal: AbnormalEnd) -> None:
        super().__init__(f"{abnormal.reason}: {abnormal.detail}")
        self.abnormal = abnormal


class Parser:
    """A child process that translates, as a context manager. One job is in flight while the caller stores another."""

    def __init__(self, seconds: float = SECONDS_PER_FILE, memory: int = MEMORY_BYTES) -> None:
        self._seconds = seconds
        self._memory = memory
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: Connection | None = None
        self._known: set[tuple[str, str]] = set()
        self._more = False  # the child has not yet given all parts of a file

    def __enter__(self) -> Parser:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the child, if there is one."""
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = self._pipe = None
        self._known.clear()
        self._more = False

    def translate(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, Translation | AbnormalEnd]]:
        """Each job with its whole outcome, in order. Raises ParserUnusable as `translate_in_parts`."""
        for job, outcome in self.translate_in_parts(jobs):
            whole: Translation | AbnormalEnd = outcome
            if isinstance(outcome, Translation) and outcome.more:
                try:
                    whole = joined_translation(chain([outcome], self.rest()))
                except ParserEnded as trouble:
                    whole = trouble.abnormal
            yield job, whole

    def translate_in_parts(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, Translation | AbnormalEnd]]:
        """Each job with its outcome, in order; if that has `more`, `rest` gives the other parts.

        The next job is already under way while the caller works on one, unless that comes in parts. Raises
        ParserUnusable if the child cannot be started at all: that is no file's fault.
        """
        waiting: Job | None = None
        for job in jobs:
            if waiting is None:
                self._send(job)
                waiting = job
                continue
            outcome = self._receive()
            in_parts = isinstance(outcome, Translation) and outcome.more
            if not in_parts:
                self._send(job)
            yield waiting, outcome
            if in_parts:
                self._drop_rest()
                self._send(job)
            waiting = job
        if waiting is not None:
            yield waiting, self._receive()
            self._drop_rest()

    def rest(self) -> Iterator[Translation]:
        """The parts that follow the one that was just given. Raises ParserEnded if the child does not survive one."""
        while self._more:
            outcome = self._receive()
            if isinstance(outcome, AbnormalEnd):
                raise ParserEnded(outcome)
            yield outcome

    def _drop_rest(self) -> None:
        """Parts that nobody took: a new child is cheaper than having them translated."""
        if self._more:
            self.close()

    def ensure(self) -> None:
        """Have the child running, before anything is counted against a file. Raises ParserUnusable."""
        if self._pipe is None:
            self._start()

    def _start(self) -> Connection:
        ours, theirs = Pipe()
        # -P: modules are ours and installed ones, never a file that happens to lie in the current folder.
        command = [sys.executable, "-P", "-m", "gateway.isolation", str(theirs.fileno()), str(self._memory)]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            command, pass_fds=[theirs.fileno()], env=environment, stdin=subprocess.DEVNULL
        )
        theirs.close()
        self._pipe = ours
        try:
            ready = ours.poll(SECONDS_TO_START) and ours.recv() == READY
        except (EOFError, ConnectionResetError):
            ready = False
        if not ready:
            self.close()
            raise ParserUnusable
        return ours

    def _send(self, job: Job) -> None:
        pipe = self._pipe or self._start()
        version = (job.profile.partner, job.profile_version)
        try:
            pipe.send((job.data, job.name, version, None if version in self._known else job.profile))
        except (BrokenPipeError, ConnectionResetError):
            return  # the child died on an earlier job: `_receive` sees it and says so
        self._known.add(version)

    def _receive(self) -> Translation | AbnormalEnd:
        pipe = self._pipe
        if pipe is None:
            return AbnormalEnd("died", "the parser process is not running")
        try:
            if pipe.poll(self._seconds):
                outcome = pipe.recv()
                if isinstance(outcome, Translation):
                    self._more = outcome.more
                    return outcome
                self.close()
                return AbnormalEnd("died", str(outcome))
        except (EOFError, ConnectionResetError):
            self.close()
            return AbnormalEnd("died", "the parser process ended while reading the file")
        self.close()
        return AbnormalEnd("timeout", f"not translated within {self._seconds:.0f} s")


def _serve(pipe: Connection, memory: int) -> None:
    """The child: translate what comes until the pipe closes."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Ctrl-C on a terminal reaches every process of the group. The gateway ends this one: it closes the pipe.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from translators.registry import translate_in_parts

    pipe.send(READY)
    profiles: dict[tuple[str, str], Profile] = {}
    while True:
        try:
            data, name, version, profile = pipe.recv()
        except EOFError:
            return
        if profile is not None:
            profiles[version] = profile
        try:
            for part in translate_in_parts(data, name, profiles[version]):
                pipe.send(part)
        except MemoryError:
            pipe.send("out of memory")
        data = b""


if __name__ == "__main__":
    _serve(Connection(int(sys.argv[1])), int(sys.argv[2]))
