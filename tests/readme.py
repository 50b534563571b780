"""Read tables and blocks out of the READMEs, for the tests that compare them with the code."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def section(file: str, heading: str) -> str:
    """The text under a heading ("## Run it"), up to the next heading of any level."""
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines(keepends=True)
    start = lines.index(f"{heading}\n") + 1
    fenced = False
    for end, line in enumerate(lines[start:], start):
        fenced ^= line.startswith("```")
        if line.startswith("#") and not fenced:
            return "".join(lines[start:end])
    return "".join(lines[start:])


def table_rows(text: str, first_heading: str = "") -> list[list[str]]:
    """Cells of the first table of a text, or of the first one whose first column has this heading."""
    for table in re.findall(r"(?:^\|.*\n)+", text, re.M):
        rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table.splitlines()]
        if not first_heading or rows[0][0] == first_heading:
            return rows[2:]
    raise AssertionError(f"no table {first_heading!r} in:\n{text[:200]}")


def code_words(cell: str) -> list[str]:
    """The words in backticks of a cell."""
    return re.findall(r"`([^`]+)`", cell)


def blocks(text: str, language: str) -> list[str]:
    """The fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)
