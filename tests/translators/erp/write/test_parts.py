"""A layout of an ERP's own writes every part of a credit, in each format."""

from __future__ import annotations

import tomllib
from decimal import Decimal

import pytest

from tests.translators.erp.batches import posting
from translators.canonical import ErpBatch, TaxLine
from translators.erp.profile.load import parse_erp_profile
from translators.erp.write.batch import render_batch

MONEY = ("amount_goods", "amount_restocking", "amount_freight", "amount_charges", "amount_tax", "amount")
TAXES = tuple(f"tax{n}_{part}" for n in (1, 2, 3) for part in ("rate", "base", "amount"))
FIELDS = ("row_no", *MONEY, "currency", "tax_rate", *TAXES, "tax_lines", *(f"signed_{name}" for name in MONEY))
FIXED = """
format = "fixed"
[[files]]
name = "PARTS_{sequence:06}.txt"
[[files.records]]
fields = [
  { name = "tax", from = "amount_tax", width = 10, align = "right", decimals = 2 },
  { name = "fee", from = "signed_amount_restocking", width = 10, align = "right", decimals = 2, implied = true },
  { name = "rate", from = "tax2_rate", width = 8, decimals = 3 },
]
"""


def rows() -> ErpBatch:
    parts = {
        "kind": "credit_request",
        "amount": Decimal("55.69"),
        "amount_goods": Decimal("59.97"),
        "amount_restocking": Decimal("-9.00"),
        "amount_freight": Decimal("0.00"),
        "amount_charges": Decimal("0.00"),
        "amount_tax": Decimal("4.72"),
        "tax_rate": Decimal("9.25"),
        "taxes": (
            TaxLine(rate=Decimal("8.25"), base=Decimal("50.97"), amount=Decimal("4.21")),
            TaxLine(rate=Decimal(1), base=Decimal("50.97"), amount=Decimal("0.51")),
        ),
    }
    # A credit, the reversal of it, and one of before there were parts.
    three = (posting(1, **parts), posting(2, sign="-", **parts), posting(3, kind="credit_request"))
    return ErpBatch(
        batch_id="B1", destination="atlas", posting_kind="credit_request", created_at="2025-03-14T10:00:00Z", rows=three
    )


def written(profile: str) -> list[str]:
    rendered = render_batch(rows(), parse_erp_profile("parts", tomllib.loads(profile)))
    return rendered.data.decode().splitlines()


def test_csv_has_every_part() -> None:
    money = {*MONEY, *(f"signed_{name}" for name in MONEY)}
    fields = ", ".join(f'{{ name = "{name}", decimals = 2 }}' if name in money else f'"{name}"' for name in FIELDS)
    lines = written(
        f'format = "csv"\n[[files]]\nname = "PARTS_{{sequence:06}}.csv"\n[[files.records]]\nfields = [{fields}]\n'
    )
    assert lines == [
        ",".join(FIELDS),
        "1,59.97,-9.00,0.00,0.00,4.72,55.69,USD,9.25,8.25,50.97,4.21,1,50.97,0.51,,,,8.25=4.21;1=0.51,"
        "59.97,-9.00,0.00,0.00,4.72,55.69",
        "2,59.97,-9.00,0.00,0.00,4.72,55.69,USD,9.25,8.25,50.97,4.21,1,50.97,0.51,,,,8.25=4.21;1=0.51,"
        "-59.97,9.00,0.00,0.00,-4.72,-55.69",
        "3,,,,,,399.00,USD,,,,,,,,,,,,,,,,,399.00",
    ]


def test_fixed_width_has_parts_in_their_decimals() -> None:
    assert written(FIXED) == [
        "      4.72      -9001.000   ",
        "      4.72       9001.000   ",
        " " * 28,
    ]


@pytest.mark.parametrize("name", ["taxes", "tax6_rate"])
def test_a_tax_without_a_place_is_no_field(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        written(f'format = "csv"\n[[files]]\nname = "P.csv"\n[[files.records]]\nfields = ["{name}"]\n')
