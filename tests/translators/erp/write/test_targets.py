"""The profiles for named ERPs, read back by readers that know nothing of the profiles."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from lxml import etree

from tests.translators.erp.batches import batch, posting, shipped
from translators.erp.write.batch import Unrenderable, render_batch


def rows(data: bytes, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline=""), delimiter=delimiter))


def test_d365_headers_stand_beside_lines() -> None:
    erp_batch = batch("return_order")
    rendered = render_batch(erp_batch, shipped("d365-fo"))
    ((headers_name, headers),) = rendered.others
    assert rendered.name.startswith("ReturnOrderLines_ATLAS_000042")
    assert headers_name.startswith("ReturnOrderHeaders_ATLAS_000042")
    assert [row["RMANumber"] for row in rows(headers)] == ["RMA1001", "RMA1002"]
    lines = rows(rendered.data)
    assert [(row["RMANumber"], row["ItemNumber"]) for row in lines] == [
        ("RMA1001", "TENT-2"), ("RMA1001", "BOOT-9"), ("RMA1002", "TENT-2"),
    ]  # fmt: skip
    assert [Decimal(row["ReturnSalesQuantity"]) for row in lines] == [Decimal(2), Decimal("1.5"), Decimal(-2)]


def test_idocs_have_their_sizes_and_their_tree() -> None:
    rendered = render_batch(batch("return_order", "forward"), shipped("sap-idoc"))
    lines = rendered.data.split(b"\n")
    assert lines.pop() == b""
    idocs: dict[bytes, list[bytes]] = {}
    for line in lines:
        if line.startswith(b"EDI_DC40"):
            assert len(line) == 524
            assert line[35:36] == b"2"
            idocs[line[13:29]] = []
        else:
            assert len(line) == 1063
            idocs[line[33:49]].append(line)
    assert list(idocs) == [b"0000004200000001", b"0000004200000002"]
    first = idocs[b"0000004200000001"]
    assert [int(line[49:55]) for line in first] == list(range(1, len(first) + 1))
    by_number = {line[49:55]: line[:30].strip() for line in first}
    parents = {line[:30].strip(): by_number.get(line[55:61]) for line in first}
    assert parents == {
        b"E1EDK01": None, b"E1EDK14": b"E1EDK01", b"E1EDK02": b"E1EDK01", b"E1EDP01": b"E1EDK01",
        b"E1EDP19": b"E1EDP01",
    }  # fmt: skip
    order_type = next(line for line in first if line.startswith(b"E1EDK14"))
    assert order_type[63:103].split() == [b"012RE"]
    items = [line[66:101].strip() for line in first if line.startswith(b"E1EDP19")]
    assert items == [b"TENT-2", b"BOOT-9"]


def test_a_returns_order_that_is_taken_back_is_no_second_returns_order() -> None:
    with pytest.raises(Unrenderable, match="row 3, field ACTION: '-': the map order_action has no entry"):
        render_batch(batch("return_order", "narrow"), shipped("sap-idoc"))


@pytest.mark.parametrize(("name", "kind"), [("sap-idoc", "goods_receipt"), ("quickbooks-iif", "credit_request")])
def test_what_was_on_another_day_is_a_document_of_its_own(name: str, kind: str) -> None:
    """Its head has one date: each day's rows need a head with theirs."""
    erp_batch = batch(kind, "narrow")
    rows = (
        erp_batch.rows[0],
        erp_batch.rows[1].model_copy(update={"event_on": date(2025, 3, 31), "posting_date": date(2025, 3, 31)}),
    )
    text = render_batch(erp_batch.model_copy(update={"rows": rows}), shipped(name)).data.decode("latin-1")
    if name == "quickbooks-iif":
        records = [line.split("\t")[:3] for line in text.splitlines() if not line.startswith("!")]
        assert [cells[2] for cells in records if len(cells) > 2] == ["03/14/25", "03/14/25", "03/31/25", "03/31/25"]
    else:
        heads = [line for line in text.splitlines() if line.startswith("E1BP2017_GM_HEAD_01")]
        assert [line[63:71] for line in heads] == ["20250314", "20250331"]
        assert [line[33:49] for line in heads] == ["0000004200000001", "0000004200000002"]


def test_goods_movements_have_a_posting_date_and_a_move_type() -> None:
    rendered = render_batch(batch("goods_receipt", "narrow"), shipped("sap-idoc"))
    lines = rendered.data.split(b"\n")[:-1]
    heads = [line for line in lines if line.startswith(b"E1BP2017_GM_HEAD_01 ")]
    assert [line[63:71] for line in heads] == [b"20250314", b"20250314"]
    moves = [line[99:102] for line in lines if line.startswith(b"E1BP2017_GM_ITEM_CREATE ")]
    assert moves == [b"653", b"653", b"654"]


def test_gp_nodes() -> None:
    rendered = render_batch(batch("return_order", "narrow"), shipped("gp-econnect"))
    root = etree.fromstring(rendered.data)
    documents = root.findall("FSRMATransactionType")
    assert len(documents) == 2
    assert [line.findtext("ITEMNMBR") for line in documents[0].findall("taFSRMALine_Items/taFSRMALine")] == [
        "TENT-2",
        "BOOT-9",
    ]
    assert [document.findtext("taFSRMAMaster/RETDOCID") for document in documents] == ["RMA0001", "RMA0002"]


def test_iif_blocks_balance() -> None:
    erp_batch = batch("credit_request", "narrow")
    erp_batch = erp_batch.model_copy(
        update={"rows": tuple(row.model_copy(update={"sku": "T2"}) for row in erp_batch.rows)}
    )
    lines = [
        line.split("\t")
        for line in render_batch(erp_batch, shipped("quickbooks-iif")).data.decode("cp1252").splitlines()
    ]
    assert [line[0] for line in lines[:3]] == ["!TRNS", "!SPL", "!ENDTRNS"]
    balance, balances = Decimal(0), []
    for line in lines[3:]:
        if line[0] == "ENDTRNS":
            balances.append(balance)
            balance = Decimal(0)
        else:
            assert line[2] == "03/14/25"
            balance += Decimal(line[5])
    assert balances == [0, 0]


def test_netsuite_and_sage_and_odoo() -> None:
    credit = render_batch(batch("credit_request"), shipped("netsuite-csv"))
    assert [row["External ID"] for row in rows(credit.others[0][1])] == ["RT-1001-42", "RT-1002-42"]
    assert list(rows(credit.data)[0]) == ["External ID", "Item", "Quantity", "Amount"]
    sage = rows(render_batch(batch("return_order", "narrow"), shipped("sage100")).data)
    assert [(row["RMANo"], row["LineKey"], row["ItemCode"]) for row in sage] == [
        ("RMA0001", "1", "TENT-2"), ("RMA0001", "2", "BOOT-9"), ("RMA0002", "1", "TENT-2"),
    ]  # fmt: skip
    odoo = rows(render_batch(batch("return_order"), shipped("odoo-csv")).data)
    assert odoo[1]["id"] == "RT-1001_2_0_1"


@pytest.mark.parametrize(
    ("sku", "written"),
    [("4711", "000000000000004711"), ("TENT-2", "TENT-2"), ("123456789012345678", "123456789012345678")],
)
def test_numeric_materials_of_sap_have_eighteen_digits(sku: str, written: str) -> None:
    erp_batch = batch("goods_receipt").model_copy(update={"rows": (posting(1, kind="goods_receipt", sku=sku),)})
    lines = render_batch(erp_batch, shipped("sap-idoc")).data.decode("latin-1").splitlines()
    (item,) = [line for line in lines if line.startswith("E1BP2017_GM_ITEM_CREATE")]
    assert item[63:81].rstrip() == written
