"""Replay an intake: its archived bytes are processed again, under the configuration of now."""

from __future__ import annotations

from gateway.holds import REFUSED_INTERCHANGES
from gateway.process.requests.refused import Refused
from gateway.store import Transaction
from gateway.store.files import intakes, interchanges
from gateway.store.files.intakes import NewIntake, NewState
from gateway.store.people import holds


def replay(tx: Transaction, intake_id: int, actor: str, at: str) -> str:
    """A child intake with the same archived bytes → what was done; what they did before is known by its business keys.

    Raises Refused if there is no such intake, it is still being processed, or its bytes are gone.
    """
    intake = intakes.get(tx, intake_id)
    if intake is None:
        raise Refused(f"there is no intake {intake_id}")
    if intake.state == "received":
        raise Refused(f"intake {intake_id} is still being processed")
    if intake.bytes_removed_at:
        raise Refused(
            f"the bytes of intake {intake_id} were removed at {intake.bytes_removed_at[:16]}: they were too old"
        )
    same_bytes = intakes.with_sha256(tx, intake.partner, intake.sha256)
    attempt = sum(other.replay_of == intake_id for other in same_bytes) + 1
    child = intakes.record(
        tx,
        NewIntake(
            claim=f"replay-{intake_id}-{attempt}",
            partner=intake.partner,
            name=intake.name,
            size=intake.size,
            sha256=intake.sha256,
            source=f"replay:{intake_id}",
            replay_of=intake_id,
        ),
        at,
    )
    refused = holds.open_keys(tx, intake_id, REFUSED_INTERCHANGES)
    for key in (f"quarantined:{intake_id}", f"failed:{intake_id}", *refused):
        holds.resolve_key(tx, key, resolution=f"replayed as intake {child}", actor=actor, at=at)
    end_waiting(tx, intake_id, f"replayed as intake {child}", actor, at)
    return f"intake {child} replays intake {intake_id}"


def end_waiting(tx: Transaction, intake_id: int, message: str, actor: str, at: str) -> None:
    """End an intake that waited for a person, once the last Hold about it is answered.

    Its bytes are kept, and the same bytes are judged anew. If only some of its interchanges were held it is `partial`:
    the others had their effects.
    """
    intake = intakes.get(tx, intake_id)
    if intake is None or intake.state not in intakes.WAITING or holds.open_keys(tx, intake_id):
        return
    ended = "partial" if intake.state == "held" and interchanges.took_effect(tx, intake_id) else "quarantined"
    intakes.move(tx, intake_id, intake.state, NewState(ended, message), at=at, actor=actor)
