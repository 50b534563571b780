from __future__ import annotations

import pytest

from gateway.faults import StateMoved
from gateway.store import Store
from gateway.store.people import requests
from tests.gateway.files import AT
from tests.gateway.store.moments import LATER


def test_a_request_is_answered_once(store: Store) -> None:
    with store.write() as tx:
        request_id = requests.add(tx, "replay", {"intake": 12}, actor="ada", at=AT)
        (request,) = requests.open_(tx)
        assert (request.id, request.kind, request.body, request.actor) == (request_id, "replay", {"intake": 12}, "ada")
        requests.finish(tx, request_id, "done again", at=LATER)
        assert requests.open_(tx) == []
        with pytest.raises(StateMoved):
            requests.finish(tx, request_id, "twice", at=LATER)
        answered = requests.get(tx, request_id)
        assert answered is not None
        assert (answered.state, answered.outcome, answered.finished_at) == ("done", "done again", LATER)
