"""The report of what is wrong with a file, row by row, as a CSV that the partner's people open and act on."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from translators.findings import Finding
from translators.translation import SetResult

HEADER = ("file", "row", "column", "value", "code", "severity", "what is wrong", "what to do")

# What a person at the partner does about each finding.
REMEDIES: dict[str, str] = {
    "empty_file": "Send the file again with its rows",
    "charset": "Save the file in the agreed character set and send it again",
    "byte_order_mark": "Nothing; it was passed over",
    "missing_column": "Add the column, with exactly this heading, and send the whole file again",
    "duplicate_column": "Keep one column with this heading and send the whole file again",
    "unknown_column": "Nothing, if the column is not meant for us; otherwise check its heading",
    "unknown_record": "Begin the row with one of the agreed record marks",
    "row_length": "Write the row in the agreed length",
    "bad_quoting": "Put a value with a quotation mark in quotation marks and write the inner mark twice",
    "missing_value": "Fill in the value and send the row again",
    "bad_number": "Write the number in the agreed form and send the row again",
    "bad_date": "Write the date in the agreed form and send the row again",
    "bad_quantity": "Send the row again with a quantity above zero, or leave the row out",
    "bad_value": "Use an agreed value and send the row again",
    "inconsistent_rows": "Make the rows of the document say the same, or give them different numbers",
    "trailer_count": "Check that the file is complete and send the whole file again",
    "trailer_total": "Check the rows against the total and send the whole file again",
    "bad_xml": "Send well-formed XML without DOCTYPE and entities, in the agreed structure",
}
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\0")


def write_row_report(sets: Sequence[SetResult], findings: Sequence[Finding], source_name: str) -> bytes:
    """Findings of a file and of its rows → CSV (UTF-8, CRLF), file-level first, then by row.

    For people: a cell that a spreadsheet would take for a formula gets a leading apostrophe.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADER)
    of_rows = sorted((finding for one in sets for finding in one.findings), key=lambda finding: finding.position)
    for finding in [*findings, *of_rows]:
        row = (
            source_name,
            str(finding.position) if finding.position else "",
            finding.column,
            finding.value,
            finding.code,
            finding.severity,
            finding.message,
            REMEDIES.get(finding.code, "Correct it and send it again"),
        )
        writer.writerow([_guarded(cell) for cell in row])
    return out.getvalue().encode("utf-8", "backslashreplace")


def _guarded(cell: str) -> str:
    """A cell's text; one that a spreadsheet would take for a formula gets a leading apostrophe."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
