"""What one asks beside a running gateway is answered in the same terminal, once the gateway has carried it out."""

from __future__ import annotations

import threading

import pytest

from gateway.commands.replaying import replay_intake
from gateway.commands.resolving import resolve_hold
from tests.homes import GatewayAtWork


def test_a_running_gateway_says_what_came_of_it(gateway: GatewayAtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.commands.requesting.WAIT_SECONDS", 8.0)  # here somebody does carry it out
    gateway.reference_data()
    stopping = threading.Event()

    def tick() -> None:
        while not stopping.wait(0.05):
            gateway.engine.tick()

    ticking = threading.Thread(target=tick)
    ticking.start()
    printed: list[str] = []
    try:
        assert resolve_hold(gateway.root, 999, ["approve"], "ana", "", printed.append) == 1
        assert printed == ["request 1 is left for the running gateway\n", "refused: there is no hold 999\n"]
        assert replay_intake(gateway.root, 1, False, printed.append) == 0
        assert printed[-1] == "done: intake 3 replays intake 1\n"
    finally:
        stopping.set()
        ticking.join()
