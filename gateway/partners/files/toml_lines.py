"""Find the line of a key in TOML text, so that a report can point at it.

tomllib keeps no positions. This reads only the outline (table headers, keys at the start of a line) and relies on
tomllib having accepted the text; what stands inside an inline table or a long array is found at its key's line.
"""

from __future__ import annotations

import re
import tomllib

Place = tuple[str | int, ...]

_HEADER = re.compile(r"^\s*(\[\[?)\s*(.+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(
    r"""^\s*((?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+))*)\s*=(.*)$"""
)
_PART = re.compile(r""""([^"]*)"|'([^']*)'|([A-Za-z0-9_-]+)""")
_ERROR_LINE = re.compile(r"\(at line (\d+), column \d+\)")


def outline(text: str) -> dict[Place, int]:
    """Every table, array element and key of a TOML text → its line, counted from 1."""
    places: dict[Place, int] = {}
    table: Place = ()
    counts: dict[Place, int] = {}
    pending = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if pending:
            pending = _still_open(pending + "\n" + line)
            continue
        if header := _HEADER.match(line):
            table = _table(_parts(header[2]), header[1] == "[[", counts)
            places.setdefault(table, number)
        elif key := _KEY.match(line):
            path = table + _parts(key[1])
            places.setdefault(path, number)
            pending = _still_open(key[2])
    return places


def line_of(places: dict[Place, int], path: Place) -> int:
    """The line of `path`, or of the closest thing around it; 1 if the text names nothing of it."""
    for length in range(len(path), 0, -1):
        if line := places.get(path[:length]):
            return line
    return 1


def error_line(error: tomllib.TOMLDecodeError) -> int:
    """The line that tomllib names in its message; 0 if it names none (the end of the file)."""
    found = _ERROR_LINE.search(str(error))
    return int(found[1]) if found else 0


def _parts(dotted: str) -> Place:
    return tuple(a or b or c for a, b, c in _PART.findall(dotted))


def _table(parts: Place, is_array: bool, counts: dict[Place, int]) -> Place:
    """The full place of a table header: arrays of tables on the way contribute their latest index."""
    place: Place = ()
    for part in parts[:-1]:
        place = (*place, part)
        if place in counts:
            place = (*place, counts[place])
    place = (*place, parts[-1])
    if not is_array:
        return place
    counts[place] = counts.get(place, -1) + 1
    return (*place, counts[place])


def _still_open(value: str) -> str:
    """The value text if a multi-line string or array has not ended yet, else ""."""
    for quotes in ('"""', "'''"):
        if value.lstrip().startswith(quotes):
            return value if value.count(quotes) % 2 else ""
    if not value.lstrip().startswith("["):
        return ""
    try:
        tomllib.loads("x = " + value)
    except tomllib.TOMLDecodeError:
        return value
    return ""
