"""Where the fields of a canonical document came from: the segment and element, or the row and column.

There is one Source per field, so they are small. Those of flat files are made only when somebody asks for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import ConfigDict, GetCoreSchemaHandler, SerializerFunctionWrapHandler, WrapSerializer
from pydantic_core import CoreSchema, core_schema


@dataclass(frozen=True, slots=True)
class Source:
    """Where a canonical field came from. A slotted dataclass: there is one per field, and it is a fourth of the size.

    X12: `segment` is the segment id, `position` counts segments from ST = 1, `element` and `component` from 1.
    Flat files: `segment` is the record type or "", `position` the row (header row = 1), `column` its name.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    segment: str = ""
    position: int = 0
    element: int = 0
    component: int = 0
    column: str = ""


# Segment, row, index of the line (-1: the document itself), (field, column) pairs.
SourcePart = tuple[str, int, int, tuple[tuple[str, str], ...]]


class RowSources(Mapping[str, Source]):
    """Provenance of a flat file's document, spelt out when asked for: rows fill dozens of fields, few are looked at.

    Documents whose rows fill the same cells share their pairs. A field "" stands for the line as a whole.
    """

    __slots__ = ("_lines", "_parts", "_spelt")

    def __init__(self, lines: str, parts: tuple[SourcePart, ...]) -> None:
        self._lines = lines
        self._parts = parts
        self._spelt: dict[str, Source] | None = None

    def spelt(self) -> dict[str, Source]:
        """Every field with its source."""
        if self._spelt is None:
            self._spelt = {
                name: Source(segment, position, column=column)
                for segment, position, index, pairs in self._parts
                for name, column in self._named(index, pairs)
            }
        return self._spelt

    def _named(self, index: int, pairs: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, str]]:
        if index < 0:
            return iter(pairs)
        place = f"{self._lines}.{index}"
        return ((f"{place}.{name}" if name else place, column) for name, column in pairs)

    def __getitem__(self, name: str) -> Source:
        return self.spelt()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.spelt())

    def __len__(self) -> int:
        return sum(len(pairs) for _, _, _, pairs in self._parts)

    def __repr__(self) -> str:
        return f"RowSources({self.spelt()!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return RowSources, (self._lines, self._parts)


class _KeepsRowSources:
    """Takes `RowSources` as they are; any other mapping is checked. In the validator's own terms: there is a document
    per row in many files, and a call of a function for each costs as much as a field."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        mapping = handler(source)
        either = core_schema.union_schema([core_schema.is_instance_schema(RowSources), mapping], mode="left_to_right")
        return core_schema.json_or_python_schema(json_schema=mapping, python_schema=either)


def _written(value: Any, write: SerializerFunctionWrapHandler) -> Any:
    return write(value.spelt() if type(value) is RowSources else value)


Provenance = Annotated[Mapping[str, Source], _KeepsRowSources(), WrapSerializer(_written)]
