"""Every shipped profile, read back by a reader of its own that knows the format and not the profile: the file says of
each posting what the posting says. The generic profiles are read back in full in `test_render`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from decimal import Decimal

import pytest
from lxml import etree

from tests.translators.erp.batches import batch, shipped
from tests.translators.erp.write.test_batch import GENERIC
from translators.canonical import ErpBatch, PostingRow
from translators.erp.profile.load import shipped_erp_profiles
from translators.erp.write.batch import RenderedFile, render_batch

Rows = list[dict[str, object]]


def signed(row: PostingRow, value: Decimal | None) -> Decimal | None:
    return -value if value is not None and row.sign == "-" else value


def number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def table(data: bytes, encoding: str = "utf-8", delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(encoding), newline=""), delimiter=delimiter))


# --- the readers: a file → what it says of each posting, in the order of the file


def read_d365(file: RenderedFile) -> Rows:
    heads = {row["RMANumber"]: row for row in table(file.others[0][1])}
    return [
        {
            "rma": row["RMANumber"],
            "sku": row["ItemNumber"],
            "signed": number(row["ReturnSalesQuantity"]),
            "unit": row["SalesUnitSymbol"],
            "unit_price": number(row["SalesPrice"]),
            "signed_amount": number(row["LineAmount"]),
            "disposition": row["ReturnDispositionCode"],
            "site": row["ReturnSiteId"],
            "order_number": row["ReferenceNumber"],
            "customer": heads[row["RMANumber"]]["CustomerAccountNumber"],
            "currency": heads[row["RMANumber"]]["CurrencyCode"],
            "purchase_order": heads[row["RMANumber"]]["CustomersOrderReference"],
        }
        for row in table(file.data)
    ]


def idocs(data: bytes) -> list[list[tuple[str, str]]]:
    """The IDocs of a flat file: (segment, what stands in it) of each data record."""
    found: list[list[tuple[str, str]]] = []
    for line in data.decode("latin-1").split("\n"):
        if line.startswith("EDI_DC40"):
            found.append([])
        elif line:
            found[-1].append((line[:30].strip(), line[63:1063]))
    return found


def read_idoc_orders(file: RenderedFile) -> Rows:
    rows: Rows = []
    for segments in idocs(file.data):
        references = {text[:3]: text[3:38].strip() for name, text in segments if name == "E1EDK02"}
        lines = [text for name, text in segments if name == "E1EDP01"]
        items = [text[3:38].strip() for name, text in segments if name == "E1EDP19"]
        rows += [
            {
                "return_no": references["001"],
                "invoice_number": references.get("009", ""),
                "quantity": number(line[11:26].strip()),
                "unit": line[26:29].strip(),
                "sku": item,
            }
            for line, item in zip(lines, items, strict=True)
        ]
    return rows


def read_idoc_moves(file: RenderedFile) -> Rows:
    rows: Rows = []
    for segments in idocs(file.data):
        (head,) = [text for name, text in segments if name == "E1BP2017_GM_HEAD_01"]
        rows += [
            {
                "day": head[:8],
                "return_no": head[16:32].strip(),
                "sku": text[:18].strip(),
                "site": text[18:22].strip(),
                "sign": {"653": "+", "654": "-"}[text[36:39]],
                "quantity": number(text[39:52].strip()),
                "unit": text[52:55].strip(),
            }
            for name, text in segments
            if name == "E1BP2017_GM_ITEM_CREATE"
        ]
    return rows


def read_netsuite(file: RenderedFile) -> Rows:
    return [
        {
            "return_no": row["External ID"].removesuffix("-42"),
            "customer": row["Customer"],
            "site": row["Location"],
            "memo": row["Memo"],
            "sku": row["Item"],
            "signed": number(row["Quantity"]),
            "unit_price": number(row["Rate"]),
            "idempotency_key": row["Line Memo"],
        }
        for row in table(file.data)
    ]


def read_netsuite_credit(file: RenderedFile) -> Rows:
    heads = {row["External ID"]: row for row in table(file.others[0][1])}
    return [
        {
            "return_no": row["External ID"].removesuffix("-42"),
            "customer": heads[row["External ID"]]["Customer"],
            "site": heads[row["External ID"]]["Location"],
            "memo": heads[row["External ID"]]["Memo"],
            "sku": row["Item"],
            "signed": number(row["Quantity"]),
            "signed_amount": number(row["Amount"]),
        }
        for row in table(file.data)
    ]


def read_gp(file: RenderedFile) -> Rows:
    rows: Rows = []
    for document in etree.fromstring(file.data).findall("FSRMATransactionType"):
        master = document.find("taFSRMAMaster")
        assert master is not None
        rows += [
            {
                "rma": line.findtext("RETDOCID") or "",
                "customer": line.findtext("CUSTNMBR") or "",
                "sku": line.findtext("ITEMNMBR") or "",
                "site": line.findtext("LOCNCODE") or "",
                "signed": number(line.findtext("QUANTITY") or ""),
                "reason": line.findtext("SVC_RMA_Reason_Code") or "",
                "order_number": master.findtext("RETREF") or "",
            }
            for line in document.findall("taFSRMALine_Items/taFSRMALine")
        ]
        assert {line["rma"] for line in rows[-1:]} == {master.findtext("RETDOCID")}
    return rows


def read_iif(file: RenderedFile) -> Rows:
    rows: Rows = []
    names: list[str] = []
    for cells in csv.reader(io.StringIO(file.data.decode("cp1252"), newline=""), delimiter="\t"):
        if cells[0] == "!SPL":
            names = cells
        elif cells[0] == "SPL":
            row = dict(zip(names, cells, strict=True))
            month, day, year = row["DATE"].split("/")
            rows.append(
                {
                    "day": f"20{year}{month}{day}",
                    "customer": row["NAME"],
                    "signed_amount": number(row["AMOUNT"]),
                    "return_no": row["DOCNUM"],
                    "idempotency_key": row["MEMO"],
                    "signed": number(row["QNTY"]),
                    "unit_price": number(row["PRICE"]),
                    "sku": row["INVITEM"],
                }
            )
    return rows


def read_sage(file: RenderedFile) -> Rows:
    return [
        {
            "rma": row["RMANo"],
            "invoice_number": row["InvoiceNo"],
            "sku": row["ItemCode"],
            "signed": number(row["QuantityReturned"]),
            "unit_price": number(row["UnitPrice"]),
            "reason": row["ReasonCode"],
            "idempotency_key": row["Comment"],
        }
        for row in table(file.data)
    ]


def read_odoo(file: RenderedFile) -> Rows:
    rows: Rows = []
    for row in table(file.data):
        return_no, line_no, split_no, _ = row["id"].rsplit("_", 3)
        rows.append(
            {
                "return_no": return_no,
                "line_no": line_no,
                "split_no": split_no,
                "rma": row["name"],
                "customer": row["partner_id"],
                "sku": row["product_id"],
                "signed": number(row["product_uom_qty"]),
                "order_number": row["origin"],
                "idempotency_key": row["description"],
            }
        )
    return rows


# --- what the postings say, for whatever a file may say of them

DERIVED: dict[str, Callable[[PostingRow], object]] = {
    "signed": lambda row: signed(row, row.quantity),
    "signed_amount": lambda row: signed(row, row.amount),
    "day": lambda row: row.event_on.strftime("%Y%m%d") if row.event_on else "",
    "memo": lambda row: " ".join((row.order_number, row.rma, row.correlation_id)),
}
READERS: dict[tuple[str, str], tuple[str, Callable[[RenderedFile], Rows]]] = {
    ("d365-fo", "return_order"): ("plain", read_d365),
    ("sap-idoc", "return_order"): ("forward", read_idoc_orders),
    ("sap-idoc", "goods_receipt"): ("narrow", read_idoc_moves),
    ("netsuite-csv", "return_order"): ("plain", read_netsuite),
    ("netsuite-csv", "credit_request"): ("plain", read_netsuite_credit),
    ("gp-econnect", "return_order"): ("narrow", read_gp),
    ("quickbooks-iif", "credit_request"): ("narrow", read_iif),
    ("sage100", "return_order"): ("narrow", read_sage),
    ("odoo-csv", "return_order"): ("plain", read_odoo),
}


def expected(row: PostingRow, name: str) -> object:
    return DERIVED[name](row) if name in DERIVED else getattr(row, name)


def same(rows: Rows, of: ErpBatch) -> None:
    assert len(rows) == len(of.rows)
    for values, row in zip(rows, of.rows, strict=True):
        for name, value in values.items():
            assert value == expected(row, name), (row.row_no, name)


@pytest.mark.parametrize(("name", "kind"), READERS)
def test_a_file_says_of_each_posting_what_the_posting_says(name: str, kind: str) -> None:
    rows, read = READERS[name, kind]
    postings = batch(kind, rows)
    same(read(render_batch(postings, shipped(name))), postings)


def test_every_profile_and_kind_has_a_reader() -> None:
    of_named = {
        (name, kind)
        for name in shipped_erp_profiles()
        for spec in shipped(name).files
        for kind in spec.kinds
        if name not in GENERIC
    }
    missing = sorted(of_named - set(READERS))
    assert not missing, f"no reader in READERS for {missing}: write one that knows the format and not the profile"
    assert of_named == set(READERS)


def test_every_profile_says_how_it_is_loaded_and_what_of_it_is_verified() -> None:
    for name in shipped_erp_profiles():
        profile = shipped(name)
        assert profile.load.strip(), name
        assert profile.verified.strip() or profile.status == "supported", name
        assert (profile.status == "experimental") == ("experimental" in profile.title), name
