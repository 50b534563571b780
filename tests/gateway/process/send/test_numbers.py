"""A number is used up only by bytes that exist: whatever cannot be written leaves no hole."""

from __future__ import annotations

import sqlalchemy as sa

from gateway.store.tables import counter, hold
from tests.homes import GatewayAtWork


def _numbers(gateway: GatewayAtWork) -> dict[str, int]:
    """The last number of every counter that has given one."""
    return {row["name"]: row["n"] for row in gateway.rows(counter)}


def _unrenderable(gateway: GatewayAtWork) -> list[str]:
    query = sa.select(hold).where(hold.c["class"] == "unrenderable", hold.c.state == "open")
    return [row["partner"] for row in gateway.rows(query)]


def test_an_x12_file_that_cannot_be_written_leaves_no_hole(gateway: GatewayAtWork) -> None:
    """W0602 has room for 22 characters of an RMA number."""
    policy = gateway.root / "partners/_house/policy.toml"
    text = policy.read_text(encoding="utf-8")
    policy.write_text(text.replace('"RMA-{:06d}"', '"MERIDIAN-SUPPLY-RMA-{:06d}"'), encoding="utf-8")
    gateway.engine.reload()
    gateway.reference_data()
    gateway.drop("northgate", "180-requests.edi")
    gateway.work()
    assert _unrenderable(gateway) == ["harbor"]
    assert "isa:harbor" not in _numbers(gateway)
    assert gateway.sent("harbor", "943_*") == []
    assert gateway.verify() == []


def test_a_flat_file_that_cannot_be_written_leaves_no_hole(gateway: GatewayAtWork) -> None:
    """Neither the file's own number nor, of a status file, that of the report is gone."""
    for name in ("answers", "status"):
        layout = gateway.root / f"partners/cedar/layouts/{name}.toml"
        text = layout.read_text(encoding="utf-8")
        layout.write_text(text.replace("[columns]", 'charset = "ascii"\n\n[columns]'), encoding="utf-8")
    gateway.engine.reload()
    gateway.reference_data()
    gateway.put("cedar", "requests.csv", gateway.sample("cedar", "requests.csv").replace(b"CR-3002", "CR-é".encode()))
    gateway.work()
    assert _unrenderable(gateway) == ["cedar", "cedar"]
    assert not {"return_answer:cedar", "status:cedar", "status_report:cedar"} & set(_numbers(gateway))
    assert gateway.verify() == []


def test_an_import_file_none_of_whose_rows_can_be_written_leaves_no_hole(gateway: GatewayAtWork) -> None:
    (gateway.root / "partners/atlas/layouts/short.toml").write_text(
        'direction = "erp"\nformat = "csv"\n[[files]]\nname = "SHORT_{sequence:06}.csv"\n[[files.records]]\n'
        'when = "row"\nfields = ["idempotency_key", { name = "sku", width = 3 }]\n',
        encoding="utf-8",
    )
    gateway.edit("atlas", 'return_order = "erp:generic-fixed"', 'return_order = "erp:short"')
    gateway.reference_data()
    gateway.drop("cedar", "requests.csv")
    gateway.work()
    assert set(_unrenderable(gateway)) == {"atlas"}
    assert "batch:atlas" not in _numbers(gateway)
    assert gateway.verify() == []
