"""Returns by API: the request becomes an intake like a file that arrived, and is answered when that has ended.

Its bytes are archived before anything else is done with them, so that they can be replayed and verified like a file's.
"""

from __future__ import annotations

import json

from gateway.clock import instant
from gateway.disk import put_archive
from gateway.process.work import Processing
from gateway.store import Snapshot
from gateway.store.files import intakes
from gateway.store.files.intakes import API, NewIntake
from gateway.store.people import api_returns, requests
from gateway.store.people.requests import Request


def record_api_request(work: Processing, request: Request) -> None:
    """Archive the request's bytes and record them as an intake of its partner. Raises StateMoved if it was done."""
    data = str(request.body["data"]).encode()
    partner = str(request.body["partner"])
    new = NewIntake(
        claim=f"api-{request.id}",
        partner=partner,
        name=f"return-{request.id}.json",
        size=len(data),
        sha256=put_archive(work.home, data),
        source=API,
    )
    with work.store.write() as tx:
        intake = intakes.record(tx, new, instant(work.clock.now()))
        requests.take(tx, request.id, {"partner": partner, "sha256": new.sha256, "intake": intake})


def answer_taken(work: Processing) -> int:
    """Answer every request by API whose intake has left `received` → how many."""
    with work.store.read() as snapshot:
        waiting = requests.taken(snapshot)
        decided = [request for request in waiting if _is_decided(snapshot, request)]
    if not decided:
        return 0
    with work.store.write() as tx:
        for request in decided:
            status, answer = api_returns.decided(tx, int(request.body["intake"]), request.body["partner"])
            outcome = json.dumps({"status": status, "answer": answer}, ensure_ascii=False, sort_keys=True)
            requests.finish(tx, request.id, outcome, at=instant(work.clock.now()))
    return len(decided)


def _is_decided(snapshot: Snapshot, request: Request) -> bool:
    intake = intakes.get(snapshot, int(request.body["intake"]))
    return intake is None or intake.state != "received"
