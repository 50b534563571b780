"""Every shipped profile against files kept in tests/golden/erp. `python -m tests.translators.erp.test_golden` rewrites
them: look at the difference before you commit it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.translators.erp.batches import batch, shipped
from translators.erp.profile.load import shipped_erp_profiles
from translators.erp.write.batch import RenderedFile, render_batch

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "erp"
CASES = [
    ("generic-csv", "goods_receipt", "plain"),
    ("generic-fixed", "goods_receipt", "plain"),
    ("generic-xml", "goods_receipt", "plain"),
    ("generic-csv", "credit_request", "plain"),
    ("d365-fo", "return_order", "plain"),
    ("sap-idoc", "return_order", "forward"),
    ("sap-idoc", "goods_receipt", "narrow"),
    ("netsuite-csv", "return_order", "plain"),
    ("netsuite-csv", "credit_request", "plain"),
    ("gp-econnect", "return_order", "narrow"),
    ("quickbooks-iif", "credit_request", "narrow"),
    ("sage100", "return_order", "narrow"),
    ("odoo-csv", "return_order", "plain"),
]


def rendered(name: str, kind: str, rows: str) -> RenderedFile:
    return render_batch(batch(kind, rows), shipped(name))


def files(name: str, kind: str, rows: str) -> dict[str, bytes]:
    made = rendered(name, kind, rows)
    named = [(made.name, made.data), *made.others, *([made.control] if made.control else [])]
    return {f"{name}/{file}": data for file, data in named}


@pytest.mark.parametrize(("name", "kind", "rows"), CASES)
def test_files_are_as_they_were_looked_at(name: str, kind: str, rows: str) -> None:
    for path, data in files(name, kind, rows).items():
        assert (GOLDEN / path).read_bytes() == data, path


def test_every_profile_and_file_has_a_golden() -> None:
    assert {name for name, _, _ in CASES} == set(shipped_erp_profiles())
    written = {path for case in CASES for path in files(*case)}
    kept = {str(each.relative_to(GOLDEN)) for each in GOLDEN.rglob("*.*") if each.suffix and each.is_file()}
    assert written == kept


if __name__ == "__main__":
    for case in CASES:
        for path, data in files(*case).items():
            (GOLDEN / path).parent.mkdir(parents=True, exist_ok=True)
            (GOLDEN / path).write_bytes(data)
