"""A partner that asks for status files is told of what has changed, once."""

from __future__ import annotations

import csv
from pathlib import Path

import sqlalchemy as sa

from gateway.store.tables import dispatch, return_
from tests.homes import DAY, HOUR, GatewayAtWork


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_a_change_is_told_once_and_a_tick_without_one_tells_nothing(gateway: GatewayAtWork) -> None:
    gateway.reference_data()
    gateway.drop("cedar", "requests.csv")
    gateway.work()
    gateway.work(HOUR)
    files = gateway.sent("cedar", "status_*")
    first = _rows(files[0])
    assert {(row["Request"], row["Line"], row["Status"], row["Waits at"]) for row in first} >= {
        ("CR-3001", "1", "authorized", "shipment"),
        ("CR-3001", "2", "authorized", "shipment"),
    }
    versions = gateway.rows(sa.select(return_.c.return_no, return_.c.told_version, return_.c.version))
    assert all(row["told_version"] == row["version"] for row in versions)
    gateway.work(HOUR)
    gateway.atlas_answers()  # the ERP's documents change nothing that a portal is told
    gateway.work(HOUR)
    assert gateway.sent("cedar", "status_*") == files
    assert gateway.verify() == []


def test_what_only_time_changes_is_news_too(gateway: GatewayAtWork) -> None:
    """Goods under way that do not arrive: told at the warning and at the breach, once each."""
    gateway.edit("northgate", 'return_answer = "x12:180"', 'return_answer = "x12:180"\nstatus = "flat:status"')
    layout = gateway.root / "partners/northgate/layouts/status.toml"
    layout.parent.mkdir()
    layout.write_bytes((gateway.root / "partners/cedar/layouts/status.toml").read_bytes())
    gateway.engine.reload()
    gateway.reference_data()
    gateway.drop("northgate", "180-requests.edi")
    gateway.drop("northgate", "856-shipment.edi")
    gateway.work()
    promises: list[tuple[str, str]] = []
    for _ in range(16):
        before = gateway.sent("northgate", "status_*")
        gateway.work(DAY)
        for file in gateway.sent("northgate", "status_*"):
            if file not in before:
                promises += {(row["Promise"], row["Promise state"]) for row in _rows(file)}
    assert promises == [("receipt", "warned"), ("receipt", "overdue")]
    assert gateway.verify() == []


def test_an_authorization_that_lapses_is_news(gateway: GatewayAtWork) -> None:
    gateway.reference_data()
    gateway.drop("cedar", "requests.csv")
    gateway.work()
    before = gateway.sent("cedar", "status_*")
    gateway.work(25 * DAY)
    (file,) = [sent for sent in gateway.sent("cedar", "status_*") if sent not in before]
    assert "expired" in {row["Status"] for row in _rows(file)}
    gateway.work(DAY)
    assert len(gateway.sent("cedar", "status_*")) == len(before) + 1


def test_a_partner_that_did_not_ask_is_told_nothing(gateway: GatewayAtWork) -> None:
    gateway.reference_data()
    gateway.drop("northgate", "180-requests.edi")
    gateway.work()
    assert gateway.rows(sa.select(dispatch.c.id).where(dispatch.c.kind == "status")) == []


def test_a_goods_receipt_is_news(gateway: GatewayAtWork) -> None:
    gateway.write("northgate", "")
    gateway.edit("northgate", 'return_answer = "x12:180"', 'return_answer = "x12:180"\nstatus = "flat:status"')
    layout = gateway.root / "partners/northgate/layouts/status.toml"
    layout.parent.mkdir()
    layout.write_bytes((gateway.root / "partners/cedar/layouts/status.toml").read_bytes())
    gateway.engine.reload()
    gateway.reference_data()
    gateway.drop("northgate", "180-requests.edi")
    gateway.work()
    gateway.drop("northgate", "856-shipment.edi")
    gateway.work(HOUR)
    gateway.drop("harbor", "944-receipt.edi")
    gateway.work(HOUR)
    last = {row["Request"]: row["Status"] for file in gateway.sent("northgate", "status_*") for row in _rows(file)}
    assert last["NR250314-01"] == "partially_received"
    assert last["NR250314-03"] == "rejected"
