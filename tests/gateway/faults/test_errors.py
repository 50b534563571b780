from __future__ import annotations

import errno
import inspect
import signal
import socket
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway import faults
from gateway.faults import GatewayError, NoRetry, Retry, classify, crashpoint, install_hook

ALL = [kind for _, kind in inspect.getmembers(faults, inspect.isclass) if issubclass(kind, GatewayError)]


@pytest.mark.parametrize("kind", ALL)
def test_every_error_says_what_it_is_and_what_to_do(kind: type[GatewayError]) -> None:
    error = kind(subject="inbox/x")
    assert error.message.endswith(".")
    assert str(error) == f"inbox/x: {error.message}"
    assert isinstance(classify(error), Retry if kind.retry else NoRetry)
    abstract = kind in (GatewayError, faults.StoreError)
    silent = kind in (faults.StateMoved, faults.NameTaken)  # caught where they happen, never shown as a Fault
    assert kind.remedy or abstract or silent


def test_codes_are_unique_and_readable() -> None:
    codes = [faults.code_of(kind) for kind in ALL]
    assert len(set(codes)) == len(codes)
    assert faults.DiskFull().code == "disk_full"


@pytest.mark.parametrize(
    "error",
    [TimeoutError(), ConnectionResetError(), socket.gaierror(), EOFError(), OSError(errno.ENOSPC, "full")],
)
def test_what_passes_is_tried_again(error: BaseException) -> None:
    assert isinstance(classify(error), Retry)


@pytest.mark.parametrize("error", [ValueError("x"), KeyError("x"), OSError(errno.EIO, "broken"), MemoryError()])
def test_what_is_unknown_is_given_up(error: BaseException) -> None:
    assert isinstance(classify(error), NoRetry)


@given(st.from_type(type).filter(lambda kind: isinstance(kind, type) and issubclass(kind, Exception)), st.text())
def test_classify_answers_for_anything(kind: type[Exception], text: str) -> None:
    try:
        error = kind(text)
    except Exception as refused:  # noqa: BLE001 - some exceptions need other arguments; theirs is an error too
        error = refused
    assert isinstance(classify(error), Retry | NoRetry)


def test_a_crash_point_does_nothing_until_a_hook_is_there() -> None:
    passed: list[str] = []
    crashpoint("one")
    install_hook(passed.append)
    crashpoint("two")
    install_hook(None)
    crashpoint("three")
    assert passed == ["two"]


def test_the_environment_kills_at_the_named_pass() -> None:
    program = "from gateway.faults import crashpoint\nfor n in range(5): crashpoint('here'); print(n, flush=True)"
    done = subprocess.run(
        [sys.executable, "-c", program], env={"RETURNS_GATEWAY_FAULTS": "here:3"}, capture_output=True, check=False
    )
    assert done.returncode == -signal.SIGKILL
    assert done.stdout == b"0\n1\n"
