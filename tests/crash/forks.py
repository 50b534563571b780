"""Run the pipeline in a forked child that kills itself at the k-th crash point: no start-up to pay for each crash."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from gateway.faults import install_hook
from gateway.home import Home


def fork_run(work: Callable[[Home], None], home: Home, kill_at: int | None, log: Path | None = None) -> int:
    """Run `work` in a child that dies at its `kill_at`-th crash point (None: runs to its end) → its exit status as of
    os.waitpid; `log` gets the names of the points it passed.
    """
    child = os.fork()
    if child == 0:
        _be_the_child(work, home, kill_at, log)
    _, status = os.waitpid(child, 0)
    return status


def _be_the_child(work: Callable[[Home], None], home: Home, kill_at: int | None, log: Path | None) -> None:
    passed: list[str] = []

    def hook(name: str) -> None:
        passed.append(name)
        if len(passed) == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    try:
        install_hook(hook)
        work(home)
        if log is not None:
            log.write_text("\n".join(passed))
    except BaseException:  # noqa: BLE001 - whatever it is, the child must end here and the parent must see it
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    os._exit(0)


def passed_points(work: Callable[[Home], None], home: Home, log: Path) -> list[str]:
    """The crash points of a run that nothing disturbs, in order."""
    assert fork_run(work, home, None, log) == 0
    return log.read_text().splitlines()


def killed(status: int) -> bool:
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
