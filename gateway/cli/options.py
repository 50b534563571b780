"""What several commands share: options, their defaults, and the group that keeps its order."""

from __future__ import annotations

import os
from pathlib import Path

import click

FILE = click.Path(path_type=Path)
state: dict[str, Path] = {}

home_option = click.option(
    "--home", type=FILE, help="The gateway's home (default: GATEWAY_HOME, else the current folder)."
)
actor_option = click.option("--actor", default="", help="Who decides.")


def home_of(home: Path | None) -> Path:
    """The home a command works on: its own --home, else the one before the command, else the current folder."""
    return home or state.get("home", Path())


def user() -> str:
    """Who decides when --actor does not say."""
    return os.environ.get("USER", "admin")


class OrderedGroup(click.Group):
    """A group that lists its commands in the order in which they were added."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the commands for `--help`."""
        return list(self.commands)
