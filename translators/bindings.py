"""Which element feeds which canonical field: tables compiled once, read for every scope, with provenance.

A table has scopes (`header`, `line`, …), a scope has fields, a field has ordered candidates. A candidate is a path in
pyx12's syntax: `BGN02`, `N9[RZ]02`, `QTY03-1`, `BLI/RDR02`, `QTY/LX/N9[SE]02`. A leading `/` looks in the header
instead of the scope at hand. The first candidate that has a value wins; `constant` stands in where none has.

A field is written as a path, a list of paths, or a table:

    number      = "BGN02"
    rma         = ["N9[RZ]02", "N9[QJ]02"]
    expires_on  = { from = "DTM[036]02", type = "date", format = "MMDDCCYY" }
    unit        = { from = "BLI04", crosswalk = "unit" }
    currency    = { constant = "USD" }

A partner's table replaces the base table field by field; what it does not say (format, crosswalk) it inherits, and
the type of a field is always the base table's.
Loops are no business of this module: a reader hands it one scope at a time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from translators.canonical import Code
from translators.profile import Profile
from translators.provenance import Source

Located = tuple[int, list[str]]
"""A segment and its position in the set, ST = 1."""

Scope = Mapping[str, Sequence[Located]]
"""The segments of one scope by path below it ("N9", "QTY/LX/N9"), in the order of the file."""

Values = dict[str, Any]
Provenance = dict[str, Source]

TYPES = frozenset({"text", "date", "decimal", "integer", "boolean", "code"})
SETTINGS = frozenset({"from", "constant", "type", "format", "crosswalk"})
NUMBER_FORMATS = ("R", "N0", "N1", "N2", "N3", "N4", "N5", "N6", "comma")
YES_NO = {"Y": True, "N": False}

# The element that qualifies a segment in `SEG[qualifier]`: the first, but for these.
QUALIFIER_ELEMENT = {"TD5": 2, "LIN": 2, "SLN": 9, "PID": 2, "SAC": 2, "HL": 3, "W13": 3}

_PATH = re.compile(r"([A-Z][A-Z0-9]{1,2})(?:\[([A-Z0-9]+)\])?([0-9]{2})(?:-([0-9]+))?")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
_LOOP = re.compile(r"[A-Z][A-Z0-9]{0,4}")
_DATE_TOKENS = {"CCYY": r"(?P<y>\d{4})", "YYYY": r"(?P<y>\d{4})", "YY": r"(?P<s>\d{2})", "MM": r"(?P<m>\d{2})"}
_DATE_TOKENS["DD"] = r"(?P<d>\d{2})"
_CENTURY_PIVOT = 70


class BindingError(ValueError):
    """A bindings table that cannot work: `place` is scope and field, the message says what is expected."""

    def __init__(self, place: str, message: str) -> None:
        super().__init__(f"{place}: {message}")
        self.place = place
        self.message = message


class Candidate(NamedTuple):
    """One compiled path. `key` is the path of the segment below the scope; `in_header` looks there instead."""

    path: str
    key: str
    segment: str
    qualifier: str
    qualifier_element: int
    element: int
    component: int
    in_header: bool


Steps = tuple[tuple[str, str, int, str, int, int, bool], ...]
"""Candidates as plain tuples for the loop that runs for every line: key, segment, element, qualifier, its element,
component, in_header."""


class BoundField(NamedTuple):
    """One canonical field: where its value comes from and what it becomes. `convert` is None for text as it stands."""

    name: str
    candidates: tuple[Candidate, ...]
    steps: Steps
    constant: Any
    crosswalk: str
    kind: str
    convert: Callable[[str], Any] | None
    overridden: bool


class Bindings(NamedTuple):
    """A compiled table: scope name → its fields."""

    scopes: Mapping[str, tuple[BoundField, ...]]
    translate: Callable[[str, str, str], str | None]

    def read(
        self, scope_name: str, scope: Scope, header: Scope | None = None, *, on: str = "", component: str = ">"
    ) -> tuple[Values, Provenance]:
        """The values of one scope, and for each the element it was read from.

        `header` is where `/` paths look. `on` (ISO date) picks the crosswalk rows valid then; where the scope itself
        has an `issued_on`, that date serves the fields after it. Fields without a value are absent from both results;
        constants have no provenance. A value that is not of its field's type counts as absent: validation has said
        so already, or will for the partner's samples.
        """
        values: Values = {}
        provenance: Provenance = {}
        for field in self.scopes[scope_name]:
            value = None
            for step in field.steps:
                located = (header if step[6] and header is not None else scope).get(step[0])
                if located:
                    value = _first(field.convert, step, located, component, field.name, provenance)
                    if value is not None:
                        break
            else:
                value = field.constant
                if value is None:
                    continue
            if field.crosswalk:
                value = self._crossed(field, value, on)
            values[field.name] = value
            if not on and field.name == "issued_on" and isinstance(value, date):
                on = value.isoformat()
        return values, provenance

    def _crossed(self, field: BoundField, value: Any, on: str) -> Any:
        if field.kind == "code":
            return Code(raw=value, canonical=self.translate(field.crosswalk, value, on) or "")
        ours = self.translate(field.crosswalk, str(value), on)
        return value if ours is None else ours


def _first(
    convert: Callable[[str], Any] | None,
    step: tuple[str, str, int, str, int, int, bool],
    located: Sequence[Located],
    component: str,
    name: str,
    provenance: Provenance,
) -> Any:
    """The candidate's first usable value among its segments, noted in `provenance`; None if there is none."""
    _, segment_id, element, qualifier, qualifier_element, number, _ = step
    for position, segment in located:
        if len(segment) <= element or (qualifier and segment[qualifier_element] != qualifier):
            continue
        raw = segment[element]
        if number and raw:
            parts = raw.split(component)
            raw = parts[number - 1] if number <= len(parts) else ""
        raw = raw.strip()
        if raw:
            value = convert(raw) if convert else raw
            if value is not None:
                provenance[name] = Source(segment_id, position, element, number)
                return value
    return None


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


def parse_path(path: str, loop: str = "", place: str = "") -> Candidate:
    """One path → Candidate. `loop` is the scope's own loop, which a path may name. Raises BindingError."""
    in_header = path.startswith("/")
    *loops, last = path.removeprefix("/").split("/")
    match = _PATH.fullmatch(last)
    if match is None or not all(_LOOP.fullmatch(loop) for loop in loops):
        raise BindingError(place, f"{path!r} is not a path like BGN02, N9[RZ]02, QTY03-1 or BLI/RDR02")
    segment, qualifier, element, component = match.groups()
    if not in_header:
        own = loop.split("/") if loop else []
        for start in range(len(own)):
            if loops[: len(own) - start] == own[start:]:
                loops = loops[len(own) - start :]
                break
    if loops and loops[-1] == segment:
        loops.pop()
    return Candidate(
        path=path,
        key="/".join([*loops, segment]),
        segment=segment,
        qualifier=qualifier or "",
        qualifier_element=QUALIFIER_ELEMENT.get(segment, 1),
        element=int(element),
        component=int(component or 0),
        in_header=in_header,
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
        return _decimal_reader(form)
    if kind == "integer":
        return _read_integer
    if kind == "boolean":
        return YES_NO.get
    return None


def _read_integer(text: str) -> int | None:
    number = read_decimal(text)
    return int(number) if number is not None and number == number.to_integral_value() else None


def read_decimal(text: str) -> Decimal | None:
    """A number with an explicit point (X12 type R, no exponent) → Decimal; None for what is not one."""
    text = text.strip()
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def read_implied(text: str, decimals: int) -> Decimal | None:
    """A number with implied decimals (X12 type Nn) → Decimal: "1250" with 2 is 12.50. A written point is literal."""
    number = read_decimal(text)
    return number if number is None or "." in text else number.scaleb(-decimals)


def _decimal_reader(form: str) -> Callable[[str], Decimal | None]:
    if form == "comma":
        return lambda text: read_decimal(text.replace(".", "").replace(",", "."))
    if form.startswith("N"):
        decimals = int(form[1:])
        return lambda text: read_implied(text, decimals)
    return read_decimal


def read_date(text: str) -> date | None:
    """CCYYMMDD or YYMMDD (two-digit years before 70 are 20YY) → date; None for what is not a day."""
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit()):
        return None
    if len(digits) == 8:
        return _day(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    if len(digits) == 6:
        return _day(_century(int(digits[:2])), int(digits[2:4]), int(digits[4:]))
    return None


def _century(year: int) -> int:
    return year + (2000 if year < _CENTURY_PIVOT else 1900)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def date_reader(form: str, place: str = "") -> Callable[[str], date | None]:
    """A format of CCYY (or YYYY, YY), MM and DD with anything between → its reader. Raises BindingError."""
    parts = re.split(r"(CCYY|YYYY|YY|MM|DD)", form)
    pattern = "".join(_DATE_TOKENS.get(part, re.escape(part)) for part in parts)
    years = sum(part in {"CCYY", "YYYY", "YY"} for part in parts)
    if years != 1 or parts.count("MM") != 1 or parts.count("DD") != 1:
        raise BindingError(place, f"the date format {form!r} needs one each of CCYY or YY, MM and DD")
    compiled = re.compile(pattern, re.ASCII)

    def read(text: str) -> date | None:
        match = compiled.fullmatch(text)
        if match is None:
            return None
        found = match.groupdict()
        year = int(found["y"]) if found.get("y") else _century(int(found["s"]))
        return _day(year, int(found["m"]), int(found["d"]))

    return read


def unmatched_bindings(
    bindings: Bindings,
    has: Callable[[str, int], bool],
    may_be: Callable[[str, int, str], bool] = lambda segment, element, code: True,
) -> list[str]:
    """The partner's candidates that can never match: `has(segment id, element)` says what the guide knows,
    `may_be(segment id, element, code)` whether it lets that element have a qualifier.

    Only overridden fields are looked at; each answer names scope, field and path.
    """
    return [
        f"{scope_name}.{field.name}: {why}"
        for scope_name, fields in bindings.scopes.items()
        for field in fields
        if field.overridden
        for candidate in field.candidates
        if (why := _never(candidate, has, may_be))
    ]


def _never(candidate: Candidate, has: Callable[[str, int], bool], may_be: Callable[[str, int, str], bool]) -> str:
    """Why a candidate can never match; "" if it can."""
    segment = candidate.segment
    if not has(segment, candidate.element):
        return f"the guide has no {segment}{candidate.element:02d} ({candidate.path})"
    if candidate.qualifier and not may_be(segment, candidate.qualifier_element, candidate.qualifier):
        where = f"{segment}{candidate.qualifier_element:02d}"
        return f"the guide lets {where} never be {candidate.qualifier} ({candidate.path})"
    return ""
