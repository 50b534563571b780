"""The catalogue as text: the tables of the README, and the runbook page of one class."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from gateway.holds.catalogue import CATALOGUE
from gateway.holds.row import Answer, HoldClass

_HEADINGS = {
    "return": "About returns:",
    "file": "About files, in and out:",
    "promise": "About promises that are broken; each closes when what was promised happens:",
}


def readme_tables() -> str:
    """The tables of the README's section "Holds" as Markdown: returns, files, promises."""
    parts = []
    for name, heading in _HEADINGS.items():
        rows = [row for row in CATALOGUE.values() if ("promise" if row.about == "promise" else row.origin) == name]
        parts.append(f"{heading}\n\n{_table(rows)}")
    return "\n".join(parts)


def _table(rows: Iterable[HoldClass]) -> str:
    """Rows that agree in all but their name, as those of unreadable files do, are one row."""
    lines = ["| class | what has happened | whose move | how soon | answers |", "|---|---|---|---|---|"]
    for cells, group in groupby(rows, _cells):
        names = ", ".join(f"`{row.name}`" for row in group)
        lines.append(f"| {names} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _cells(row: HoldClass) -> tuple[str, ...]:
    soon = {"urgent": "urgent", "business_day": "today"}[row.severity]
    return row.happened, row.owner.replace("_", " "), soon, ", ".join(_code(answer) for answer in row.every_answer)


def _code(answer: Answer) -> str:
    return f"`{answer.written}`".replace(" ...", "…")


def runbook_page(row: HoldClass) -> str:
    """What a person reads who has such a Hold before them: what it means, what to look at, what each answer does."""
    lines = [f"{row.name} ({row.owner}, {row.severity.replace('_', ' ')})", row.runbook]
    lines += [f"next: {action}" for action in (row.next_action, *(case.next_action for case in row.cases.values()))]
    lines += [f"{answer.written}: {answer.does}" for answer in row.every_answer]
    return "\n".join(lines) + "\n"
