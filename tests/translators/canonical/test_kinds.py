"""The table of document kinds: every document of the unions has one true row."""

from __future__ import annotations

import typing
from typing import Any, Literal, get_args

import pytest
from pydantic import BaseModel

from translators.canonical import DOCUMENT_KINDS, Inbound, InboundDocument, Outbound
from translators.flat.layout.fields import KINDS, OUT_KINDS


def members(union: Any) -> list[type[BaseModel]]:
    """The classes of a discriminated union."""
    return list(get_args(get_args(union)[0]))


UNIONS: dict[Literal["in", "out"], list[type[BaseModel]]] = {"in": members(Inbound), "out": members(Outbound)}


def test_every_document_of_the_unions_has_a_row_and_no_row_is_of_anything_else() -> None:
    for direction, classes in UNIONS.items():
        expected = {str(model.model_fields["kind"].default): model for model in classes}
        listed = {name: kind.model for name, kind in DOCUMENT_KINDS.items() if kind.direction == direction}
        missing = {name: model.__name__ for name, model in expected.items() if name not in listed}
        assert not missing, f"no row in translators/canonical/kinds.py for {missing}"
        assert listed == expected, "rows without a class in the union, or of another class"


@pytest.mark.parametrize("name", DOCUMENT_KINDS)
def test_a_row_fits_its_class(name: str) -> None:
    kind = DOCUMENT_KINDS[name]
    hints = typing.get_type_hints(kind.model)
    assert kind.name == name == kind.model.model_fields["kind"].default
    assert hints["kind"] == Literal[name]
    assert kind.title.strip() and kind.title[0] != " " and not kind.title.endswith(".")
    assert (kind.direction == "in") == issubclass(kind.model, InboundDocument)
    if kind.line is not None:
        held = get_args(hints[kind.lines])
        assert held == (kind.line, ...), f"{name}.{kind.lines} does not hold {kind.line.__name__}"
    else:
        assert not any(_is_model_tuple(hint) for key, hint in hints.items() if key == kind.lines)


def _is_model_tuple(hint: Any) -> bool:
    held = get_args(hint)
    return bool(held) and isinstance(held[0], type) and issubclass(held[0], BaseModel)


def test_titles_are_different() -> None:
    titles = [kind.title for kind in DOCUMENT_KINDS.values()]
    assert len(titles) == len(set(titles))


def test_layouts_read_and_write_the_kinds_that_the_table_says() -> None:
    assert {name: kind for name, kind in DOCUMENT_KINDS.items() if kind.in_layouts} == {**KINDS, **OUT_KINDS}
