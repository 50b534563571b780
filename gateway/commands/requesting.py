"""Leave a request for the gateway and say what became of it: how commands change a home that may be running."""

from __future__ import annotations

from gateway.clock import Clock, SystemClock, instant
from gateway.commands import Write
from gateway.engine import Engine
from gateway.faults import HomeInUse
from gateway.home import Home
from gateway.store import open_store
from gateway.store.people import requests
from gateway.store.people.requests import Request

WAIT_SECONDS = 8.0  # a scan comes every five
LOOK_SECONDS = 0.1


def leave_request(home: Home, kind: str, body: dict[str, object], actor: str, write: Write) -> int:
    """Leave a request; carry it out if nobody else owns the home. 1 if it was refused.

    A running gateway carries it out at its next scan: what it said is waited for, so long as that may take.
    """
    clock = SystemClock()
    with open_store(home) as store, store.write() as tx:
        request_id = requests.add(tx, kind, body, actor=actor, at=instant(clock.now()))
    try:
        with Engine.open(home, clock) as engine:
            engine.until_quiet()
    except HomeInUse:
        write(f"request {request_id} is left for the running gateway\n")
        done = _outcome(home, clock, request_id, WAIT_SECONDS)
        if done is not None and done.state == "open":
            return 0
    else:
        done = _outcome(home, clock, request_id, 0.0)
    write(f"{done.state}: {done.outcome}\n" if done else "the request is gone\n")
    return 0 if done and done.state == "done" else 1


def _outcome(home: Home, clock: Clock, request_id: int, seconds: float) -> Request | None:
    """The request as soon as somebody has carried it out, or as it is after so many seconds."""
    until = clock.monotonic() + seconds
    with open_store(home, read_only=True) as store:
        while True:
            with store.read() as snapshot:
                found = requests.get(snapshot, request_id)
            if found is None or found.state != "open" or clock.monotonic() >= until:
                return found
            clock.sleep(LOOK_SECONDS)
