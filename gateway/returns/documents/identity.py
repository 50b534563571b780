"""What makes two documents the same one: the sender's number of it, and a fingerprint of what it says."""

from __future__ import annotations

import hashlib
from decimal import Decimal

from pydantic import BaseModel

from gateway.returns.model import Received
from translators.canonical import Code, InboundDocument

# Not what was said, but when and as what it was sent, and where each field stood.
_NOT_SAID = frozenset({"provenance", "purpose", "purpose_code", "issued_on"})


def business_key(document: InboundDocument, received: Received) -> str:
    """What makes two documents the same one: kind, sender and the sender's number (its content, if it gave none)."""
    kind = getattr(document, "kind", "document")
    number = document.number or f"content-{fingerprint(document)[:16]}"
    return f"{kind}:{received.partner}:{number}"


def fingerprint(document: InboundDocument) -> str:
    """A hash of what the sender said: purpose, dates of sending, provenance and our own readings of codes left out.

    What is empty is left out too, so that a field which a later release adds does not make an old document differ.
    """
    said: list[str] = []
    _gather(document, said)
    return hashlib.sha256("\x1f".join(said).encode()).hexdigest()[:32]


def _gather(model: BaseModel, said: list[str]) -> None:
    """Names and values of all that is said in a model, in the order of its fields. A code says its raw form."""
    for name, value in model.__dict__.items():
        if not value or name in _NOT_SAID:
            continue
        kind = type(value)
        if kind is str:
            said += (name, value)
        elif kind is Code:
            if word := value.raw or value.text:
                said += (name, word)
        elif kind is Decimal:
            said += (name, f"{value.normalize():f}")
        elif kind is tuple:
            said.append(name)
            for each in value:
                if _IS_MODEL[type(each)]:
                    said.append("-")
                    _gather(each, said)
                else:
                    said.append(str(each))
        elif _IS_MODEL[kind]:
            said.append(name)
            _gather(value, said)
        else:
            said += (name, str(value))


class _Models(dict[type, bool]):
    """Which classes are models: pydantic answers the same question about an object ten times slower."""

    def __missing__(self, kind: type) -> bool:
        answer = self[kind] = issubclass(kind, BaseModel)
        return answer


_IS_MODEL = _Models()
