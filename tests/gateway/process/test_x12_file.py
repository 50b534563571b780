"""The way of an X12 file reads downwards: its module hands the file from room to room, each does its part at once."""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from types import FrameType

import pytest

import gateway.process
from gateway.process import flat_file, x12_file
from tests.homes import GatewayAtWork

ROOMS = Path(gateway.process.__file__).parent


def _room(frame: FrameType) -> str:
    """The folder of gateway/process that a function stands in; "" elsewhere."""
    path = Path(frame.f_code.co_filename)
    return path.parent.name if path.parent.parent == ROOMS else ""


def _rooms_called(module: object, work: Callable[[], None]) -> list[str]:
    """The rooms that functions of a module call while `work` runs, in order, each stay once."""
    rooms: list[str] = []

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_back and frame.f_back.f_globals is vars(module) and _room(frame):
            rooms.append(_room(frame))

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return [room for room, _ in groupby(rooms)]


@pytest.mark.parametrize("sample", ["180-requests.edi", "856-shipment.edi"])
def test_an_x12_file_is_admitted_recorded_acknowledged_decided_and_sent(gateway: GatewayAtWork, sample: str) -> None:
    gateway.drop("northgate", sample)
    rooms = _rooms_called(x12_file, gateway.work)
    first, *way = rooms
    assert first == "record"  # nothing of it was recorded before a crash
    assert way == ["admit", "record", "acknowledge", "decide", "send", "record"]  # the end of the intake


def test_a_flat_file_goes_the_same_way(gateway: GatewayAtWork) -> None:
    gateway.drop("cedar", "requests.csv")
    first, *way = _rooms_called(flat_file, gateway.work)
    assert first == "admit"  # does it declare a batch?
    assert way == ["record", "acknowledge", "decide", "send", "record"]
