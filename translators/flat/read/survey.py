"""The first look at a file's rows: which of them make one document, before any document is built.

Documents are then built one after the other, each as soon as its last row is read. What is remembered of the rows is a
number for each stretch of rows of one document, and a place for the few documents whose rows stand apart.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from translators.flat.read.rows import RecordReader
from translators.flat.read.shapes import fetch

Key = tuple[str, ...]
_ALONE = 0  # a row that stands for itself: no later row joins it by a key


class DocumentStretches:
    """Rows in file order → stretches of rows of one document, numbered from 0; and where each document ends."""

    def __init__(self, *, whole: bool) -> None:
        """`whole`: rows without a key are all of one document, the file's."""
        self._keyless = _mark(()) if whole else _ALONE
        self._marks = array("q")
        self._open = False
        self._last: dict[int, int] = {}
        self.documents = 0

    def row(self, key: Key, is_line: bool) -> None:
        """One row of a record with its key; a line without one belongs to the document before it."""
        if any(key):
            self._begin(hash(key) or 1)
        elif not is_line:
            self._begin(self._keyless)
        elif not self._open:
            self._begin(_ALONE)

    def bad_row(self) -> None:
        """A row that could not be read as any record: it stands alone."""
        self._begin(_ALONE)

    def _begin(self, mark: int) -> None:
        marks = self._marks
        if mark == _ALONE or not self._open or marks[-1] != mark:
            marks.append(mark)
        self._open = True

    def close(self) -> None:
        """All rows are in: `documents` is how many they make, and `goes_on` can be asked."""
        alone = self._marks.count(_ALONE)
        before = _ALONE
        repeated: set[int] = set()
        distinct = 0
        for mark in sorted(self._marks):
            if mark == before:
                repeated.add(mark)
            elif mark != _ALONE:
                distinct += 1
            before = mark
        repeated.discard(_ALONE)
        self.documents = alone + distinct
        if repeated:
            self._last = {mark: at for at, mark in enumerate(self._marks) if mark in repeated}
        self._marks = array("q")

    def goes_on(self, key: Key, stretch: int) -> bool:
        """Do more rows of this document stand after its stretch of this number?"""
        return bool(self._last) and self._last.get(_mark(key), -1) > stretch


def _mark(key: Key) -> int:
    return hash(key) or 1


class RecordSurvey:
    """What the first look needs of a record's rows: the cells that tell documents apart, skip rows or are summed up."""

    def __init__(self, reader: RecordReader, total_of: str) -> None:
        self.role = reader.record.role
        self.is_line = self.role == "line"
        self.counts = self.role != "ignore"
        names = [name for name, _ in reader.columns]
        # Records that say something about the file are read in full at the first look.
        self.in_full = reader if self.role in {"file", "trailer"} else None
        wanted = {*reader.key_at, *(at for at, _ in reader.skips)}
        total = names.index(total_of) if total_of in names else -1
        needed = sorted(wanted | ({total} - {-1}))
        self.columns = names if self.in_full else [names[at] for at in needed]
        place = {at: index for index, at in enumerate(needed)}
        self._key = fetch([place[at] for at in reader.key_at])
        self.skips = [(place[at], words) for at, words in reader.skips]
        self.total_at = place.get(total, -1)
        self.convert = reader.cells[total].convert if total >= 0 else None

    def key(self, texts: Sequence[str]) -> Key:
        """What tells the row's document apart."""
        return tuple([text.strip() for text in self._key(texts)])

    def is_skipped(self, texts: Sequence[str]) -> bool:
        """Does the layout pass over this row?"""
        return any(texts[at].strip() in words for at, words in self.skips)
