"""A retailer that is reached by SFTP both ways, through the whole gateway, against a real OpenSSH server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.store.tables import dispatch, fault, intake
from tests.gateway.transports.sftp.server import Server, why_not
from tests.homes import AFTERNOON, GatewayAtWork, at_work

SFTP = """
[transport.{side}]
kind = "sftp"
host = "127.0.0.1"
port = {port}
user = "{user}"
host_keys = ["{host_key}"]
key = {{ file = "{key}" }}
path = "{path}"
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    if reason := why_not():
        pytest.skip(reason)
    running = Server(tmp_path_factory.mktemp("sshd")).start()
    yield running
    running.stop()


@pytest.fixture
def gateway(tmp_path: Path, server: Server) -> Iterator[GatewayAtWork]:
    (server.root / "to_us").mkdir(exist_ok=True)
    (server.root / "from_us").mkdir(exist_ok=True)
    with at_work(tmp_path / "home", AFTERNOON) as gateway:
        access = server.access()
        key = tmp_path / "id"
        key.write_text(access.key, encoding="ascii")
        key.chmod(0o600)
        given = {"port": access.port, "user": access.user, "host_key": access.host_keys[0], "key": key}
        folder = gateway.root / "partners/northgate"
        text = (folder / "partner.toml").read_text(encoding="utf-8")
        text += SFTP.format(side="inbound", path=server.root / "to_us", **given)
        text += SFTP.format(side="outbound", path=server.root / "from_us", **given)
        (folder / "partner.toml").write_text(text, encoding="utf-8")
        assert gateway.engine.reload()
        gateway.reference_data()
        yield gateway


def test_files_come_and_go_by_sftp(gateway: GatewayAtWork, server: Server) -> None:
    remote = server.root / "to_us" / "180-requests.edi"
    remote.write_bytes(gateway.sample("northgate", "180-requests.edi"))
    assert gateway.engine.remotes.poll_all(gateway.engine.configuration.book) == 1
    gateway.work()

    (taken,) = gateway.rows(intake, intake.c.partner == "northgate")
    assert taken["state"] == "partial"
    assert taken["source"].startswith("sftp:")
    assert not remote.exists()
    delivered = sorted(path.name for path in (server.root / "from_us").iterdir())
    assert delivered == ["180_000000002.edi", "997_000000001.edi"]
    for row in gateway.rows(dispatch, dispatch.c.partner == "northgate"):
        assert row["state"] == "delivered"
        assert (server.root / "from_us" / row["name"]).read_bytes() == row["bytes"]
    assert gateway.verify() == []


def test_a_server_that_is_gone_is_a_fault_that_clears_itself(gateway: GatewayAtWork, server: Server) -> None:
    gateway.drop("northgate", "180-requests.edi")
    server.stop()
    gateway.work()
    waiting = gateway.rows(dispatch, dispatch.c.partner == "northgate")
    assert {row["state"] for row in waiting} <= {"pending", "staged"}
    assert gateway.rows(fault, fault.c.cleared_at == "") != []

    server.resume()
    gateway.clock.advance(3600)
    gateway.work()
    assert {row["state"] for row in gateway.rows(dispatch, dispatch.c.partner == "northgate")} == {"delivered"}
    assert gateway.rows(fault, fault.c.cleared_at == "") == []
    assert gateway.verify() == []
