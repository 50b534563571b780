"""What is wrong with a flat file as a whole, once all its rows were looked at."""

from __future__ import annotations

from translators.findings import Finding, new_finding
from translators.flat.read.assemble import Assembler
from translators.flat.read.trailer import Totals


def file_findings(
    assembler: Assembler, totals: Totals, findings: list[Finding], documents: int, *, rows_skipped: bool = False
) -> list[Finding]:
    """The findings so far, those of the file's own records and of its trailer, and `empty_file` if there is no data.

    `documents` is how many documents the rows make. `rows_skipped`: the layout skips some rows (`skip`). A file of
    nothing but such rows is not an empty one.
    """
    findings = [*findings, *assembler.file.findings, *totals.findings(documents)]
    if not (documents or rows_skipped) and not any(finding.severity == "error" for finding in findings):
        findings.append(new_finding("empty_file", "The file has no rows with data"))
    return findings
