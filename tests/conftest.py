"""What all tests share: generated tests repeat the same examples, so that a run says something about the change.

GATEWAY_FRESH_SEEDS=1 explores new ones (a nightly run does); what fails then prints its seed or its example.
GATEWAY_TEST_SIZE says how many examples a long generated test tries: `quick` a fifth, `usual` as many as it says,
`long` five times as many (what `.ci/run` does).
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import settings

from gateway.isolation import Parser

FRESH = bool(os.environ.get("GATEWAY_FRESH_SEEDS"))
SIZES = {"quick": 0.2, "usual": 1.0, "long": 5.0}
SIZE = SIZES[os.environ.get("GATEWAY_TEST_SIZE", "usual")]

settings.register_profile("repeat", derandomize=True, deadline=None)
settings.register_profile("fresh", deadline=None)
settings.load_profile("fresh" if FRESH else "repeat")

# structlog draws tracebacks with rich where that is installed, with every local variable: ten seconds for one of ours.
structlog.configure(processors=[structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)])


def examples(usual: int) -> int:
    """How many examples a generated test tries in this run: `usual` of them, fewer or more by GATEWAY_TEST_SIZE."""
    return max(1, round(usual * SIZE))


@pytest.fixture(autouse=True)
def _nobody_carries_requests_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command waits eight seconds for a running gateway to carry its request out.

    In tests the gateway is the test itself and ticks afterwards: the wait would only be sat out.
    """
    monkeypatch.setattr("gateway.commands.requesting.WAIT_SECONDS", 0.3)


@pytest.fixture(scope="session")
def lasting_parser() -> Iterator[Parser]:
    """One parser with its child process for all gateways of a run that take it: a child costs a second to start."""
    from tests.homes import LastingParser

    parser = LastingParser()
    yield parser
    parser.close()
