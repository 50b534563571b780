"""Every shipped profile against the files in tests/golden/erp.

`python -m tests.translators.erp.write.test_golden` writes them anew: look at the difference before you commit it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.translators.erp.batches import batch, shipped
from translators.erp.profile.load import shipped_erp_profiles
from translators.erp.write.batch import RenderedFile, render_batch

GOLDEN = Path(__file__).resolve().parents[3] / "golden" / "erp"
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
    written = rendered(name, kind, rows)
    named = [(written.name, written.data), *written.others, *([written.control] if written.control else [])]
    return {f"{name}/{file}": data for file, data in named}


@pytest.mark.parametrize(("name", "kind", "rows"), CASES)
def test_files_are_as_they_were_looked_at(name: str, kind: str, rows: str) -> None:
    for path, data in files(name, kind, rows).items():
        assert (GOLDEN / path).read_bytes() == data, path


def test_every_profile_and_file_has_a_golden() -> None:
    missing = sorted(set(shipped_erp_profiles()) - {name for name, _, _ in CASES})
    assert not missing, (
        f"no case in CASES for {missing}: add one, then python -m tests.translators.erp.write.test_golden"
    )
    assert {name for name, _, _ in CASES} == set(shipped_erp_profiles())
    written = {path for case in CASES for path in files(*case)}
    goldens = {str(path.relative_to(GOLDEN)) for path in GOLDEN.rglob("*.*") if path.suffix and path.is_file()}
    assert not written - goldens, (
        "files without a golden: write them with python -m tests.translators.erp.write.test_golden"
    )
    assert written == goldens


if __name__ == "__main__":
    for case in CASES:
        for path, data in files(*case).items():
            (GOLDEN / path).parent.mkdir(parents=True, exist_ok=True)
            (GOLDEN / path).write_bytes(data)
