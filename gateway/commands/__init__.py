"""What each command does, apart from how its arguments are spelt: functions that write text and return an exit code."""

from __future__ import annotations

from collections.abc import Callable

# Where a command's text goes; sys.stdout.write in the command line, list.append in tests. The result is ignored.
Write = Callable[[str], object]
