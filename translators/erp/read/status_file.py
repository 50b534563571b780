"""The `.Status` file that the Recurring Integrations Scheduler leaves beside ours: a state, and why.

The names of the states are the scheduler's. The names of the keys in its JSON are not published, so a state is known by
its value wherever it stands, and the keys that hold reasons are usual ones, which a partner's folder may replace.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from translators.erp.read.results import Outcome

STATES: dict[str, Outcome] = {
    "enqueued": "waiting",
    "dequeued": "waiting",
    "acked": "waiting",
    "inprocess": "waiting",
    "processed": "posted",
    "processedwitherrors": "refused",
    "preprocesserror": "refused",
    "postprocesserror": "refused",
}
TEXT_KEYS = ("message", "messages", "statusmessage", "errormessage", "error", "errors", "description", "reason")
LONGEST = 500  # characters of the reasons that are kept: a page and a Hold must be able to show them
DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Status:
    """What a status file says: its state as it is written, what the state means, and the reasons."""

    state: str
    outcome: Outcome
    words: str


def read_status(data: bytes, states: Mapping[str, Outcome], text_keys: Collection[str]) -> Status | None:
    """A status file's bytes → what it says; None if it is no JSON or names none of the states.

    `states` are in small letters; where a file names several, the one that says most counts: refused before posted
    before waiting. `text_keys` are compared without case.
    """
    try:
        body = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):  # a UnicodeDecodeError and a JSONDecodeError are ValueErrors
        return None
    values = list(_values(body))
    named = [(str(value), states[_state_key(value)]) for _, value in values if _state_key(value) in states]
    if not named:
        return None
    state, outcome = min(named, key=lambda pair: ("refused", "posted", "waiting").index(pair[1]))
    wanted = {key.casefold() for key in text_keys}
    words = [str(value).strip() for keys, value in values if wanted.intersection(keys) and isinstance(value, str)]
    return Status(state, outcome, "; ".join(dict.fromkeys(word for word in words if word and word != state))[:LONGEST])


def _state_key(value: Any) -> str:
    """A word or a number (some write a state by its number) as `states` spell it."""
    is_plain = isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool))
    return str(value).strip().casefold() if is_plain else ""


def _values(body: Any, keys: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every plain value with the keys above it, in small letters."""
    if len(keys) > DEEPEST:
        return
    if isinstance(body, dict):
        for key, value in body.items():
            yield from _values(value, (*keys, str(key).casefold()))
    elif isinstance(body, list):
        for value in body:
            yield from _values(value, (*keys, ""))
    else:
        yield keys, body
