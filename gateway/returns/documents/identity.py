"""What makes two documents the same one: the sender's number of it, and a fingerprint of what it says."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from gateway.returns.model import Arrival
from translators.canonical import Code, InboundDocument

# Not what was said, but when and as what it was sent, and where each field stood.
_NOT_SAID = frozenset({"provenance", "purpose", "purpose_code", "issued_on"})


def business_key(document: InboundDocument, received: Arrival) -> str:
    """What makes two documents the same one: kind, sender and the sender's number (its content, if it gave none)."""
    kind = getattr(document, "kind", "document")
    number = document.number or f"content-{fingerprint(document)[:16]}"
    return f"{kind}:{received.partner}:{number}"


def fingerprint(document: InboundDocument) -> str:
    """A hash of what the sender said: purpose, dates of sending, provenance and our own readings of codes left out.

    What is empty is left out too, so that a field which a later release adds does not make an old document differ.
    """
    parts: list[str] = []
    _gather(document, parts)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def _gather(model: BaseModel, parts: list[str]) -> None:
    """Names and values of all that a model says, in the order of its fields. A code says its raw form."""
    for name, value in model.__dict__.items():
        if not value or name in _NOT_SAID:
            continue
        kind = type(value)
        if kind is str:
            parts += (name, value)
        elif kind is Code:
            if text := value.raw or value.text:
                parts += (name, text)
        elif kind is Decimal:
            parts += (name, f"{value.normalize():f}")
        elif kind is tuple:
            parts.append(name)
            _gather_entries(value, parts)
        elif _IS_MODEL[kind]:
            parts.append(name)
            _gather(value, parts)
        else:
            parts += (name, str(value))


def _gather_entries(entries: tuple[Any, ...], parts: list[str]) -> None:
    """What the entries of a list say; a mark stands before each that has fields."""
    for entry in entries:
        if _IS_MODEL[type(entry)]:
            parts.append("-")
            _gather(entry, parts)
        else:
            parts.append(str(entry))


class _Models(dict[type, bool]):
    """Which classes are models: pydantic answers the same question about an object ten times slower."""

    def __missing__(self, kind: type) -> bool:
        answer = self[kind] = issubclass(kind, BaseModel)
        return answer


_IS_MODEL = _Models()
