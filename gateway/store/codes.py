"""The worklist of codes that nobody has given a meaning to: what Holds of class crosswalk_missing wait for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import sqlalchemy as sa

from gateway.partners import PartnerBook
from gateway.partners.code_tables import HeldCode, deciding_codes, table_of
from gateway.returns import Policy, Return
from gateway.store import documents, returns
from gateway.store.database import Snapshot
from gateway.store.tables import hold, set_

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
    lines: set[tuple[int, int]] = field(default_factory=set)
    returns: set[str] = field(default_factory=set)

    @property
    def documents(self) -> list[int]:
        """The documents with such lines, oldest first."""
        return sorted({document_id for document_id, _ in self.lines})


@dataclass(frozen=True, slots=True)
class _Held:
    return_no: str
    line_no: str
    opened_at: str
    document_id: int | None


def waiting_codes(snapshot: Snapshot, book: PartnerBook, policies: Callable[[str], Policy]) -> list[WaitingCode]:
    """Every code that lines are held for, by partner, table and code."""
    query = sa.select(hold).where(hold.c.state == "open", hold.c["class"] == HOLD_CLASS).order_by(hold.c.id)
    held = [
        _Held(str(row.return_no), str(row.line_no), str(row.opened_at), row.document_id)
        for row in snapshot.execute(query)
    ]
    loaded = returns.load(snapshot, sorted({each.return_no for each in held}))
    found: dict[tuple[str, str, str], WaitingCode] = {}
    known: dict[int, tuple[str, str, list[HeldCode]]] = {}
    for each in held:
        if each.return_no not in loaded:
            continue
        aggregate = loaded[each.return_no].aggregate
        dispositions = policies(aggregate.partner).dispositions
        for document_id in _documents_behind(aggregate, each):
            if document_id not in known:
                known[document_id] = _codes_of(snapshot, document_id)
            partner, source, codes = known[document_id]
            for code in codes:
                if understood(code, dispositions) or partner not in book:
                    continue
                table = table_of(book[partner].profile, source, code.field)
                key = (partner, table, code.code.raw)
                entry = found.setdefault(key, WaitingCode(*key, code.word, code.code.canonical, each.opened_at))
                entry.since = min(entry.since, each.opened_at)
                entry.lines.add((document_id, code.line))
                entry.returns.add(each.return_no)
    return [found[key] for key in sorted(found)]


def understood(held: HeldCode, dispositions: Iterable[str]) -> bool:
    """Does the line need nothing more of this code? A disposition must be one that the policy has, too."""
    if not held.code.raw:
        return True
    return bool(held.code.canonical) and (held.word != "disposition" or held.code.canonical in dispositions)


def _documents_behind(aggregate: Return, held: _Held) -> set[int]:
    """Whose codes the Hold is about: those of the goods documents held on its line, else of the request."""
    claims = aggregate.claims.get(held.line_no, ())
    goods = {claim.document_id for claim in claims if claim.state == "held" and claim.why == HOLD_CLASS}
    if held.document_id is not None:
        goods.add(held.document_id)
    asked = {a.document_id for key, a in aggregate.applied.items() if key.startswith("return_request:")}
    return (goods or asked) - {0}


def _codes_of(snapshot: Snapshot, document_id: int) -> tuple[str, str, list[HeldCode]]:
    """Partner, set or layout, and deciding codes of a document."""
    row = documents.get(snapshot, document_id)
    if row is None:
        return "", "", []
    source = snapshot.execute(sa.select(set_.c.set_id).where(set_.c.id == row.set_id)).scalar()
    return str(row.partner), str(source or ""), list(deciding_codes(documents.body_of(row)))
