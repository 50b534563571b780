"""What the checks compare: the store as of one moment, and the disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from gateway.disk import verify_archive
from gateway.faults import ArchiveCorrupt, ArchiveMissing
from gateway.home import Home
from gateway.store import Snapshot, Store


@dataclass(frozen=True, slots=True)
class Comparison:
    """The store as of one moment, and the disk. `in_outbox`: partner and name of each file that lay in the outbox
    before that moment.
    """

    snapshot: Snapshot
    home: Home
    store: Store
    in_outbox: frozenset[tuple[str, str]]

    def now(self, question: Callable[[Snapshot, int], bool], row_id: int) -> bool:
        """The answer about a row as the store stands now, after that moment."""
        with self.store.read() as later:
            return question(later, row_id)


# A check yields None for each thing that is right and a line for each that is not.
Check = Callable[[Comparison], Iterator[str | None]]


def archive_problem(home: Home, sha256: str, size: int) -> str | None:
    """What is wrong with archived bytes of this hash and size (in bytes); None if nothing is."""
    try:
        found = verify_archive(home, sha256)
    except (ArchiveMissing, ArchiveCorrupt) as trouble:
        return str(trouble)
    return None if found == size else f"{found} bytes instead of {size}"
