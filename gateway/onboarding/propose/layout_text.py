"""A guessed layout as TOML text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gateway.onboarding.propose.layout_guess import LayoutGuess
from gateway.onboarding.propose.toml_text import toml_key, toml_value

GUESSED = "  # guessed: "


def layout_toml(layout: LayoutGuess) -> str:
    """A guessed layout as TOML, each column with why it is taken for what it is and a value of the samples."""
    settings = layout.settings()
    columns, constants = settings.pop("columns"), settings.pop("constants", {})
    lines = [f"# Proposed from {', '.join(layout.table.files)}. Correct what is wrong and remove the marks.", ""]
    for key, value in settings.items():
        mark = {"document": "by its columns", "files": "the rest of the names changes", "charset": "from its bytes"}
        lines.append(f"{key} = {toml_value(value)}" + (GUESSED + mark[key] if key in mark else ""))
    lines += ["", "[columns]"]
    for guess in layout.columns:
        settings = dict(columns[guess.column.name] or {})
        fields = list(settings.pop("field", ()))
        field: Any = fields[0] if len(fields) == 1 else fields or ""
        value = toml_value({"field": field, **settings}) if settings else toml_value(field)
        why = guess.why or "not needed"
        lines.append(f"{toml_key(guess.column.name)} = {value}{GUESSED}{why}{_example(guess.column.values)}")
    if constants:
        lines += ["", "[constants]"]
        lines += [f"{toml_key(key)} = {toml_value(value)}{GUESSED}their files ask" for key, value in constants.items()]
    return "\n".join(lines) + "\n"


def _example(values: Iterable[str]) -> str:
    """One value of the samples, for a comment: printable and short."""
    value = next((filled for filled in values if filled), "")
    shown = "".join(char if char.isprintable() else "?" for char in value)
    return f"; {shown[:40]}{'…' if len(shown) > 40 else ''}" if shown else ""
