"""Stage pilot: what its documents cause is prepared and waits for a person. When a pilot ends, what waited flows."""

from __future__ import annotations

from datetime import datetime

from gateway.clock import instant
from gateway.holds import HoldSubject, new_hold
from gateway.process.work import Processing
from gateway.store import Snapshot, Transaction
from gateway.store.files import deliveries, dispatches
from gateway.store.people import holds
from gateway.store.people.holds import Hold
from gateway.store.returns import pilots, returns

ENDED = "the pilot has ended"
# Keys: pilot_release:<partner>:<kind>:<dispatch> for a file; without a partner, and with the return, for postings.
_POSTINGS = f"{pilots.HOLD}::"


def hold_file(
    tx: Transaction, dispatch_id: int, title: str, pilot: tuple[str, str], return_no: str, now: datetime
) -> None:
    """Keep a file that was just prepared back, with a Hold. `title` names the file for people; `pilot` is the partner
    and kind that are in pilot."""
    partner, kind = pilot
    item = dispatches.get(tx, dispatch_id)
    if item is None or item.state != "pending":
        return  # the same cause again: it was kept back, or let go, then
    at = instant(now)
    deliveries.keep_back(tx, item, f"{partner} is in stage pilot", at)
    key = f"{pilots.HOLD}:{partner}:{kind}:{dispatch_id}"
    subject = HoldSubject(partner, return_no)
    holds.open_(tx, new_hold(pilots.HOLD, key, subject, what=title, receiver=item.partner, name=item.name), at)
    if return_no:
        returns.refresh(tx, [return_no], now)


def review_pilots(work: Processing) -> int:
    """Open a Hold for every return whose ready postings wait for a release, and let go what waits for a pilot that has
    ended → how many Holds were opened or resolved."""
    in_pilot = work.book.pilots
    with work.store.read() as snapshot:
        open_holds = pilots.open_holds(snapshot)
        waiting = {_POSTINGS + postings.return_no: postings for postings in pilots.waiting_returns(snapshot, in_pilot)}
    fresh = {key: postings for key, postings in waiting.items() if key not in open_holds}
    over = [hold_id for key, hold_id in open_holds.items() if _is_over(key, waiting, in_pilot)]
    if not fresh and not over:
        return 0
    at = instant(work.clock.now())
    with work.store.write() as tx:
        for key, postings in fresh.items():
            new = new_hold(
                pilots.HOLD,
                key,
                HoldSubject(postings.partner, postings.return_no),
                case="postings",
                destination=postings.destination,
                pilot=_partner_in_pilot(tx, postings, in_pilot),
            )
            holds.open_(tx, new, at, reopen=True)
        touched = {postings.return_no for postings in fresh.values()} | {_end(tx, hold_id, at) for hold_id in over}
        returns.refresh(tx, sorted(touched - {""}), work.clock.now())
    return len(fresh) + len(over)


def _partner_in_pilot(snapshot: Snapshot, waiting: pilots.WaitingReturn, in_pilot: pilots.Pilots) -> str:
    behind = pilots.pilot_behind(snapshot, waiting.return_no, in_pilot)
    return behind[0] if behind else waiting.destination


def _is_over(key: str, waiting: dict[str, pilots.WaitingReturn], in_pilot: pilots.Pilots) -> bool:
    if key.startswith(_POSTINGS):
        return key not in waiting
    _, partner, kind, _ = key.split(":")
    return kind not in in_pilot.get(partner, frozenset())


def _end(tx: Transaction, hold_id: int, at: str) -> str:
    """Let go what one Hold kept back → the return that it is about."""
    hold = holds.get(tx, hold_id)
    if hold is None:
        return ""
    if not is_about_postings(hold):
        deliveries.send_again(tx, dispatch_of(hold), actor="gateway", at=at)
    holds.resolve(tx, hold_id, resolution=ENDED, actor="gateway", at=at)
    return hold.return_no


def dispatch_of(hold: Hold) -> int:
    """The number of the dispatch that a Hold is about: the end of its key."""
    return int(hold.key.rpartition(":")[2])


def is_about_postings(hold: Hold) -> bool:
    """Whether a Hold of a pilot is about the postings of a return; otherwise it is about a file."""
    return hold.key.startswith(_POSTINGS)


def postings_kept_back(snapshot: Snapshot, hold: Hold, in_pilot: pilots.Pilots) -> list[str]:
    """Keys of the postings that wait for the answer to a Hold of a pilot; none if it is about a file."""
    return pilots.waiting_postings(snapshot, hold.return_no, in_pilot) if is_about_postings(hold) else []


def release(tx: Transaction, hold: Hold, actor: str, at: str) -> str:
    """Let go what a Hold of a pilot keeps back → what was done."""
    if is_about_postings(hold):
        count = pilots.release(tx, hold.return_no, actor=actor, at=at)
        return f"{count} posting{'' if count == 1 else 's'} of {hold.return_no} released"
    deliveries.send_again(tx, dispatch_of(hold), actor=actor, at=at)
    return f"dispatch {dispatch_of(hold)} released"
