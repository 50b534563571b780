"""What stories start from: a new home, or a gateway at work in one; all of them share one parser process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.commands.homes import make_home
from gateway.isolation import Parser
from tests.homes import AFTERNOON, GatewayAtWork, at_work


@pytest.fixture(scope="module", autouse=True)
def _one_parser_process(lasting_parser: Parser) -> Iterator[None]:
    """Gateways that stories open in this process use that parser.

    Poison files and limits are told in tests/gateway/test_isolation.py and tests/crash; stories in processes of their
    own (test_command_line.py, test_readme.py) start their own parser, as a user's gateway does.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gateway.engine.Parser", lambda seconds, memory: lasting_parser)
        yield


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The folder of a new home with the shipped partners."""
    return make_home(tmp_path / "home").root


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[GatewayAtWork]:
    """A gateway that knows the ERP's orders. Whatever a story does, every invariant holds at its end."""
    with at_work(tmp_path / "home", AFTERNOON) as gateway:
        gateway.reference_data()
        yield gateway
        assert gateway.verify() == []
