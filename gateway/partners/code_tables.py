"""Which codes file gives a field of a document its meaning: the field's own, or the one that a folder names for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from translators.canonical import Code, Inbound, InboundDocument, Inspection, Receipt, ReturnRequest
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
        for number, line in enumerate(document.lines):
            yield HeldCode(number, "lines.reason", line.reason)
    elif isinstance(document, Receipt):
        for number, received in enumerate(document.lines):
            for exception in received.exceptions:
                yield HeldCode(number, "lines.exceptions.condition", exception.condition)
    elif isinstance(document, Inspection):
        for number, inspected in enumerate(document.lines):
            yield HeldCode(number, "lines.disposition", inspected.disposition)


# Fields whose codes file has another name.
_CODES_FILES = {"warehouse": "site"}


# Columns that hold a name instead of a code: a codes file may translate it, but the name may be ours already.
NAMES = frozenset({"unit", "sku", "warehouse", "customer"})


def with_names_of(before: Inbound, fresh: Inbound, word: str, theirs: str) -> Inbound | None:
    """A document with one name of the partner's replaced by ours, as a second reading of the file has it.

    `before`: the document as it was read first; `fresh`: the same file read again. `word`: unit, sku, warehouse or
    customer; `theirs`: the partner's name of it. None if the two readings are not the same document line by line.
    """
    if word in {"warehouse", "customer"}:
        if getattr(before, word, None) != theirs:
            return before
        return before.model_copy(update={word: getattr(fresh, word)})
    old, new = getattr(before, "lines", ()), getattr(fresh, "lines", ())
    if [_exception_count(line) for line in old] != [_exception_count(line) for line in new]:
        return None
    lines = tuple(_with_name(a, b, word, theirs) for a, b in zip(old, new, strict=True))
    return before.model_copy(update={"lines": lines})


def _exception_count(line: Any) -> int:
    """How many exceptions a line has: another number of them is another line."""
    return len(getattr(line, "exceptions", ()))


def _with_name(old: Any, new: Any, word: str, theirs: str) -> Any:
    if word == "sku":
        return old.model_copy(update={"item": new.item}) if theirs in old.item.ids() else old
    changed: dict[str, Any] = {"unit": new.unit} if old.unit == theirs else {}
    exceptions = getattr(old, "exceptions", ())
    if any(exception.unit == theirs for exception in exceptions):
        pairs = zip(exceptions, new.exceptions, strict=True)
        changed["exceptions"] = tuple(a.model_copy(update={"unit": b.unit}) for a, b in pairs)
    return old.model_copy(update=changed) if changed else old


def table_of(profile: Profile, source: str, field: str) -> str:
    """The name of the codes file for a field of documents read by `source`: an X12 set ("180"), or a layout's name."""
    word = field.rpartition(".")[2]
    word = _CODES_FILES.get(word, word)
    raw = profile.layouts.get(source)
    if raw is not None:
        from translators.flat.layout.parse import parse_layout

        columns = [c for record in parse_layout(source, raw).records.values() for c in record.columns.values()]
        return next((c.crosswalk for c in columns if field in c.field and c.crosswalk), word)
    for scope in profile.bindings.get(source, {}).values():
        changed = scope.get(field.rpartition(".")[2]) if isinstance(scope, dict) else None
        if isinstance(changed, dict) and changed.get("crosswalk"):
            return str(changed["crosswalk"])
    return word
