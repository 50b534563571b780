"""Parsed TOML tables of bindings → a compiled table, or the first thing that is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from translators.bindings.errors import BindingError
from translators.bindings.paths import parse_path
from translators.bindings.table import Bindings, BoundField
from translators.bindings.values import date_reader, decimal_reader, read_date, read_integer
from translators.profile import Profile

TYPES = frozenset({"text", "date", "decimal", "integer", "boolean", "code"})
SETTINGS = frozenset({"from", "constant", "type", "format", "crosswalk"})
NUMBER_FORMATS = ("R", "N0", "N1", "N2", "N3", "N4", "N5", "N6", "comma")
YES_NO = {"Y": True, "N": False}


def compile_bindings(
    base: Mapping[str, Any],
    override: Mapping[str, Any] | None = None,
    *,
    profile: Profile | None = None,
    builtin: Mapping[str, Mapping[str, str]] | None = None,
) -> Bindings:
    """Base table and a partner's override (parsed TOML) → Bindings.

    `base` may have a table `loops`: scope → the loop a path may name first (`BLI/RDR02` is `RDR02` in a scope whose
    loop is BLI). Codes are looked up in the profile's crosswalks, then in the `builtin` table of the same name.
    Raises BindingError for an unknown scope, field, setting, type or format, and for a path that is not one.
    """
    override = override or {}
    loops: Mapping[str, str] = base.get("loops", {})
    for scope_name in override:
        if scope_name not in base or scope_name == "loops":
            known = ", ".join(sorted(name for name in base if name != "loops"))
            raise BindingError(scope_name, f"no such scope; this set has {known}")
    scopes: dict[str, tuple[BoundField, ...]] = {}
    for scope_name, fields in base.items():
        if scope_name != "loops":
            changed = override.get(scope_name, {})
            scopes[scope_name] = _compile_scope(scope_name, fields, changed, loops.get(scope_name, ""))
    return Bindings(scopes, _translator(profile or Profile(), builtin or {}))


def _translator(profile: Profile, builtin: Mapping[str, Mapping[str, str]]) -> Callable[[str, str, str], str | None]:
    crosswalks = profile.crosswalks

    def translate(name: str, raw: str, on: str) -> str | None:
        ours = crosswalks[name].ours(raw, on) if name in crosswalks else None
        return builtin.get(name, {}).get(raw) if ours is None else ours

    return translate


def _compile_scope(scope_name: str, fields: Mapping[str, Any], override: Any, loop: str) -> tuple[BoundField, ...]:
    if not isinstance(override, Mapping):
        raise BindingError(scope_name, "expected a table of fields")
    for name in override:
        if name not in fields:
            raise BindingError(f"{scope_name}.{name}", f"no such field; this scope has {', '.join(sorted(fields))}")
    compiled = []
    for name, spec in fields.items():
        place = f"{scope_name}.{name}"
        settings = _settings(place, spec)
        if name in override:
            changed = _settings(place, override[name])
            kind = settings.get("type", "text")
            if changed.get("type", kind) != kind:
                raise BindingError(place, f"this field is a {kind}, whatever feeds it")
            if "constant" in changed and "from" not in changed:
                changed["from"] = []
            settings = {**settings, **changed}
        compiled.append(_compile_field(place, name, settings, loop, overridden=name in override))
    return tuple(compiled)


def _settings(place: str, spec: Any) -> dict[str, Any]:
    if isinstance(spec, str | list):
        return {"from": spec}
    if not isinstance(spec, Mapping):
        raise BindingError(place, "expected a path, a list of paths, or a table with from / constant")
    unknown = sorted(set(spec) - SETTINGS)
    if unknown:
        raise BindingError(place, f"unknown setting {unknown[0]}; known are {', '.join(sorted(SETTINGS))}")
    return dict(spec)


def _compile_field(place: str, name: str, settings: Mapping[str, Any], loop: str, *, overridden: bool) -> BoundField:
    paths = settings.get("from", [])
    if isinstance(paths, str):
        paths = [paths]
    if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
        raise BindingError(place, "`from` is a path or a list of paths")
    for setting in ("type", "format", "crosswalk"):
        if not isinstance(settings.get(setting, ""), str):
            raise BindingError(place, f"`{setting}` is text")
    kind = settings.get("type", "text")
    convert = _converter(place, kind, settings.get("format", ""))
    constant = None
    if "constant" in settings:
        text = str(settings["constant"])
        constant = convert(text) if convert else text
        if constant is None:
            raise BindingError(place, f"the constant {settings['constant']!r} is not a {kind}")
    crosswalk = settings.get("crosswalk", "")
    if kind == "code" and not crosswalk:
        raise BindingError(place, "a code needs a crosswalk")
    if crosswalk and kind not in {"text", "code"}:
        raise BindingError(place, f"a {kind} has no crosswalk")
    candidates = tuple(parse_path(path, loop, place) for path in paths)
    return BoundField(
        name=name,
        candidates=candidates,
        steps=tuple(
            (c.key, c.segment, c.element, c.qualifier, c.qualifier_element, c.component, c.in_header)
            for c in candidates
        ),
        constant=constant,
        crosswalk=crosswalk,
        kind=kind,
        convert=convert,
        overridden=overridden,
    )


def _converter(place: str, kind: str, form: str) -> Callable[[str], Any] | None:
    if kind not in TYPES:
        raise BindingError(place, f"unknown type {kind!r}; known are {', '.join(sorted(TYPES))}")
    if form and kind not in {"date", "decimal"}:
        raise BindingError(place, f"a {kind} has no format")
    if kind == "date":
        return date_reader(form, place) if form else read_date
    if kind == "decimal":
        if form and form not in NUMBER_FORMATS:
            raise BindingError(place, f"unknown number format {form!r}; known are {', '.join(NUMBER_FORMATS)}")
        return decimal_reader(form)
    if kind == "integer":
        return read_integer
    if kind == "boolean":
        return YES_NO.get
    return None
