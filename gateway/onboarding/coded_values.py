"""The coded values of a document."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from translators.canonical import Code


def codes_in(value: object, name: str = "") -> Iterator[tuple[str, Code]]:
    """Every coded value of a document that says something, with its field's name."""
    if isinstance(value, Code):
        if value.raw:
            yield name, value
    elif isinstance(value, BaseModel):
        for field_name in type(value).model_fields:
            if field_name != "provenance":
                yield from codes_in(getattr(value, field_name), field_name)
    elif isinstance(value, tuple):
        for part in value:
            yield from codes_in(part, name)
