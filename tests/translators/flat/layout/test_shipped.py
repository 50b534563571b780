from __future__ import annotations

from tests.translators.flat.layouts import codes, only
from translators.canonical import ErpResult, ReferenceData
from translators.flat.layout.parse import parse_layout
from translators.flat.layout.shipped import shipped_layouts
from translators.flat.read.file import read_flat
from translators.profile import Profile
from translators.translation import SetResult


def read(name: str, data: str) -> list[SetResult]:
    sets, findings = read_flat(data.encode(), parse_layout(name, shipped_layouts()[name]), Profile())
    assert not findings
    return sets


def test_results_of_an_erp() -> None:
    head = "batch_id,row_no,idempotency_key,status,erp_doc_type,erp_doc_no,erp_line,posted_at,error_code,error_text\n"
    sets = read(
        "generic-result",
        head
        + "B1,1,k1,POSTED,RO,4711,10,2025-03-14T10:00:00Z,,\n"
        + "B1,2,k2,REJECTED,,,,,E42,Item is blocked\n"
        + "B1,3,k3,DONE,,,,,,\n"
        + "B2,1,k4,WARN,RO,4712,,,W1,Price differs\n",
    )
    assert [(result.control_number, result.verdict) for result in sets] == [
        ("B1", "accepted_with_errors"),
        ("B2", "accepted"),
    ]
    assert codes(sets[0].findings) == [("bad_value", 4, "status")]
    result = sets[0].documents[0]
    assert isinstance(result, ErpResult)
    assert [(row.idempotency_key, row.status, row.erp_document, row.error_text) for row in result.rows] == [
        ("k1", "posted", "4711", ""),
        ("k2", "refused", "", "Item is blocked"),
    ]
    assert result.provenance["rows.1"].position == 3


def test_success_and_fail_pairs() -> None:
    took = only(read("generic-success", "idempotency_key,erp_doc_no,batch_id\nk1,77,B1\n"))
    refused = only(read("generic-fail", "batch_id,idempotency_key,error_text\nB1,k2,No such item\n"))
    assert (took.number, took.rows[0].status, took.rows[0].erp_document) == ("B1", "posted", "77")
    assert (refused.rows[0].status, refused.rows[0].error_text) == ("refused", "No such item")


def test_reference_data_is_one_document_with_plain_values() -> None:
    sets = read(
        "generic-orders",
        "order_number,order_line,sku,quantity,order_date,unit_price\nSO1,1,A,2.0,2025-01-05,19.90\nSO1,2,B,two,2025-01-05,1\n",
    )
    document = only(sets)
    assert isinstance(document, ReferenceData)
    assert document.dataset == "orders"
    assert document.rows == (
        {"order_number": "SO1", "order_line": "1", "sku": "A", "quantity": "2.0", "order_date": "2025-01-05",
         "unit_price": "19.90"},
    )  # fmt: skip
    assert codes(sets[0].findings) == [("bad_number", 3, "quantity")]
    products = only(read("generic-products", "sku,returnable,warranty_days\nA,yes,365\nB,N,\n"))
    assert products.rows == ({"sku": "A", "returnable": "Y", "warranty_days": "365"}, {"sku": "B", "returnable": "N"})
    customers = only(read("generic-customers", "customer,partner,blocked\nC1,cedar,N\n"))
    assert customers.rows[0]["partner"] == "cedar"
    assert only(read("generic-sites", "site,name,city\nHW1,Harbor Warehousing,Oakport\n")).rows[0]["city"] == "Oakport"


def test_sap_status_records() -> None:
    def status(number: str, code: str, text: str = "") -> str:
        start = f"{'EDI_DS40':<10}{'800':<3}{number:<16}{'20250314'}{'101500'}{code:<2}"
        return start + f"{'SAP':<3}{'M7':<20}{'021':<3}{'E':<1}{text:<50}"

    data = "\n".join([status("0000000100000001", "64"), status("0000000100000001", "53"),
                      status("0000000100000002", "51", "Posting period is closed")])  # fmt: skip
    result = only(read("sap-status", data + "\n"))
    assert [(row.idempotency_key, row.status, row.error_text) for row in result.rows] == [
        ("0000000100000001", "posted", ""),
        ("0000000100000002", "refused", "Posting period is closed"),
    ]
