"""Check overlays, bindings, layouts and import profiles of a folder with the translators that will use them.

The translators are imported only when a folder has such a file: most have none, and a start stays quick.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from gateway.partners.lint import read_toml
from gateway.partners.problems import Problem
from gateway.partners.toml_lines import line_of, outline

Tables = dict[str, dict[str, Any]]


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
    from translators.x12.guide import OverlayError, load_plan

    problems: list[Problem] = []
    for file, raw in sorted(files.items()):
        set_id = _bare(file)
        if set_id not in overlays:
            continue
        try:
            load_plan(set_id, release, overlays[set_id])
        except OverlayError as error:
            problems.append(_said(file, raw, error))
        except KeyError:
            remedy = "name the file after a set that the gateway has a guide for, such as 180.toml"
            problems.append(Problem(file, "", 0, f"there is no guide for set {set_id} in release {release}", remedy))
    return problems


def check_bindings(files: dict[str, bytes], bindings: Tables) -> list[Problem]:
    """An override must name a canonical field of the set's bindings and read as an element path."""
    from translators.bindings import BindingError, compile_bindings

    problems: list[Problem] = []
    for file, raw in sorted(files.items()):
        set_id = _bare(file)
        if set_id not in bindings:
            continue
        try:
            compile_bindings(set_id, bindings[set_id])
        except BindingError as error:
            problems.append(_said(file, raw, error))
    return problems


def check_layouts(files: dict[str, bytes], layouts: Tables) -> list[Problem]:
    """A layout must be one that the flat readers and writers, or the ERP writers, understand."""
    problems: list[Problem] = []
    for file, raw in sorted(files.items()):
        name = _bare(file)
        if name not in layouts:
            continue
        problem = _layout_problem(file, raw, name, layouts[name])
        if problem is not None:
            problems.append(problem)
    return problems


def _layout_problem(file: str, raw: bytes, name: str, table: dict[str, Any]) -> Problem | None:
    if is_erp_profile(table):
        from translators.erp.profile import ErpProfileError, parse_erp_profile

        try:
            parse_erp_profile(name, table)
        except ErpProfileError as error:
            return _said(file, raw, error)
        return None
    from translators.flat.layout import LayoutError, parse_layout

    try:
        parse_layout(name, table)
    except LayoutError as error:
        return _said(file, raw, error)
    return None


def is_erp_profile(table: dict[str, Any]) -> bool:
    """Import profiles say which kinds of posting they carry; layouts of documents say which document they are."""
    return "document" not in table


@cache
def shipped_layouts() -> Tables:
    """The layouts that come with the translators: reference data, ERP results …"""
    from translators.flat.layout import shipped_layouts as shipped

    return dict(shipped())


@cache
def shipped_erp_names() -> frozenset[str]:
    from translators.erp.profile import shipped_erp_profiles

    return frozenset(shipped_erp_profiles())


def _said(file: str, raw: bytes, error: Exception) -> Problem:
    """A translator's complaint as a Problem: its `key` (dotted) gives the line, its `remedy` stands if it has one."""
    key = str(getattr(error, "key", "") or "")
    remedy = str(getattr(error, "remedy", "") or "correct the file; partners/README.md shows its keys")
    path = tuple(int(p) if p.isdigit() else p for p in key.replace("[", ".").replace("]", "").split(".") if p)
    line = line_of(outline(raw.decode("utf-8-sig")), path) if path else 0
    return Problem(file, key, line, str(error), remedy)
