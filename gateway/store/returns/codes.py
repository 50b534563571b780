"""The worklist of what has no meaning here: codes, units, items, sites and customers that lines wait for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import sqlalchemy as sa

from gateway.partners import PartnerBook
from gateway.partners.code_tables import HeldCode, deciding_codes, table_of
from gateway.returns import Policy, Return, unknown_codes
from gateway.store.database import Snapshot
from gateway.store.files import documents
from gateway.store.returns import returns
from gateway.store.tables import hold, set_
from translators.canonical import Code

HOLD_CLASS = "crosswalk_missing"


@dataclass(slots=True)
class WaitingCode:
    """One code of a partner, in one of its code tables, that lines wait for. `since`: the oldest Hold was opened.

    `read_as` is the word that the code already has, where the policy does not know that word (a disposition).
    """

    partner: str
    table: str
    theirs: str
    word: str
    read_as: str = ""
    since: str = ""
    lines: set[tuple[int, str]] = field(default_factory=set)
    returns: set[str] = field(default_factory=set)

    @property
    def documents(self) -> list[int]:
        """The documents with such lines, oldest first."""
        return sorted({document_id for document_id, _ in self.lines})


@dataclass(frozen=True, slots=True)
class _HeldLine:
    """A line with an open Hold about codes; `document_id` if the Hold names the document."""

    return_no: str
    line_no: str
    opened_at: str
    document_id: int | None


def waiting_codes(snapshot: Snapshot, book: PartnerBook, policies: Callable[[str], Policy]) -> list[WaitingCode]:
    """Every code that lines are held for, by partner, table and code."""
    query = sa.select(hold).where(hold.c.state == "open", hold.c["class"] == HOLD_CLASS).order_by(hold.c.id)
    held = [
        _HeldLine(str(row.return_no), str(row.line_no), str(row.opened_at), row.document_id)
        for row in snapshot.execute(query)
    ]
    loaded = returns.load(snapshot, sorted({line.return_no for line in held}))
    worklist = _Worklist(snapshot, book)
    for line in held:
        if line.return_no not in loaded:
            continue
        aggregate = loaded[line.return_no].aggregate
        dispositions = policies(aggregate.partner).dispositions
        for document_id in _documents_behind(aggregate, line):
            for code in worklist.source(document_id).codes:
                if not understood(code, dispositions):
                    worklist.add(line, document_id, code, str(code.line))
        for document_id, field_, raw in unknown_codes(aggregate, line.line_no):
            worklist.add(line, document_id, HeldCode(0, field_, Code(raw=raw)), line.line_no)
    return [worklist.found[key] for key in sorted(worklist.found)]


@dataclass(frozen=True, slots=True)
class _Source:
    """Where a document came from: its sender, the set or layout that read it, and its deciding codes."""

    partner: str
    read_by: str
    codes: list[HeldCode]


class _Worklist:
    """Entries by partner, table and code, and the documents looked at so far."""

    def __init__(self, snapshot: Snapshot, book: PartnerBook) -> None:
        self.snapshot = snapshot
        self.book = book
        self.found: dict[tuple[str, str, str], WaitingCode] = {}
        self._sources: dict[int, _Source] = {}

    def source(self, document_id: int) -> _Source:
        """Where a document came from; read once."""
        if document_id not in self._sources:
            self._sources[document_id] = _source_of(self.snapshot, document_id)
        return self._sources[document_id]

    def add(self, held: _HeldLine, document_id: int, code: HeldCode, line: str) -> None:
        """One line of a document waits for a code."""
        source = self.source(document_id)
        if source.partner not in self.book:
            return
        table = table_of(self.book[source.partner].profile, source.read_by, code.field)
        key = (source.partner, table, code.code.raw)
        entry = self.found.setdefault(key, WaitingCode(*key, code.word, code.code.canonical, held.opened_at))
        entry.since = min(entry.since, held.opened_at)
        entry.lines.add((document_id, line))
        entry.returns.add(held.return_no)


def understood(held: HeldCode, dispositions: Iterable[str]) -> bool:
    """Does the line need nothing more of this code? A disposition must be one that the policy has, too."""
    if not held.code.raw:
        return True
    return bool(held.code.canonical) and (held.word != "disposition" or held.code.canonical in dispositions)


def _documents_behind(aggregate: Return, held: _HeldLine) -> set[int]:
    """Whose codes the Hold is about: those of the goods documents held on its line, else of the request."""
    claims = aggregate.claims.get(held.line_no, ())
    goods = {claim.document_id for claim in claims if claim.state == "held" and claim.why == HOLD_CLASS}
    if held.document_id is not None:
        goods.add(held.document_id)
    requests = {applied.document_id for key, applied in aggregate.applied.items() if key.startswith("return_request:")}
    return (goods or requests) - {0}


def _source_of(snapshot: Snapshot, document_id: int) -> _Source:
    document = documents.get(snapshot, document_id)
    if document is None:
        return _Source("", "", [])
    read_by = snapshot.execute(sa.select(set_.c.set_id).where(set_.c.id == document.set_id)).scalar()
    return _Source(document.partner, str(read_by or ""), list(deciding_codes(document.body)))
