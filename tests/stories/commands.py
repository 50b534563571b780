"""Commands of the command line, typed in this process."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner


@dataclass(frozen=True, slots=True)
class Printed:
    """What a command printed, and how it ended."""

    code: int
    text: str


def type_command(home: Path, *arguments: str | Path, **environment: str) -> Printed:
    """One command of the command line on a home, in this process."""
    from gateway.cli import app

    typed = ["--home", str(home), *map(str, arguments)]
    done = CliRunner().invoke(app, typed, env=environment, standalone_mode=False)
    if done.exception is not None:
        raise done.exception
    return Printed(int(done.return_value), done.output)


def once(home: Path) -> None:
    """Type `once`, which must succeed."""
    done = type_command(home, "once")
    assert done.code == 0, done.text
