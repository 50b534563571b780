"""Windows of a destination at work, and a person who does not wait for them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from gateway.clock import instant
from gateway.isolation import Parser
from gateway.store.people import requests
from gateway.store.tables import event, posting, request
from tests.homes import AFTERNOON, GatewayAtWork, at_work


@pytest.fixture
def gateway(tmp_path: Path, lasting_parser: Parser) -> Iterator[GatewayAtWork]:
    with at_work(tmp_path / "home", AFTERNOON, parser=lasting_parser) as gateway:
        gateway.reference_data()
        yield gateway
        assert gateway.verify() == []


def _batch(gateway: GatewayAtWork, text: str) -> None:
    path = gateway.root / "partners/atlas/partner.toml"
    config = path.read_text(encoding="utf-8").replace("generic-fixed", "generic-csv")
    path.write_text(f"{config}\n[batch]\n{text}\n", encoding="utf-8")
    gateway.engine.reload()


def _send(gateway: GatewayAtWork, destination: str = "atlas") -> tuple[str, str]:
    body = {"destination": destination}
    with gateway.engine.store.write() as tx:
        number = requests.add(tx, requests.SEND_NOW, body, actor="ann", at=instant(gateway.clock.now()))
    gateway.work()
    (row,) = gateway.rows(request, request.c.id == number)
    return str(row["state"]), str(row["outcome"])


def _states(gateway: GatewayAtWork) -> set[str]:
    return {str(row["state"]) for row in gateway.rows(posting)}


def _rows_by_file(gateway: GatewayAtWork) -> list[int]:
    files = [data for name, data in gateway.outbox("atlas").items() if name.endswith(".csv")]
    return [len(list(csv.reader(data.decode().splitlines()))) - 1 for data in files]


def test_what_waits_for_its_window_goes_out_when_a_person_says_so(gateway: GatewayAtWork) -> None:
    _batch(gateway, 'cron = ["0 3 * * *"]')
    gateway.drop("northgate", "180-requests.edi")
    gateway.work()
    assert _states(gateway) == {"ready"}
    assert _send(gateway) == ("done", "2 postings in ATLAS-000001")
    assert _states(gateway) == {"delivered"}
    gateway.clock.advance(60)
    assert _send(gateway) == ("done", "nothing was ready for atlas")
    events = gateway.rows(event, event.c.subject.startswith("request:"))
    assert [(row["to_state"], row["actor"]) for row in events][:2] == [("open", "ann"), ("done", "gateway")]
    assert "ATLAS-000001" in str(events[1]["message"])


def test_what_waits_for_a_result_of_the_erp_stays_back(gateway: GatewayAtWork) -> None:
    _batch(gateway, 'cron = ["0 3 * * *"]')
    gateway.drop("northgate", "180-requests.edi")
    gateway.drop("northgate", "856-shipment.edi")
    gateway.drop("harbor", "944-receipt.edi")
    gateway.work()
    waiting = len(gateway.rows(posting, posting.c.state == "waiting"))
    assert waiting > 0
    state, outcome = _send(gateway)
    assert state == "done"
    assert "postings in ATLAS-000001" in outcome
    assert f"{waiting} posting" in outcome
    assert "stay until the ERP's results for others are there" in outcome
    assert len(gateway.rows(posting, posting.c.state == "waiting")) == waiting


@pytest.mark.parametrize(
    ("destination", "says"), [("harbor", "harbor has the role warehouse"), ("atlsa", "there is no such partner")]
)
def test_only_an_erp_gets_import_files(gateway: GatewayAtWork, destination: str, says: str) -> None:
    state, outcome = _send(gateway, destination)
    assert state == "refused"
    assert says in outcome
    assert outcome.endswith("import files go to atlas")


def test_what_cannot_be_written_is_said(gateway: GatewayAtWork) -> None:
    path = gateway.root / "partners/atlas/partner.toml"
    text = path.read_text(encoding="utf-8").replace('return_order = "erp:generic-fixed"\n', 'return_order = "none"\n')
    path.write_text(text.replace('default = "erp:generic-csv"', 'default = "none"'), encoding="utf-8")
    gateway.engine.reload()
    gateway.drop("northgate", "180-requests.edi")
    gateway.work()
    assert _send(gateway) == (
        "done",
        "nothing was ready for atlas; 2 postings could not be written: see the Faults",
    )


def test_a_count_closes_a_batch_and_limits_its_file(gateway: GatewayAtWork) -> None:
    _batch(gateway, "max_rows = 2")
    gateway.drop("northgate", "180-requests.edi")
    gateway.drop("cedar", "requests.csv")
    gateway.work()
    sizes = _rows_by_file(gateway)
    assert sizes[0] == 2
    assert max(sizes) == 2
    assert sum(sizes) == len(gateway.rows(posting)) >= 3


def test_a_size_closes_a_batch_and_limits_its_file(gateway: GatewayAtWork) -> None:
    _batch(gateway, "max_bytes = 900")
    gateway.drop("northgate", "180-requests.edi")
    gateway.work()
    gateway.drop("cedar", "requests.csv")
    gateway.work()
    sizes = [len(data) for name, data in gateway.outbox("atlas").items() if name.endswith(".csv")]
    assert len(sizes) >= 2
    assert all(size <= 900 or rows == 1 for size, rows in zip(sizes, _rows_by_file(gateway), strict=True))
    assert sum(_rows_by_file(gateway)) == len(gateway.rows(posting))


def test_a_size_that_is_not_reached_waits(gateway: GatewayAtWork) -> None:
    _batch(gateway, "max_bytes = 100_000")
    gateway.drop("northgate", "180-requests.edi")
    gateway.work()
    assert gateway.outbox("atlas") == {}
    assert _send(gateway)[0] == "done"
    assert _rows_by_file(gateway) == [2]


def test_age_closes_a_batch(gateway: GatewayAtWork) -> None:
    _batch(gateway, "max_age_minutes = 30")
    gateway.drop("northgate", "180-requests.edi")
    gateway.work()
    assert _states(gateway) == {"ready"}
    gateway.clock.advance(31 * 60)
    gateway.work()
    assert _states(gateway) == {"delivered"}


def test_the_batches_of_a_request_are_those_since_it_was_made(gateway: GatewayAtWork) -> None:
    gateway.drop("northgate", "180-requests.edi")
    gateway.work()
    gateway.clock.advance(60)
    assert _send(gateway) == ("done", "nothing was ready for atlas")
    with gateway.engine.store.read() as snapshot:
        left = snapshot.execute(sa.select(request.c.id).where(request.c.state == "open")).all()
    assert left == []
