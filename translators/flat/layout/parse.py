"""A layout's TOML table → a checked `Layout`, or every problem found in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from translators.flat.layout.checks import layout_problems
from translators.flat.layout.model import Layout, LayoutError
from translators.flat.layout.shipped import shipped_layouts


def parse_layout(name: str, raw: Mapping[str, Any]) -> Layout:
    """A layout's TOML table → Layout. Raises `LayoutError` with every problem found, each with its place."""
    table = _with_shipped(name, raw)
    columns = table.pop("columns", None)
    if columns is not None:
        records = table.get("records", {})
        if not isinstance(records, Mapping) or "row" in records:
            raise LayoutError("records.row", "top-level [columns] already are the record `row`: keep one of the two")
        table["records"] = {"row": {"columns": columns}, **records}
    try:
        layout = Layout(**{**table, "name": name})
    except ValidationError as error:
        problems = tuple((_place(problem["loc"]), _problem_text(problem)) for problem in error.errors())
        raise LayoutError(*problems[0], problems) from error
    problems = tuple(layout_problems(layout))
    if problems:
        raise LayoutError(*problems[0], problems)
    return layout


def _with_shipped(name: str, raw: Mapping[str, Any]) -> dict[str, Any]:
    """The shipped layout that `use` names, with the partner's keys on top (tables are merged, values replaced)."""
    used = raw.get("use")
    if used is None:
        return dict(raw)
    shipped = shipped_layouts()
    if used not in shipped:
        raise LayoutError("use", f"no shipped layout {used!r}; there are {', '.join(sorted(shipped))}")
    merged = dict(shipped[used])
    for key, value in raw.items():
        if key == "use":
            continue
        base = merged.get(key)
        merged[key] = {**base, **value} if isinstance(base, Mapping) and isinstance(value, Mapping) else value
    return merged


def _place(location: tuple[int | str, ...]) -> str:
    """pydantic's location as the path a person sees in the TOML file: `records.row.columns` is `columns`."""
    parts = [str(step) for step in location]
    if parts[:3] == ["records", "row", "columns"]:
        parts = parts[2:]
    return ".".join(parts) or "layout"


def _problem_text(error: Any) -> str:
    if error["type"] == "extra_forbidden":
        return "no such key"
    if error["type"] == "missing":
        return "this key must be there"
    if error["type"] in {"string_too_long", "string_too_short"}:
        return f"{error['input']!r} has {len(error['input'])} characters; one character is expected"
    if error["type"] == "literal_error":
        return f"{error['input']!r} is not one of {error['ctx']['expected']}"
    return f"{error['msg']} (found {error['input']!r})"
