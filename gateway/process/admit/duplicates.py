"""The same bytes again. X12: the same acknowledgment bytes again and no second effect; flat files: meant twice?"""

from __future__ import annotations

from gateway.clock import instant
from gateway.disk import read_archive
from gateway.holds import HoldSubject, new_hold
from gateway.process.send.outgoing import add_dispatch
from gateway.process.work import Processing
from gateway.store import Transaction
from gateway.store.files import dispatches, intakes
from gateway.store.files.dispatches import Dispatch
from gateway.store.files.intakes import Intake
from gateway.store.people import holds

# States of an earlier intake that had (or will have) the effects of these bytes.
EFFECTIVE = frozenset({"received", "processed", "partial", "rejected"})


def first_of(work: Processing, intake: Intake) -> Intake | None:
    """The earlier intake of the same partner with the same bytes that had their effects.

    None for a replay, and for a request by API: it says by its idempotency key whether it is the same one again.
    """
    if intake.replay_of is not None or intake.source == intakes.API:
        return None
    with work.store.read() as snapshot:
        same = intakes.with_sha256(snapshot, intake.partner, intake.sha256)
    return next((each for each in same if each.id < intake.id and each.state in EFFECTIVE), None)


def settle_duplicate(work: Processing, intake: Intake) -> None:
    """Settle an intake whose bytes were received before, as the partner's `[duplicates]` says.

    X12: the acknowledgments of the first are sent again, the same bytes under a name of their own, while we keep
    them. Flat files: a Hold asks a person whether they were meant twice. If the first has failed meanwhile, this one is
    left to be processed.
    """
    first = first_of(work, intake)
    if first is None or first.state == "received":
        return
    partner = work.book.partners[intake.partner]
    flat = first.format != "x12"
    policy = partner.duplicates.same_flat_bytes if flat else partner.duplicates.same_bytes
    at = instant(work.clock.now())
    message = f"the same bytes as intake {first.id}"
    with work.store.write() as tx:
        if policy == "hold":
            _ask(tx, intake, first, at)
            return
        if policy == "acknowledge_again":
            for sent in dispatches.of_intake(tx, first.id):
                if sent.kind == "acknowledgment" and not sent.bytes_removed_at:
                    _send_again(tx, work, intake, sent)
        intakes.move(
            tx, intake.id, "received", "duplicate", at=at, message=message, duplicate_of=first.id, format_=first.format
        )


def _ask(tx: Transaction, intake: Intake, first: Intake, at: str) -> None:
    new = new_hold(
        "meant_twice",
        f"meant_twice:{intake.id}",
        HoldSubject(partner=intake.partner, intake_id=intake.id),
        name=intake.name,
        earlier=first.id,
        earlier_at=first.received_at[:16],
    )
    holds.open_(tx, new, at)
    intakes.move(
        tx,
        intake.id,
        "received",
        "held",
        at=at,
        message=new.message,
        reason=new.class_,
        duplicate_of=first.id,
        format_=first.format,
    )


def _send_again(tx: Transaction, work: Processing, intake: Intake, sent: Dispatch) -> None:
    data = sent.data if sent.data is not None else read_archive(work.home, sent.sha256)
    stem, _, extension = sent.name.rpartition(".")
    add_dispatch(
        tx,
        work.home,
        work.book.partners[intake.partner],
        sent.kind,
        f"{stem}.again{intake.id}.{extension}",
        data,
        f"again:{intake.id}:{sent.id}",
        work.clock.now(),
        set_id=sent.set_id,
        control_number=sent.control_number,
        intake_id=intake.id,
    )
