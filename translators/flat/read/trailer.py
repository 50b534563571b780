"""Counts and hash totals: what a trailer claims against what the file holds."""

from __future__ import annotations

from decimal import Decimal

from translators.findings import Finding, FindingFields, new_finding
from translators.flat.layout.fields import TRAILER_FIELDS
from translators.flat.layout.model import Layout
from translators.flat.read.rows import Row
from translators.flat.values import BadValue, Convert, plain

DATA_ROLES = ("row", "document", "line")
LINE_ROLES = ("row", "line")


class Totals:
    """Counts records as they pass and compares them with the trailer, which must be there if the layout has one.

    `trailer.rows` counts rows with data (documents and lines), `trailer.lines` only those with a line,
    `trailer.records` every record of the file, the trailer too, `trailer.documents` the documents; `trailer.total` is
    the sum of the column that `total_of` names.
    """

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        trailers = [record for record in layout.records.values() if record.role == "trailer"]
        self.wanted = bool(trailers)  # otherwise nothing has to be counted
        self.total_of = next((record.total_of for record in trailers if record.total_of), "")
        self._rows = 0
        self._lines = 0
        self._records = 0
        self._sum = Decimal(0)
        self._no_number: list[int] = []
        self._seen: Row | None = None
        self._after: list[int] = []

    def count(self, number: int, role: str) -> None:
        """One record of the file that is not the trailer; `role` is "" for an unknown record."""
        self._records += 1
        if self._seen is not None:
            self._after.append(number)
        if role in DATA_ROLES or not role:
            self._rows += 1
        if role in LINE_ROLES or not role:
            self._lines += 1

    def add(self, number: int, convert: Convert | None, text: str) -> None:
        """The text of the column `total_of` in one record: a number adds its value; a hash total of item numbers adds
        their digits as one number.
        """
        try:
            value = Decimal(text) if convert is None and text.isascii() and text.isdigit() else None
            if convert is not None:
                value = Decimal(str(convert(text)))
            if value is None:
                raise BadValue("bad_number", "digits")
            self._sum += value
        except (BadValue, ArithmeticError):
            self._no_number.append(number)

    def trailer(self, row: Row) -> None:
        """The trailer record."""
        self._records += 1
        self._seen = row

    def findings(self, documents: int) -> list[Finding]:
        """Findings of claims of the trailer that are not true. `documents` is how many documents the rows make."""
        if not self.wanted:
            return []
        row = self._seen
        if row is None:
            return [new_finding("trailer_count", "The trailer record is missing: the file may be cut off")]
        found_so_far = list(row.findings)
        if self._after:
            found_so_far.append(
                new_finding("trailer_count", f"Row {self._after[0]} stands after the trailer", position=self._after[0])
            )
        facts = {"rows": self._rows, "lines": self._lines, "records": self._records, "documents": documents}
        for path, column in row.trace.head:
            claimed = row.head[path]
            if path == TRAILER_FIELDS[-1]:
                found_so_far += self._total_finding(row, column, claimed)
            elif claimed != facts[path.partition(".")[2]]:
                have = facts[path.partition(".")[2]]
                found_so_far.append(
                    new_finding(
                        "trailer_count",
                        f"The trailer says {plain(claimed)} {path.partition('.')[2]}, the file has {have}",
                        segment=row.segment,
                        position=row.number,
                        column=column,
                        value=plain(claimed),
                    )
                )
        return found_so_far

    def _total_finding(self, row: Row, column: str, claimed: Decimal) -> list[Finding]:
        fields: FindingFields = {
            "segment": row.segment,
            "position": row.number,
            "column": column,
            "value": plain(claimed),
        }
        if self._no_number:
            text = f"The total of {self.total_of} cannot be checked: row {self._no_number[0]} has no number there"
            fields["severity"] = "warning"
            return [new_finding("trailer_total", text, **fields)]
        if claimed == self._sum:
            return []
        text = f"The trailer says the sum of {self.total_of} is {plain(claimed)}; it is {plain(self._sum)}"
        return [new_finding("trailer_total", text, **fields)]
