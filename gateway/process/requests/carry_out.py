"""What people ask of the gateway: replay an intake, answer a Hold, read again what waited for a code.

Asked for as rows, carried out by the next tick.
"""

from __future__ import annotations

from datetime import datetime

from gateway.clock import instant, parse_instant
from gateway.faults import StateMoved
from gateway.holds import REFUSED_INTERCHANGES
from gateway.process.decide import steps
from gateway.process.decide.application import Application
from gateway.process.requests import known_codes
from gateway.process.requests.api_returns import take
from gateway.process.requests.close_period import CannotClose, close
from gateway.process.requests.hold_scope import ABOUT_DISPATCHES, ABOUT_FILES, ABOUT_PILOTS, BESIDE_THE_RETURN
from gateway.process.send.pilot import answer_release, postings_kept_back
from gateway.process.work import Processing
from gateway.returns import CannotResolve
from gateway.store import Transaction
from gateway.store.files import dispatches, documents, intakes
from gateway.store.files.intakes import NewIntake
from gateway.store.people import holds, requests
from gateway.store.people.api_returns import KIND
from gateway.store.people.holds import Hold
from gateway.store.people.requests import Request
from gateway.store.returns import postings, returns


class Refused(Exception):
    """The request makes no sense as it stands; the message says why, and stays as the request's outcome."""


def carry_out_requests(work: Processing) -> int:
    """Carry out every open request, each in a transaction of its own; returns how many."""
    with work.store.read() as snapshot:
        waiting = requests.open_(snapshot)
    for each in waiting:
        if each.kind == KIND:
            take(work, each)
            continue
        at = instant(work.clock.now())
        try:
            again = known_codes.read_again(work, each) if each.kind == known_codes.RERUN_CODES else None
            with work.store.write() as tx:
                outcome = known_codes.rerun(tx, work, each, again) if again else _carry_out(tx, work, each, at)
                requests.finish(tx, each.id, outcome, at=at)
        except (Refused, StateMoved, known_codes.CannotRerun) as refusal:
            with work.store.write() as tx:
                requests.finish(tx, each.id, str(refusal), at=at, state="refused")
    return len(waiting)


def _carry_out(tx: Transaction, work: Processing, request: Request, at: str) -> str:
    if request.kind == "replay":
        return replay(tx, int(request.body["intake"]), request.actor, at)
    if request.kind == "resolve":
        return _resolve(tx, work, request, at)
    if request.kind == "dispose":
        return _dispose(tx, work, request, parse_instant(at))
    if request.kind == "close_period":
        return _close_period(tx, work, request)
    raise Refused(f"there is no request {request.kind!r}")


def _close_period(tx: Transaction, work: Processing, request: Request) -> str:
    try:
        return close(tx, work, str(request.body["period"]), request.actor)
    except CannotClose as refusal:
        raise Refused(str(refusal)) from None


def replay(tx: Transaction, intake_id: int, actor: str, at: str) -> str:
    """A child intake with the same archived bytes: what they already did is known by its business keys."""
    intake = intakes.get(tx, intake_id)
    if intake is None:
        raise Refused(f"there is no intake {intake_id}")
    if intake.state == "received":
        raise Refused(f"intake {intake_id} is still being processed")
    if intake.bytes_removed_at:
        raise Refused(
            f"the bytes of intake {intake_id} were removed at {intake.bytes_removed_at[:16]}: they were too old"
        )
    attempt = sum(each.replay_of == intake_id for each in intakes.with_sha256(tx, intake.partner, intake.sha256)) + 1
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
    _settle_answered(tx, intake_id, f"replayed as intake {child}", actor, at)
    return f"intake {child} replays intake {intake_id}"


def _settle_answered(tx: Transaction, intake_id: int, message: str, actor: str, at: str) -> None:
    """A file that waited for a person waits no more when the last Hold about it is answered: its bytes are kept, and
    the same bytes are judged anew. Of several interchanges the others had their effects."""
    intake = intakes.get(tx, intake_id)
    if intake is None or intake.state not in intakes.WAITING or holds.open_keys(tx, intake_id):
        return
    settled = "partial" if intake.state == "held" and documents.took_effect(tx, intake_id) else "quarantined"
    intakes.move(tx, intake_id, intake.state, settled, at=at, message=message, actor=actor)


def _resolve(tx: Transaction, work: Processing, request: Request, at: str) -> str:
    hold = holds.get(tx, int(request.body["hold"]))
    decision = str(request.body["decision"])
    note = str(request.body.get("note", ""))
    if hold is None:
        raise Refused(f"there is no hold {request.body['hold']}")
    if hold.state != "open":
        raise Refused(f"hold {hold.id} is already resolved: {hold.resolution}")
    chosen = request.body.get("choose") or {}
    said = " ".join([decision, *(f"{name}={value}" for name, value in chosen.items())])
    words = f"{said}: {note}" if note else said
    if hold.return_no and hold.class_ not in BESIDE_THE_RETURN:
        return _resolve_return(tx, work, hold, request, words, parse_instant(at))
    if chosen:
        raise Refused(f"a hold of class {hold.class_} takes no further choice")
    done = _void_postings(tx, work, hold, request, note, parse_instant(at)) if decision == "void" else ""
    done = done or _resolve_other(tx, hold, decision, request.actor, at)
    if holds.get(tx, hold.id) == hold:
        holds.resolve(tx, hold.id, resolution=words, actor=request.actor, at=at)
    if hold.intake_id is not None:
        _settle_answered(tx, hold.intake_id, words, request.actor, at)
    if hold.return_no:
        returns.refresh(tx, [hold.return_no], parse_instant(at))
    return done


def _void_postings(tx: Transaction, work: Processing, hold: Hold, request: Request, note: str, now: datetime) -> str:
    """Void the postings that a Hold beside its return is about → what was done; "" if it is about none."""
    if hold.class_ in ABOUT_PILOTS:
        keys = postings_kept_back(tx, hold, work.book.pilots)
    else:
        keys = [hold.posting_key] if hold.class_ in ABOUT_FILES and hold.posting_key else []
    if not keys:
        return ""
    application = Application.of(work, tx, now, request.actor)
    try:
        count = steps.void_some(application, hold.return_no, keys, note)
    except CannotResolve as refusal:
        raise Refused(str(refusal)) from None
    application.finish(work.home, f"void:{request.id}")
    more = f", {count - len(keys)} of them because they need the others" if count > len(keys) else ""
    return f"{count} posting{'' if count == 1 else 's'} of {hold.return_no} void{more}"


def _resolve_other(tx: Transaction, hold: Hold, decision: str, actor: str, at: str) -> str:
    """A Hold about a file, a dispatch or a waiting document: what its answer does."""
    if hold.class_ == "meant_twice" and hold.intake_id is not None:
        return _resolve_meant_twice(tx, hold.intake_id, decision, actor, at)
    if decision == "replay" and hold.intake_id is not None:
        return replay(tx, hold.intake_id, actor, at)
    if hold.class_ in ABOUT_DISPATCHES and decision in {"send_again", "void"}:
        return _resolve_dispatch(tx, hold, decision, actor, at)
    if hold.class_ in ABOUT_FILES and hold.posting_key and decision == "retry":
        return f"posting {hold.posting_key} of {postings.write_again(tx, hold.posting_key, at)} is written again"
    if hold.class_ == "parked_too_long" and decision == "discard" and hold.document_id is not None:
        steps.discard(tx, hold.document_id, actor, at)
        return f"document {hold.document_id} is discarded"
    if hold.class_ in ABOUT_PILOTS:
        done = answer_release(tx, hold, decision, actor, at)
    else:
        done = "noted as done" if decision in {"done", "dismiss"} else None
    if done is not None:
        return done
    raise Refused(f"{decision!r} is no answer to a hold of class {hold.class_}: {hold.next_action}")


def _resolve_return(tx: Transaction, work: Processing, hold: Hold, request: Request, words: str, now: datetime) -> str:
    application = Application.of(work, tx, now, request.actor)
    try:
        steps.answer_hold(application, hold.return_no, hold.key, request.body)
    except CannotResolve as refusal:
        raise Refused(str(refusal)) from None
    application.finish(work.home, f"hold:{hold.id}:{request.id}")
    return f"hold {hold.id} of return {hold.return_no}: {words}"


def _dispose(tx: Transaction, work: Processing, request: Request, now: datetime) -> str:
    body, application = request.body, Application.of(work, tx, now, request.actor)
    try:
        steps.dispose_goods(application, str(body["return"]), body)
    except (CannotResolve, LookupError) as refusal:
        raise Refused(str(refusal.args[0])) from None
    application.finish(work.home, f"dispose:{request.id}")
    said = ", ".join(f"{quantity} {code}" for code, quantity in body["choose"].items())
    return f"line {body['line']} of return {body['return']}: {said}"


def _resolve_meant_twice(tx: Transaction, intake_id: int, decision: str, actor: str, at: str) -> str:
    if decision == "process":
        done = replay(tx, intake_id, actor, at)
        intakes.move(tx, intake_id, "held", "duplicate", at=at, message=f"meant twice: {done}", actor=actor)
        return done
    if decision == "ignore":
        intakes.move(tx, intake_id, "held", "duplicate", at=at, message="not meant twice", actor=actor)
        return f"intake {intake_id} stays a duplicate"
    raise Refused("answer `process` or `ignore`")


def _resolve_dispatch(tx: Transaction, hold: Hold, decision: str, actor: str, at: str) -> str:
    dispatch_id = int(hold.key.rpartition(":")[2])
    if decision == "send_again":
        dispatches.send_again(tx, dispatch_id, actor=actor, at=at)
    else:
        dispatches.void(tx, dispatch_id, reason=hold.message, actor=actor, at=at)
    return f"dispatch {dispatch_id}: {decision}"
