"""How far each webhook has come in the feed, why it waits, and the events that its receiver never took."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from gateway.store.database import Snapshot, Transaction, columns_of, insert
from gateway.store.tables import dead_letter, webhook


@dataclass(frozen=True, slots=True)
class WebhookState:
    """One row of the table `webhook`. `position`: the last event that is done with; `attempts` at the next one."""

    name: str
    position: int
    attempts: int
    next_attempt_at: str
    failing_since: str
    error: str
    delivered_at: str


@dataclass(frozen=True, slots=True)
class DeadEvent:
    """An event that a receiver did not take, however often it was tried; `error` is the last one."""

    webhook: str
    seq: int
    attempts: int
    error: str
    at: str


_COLUMNS = columns_of(webhook, WebhookState)
_DEAD_COLUMNS = columns_of(dead_letter, DeadEvent)


def states(snapshot: Snapshot) -> dict[str, WebhookState]:
    """Every webhook that has begun, by name."""
    return {
        str(row.name): WebhookState(*row) for row in snapshot.execute(sa.select(*_COLUMNS).order_by(webhook.c.name))
    }


def begin(tx: Transaction, name: str, position: int) -> None:
    """Let a webhook begin behind this event, if it has not begun yet."""
    values = {"name": name, "position": position}
    tx.execute(insert(tx, webhook).values(**values).on_conflict_do_nothing(index_elements=["name"]))


def delivered(tx: Transaction, before: WebhookState, seq: int, at: str) -> bool:
    """The receiver has taken this event → False if the webhook was set back meanwhile, and nothing is noted."""
    return _move(tx, before, position=seq, attempts=0, next_attempt_at="", failing_since="", error="", delivered_at=at)


def passed_over(tx: Transaction, before: WebhookState, seq: int) -> bool:
    """Nothing up to this event is for the webhook → False if it was set back meanwhile."""
    return _move(tx, before, position=seq)


def failed(tx: Transaction, before: WebhookState, error: str, next_attempt_at: str, at: str) -> bool:
    """The receiver did not take the next event → False if the webhook was set back meanwhile."""
    return _move(
        tx,
        before,
        attempts=before.attempts + 1,
        next_attempt_at=next_attempt_at,
        failing_since=before.failing_since or at,
        error=error,
    )


def put_off(tx: Transaction, before: WebhookState, error: str, next_attempt_at: str, at: str) -> bool:
    """Nothing can be tried now, which is nobody's refusal → False if the webhook was set back meanwhile."""
    since = before.failing_since or at
    return _move(tx, before, next_attempt_at=next_attempt_at, failing_since=since, error=error)


def given_up(tx: Transaction, before: WebhookState, seq: int, error: str, at: str) -> bool:
    """The event was tried often enough: it is a dead letter, and the next one's turn comes."""
    since = before.failing_since or at
    if not _move(tx, before, position=seq, attempts=0, next_attempt_at="", failing_since=since, error=error):
        return False
    values = {"webhook": before.name, "seq": seq, "attempts": before.attempts + 1, "error": error, "at": at}
    changed = {name: value for name, value in values.items() if name not in ("webhook", "seq")}
    statement = insert(tx, dead_letter).values(**values)
    tx.execute(statement.on_conflict_do_update(index_elements=["webhook", "seq"], set_=changed))
    return True


def _move(tx: Transaction, before: WebhookState, **values: object) -> bool:
    """Guarded by where it stood: a replay that came meanwhile wins."""
    mine = (webhook.c.name == before.name, webhook.c.position == before.position, webhook.c.attempts == before.attempts)
    return tx.execute(webhook.update().where(*mine).values(**values)).rowcount == 1


def rewind(tx: Transaction, name: str, position: int) -> bool:
    """Let a webhook send again whatever comes after this event, its dead letters too → False if it never began."""
    values = {"position": position, "attempts": 0, "next_attempt_at": "", "failing_since": "", "error": ""}
    moved = tx.execute(webhook.update().where(webhook.c.name == name).values(**values)).rowcount == 1
    tx.execute(dead_letter.delete().where(dead_letter.c.webhook == name, dead_letter.c.seq > position))
    return moved


def dead_letters(snapshot: Snapshot, limit: int = 1000) -> list[DeadEvent]:
    """The events that receivers did not take, by webhook, the oldest first."""
    query = sa.select(*_DEAD_COLUMNS).order_by(dead_letter.c.webhook, dead_letter.c.seq).limit(limit)
    return [DeadEvent(*row) for row in snapshot.execute(query)]


def dead_counts(snapshot: Snapshot) -> dict[str, int]:
    """How many dead letters each webhook has, where it has any."""
    query = sa.select(dead_letter.c.webhook, sa.func.count()).group_by(dead_letter.c.webhook)
    return {str(name): int(count) for name, count in snapshot.execute(query)}
