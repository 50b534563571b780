"""Accounts at partners' servers: secrets are read at the moment of use, and one that is missing is a Fault."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.home import Home
from gateway.partners import PartnerBook, load_partners
from gateway.remote import RemoteAccounts
from gateway.store import Store, open_store
from gateway.store.system import faults
from tests.gateway.files import clock, new_home

ACCOUNT = f"""kind = "sftp"
host = "127.0.0.1"
port = 9
user = "u"
host_keys = ["SHA256:{"A" * 43}"]
password = {{ env = "BIRCH_PASSWORD" }}
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = new_home(tmp_path)
    for name, text in (
        ("_house/partner.toml", 'name = "Us"\n'),
        ("_house/policy.toml", ""),
        ("birch/partner.toml", f'name = "Birch"\nrole = "retailer"\n[transport.outbound]\n{ACCOUNT}'),
        ("cedar/partner.toml", f'name = "Cedar"\nrole = "supplier"\n[transport.inbound]\n{ACCOUNT}poll_seconds = 60\n'),
        ("maple/partner.toml", 'name = "Maple"\nrole = "carrier"\n'),
    ):
        path = home.partners / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return home


@pytest.fixture
def book(home: Home) -> PartnerBook:
    return load_partners(home.partners)


@pytest.fixture
def store(home: Home) -> Iterator[Store]:
    with open_store(home) as opened:
        yield opened


@pytest.fixture
def remotes(home: Home, store: Store) -> RemoteAccounts:
    return RemoteAccounts(home, store, clock())


def _faults(store: Store) -> list[tuple[str, str]]:
    with store.read() as snapshot:
        return [(fault.class_, fault.subject) for fault in faults.open_faults(snapshot)]


def test_only_accounts_on_servers_are_endpoints(
    remotes: RemoteAccounts, book: PartnerBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BIRCH_PASSWORD", "s3cret")
    endpoints = remotes.outbound(book)
    assert {key: endpoint.place for key, endpoint in endpoints.items()} == {("birch", "sftp"): "sftp:u@127.0.0.1:9/"}
    assert "s3cret" not in repr(endpoints)


def test_only_servers_are_polled(remotes: RemoteAccounts, book: PartnerBook) -> None:
    assert [(partner.id, seconds) for partner, seconds in remotes.polled(book)] == [("cedar", 60)]
    assert remotes.poll(book["maple"]) == 0


def test_a_missing_secret_is_a_fault_until_it_is_there(
    remotes: RemoteAccounts, book: PartnerBook, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BIRCH_PASSWORD", raising=False)
    assert remotes.outbound(book) == {}
    assert remotes.poll(book["cedar"]) == 0
    assert _faults(store) == [("secret_unusable", "birch u@127.0.0.1:9"), ("secret_unusable", "cedar u@127.0.0.1:9")]
    monkeypatch.setenv("BIRCH_PASSWORD", "s3cret")
    remotes.outbound(book)
    assert _faults(store) == [("secret_unusable", "cedar u@127.0.0.1:9")]
