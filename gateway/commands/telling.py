"""`events`: the feed of business events, how far webhooks have come in it, and telling them again."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from gateway.commands import Write
from gateway.commands.open_home import open_to_read
from gateway.commands.requesting import leave_request
from gateway.configuration import read_configuration
from gateway.home import Home
from gateway.returns.events import json_line, json_schema
from gateway.store.feed import business_events, webhooks
from gateway.store.feed.business_events import EventFilter


def print_events(root: Path, wanted: EventFilter, limit: int, write: Write) -> int:
    """The events that are asked for as JSON Lines, `limit` at most (0: all)."""
    home, store = open_to_read(root)
    source = read_configuration(home.partners).book.house.events.source
    with store, store.read() as snapshot:
        for number, event in enumerate(business_events.all_matching(snapshot, wanted), start=1):
            write(json_line(event, source) + "\n")
            if number == limit:
                break
    return 0


def print_schema(write: Write) -> int:
    """What events look like, as JSON Schema."""
    write(json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n")
    return 0


def print_webhooks(root: Path, as_json: bool, write: Write) -> int:
    """How far each webhook has come, why it waits, and its dead letters."""
    _, store = open_to_read(root)
    with store, store.read() as snapshot:
        head = business_events.last_seq(snapshot)
        states = list(webhooks.states(snapshot).values())
        dead = webhooks.dead_letters(snapshot)
    if as_json:
        whole = {
            "last": head,
            "webhooks": [asdict(state) for state in states],
            "dead_letters": [asdict(letter) for letter in dead],
        }
        write(json.dumps(whole, indent=2) + "\n")
        return 0
    write(f"{head} events\n")
    for state in states:
        waits = f"; {state.error}, tried {state.attempts} times, next {state.next_attempt_at}" if state.error else ""
        write(f"  {state.name}: done with {state.position}{waits}\n")
    for letter in dead:
        write(f"  dead letter {letter.seq} of {letter.webhook}: {letter.error}, tried {letter.attempts} times\n")
    return 0


def replay_events(root: Path, first: int, webhook: str, actor: str, write: Write) -> int:
    """Ask that a webhook (all, without a name) is told again from an event on; 1 if there is no such webhook."""
    body: dict[str, object] = {"from": first, "webhook": webhook}
    return leave_request(Home(root).require(), "replay_events", body, actor, write)
