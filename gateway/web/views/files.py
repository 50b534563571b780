"""The lists of received and of sent files, the newest first."""

from __future__ import annotations

from typing import Annotated, Literal, TypedDict

from fastapi import Query

from gateway.store import Snapshot
from gateway.store.read import received, sent
from gateway.store.read.table_rows import DispatchRow, IntakeRow
from gateway.web.page import Page
from gateway.web.sources import PageSources
from gateway.web.views.list_filters import FileFilter


class FilesData(TypedDict):
    """`asked`: the filters that are set, by name. `choices`: what each may be set to. `next`: the last number shown,
    if more may follow. `total` is counted to a limit (gateway.store.read).
    """

    as_of: str
    asked: dict[str, object]
    narrowed: bool
    direction: Literal["received", "sent"]
    choices: dict[str, list[str]]
    total: int
    files: list[IntakeRow] | list[DispatchRow]
    next: int | None


def read_files(sources: PageSources, filters: Annotated[FileFilter, Query()]) -> FilesData:
    """One page of received or sent files."""
    with sources.store.read() as snapshot:
        rows, total, choices = _listed(snapshot, filters)
        may_follow = len(rows) == filters.size
        return {
            "as_of": sources.as_of(),
            "asked": filters.asked(),
            "narrowed": filters.narrowed(),
            "direction": filters.direction,
            "choices": choices,
            "total": total,
            "files": rows,
            "next": rows[-1]["id"] if may_follow else None,
        }


def _listed(
    snapshot: Snapshot, filters: FileFilter
) -> tuple[list[IntakeRow] | list[DispatchRow], int, dict[str, list[str]]]:
    """The rows of the page, how many files there are in all, and what the filters may be set to."""
    if filters.direction == "sent":
        return *sent.sent(snapshot, filters.page()), sent.choices(snapshot)
    return *received.received(snapshot, filters.page()), received.choices(snapshot)


PAGE = Page("/files", "Files", "files.html", read_files)
