"""Which codes file gives a field of a document its meaning: the field's own, or the one that a folder names for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from translators.canonical import Code, InboundDocument, Inspection, Receipt, ReturnRequest
from translators.profile import Profile


@dataclass(frozen=True, slots=True)
class HeldCode:
    """One code of a document that decides over its line: `line` counts from 0, `field` is a layout's name of it."""

    line: int
    field: str
    code: Code

    @property
    def word(self) -> str:
        """What the code is about: reason, condition or disposition."""
        return self.field.rpartition(".")[2]


def deciding_codes(document: InboundDocument) -> Iterator[HeldCode]:
    """The codes of a document without whose meaning a line is held (gateway.returns: eligibility, goods)."""
    if isinstance(document, ReturnRequest):
        for number, asked in enumerate(document.lines):
            yield HeldCode(number, "lines.reason", asked.reason)
    elif isinstance(document, Receipt):
        for number, received in enumerate(document.lines):
            for exception in received.exceptions:
                yield HeldCode(number, "lines.exceptions.condition", exception.condition)
    elif isinstance(document, Inspection):
        for number, inspected in enumerate(document.lines):
            yield HeldCode(number, "lines.disposition", inspected.disposition)


def table_of(profile: Profile, source: str, field: str) -> str:
    """The name of the codes file for a field of documents read by `source`: an X12 set ("180"), or a layout's name."""
    word = field.rpartition(".")[2]
    raw = profile.layouts.get(source)
    if raw is not None:
        from translators.flat.layout import parse_layout

        columns = [c for record in parse_layout(source, raw).records.values() for c in record.columns.values()]
        return next((c.crosswalk for c in columns if field in c.field and c.crosswalk), word)
    for scope in profile.bindings.get(source, {}).values():
        changed = scope.get(word) if isinstance(scope, dict) else None
        if isinstance(changed, dict) and changed.get("crosswalk"):
            return str(changed["crosswalk"])
    return word
