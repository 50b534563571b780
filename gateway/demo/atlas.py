"""The part of the ERP in the demo: reads import files like another program would, and writes result files back.

It knows nothing of the gateway but the files: column names of the CSV, positions of the fixed-width records.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path

# generic-fixed: positions of what Atlas needs in a ROW record (see translators/erp/profiles/generic-fixed.toml).
BATCH = slice(3, 33)
ROW_NO = slice(33, 39)
KEY = slice(39, 103)
MOVEMENT = slice(185, 205)
SKU = slice(386, 416)

PREFIXES = {
    "RETURN_ORDER": "RO",
    "GOODS_RECEIPT": "GR",
    "INVENTORY_ADJ": "IM",
    "SCRAP": "SC",
    "CREDIT_REQUEST": "CM",
    "VENDOR_CLAIM": "VC",
    "CHARGE_BACK": "DM",
}
HEADER = "batch_id,row_no,idempotency_key,status,erp_doc_type,erp_doc_no,erp_line,posted_at,error_code,error_text"


@dataclass(frozen=True, slots=True)
class ImportRow:
    """What Atlas needs of a row of an import file; all as text."""

    batch: str
    row_no: str
    key: str
    movement: str
    sku: str


@dataclass(slots=True)
class Atlas:
    """An ERP that posts what it is given, but for the items it has blocked for a movement."""

    outbox: Path
    inbox: Path
    blocked: dict[tuple[str, str], str] = field(default_factory=dict)
    _number: int = 4500
    _seen: set[str] = field(default_factory=set)

    def import_files(self) -> list[Path]:
        """Load every import file that is new and write a result file for each; returns the result files."""
        results: list[Path] = []
        for file in sorted(self.outbox.iterdir()):
            if file.suffix not in {".csv", ".txt"} or file.name in self._seen:
                continue
            self._seen.add(file.name)
            result = self.inbox / f"result_{file.stem}.csv"
            result.write_text(self._answer(read_import(file)), encoding="ascii")
            results.append(result)
        return results

    def _answer(self, rows: list[ImportRow]) -> str:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(HEADER.split(","))
        for row in rows:
            refusal = self.blocked.get((row.movement, row.sku))
            if refusal:
                writer.writerow([row.batch, row.row_no, row.key, "REJECTED", "", "", "", "", "E1042", refusal])
                continue
            self._number += 1
            document = f"{PREFIXES[row.movement]}{self._number}"
            posted = [
                row.batch,
                row.row_no,
                row.key,
                "POSTED",
                row.movement,
                document,
                "1",
                "2025-03-19T18:00:00",
                "",
                "",
            ]
            writer.writerow(posted)
        return text.getvalue()


def read_import(file: Path) -> list[ImportRow]:
    """The rows of one import file: CSV with a header, or fixed-width ROW records."""
    if file.suffix == ".csv":
        with file.open(encoding="utf-8", newline="") as opened:
            return [
                ImportRow(row["batch_id"], row["row_no"], row["idempotency_key"], row["movement_type"], row["sku"])
                for row in csv.DictReader(opened)
            ]
    records = file.read_text(encoding="latin-1").split("\n")
    return [
        ImportRow(*(record[place].strip() for place in (BATCH, ROW_NO, KEY, MOVEMENT, SKU)))
        for record in records
        if record.startswith("ROW")
    ]
