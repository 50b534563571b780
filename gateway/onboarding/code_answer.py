"""Say what a partner's code means: one more row in its codes file, from a day on if it meant something else before."""

from __future__ import annotations

import csv
import difflib
import io
import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from gateway.disk import replace
from gateway.faults import GatewayError
from gateway.partners import HOUSE, PartnerBook, UnknownPartner
from gateway.partners.files.crosswalks import COLUMNS, read_crosswalk
from gateway.returns import Policy
from translators.profile import CrosswalkRow
from translators.x12.sets.code_meanings import BUILTIN, REFERENCE_KINDS

_TABLE = re.compile(r"[a-z][a-z0-9_-]{0,39}")
# Our words for codes; partners/README.md lists them.
OUR_CONDITIONS = frozenset(
    {"new", "like_new", "used_good", "used_fair", "good", "damaged", "defective", "incomplete", "wrong_item", "missing"}
)
OUR_REASONS = frozenset(BUILTIN["reason"].values())
OUR_REFERENCES = frozenset({*REFERENCE_KINDS.values(), "return", "receipt", "carton", "serial", "lot"})


class CannotAnswer(GatewayError):
    """The row cannot be added."""

    severity = "info"
    remedy = "Nothing was changed. Correct the answer, or edit the codes file."


@dataclass(frozen=True, slots=True)
class CodeAnswer:
    """What an answer did: the file, and in words. `changed` is False where the very row was there already."""

    file: Path
    changed: bool
    words: str


def known_words(table: str, dispositions: list[str]) -> list[str]:
    """Our words for the codes of a table; none for a table whose words are the partner's business and the ERP's."""
    words = {
        "reason": OUR_REASONS,
        "condition": OUR_CONDITIONS,
        "disposition": frozenset(dispositions),
        "reference_qualifier": OUR_REFERENCES,
    }
    return sorted(words.get(table, ()))


def answer(
    folder: Path, book: PartnerBook, partner: str, table: str, row: CrosswalkRow, *, any_word: bool = False
) -> CodeAnswer:
    """Put a row into partners/PARTNER/codes/TABLE.csv, durably. `folder` is the partners folder.

    A code that already means something else needs `row.valid_from`: the earlier row then ends the day before. Where
    the partner has no such file but the house has, the partner's begins as a copy of it, because it replaces it.
    Raises UnknownPartner, CannotAnswer, and what writing to a disk raises.
    """
    _check(folder, book, partner, table, row, any_word)
    path = folder / partner / "codes" / f"{table}.csv"
    before = path.read_bytes() if path.is_file() else None
    house = folder / HOUSE / "codes" / f"{table}.csv"
    copied = before is None and partner != HOUSE and house.is_file()
    start = house.read_bytes() if copied else before
    after, words = _with_row(partner, table, start or b"", row)
    if after == before:
        return CodeAnswer(path, False, f"{row.theirs} means {row.ours} already; nothing was changed")
    _, problems = read_crosswalk(table, f"{partner}/codes/{table}.csv", after)
    if problems:
        raise CannotAnswer(
            "; ".join(f"line {problem.line}: {problem.message}" for problem in problems), subject=str(path)
        )
    replace(path, after, before)
    if copied:
        words += f"; the file begins as a copy of {HOUSE}/codes/{table}.csv, whose place it takes for {partner}"
    return CodeAnswer(path, True, words)


def _check(folder: Path, book: PartnerBook, partner: str, table: str, row: CrosswalkRow, any_word: bool) -> None:
    if partner != HOUSE and (partner.startswith(("_", ".")) or not (folder / partner).is_dir()):
        raise UnknownPartner(f"There is no such folder; there are: {', '.join(sorted(book.partners))}", subject=partner)
    if not _TABLE.fullmatch(table):
        raise CannotAnswer("a table is named like its file: reason, condition, disposition, sku …", subject=table)
    if not row.theirs.strip() or not row.ours.strip():
        raise CannotAnswer("their code and ours must not be empty", subject=table)
    try:
        for day in (row.valid_from, row.valid_to):
            date.fromisoformat(day or "2000-01-01")
    except ValueError:
        raise CannotAnswer("not a date; write it as 2025-03-14", subject=row.valid_from) from None
    words = known_words(table, list(Policy.model_validate(book.merged_policy(partner)).dispositions))
    builtin = BUILTIN[table].values() if table == "condition" else ()
    if words and row.ours not in words and row.ours not in builtin and not any_word:
        near = difflib.get_close_matches(row.ours, words, n=1)
        guess = f"did you mean {near[0]}? " if near else ""
        raise CannotAnswer(f"{row.ours!r} is no {table} of ours; {guess}there are {', '.join(words)}", subject=table)


def _with_row(partner: str, table: str, before: bytes, row: CrosswalkRow) -> tuple[bytes, str]:
    """The file's bytes with the row in it, and what was done; the same bytes if it says so already."""
    text = before.decode("utf-8-sig")
    crosswalk, problems = read_crosswalk(table, f"{partner}/codes/{table}.csv", before or ",".join(COLUMNS).encode())
    if problems:
        raise CannotAnswer(f"its codes file has a problem: {problems[0]}", subject=partner)
    header, delimiter, line_end = _form(text)
    done = f"{row.theirs} means {row.ours}" + (f" from {row.valid_from} on" if row.valid_from else "")
    if _says_so(crosswalk.rows, row):
        return before, done
    standing = [other for other in crosswalk.rows if other.theirs == row.theirs and _overlap(other, row)]
    if any(other.ours != row.ours for other in standing):
        return _closing_earlier(table, before, row, standing), done
    added = _line(header, delimiter, row)
    if text and not text.endswith(("\n", "\r")):
        text += line_end
    if any(getattr(row, column) for column in COLUMNS if column not in header):
        rows = [*crosswalk.rows, row]
        return _whole(before, rows, delimiter, line_end), done
    body = (text or delimiter.join(COLUMNS) + line_end) + added + line_end
    return (b"\xef\xbb\xbf" if before.startswith(b"\xef\xbb\xbf") else b"") + body.encode(), done


def _closing_earlier(table: str, before: bytes, row: CrosswalkRow, standing: list[CrosswalkRow]) -> bytes:
    """The file where the code's earlier meaning ends the day before the new one begins."""
    earlier = standing[0]
    if not row.valid_from or any(other.valid_from >= row.valid_from for other in standing):
        raise CannotAnswer(
            f"{row.theirs} means {earlier.ours} already; say from which day on it means {row.ours} (--from 2025-03-14)",
            subject=table,
        )
    last = (date.fromisoformat(row.valid_from) - timedelta(days=1)).isoformat()
    text = before.decode("utf-8-sig")
    crosswalk, _ = read_crosswalk(table, table, before)
    rows = [other.model_copy(update={"valid_to": last}) if other in standing else other for other in crosswalk.rows]
    _, delimiter, line_end = _form(text)
    return _whole(before, [*rows, row], delimiter, line_end)


def _says_so(rows: tuple[CrosswalkRow, ...], row: CrosswalkRow) -> bool:
    """Is the meaning there, for all the days that the answer names?"""
    return any(
        (other.theirs, other.ours) == (row.theirs, row.ours)
        and (not other.valid_from or other.valid_from <= (row.valid_from or "0000"))
        and (not other.valid_to or (bool(row.valid_to) and other.valid_to >= row.valid_to))
        for other in rows
    )


def _overlap(one: CrosswalkRow, other: CrosswalkRow) -> bool:
    return (one.valid_from or "0000") <= (other.valid_to or "9999") and (other.valid_from or "0000") <= (
        one.valid_to or "9999"
    )


def _form(text: str) -> tuple[list[str], str, str]:
    """Header, separator and line end that the file has (or a new one gets)."""
    head = text.split("\n", 1)[0]
    delimiter = ";" if ";" in head and "," not in head else ","
    header = [cell.strip().lower() for cell in head.split(delimiter)] if text.strip() else list(COLUMNS)
    return header, delimiter, "\r\n" if head.endswith("\r") else "\n"


def _line(header: list[str], delimiter: str, row: CrosswalkRow) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="").writerow([getattr(row, column) for column in header])
    return text.getvalue()


def _whole(before: bytes, rows: list[CrosswalkRow], delimiter: str, line_end: str) -> bytes:
    lines = [delimiter.join(COLUMNS), *(_line(list(COLUMNS), delimiter, row) for row in rows)]
    mark = b"\xef\xbb\xbf" if before.startswith(b"\xef\xbb\xbf") else b""
    return mark + "".join(line + line_end for line in lines).encode()
