"""Check overlays, bindings, layouts and import profiles of a folder with the translators that will use them.

The translators are imported only when a folder has such a file: most have none, and a start stays quick.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from gateway.partners.lint import read_toml
from gateway.partners.problems import Problem
from gateway.partners.toml_lines import Place, outline

Tables = dict[str, dict[str, Any]]

_ENTRY = re.compile(r"\[(\d+)\]")  # the n-th table of an array, counted from 1


def read_tables(files: dict[str, bytes]) -> tuple[Tables, list[Problem]]:
    """TOML files (path in the partners folder → bytes) → their tables by bare name; those not readable are Problems."""
    tables: Tables = {}
    problems: list[Problem] = []
    for file, raw in sorted(files.items()):
        table, wrong = read_toml(file, raw)
        problems += wrong
        if not wrong:
            tables[_bare(file)] = table
    return tables, problems


def _bare(file: str) -> str:
    return file.rsplit("/", 1)[-1].removesuffix(".toml")


def check_overlays(files: dict[str, bytes], overlays: Tables, release: str) -> list[Problem]:
    """An overlay must fit the base guide it edits, in the partner's release."""
    from translators.x12.guide import OverlayError, load_plan, nearest_release

    problems: list[Problem] = []
    for file, raw in sorted(files.items()):
        set_id = _bare(file)
        if set_id not in overlays:
            continue
        guide = nearest_release(set_id, release)
        if guide is None:
            remedy = "name the file after a set that the gateway has a guide for, such as 180.toml"
            problems.append(Problem(file, "", 0, f"there is no guide for set {set_id}", remedy))
            continue
        try:
            load_plan(set_id, guide.name, overlays[set_id])
        except OverlayError as error:
            problems += _said(file, raw, error)
    return problems


def check_bindings(files: dict[str, bytes], bindings: Tables) -> list[Problem]:
    """An override must name a canonical field of the set's bindings and read as an element path."""
    from translators.bindings import BindingError, compile_bindings
    from translators.x12.scopes import base_bindings

    problems: list[Problem] = []
    for file, raw in sorted(files.items()):
        set_id = _bare(file)
        if set_id not in bindings:
            continue
        try:
            compile_bindings(base_bindings(set_id), bindings[set_id])
        except FileNotFoundError:
            remedy = "name the file after a set that has bindings, such as 180.toml"
            problems.append(Problem(file, "", 0, f"set {set_id} has no bindings to override", remedy))
        except BindingError as error:
            problems += _said(file, raw, error)
    return problems


def check_layouts(files: dict[str, bytes], layouts: Tables) -> list[Problem]:
    """A layout must be one that the flat readers and writers, or the ERP writers, understand."""
    problems: list[Problem] = []
    for file, raw in sorted(files.items()):
        name = _bare(file)
        if name in layouts:
            problems += _layout_problems(file, raw, name, layouts[name])
    return problems


def _layout_problems(file: str, raw: bytes, name: str, table: dict[str, Any]) -> list[Problem]:
    if is_erp_profile(table):
        from translators.erp.profile import ErpProfileError, parse_erp_profile

        try:
            parse_erp_profile(name, table)
        except ErpProfileError as error:
            return _said(file, raw, error)
        return []
    from translators.flat.layout import LayoutError, parse_layout

    try:
        parse_layout(name, table)
    except LayoutError as error:
        return _said(file, raw, error)
    return []


def is_erp_profile(table: dict[str, Any]) -> bool:
    """Is a table in layouts/ an import profile? By its direction, what it starts from, or the shape of its files."""
    if "direction" in table:
        return bool(table["direction"] == "erp")
    if "use" in table and table["use"] not in shipped_layouts():
        return table["use"] in shipped_erp_names()
    named = table.get("files")
    return isinstance(named, list) and bool(named) and isinstance(named[0], dict)


@cache
def shipped_layouts() -> Tables:
    """The layouts that come with the translators: reference data, ERP results …"""
    from translators.flat.shipped import shipped_layouts as shipped

    return dict(shipped())


@cache
def shipped_erp_names() -> frozenset[str]:
    from translators.erp.profile import shipped_erp_profiles

    return frozenset(shipped_erp_profiles())


def _said(file: str, raw: bytes, error: Exception) -> list[Problem]:
    """A translator's complaint as Problems: its places (dotted) give the keys and lines."""
    remedy = "correct it; partners/README.md says what this file may hold"
    words = str(getattr(error, "message", "") or getattr(error, "problem", "") or error)
    said = getattr(error, "problems", None) or [(str(getattr(error, "place", "")), words)]
    places = outline(raw.decode("utf-8-sig"))
    return [Problem(file, key, _line(places, key), message, remedy) for key, message in said]


def _line(places: dict[Place, int], key: str) -> int:
    """The line of a dotted key ("columns.Order No.", "require[2]"); a part of it may itself have dots in it."""
    wanted = _ENTRY.sub(lambda m: f".{int(m[1]) - 1}", key).split(".")
    best, line = 0, 0
    for place, number in places.items():
        parts = ".".join(str(p) for p in place).split(".")
        if len(parts) > best and wanted[: len(parts)] == parts:
            best, line = len(parts), number
    return line
