"""`events`: what has happened to returns, for others; and who has been told of it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from gateway.cli.options import OrderedGroup, actor_option, home_of, home_option, state, user


@click.group(cls=OrderedGroup, invoke_without_command=True, help="The feed of business events, as JSON Lines.")
@click.option("--after", type=click.IntRange(min=0), default=0, help="Only events after this sequence number.")
@click.option("--type", "types", multiple=True, help="Only events of this type, such as credited.")
@click.option("--return", "return_no", default="", help="Only events of this return.")
@click.option("--partner", default="", help="Only events of this partner's returns.")
@click.option("--limit", type=click.IntRange(min=0), default=0, help="At most so many.")
@home_option
@click.pass_context
def events(
    context: click.Context,
    after: int,
    types: tuple[str, ...],
    return_no: str,
    partner: str,
    limit: int,
    home: Path | None,
) -> int:
    """Print the feed; with a command below, do that instead."""
    if context.invoked_subcommand is not None:
        state["home"] = home_of(home)
        return 0
    from gateway.commands.telling import print_events
    from gateway.returns.events import short_name
    from gateway.store.feed.business_events import EventFilter

    names = [short_name(text) for text in types]
    if None in names:
        raise click.BadParameter(f"there is no type {types[names.index(None)]}", param_hint="--type")
    wanted = EventFilter(
        after,
        500,
        [name for name in names if name] or None,
        (partner,) if partner else None,
        return_no,
    )
    return print_events(home_of(home), wanted, limit, sys.stdout.write)


@events.command("schema")
def events_schema() -> int:
    """What events look like, as JSON Schema."""
    from gateway.commands.telling import print_schema

    return print_schema(sys.stdout.write)


@events.command("webhooks")
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
@home_option
def events_webhooks(as_json: bool, home: Path | None) -> int:
    """How far each webhook has come, why it waits, and the events that its receiver never took."""
    from gateway.commands.telling import print_webhooks

    return print_webhooks(home_of(home), as_json, sys.stdout.write)


@events.command("replay")
@click.option("--from", "first", type=click.IntRange(min=1), required=True, help="The first event to tell again.")
@click.option("--webhook", default="", help="Only this one; without it, all.")
@actor_option
@home_option
def events_replay(first: int, webhook: str, actor: str, home: Path | None) -> int:
    """Tell webhooks again what came from an event on; its receiver knows by the id what it has already."""
    from gateway.commands.telling import replay_events

    return replay_events(home_of(home), first, webhook, actor or user(), sys.stdout.write)
