from __future__ import annotations

import pytest

from gateway.onboarding.propose.column_names import fields_for, words_of


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("QtyRcvd", {"quantity", "receipt"}),
        ("RCV-QTY", {"quantity", "receipt"}),
        ("ORDNO", {"order", "number"}),
        ("RMA #", {"rma", "number"}),
        ("Return Reason Code", {"return", "reason", "code"}),
        ("Frobnication", {"frobnication"}),
        ("", set()),
    ],
)
def test_headings_are_read_as_words(heading: str, words: set[str]) -> None:
    assert words_of(heading) == words


@pytest.mark.parametrize(
    ("heading", "kind", "field"),
    [
        ("Qty", "receipt", "lines.quantity"),
        ("Receipt", "receipt", "number"),
        ("Receipt", "inspection", "references.receipt"),
        ("Date Received", "receipt", "received_on"),
        ("CUSTITEM", "return_request", "lines.item.buyer_sku"),
        ("Vendor Item No", "return_request", "lines.item.vendor_sku"),
        ("UPC", "shipment", "lines.item.gtin"),
        ("rma_number", "receipt", "references.rma"),
        ("Return Reason Code", "return_request", "lines.reason"),
        ("Disposition", "inspection", "lines.disposition"),
    ],
)
def test_the_best_field_of_a_heading(heading: str, kind: str, field: str) -> None:
    assert fields_for(heading, kind)[0][1] == field


def test_a_heading_of_unknown_words_is_no_field() -> None:
    assert fields_for("Frobnication", "receipt") == []
