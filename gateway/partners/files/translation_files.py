"""Check overlays, bindings, layouts and import profiles of a folder with the translators that will use them.

The translators are imported only when a folder has such a file: most have none, and a start stays quick.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from gateway.partners.files.toml_lines import Place, outline
from gateway.partners.files.toml_models import read_toml
from gateway.partners.problems import Problem

if TYPE_CHECKING:
    from translators.x12.guide.nodes import ElementDef

Tables = dict[str, dict[str, Any]]
Files = dict[str, bytes]
"""Path in the partners folder → bytes."""


class Complaint(NamedTuple):
    """Something wrong with a table: the dotted key ("" for the whole), what is wrong there, and what would mend it."""

    key: str
    message: str
    remedy: str


_NAMED_AFTER_A_SET = "name the file after a set that the gateway has a guide for, such as 180.toml"
_ENTRY = re.compile(r"\[(\d+)\]")  # the n-th table of an array, counted from 1


def read_tables(files: Files) -> tuple[Tables, list[Problem]]:
    """TOML files (path in the partners folder → bytes) → their tables by bare name; those not readable are Problems."""
    tables: Tables = {}
    problems: list[Problem] = []
    for file, raw in sorted(files.items()):
        table, wrong = read_toml(file, raw)
        problems += wrong
        if not wrong:
            tables[_stem(file)] = table
    return tables, problems


def _stem(file: str) -> str:
    return file.rsplit("/", 1)[-1].removesuffix(".toml")


def check_tables(guides: Files, bindings: Files, layouts: Files, release: str) -> list[Problem]:
    """Everything the translators have to say about a folder's overlays, bindings, layouts and import profiles.

    Only files that are readable as TOML may be given. `release` is that of the partner's X12.
    """
    problems: list[Problem] = []
    for file, raw in sorted(guides.items()):
        problems += _at(file, raw, _overlay_complaints(_stem(file), raw, release))
    overlays = {_stem(file): raw for file, raw in guides.items()}
    for file, raw in sorted(bindings.items()):
        set_id = _stem(file)
        problems += _at(file, raw, _binding_complaints(set_id, raw, release, overlays.get(set_id, b"")))
    for file, raw in sorted(layouts.items()):
        problems += _at(file, raw, _layout_complaints(_stem(file), raw))
    return problems


def _at(file: str, raw: bytes, complaints: tuple[Complaint, ...]) -> list[Problem]:
    places = outline(raw.decode("utf-8-sig")) if complaints else {}
    return [Problem(file, key, _line(places, key), message, remedy) for key, message, remedy in complaints]


# Folders are often copies of one another: the same bytes are checked once.
@lru_cache(maxsize=1024)
def _overlay_complaints(set_id: str, raw: bytes, release: str) -> tuple[Complaint, ...]:
    """An overlay must fit the base guide it edits, in the partner's release."""
    from translators.x12.guide.maps import load_plan, nearest_release
    from translators.x12.guide.overlay import OverlayError

    guide = nearest_release(set_id, release)
    if guide is None:
        return (Complaint("", f"there is no guide for set {set_id}", _NAMED_AFTER_A_SET),)
    table = _table(raw)
    try:
        load_plan(set_id, guide.name, table)
    except OverlayError as error:
        first = _complaints(error)
    else:
        return ()
    # The guide stops at the first entry that does not fit. Each is tried alone, so that all mistakes are told.
    found: list[Complaint] = []
    for name, entries in table.items():
        for number, entry in enumerate(entries if isinstance(entries, list) else (), start=1):
            try:
                load_plan(set_id, guide.name, {name: [entry]})
            except OverlayError as error:
                found += [
                    complaint._replace(key=complaint.key.replace("[1]", f"[{number}]"))
                    for complaint in _complaints(error)
                ]
    return tuple(found) if set(first) <= set(found) else (*first, *found)


@lru_cache(maxsize=1024)
def _binding_complaints(set_id: str, raw: bytes, release: str, overlay: bytes) -> tuple[Complaint, ...]:
    """An override must name a field of the set's bindings, and an element that the partner's guide has."""
    from translators.bindings import BindingError, compile_bindings, unmatched_bindings
    from translators.x12.guide.maps import load_plan, nearest_release
    from translators.x12.guide.overlay import OverlayError
    from translators.x12.sets.reading.scopes import base_bindings

    guide = nearest_release(set_id, release)
    try:
        base = base_bindings(set_id)
    except FileNotFoundError:
        return (Complaint("", f"set {set_id} has no bindings to override", _NAMED_AFTER_A_SET),)
    wrong: list[Complaint] = []
    good: dict[str, Any] = {}
    for scope, field, part in _one_by_one(_table(raw)):
        try:
            compile_bindings(base, {scope: part})
        except BindingError as error:
            wrong += _complaints(error)
        else:
            good.setdefault(scope, {}).update({field: part[field]} if field else {})
    bindings = compile_bindings(base, good)
    try:
        plan = load_plan(set_id, guide.name, _table(overlay)) if guide else None
    except OverlayError:
        return tuple(dict.fromkeys(wrong))  # the overlay has complaints of its own
    known: dict[tuple[str, int], list[ElementDef]] = {}
    for node in plan.root.segments() if plan else ():
        for number, element in enumerate(node.definition.elements, start=1):
            known.setdefault((node.id, number), []).append(element)
    remedy = "name an element of the guide, or allow the segment in guides/" + set_id + ".toml"
    unmatched = unmatched_bindings(
        bindings,
        lambda segment, element: (segment, element) in known,
        lambda segment, element, code: any(
            _may_be(code, definition) for definition in known.get((segment, element), ())
        ),
    )
    qualified = f'add the code in guides/{set_id}.toml: [[codes]] with element = "…" and add = ["…"]; or correct it'
    parts = (line.split(": ", 1) for line in unmatched)
    never = [Complaint(key, message, qualified if "never be" in message else remedy) for key, message in parts]
    return tuple(dict.fromkeys([*wrong, *never]))


def _one_by_one(table: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """The parts of a table of bindings as (scope, field, a scope with that field alone); field "" for no table."""
    for scope, fields in table.items():
        if not isinstance(fields, dict) or not fields:
            yield scope, "", fields
            continue
        for field, binding in fields.items():
            yield scope, field, {field: binding}


def _may_be(code: str, element: ElementDef) -> bool:
    """Can this element ever have this code, by its length and, where it is closed, its list?"""
    first = element.components[0] if element.components else element
    return first.low <= len(code) <= first.high and (first.codes is None or code in first.codes)


@lru_cache(maxsize=1024)
def _layout_complaints(name: str, raw: bytes) -> tuple[Complaint, ...]:
    """A layout must be one that the flat readers and writers, or the ERP writers, understand."""
    table = _table(raw)
    if is_erp_profile(table):
        from translators.erp.profile.load import parse_erp_profile
        from translators.erp.profile.model import ErpProfileError

        try:
            parse_erp_profile(name, table)
        except ErpProfileError as error:
            return _complaints(error)
        return ()
    from translators.flat.layout.model import LayoutError
    from translators.flat.layout.parse import parse_layout

    try:
        parse_layout(name, table)
    except LayoutError as error:
        return _complaints(error)
    return ()


def _table(raw: bytes) -> dict[str, Any]:
    return tomllib.loads(raw.decode("utf-8-sig"))


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
    from translators.flat.layout.shipped import shipped_layouts as shipped

    return dict(shipped())


@cache
def sets_read() -> tuple[str, ...]:
    """The X12 sets that a partner may send."""
    from translators.x12.sets.table import SETS

    return (*SETS, "TA1")


def sets_written(kind: str) -> tuple[str, ...]:
    """The X12 sets that a document of this kind may be sent as ("return_answer"); none for one that is never X12."""
    from translators.x12.sets.table import sets_written as written

    return written(kind)


@cache
def shipped_erp_names() -> frozenset[str]:
    """The names of the import profiles that come with the translators."""
    from translators.erp.profile.load import shipped_erp_profiles

    return frozenset(shipped_erp_profiles())


def _complaints(error: Exception) -> tuple[Complaint, ...]:
    """What a translator's error says, place by place."""
    words = str(getattr(error, "message", "") or getattr(error, "problem", "") or error)
    complaints = getattr(error, "problems", None) or [(str(getattr(error, "place", "")), words)]
    return tuple(Complaint(key, message, _remedy(error, key, message)) for key, message in complaints)


def _remedy(error: Exception, key: str, message: str) -> str:
    """What would mend it: the entry's form for an overlay, the word that was probably meant, else where to read."""
    kind, near = type(error).__name__, _nearest_word(key, message)
    if near:
        return f"write {near} instead"
    if kind == "OverlayError":
        form = _OVERLAY_FORMS.get(key.partition("[")[0])
        return f"write it as {form}" if form else f"write one of {', '.join(f'[[{name}]]' for name in _OVERLAY_FORMS)}"
    if "must be there" in message:
        return f"add {key} = …; partners/README.md shows a whole file"
    if message.startswith("nothing feeds"):
        first = re.search(r"`([^`]+)`", message)
        return f'give one column that field: Heading = "{first[1]}"' if first else "give one column that field"
    if kind == "LayoutError":
        return "correct it; partners/README.md, Flat files, says what a layout may hold"
    return "correct it; partners/README.md says what this file may hold"


def _nearest_word(key: str, message: str) -> str:
    """The word that a message guesses, or the nearest to the last word of the key among those that it lists."""
    listed = re.search(r"no such (?:field|scope|table)[;:] (?:this (?:scope|set) has )?(.*)", message)
    near = difflib.get_close_matches(key.rpartition(".")[2], listed[1].split(", "), n=1) if listed else []
    guessed = re.search(r"did you mean ([^,?]+)", message)
    return near[0] if near else guessed[1] if guessed else ""


_OVERLAY_FORMS = {
    "require": '[[require]] with path = "/BLI/RDR" or element = "BGN07"',
    "forbid": '[[forbid]] with path = "/BLI/SAC" or element = "BGN07"',
    "codes": '[[codes]] with element = "RDR02" and only = […], add = […] or open = true',
    "maximum": '[[maximum]] with path = "/BLI" and max = 50',
    "allow": '[[allow]] with segment = "CTT" and after = "/BLI"',
}


def _line(places: dict[Place, int], key: str) -> int:
    """The line of a dotted key ("columns.Order No.", "require[2]"); a part of it may itself have dots in it."""
    wanted = _ENTRY.sub(lambda m: f".{int(m[1]) - 1}", key).split(".")
    best, line, within = 0, 0, 0
    for place, number in places.items():
        parts = ".".join(str(p) for p in place).split(".")
        if len(parts) > best and wanted[: len(parts)] == parts:
            best, line = len(parts), number
        elif not within and parts[: len(wanted)] == wanted:
            within = number  # an array of tables: the file names its entries only
    return line or within or (1 if key else 0)
