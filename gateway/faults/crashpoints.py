"""Crash points: places where the tests kill the process."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

Hook = Callable[[str], None]
_hook: Hook | None = None


def crashpoint(name: str) -> None:
    """A place between two effects. Does nothing unless the tests, or RETURNS_GATEWAY_FAULTS, put a hook here."""
    if _hook is not None:
        _hook(name)


def install_hook(hook: Hook | None) -> None:
    """Call `hook` with the name of every crash point passed from now on; None removes it."""
    global _hook  # noqa: PLW0603 - one hook a process is the point
    _hook = hook


def _hook_from_environment(text: str) -> Hook:
    """ "dispatch.staged:3" → a hook that kills this process at the third pass of that point."""
    name, _, count = text.partition(":")
    left = int(count or "1")

    def kill(passed: str) -> None:
        nonlocal left
        if passed == name:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    return kill


if os.environ.get("RETURNS_GATEWAY_FAULTS"):
    install_hook(_hook_from_environment(os.environ["RETURNS_GATEWAY_FAULTS"]))
