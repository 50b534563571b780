"""What people ask of the gateway: replay an intake, answer a Hold, read again what waited for a code.

A request is a row; the next tick carries it out.
"""

from __future__ import annotations

from datetime import datetime
from typing import cast

from gateway.clock import instant, parse_instant
from gateway.faults import StateMoved
from gateway.process.decide import steps
from gateway.process.decide.application import Application
from gateway.process.requests import known_codes, replay_events
from gateway.process.requests.answer_hold import answer_hold
from gateway.process.requests.api_returns import record_api_request
from gateway.process.requests.close_period import CannotClose, close
from gateway.process.requests.refused import Refused
from gateway.process.requests.replay import replay
from gateway.process.work import Processing
from gateway.returns import CannotResolve
from gateway.store import Transaction
from gateway.store.people import requests
from gateway.store.people.api_returns import KIND
from gateway.store.people.requests import Request
from gateway.store.system.step_bodies import Disposal, Shipping


def carry_out_requests(work: Processing) -> int:
    """Carry out every open request, each in a transaction of its own → how many."""
    with work.store.read() as snapshot:
        waiting = requests.open_(snapshot)
    for request in waiting:
        if request.kind == KIND:
            record_api_request(work, request)
            continue
        at = instant(work.clock.now())
        try:
            readings = known_codes.read_again(work, request) if request.kind == known_codes.RERUN_CODES else None
            with work.store.write() as tx:
                if readings is not None:
                    outcome = known_codes.rerun_documents(tx, work, request, readings)
                else:
                    outcome = _carry_out(tx, work, request, at)
                requests.finish(tx, request.id, outcome, at=at)
        except (Refused, StateMoved, known_codes.CannotRerun) as refusal:
            with work.store.write() as tx:
                requests.finish(tx, request.id, str(refusal), at=at, state="refused")
    return len(waiting)


def _carry_out(tx: Transaction, work: Processing, request: Request, at: str) -> str:
    if request.kind == "replay":
        return replay(tx, int(request.body["intake"]), request.actor, at)
    if request.kind == "resolve":
        return answer_hold(tx, work, request, at)
    if request.kind == "dispose":
        return _dispose(tx, work, request, parse_instant(at))
    if request.kind == "ship_out":
        return _ship_out(tx, work, request, parse_instant(at))
    if request.kind == "close_period":
        return _close_period(tx, work, request)
    if request.kind == replay_events.KIND:
        return replay_events.replay_events(tx, work, request, at)
    raise Refused(f"there is no request {request.kind!r}")


def _close_period(tx: Transaction, work: Processing, request: Request) -> str:
    try:
        return close(tx, work, str(request.body["period"]), request.actor)
    except CannotClose as refusal:
        raise Refused(str(refusal)) from None


def _dispose(tx: Transaction, work: Processing, request: Request, now: datetime) -> str:
    disposal = cast(Disposal, request.body)
    application = Application.of(work, tx, now, request.actor)
    try:
        steps.dispose_goods(application, str(disposal["return"]), disposal)
    except (CannotResolve, LookupError) as refusal:
        raise Refused(str(refusal.args[0])) from None
    application.finish(work.home, f"dispose:{request.id}")
    outcomes = ", ".join(f"{quantity} {code}" for code, quantity in disposal["choose"].items())
    left = f" from {disposal['from']}" if disposal.get("from") else ""
    return f"line {disposal['line']} of return {disposal['return']}: {outcomes}{left}"


def _ship_out(tx: Transaction, work: Processing, request: Request, now: datetime) -> str:
    shipping = cast(Shipping, request.body)
    application = Application.of(work, tx, now, request.actor)
    try:
        steps.ship_to_supplier_of(application, str(shipping["return"]), shipping)
    except (CannotResolve, LookupError) as refusal:
        raise Refused(str(refusal.args[0])) from None
    application.finish(work.home, f"ship_out:{request.id}")
    how = " ".join(filter(None, [shipping.get("carrier", ""), *shipping["tracking"]]))
    return f"goods of return {shipping['return']} are on their way to the supplier: {how}"
