"""Commands that make a home and do its work: `demo`, `init`, `run`, `once`, `send`, `replay`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from gateway.cli.options import FILE, actor_option, home_of, home_option, user


@click.command()
@click.option("--keep", type=FILE, help="Keep the demo's home in this folder.")
def demo(keep: Path | None) -> int:
    """The whole story on the shipped sample partners, in a temporary home; prints each step."""
    from gateway.demo import run_demo

    return run_demo(keep, sys.stdout.write)


@click.command()
@click.argument("folder", type=FILE, help="The folder to make into a home.")
def init(folder: Path) -> int:
    """A new home with the sample partners."""
    from gateway.commands.homes import init_home

    return init_home(folder, sys.stdout.write)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address of the status page.")
@click.option("--port", default=8180, show_default=True, help="Port of the status page.")
@home_option
def run(host: str, port: int, home: Path | None) -> int:
    """Watch, poll, process, dispatch and serve the status page, until interrupted."""
    from gateway.commands.running import run_forever

    return run_forever(home_of(home), host, port, sys.stdout.write)


@click.command()
@home_option
def once(home: Path | None) -> int:
    """Everything that is waiting, then exit. 0 also when partners' files were rejected or held."""
    from gateway.commands.running import run_once

    return run_once(home_of(home), sys.stdout.write)


@click.command()
@click.argument("destination", help="The ERP's folder.")
@actor_option
@home_option
def send(destination: str, actor: str, home: Path | None) -> int:
    """What is ready for an ERP goes out now, outside its windows; what waits for a result of the ERP stays back."""
    from gateway.commands.sending import send_now

    return send_now(home_of(home), destination, actor or user(), sys.stdout.write)


@click.command()
@click.argument("intake", type=int, help="The intake's number.")
@click.option("--dry-run", is_flag=True, help="Only show the difference.")
@home_option
def replay(intake: int, dry_run: bool, home: Path | None) -> int:
    """Process the archived bytes of an intake again."""
    from gateway.commands.replaying import replay_intake

    return replay_intake(home_of(home), intake, dry_run, sys.stdout.write)
