"""Read `codes/*.csv`: a partner's words and ours, one table a file, edited by business people in a spreadsheet."""

from __future__ import annotations

import csv
import io
from datetime import date

from gateway.partners.problems import Problem
from translators.profile import Crosswalk, CrosswalkRow

COLUMNS = ("theirs", "ours", "text", "valid_from", "valid_to")
REQUIRED = ("theirs", "ours")


def read_crosswalk(name: str, file: str, raw: bytes) -> tuple[Crosswalk, list[Problem]]:
    """Bytes of a codes file → its crosswalk and what is wrong with it; wrong rows are left out.

    UTF-8, a header row, separators comma or semicolon (spreadsheets differ by country), dates as 2025-03-14.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        return Crosswalk(name=name), [Problem(file, "", line, "the file is not UTF-8 text", "save it as CSV UTF-8")]
    head = text.split("\n", 1)[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in head and "," not in head else ",")
    try:
        header = [cell.strip().lower() for cell in next(rows)]
    except StopIteration:
        header = []
    problems = _header_problems(file, header)
    if problems:
        return Crosswalk(name=name), problems
    return _read_rows(name, file, header, rows)


def _header_problems(file: str, header: list[str]) -> list[Problem]:
    remedy = f"the first line must be {','.join(COLUMNS)} (the last three may be left out)"
    missing = [c for c in REQUIRED if c not in header]
    problems = [Problem(file, c, 1, "the column is missing", remedy) for c in missing]
    problems += [Problem(file, c, 1, "unknown column", remedy) for c in header if c not in COLUMNS]
    problems += [Problem(file, c, 1, "the column stands twice", remedy) for c in COLUMNS if header.count(c) > 1]
    return problems


def _read_rows(name: str, file: str, header: list[str], rows: csv._reader) -> tuple[Crosswalk, list[Problem]]:  # type: ignore[name-defined] # typeshed's name of the reader
    read: list[CrosswalkRow] = []
    problems: list[Problem] = []
    at: dict[str, list[tuple[CrosswalkRow, int]]] = {}
    for cells in rows:
        line = rows.line_num
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(header):
            remedy = "put text that contains the separator in double quotes"
            problems.append(Problem(file, "", line, f"{len(cells)} cells under {len(header)} columns", remedy))
            continue
        values = dict(zip(header, (cell.strip() for cell in cells), strict=False))
        wrong = _row_problems(file, line, values)
        if wrong:
            problems += wrong
            continue
        row = CrosswalkRow(**values)
        problems += _overlaps(file, line, row, at.setdefault(row.theirs, []))
        at[row.theirs].append((row, line))
        read.append(row)
    return Crosswalk(name=name, rows=tuple(read)), problems


def _row_problems(file: str, line: int, values: dict[str, str]) -> list[Problem]:
    problems = [
        Problem(file, c, line, "is empty", "fill it in, or remove the row") for c in REQUIRED if not values.get(c)
    ]
    for column in ("valid_from", "valid_to"):
        value = values.get(column, "")
        if value and not _is_date(value):
            problems.append(Problem(file, column, line, f"{value!r} is not a date", "write it as 2025-03-14"))
    if (
        not problems
        and values.get("valid_from")
        and values.get("valid_to")
        and values["valid_from"] > values["valid_to"]
    ):
        problems.append(Problem(file, "valid_to", line, "ends before it begins", "swap or correct the two dates"))
    return problems


def _is_date(value: str) -> bool:
    try:
        return len(value) == 10 and bool(date.fromisoformat(value))
    except ValueError:
        return False


def _overlaps(file: str, line: int, row: CrosswalkRow, earlier: list[tuple[CrosswalkRow, int]]) -> list[Problem]:
    """The same pair twice for the same days is a slip.

    One code of theirs beside several of ours is not: the first row is how we read it, all are how we write.
    """
    for other, other_line in earlier:
        if row.ours == other.ours and _starts(row) <= _ends(other) and _starts(other) <= _ends(row):
            message = f"{row.theirs!r} for {row.ours!r} stands already in line {other_line} for the same days"
            return [Problem(file, "theirs", line, message, "remove one of the two rows")]
    return []


def shadowed(crosswalk: Crosswalk) -> list[tuple[CrosswalkRow, CrosswalkRow]]:
    """Pairs of rows where one code of theirs has two meanings at a time: the first is read, the other only written."""
    first: dict[str, list[CrosswalkRow]] = {}
    pairs: list[tuple[CrosswalkRow, CrosswalkRow]] = []
    for row in crosswalk.rows:
        known = first.setdefault(row.theirs, [])
        other = next((k for k in known if _starts(row) <= _ends(k) and _starts(k) <= _ends(row)), None)
        if other is None:
            known.append(row)
        else:
            pairs.append((other, row))
    return pairs


def _starts(row: CrosswalkRow) -> str:
    return row.valid_from or "0000-00-00"


def _ends(row: CrosswalkRow) -> str:
    return row.valid_to or "9999-99-99"
