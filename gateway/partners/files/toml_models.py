"""Turn what pydantic says about a TOML file into Problems that name the key, the line and the remedy."""

from __future__ import annotations

import difflib
import json
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from gateway.partners.files.toml_lines import Place, error_line, line_of, outline
from gateway.partners.problems import Problem

Model = TypeVar("Model", bound=BaseModel)


def read_toml(file: str, raw: bytes) -> tuple[dict[str, Any], list[Problem]]:
    """Bytes of a TOML file → its table; a Problem instead if they are not TOML."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        return {}, [Problem(file, "", line, "the file is not UTF-8 text", "save it as UTF-8")]
    try:
        return tomllib.loads(text), []
    except tomllib.TOMLDecodeError as error:
        line = error_line(error) or len(text.splitlines())
        remedy = "correct the line; text needs quotes, tables stand in [brackets], each key stands once"
        return {}, [Problem(file, "", line, f"not readable as TOML: {error}", remedy)]


def build(model: type[Model], file: str, raw: bytes) -> tuple[Model | None, list[Problem]]:
    """Bytes of a TOML file → a checked model; None and every Problem if it is wrong."""
    table, problems = read_toml(file, raw)
    if problems:
        return None, problems
    try:
        return model.model_validate(table), []
    except ValidationError as error:
        places = outline(raw.decode("utf-8-sig"))
        return None, [_problem(model, file, places, table, entry) for entry in error.errors(include_url=False)]


def build_without_mistakes(model: type[Model], raw: bytes) -> Model | None:
    """The right settings of a wrong TOML file as a model, so that the rest of the folder can be checked too.

    None if no model remains without the wrong keys. The model is for checks only: settings are missing from it.
    """
    table, problems = read_toml("", raw)
    if problems:
        return None
    for _ in range(2):  # leaving out one key may make another one wrong
        try:
            return model.model_validate(table)
        except ValidationError as error:
            for entry in error.errors(include_url=False):
                _leave_out(table, entry["loc"])
    return None


def _leave_out(table: dict[str, Any], place: Place) -> None:
    """Take the key at `place`, or the deepest one on the way to it, out of the table."""
    within: Any = table
    last: tuple[dict[str, Any], str] | None = None
    for part in place:
        if isinstance(within, dict) and isinstance(part, str) and part in within:
            last = within, part
            within = within[part]
        # any other part is the name of a choice, a key that is missing, or the index of a list, which goes whole
    if last is not None:
        last[0].pop(last[1], None)


def policy_problems(
    model: type[BaseModel], folder: Path, file: str, above: Place, wrong: ValidationError
) -> list[Problem]:
    """What is wrong with a policy, with the lines of the file it stands in (`above`: the table that holds it there).

    `folder` is the partners folder, `model` that of a policy. What the file does not say itself comes from the house's
    policy under it: then the closest table's line is named.
    """
    raw = (folder / file).read_bytes() if (folder / file).is_file() else b""
    table, _ = read_toml(file, raw)
    places = outline(raw.decode("utf-8-sig")) if table else {}
    problems = []
    for entry in wrong.errors(include_url=False):
        path = _in_text((*above, *entry["loc"]), table, entry["type"])
        message, remedy = _message_and_remedy(model, path[len(above) :], entry)
        if "_template" in remedy:
            remedy = "correct the value"
        if len(path) <= len(above) and (named := _place_in(message, places, above)):
            path = (*above, *named)
            message = message.removeprefix(".".join(str(part) for part in named) + ": ")
        remedy += "; partners/_house/policy.toml shows every key of a policy"
        problems.append(Problem(file, ".".join(str(p) for p in path), line_of(places, path), message, remedy))
    return problems


def _place_in(message: str, places: dict[Place, int], above: Place) -> Place:
    """Where the file has the key that a message about a whole table begins with: "condition_dispositions.good: …"."""
    named = tuple(message.partition(":")[0].split("."))
    return next((named[:n] for n in range(len(named), 0, -1) if (*above, *named[:n]) in places), ())


def _problem(
    model: type[BaseModel], file: str, places: dict[Place, int], table: dict[str, Any], error: ErrorDetails
) -> Problem:
    path = _in_text(tuple(error["loc"]), table, error["type"])
    message, remedy = _message_and_remedy(model, path, error)
    return Problem(file, ".".join(str(p) for p in path), line_of(places, path), message, remedy)


def _in_text(loc: Place, table: object, kind: str) -> Place:
    """pydantic's location without the union tags it adds: the path as it stands in the file."""
    path: list[str | int] = []
    value: object = table
    for number, part in enumerate(loc, start=1):
        if isinstance(value, dict) and part in value:
            value = value[part]
        elif isinstance(value, list) and isinstance(part, int):
            value = value[part] if part < len(value) else None
        elif not (number == len(loc) and kind == "missing"):
            # Not in the text: the tag of a union, or the mark of a table's key.
            continue
        path.append(part)
    return tuple(path)


_WRONG_TYPES: dict[str, tuple[str, str]] = {
    "string_type": ("must be text", "put it in quotes"),
    "int_type": ("must be a whole number", "write digits without quotes"),
    "int_parsing": ("must be a whole number", "write digits without quotes"),
    "int_from_float": ("must be a whole number", "leave out the decimals"),
    "float_type": ("must be a number", "write digits without quotes"),
    "finite_number": ("must be a finite number", "write digits without quotes"),
    "float_parsing": ("must be a number", "write digits without quotes"),
    "bool_type": ("must be true or false", "write true or false without quotes"),
    "bool_parsing": ("must be true or false", "write true or false without quotes"),
    "tuple_type": ("must be a list", 'write it in brackets: ["a", "b"]'),
    "list_type": ("must be a list", 'write it in brackets: ["a", "b"]'),
    "dict_type": ("must be a table", "give it a [section] of its own"),
    "model_type": ("must be a table", "write { key = value } or a [section] of its own"),
    "model_attributes_type": ("must be a table", "write { key = value } or a [section] of its own"),
    "date_from_datetime_parsing": ("must be a date", "write it as 2025-03-14, without quotes"),
    "date_parsing": ("must be a date", "write it as 2025-03-14, without quotes"),
    "date_type": ("must be a date", "write it as 2025-03-14, without quotes"),
    "time_parsing": ("must be a time of day", "write it as 08:00:00, without quotes"),
    "time_type": ("must be a time of day", "write it as 08:00:00, without quotes"),
}


def _message_and_remedy(model: type[BaseModel], path: Place, error: ErrorDetails) -> tuple[str, str]:
    kind = str(error["type"])
    if kind in _WRONG_TYPES:
        message, remedy = _WRONG_TYPES[kind]
        return f"{message}, not {_shown(error['input'])}", remedy
    explain = _EXPLANATIONS.get(kind)
    if explain is not None:
        return explain(model, path, error)
    if kind == "value_error":
        return str(error["ctx"]["error"]), _remedy_for_value(path)
    return str(error["msg"]), "see the comment at this key in partners/_template/partner.toml"


def _unknown_key(model: type[BaseModel], path: Place, error: ErrorDetails) -> tuple[str, str]:
    known = _keys_at(model, path[:-1])
    near = difflib.get_close_matches(str(path[-1]), known, n=1)
    guess = f"did you mean {near[0]}? " if near else ""
    return "unknown key", f"{guess}Known here: {', '.join(known)}" if known else f"{guess}remove it"


def _missing_key(model: type[BaseModel], path: Place, error: ErrorDetails) -> tuple[str, str]:
    shows = "partners/README.md" if "erp_switch" in path else "partners/_template/partner.toml"
    return "is missing", f"add {path[-1]} = …; {shows} shows it"


def _not_a_choice(model: type[BaseModel], path: Place, error: ErrorDetails) -> tuple[str, str]:
    expected = error["ctx"].get("expected") or error["ctx"].get("expected_tags")
    return f"{_shown(error['input'])} is not a choice here", f"write one of {expected}"


def _wrong_shape(model: type[BaseModel], path: Place, error: ErrorDetails) -> tuple[str, str]:
    return f"{_shown(error['input'])} does not have the expected form", f"it must match {error['ctx']['pattern']}"


def _wrong_kind(model: type[BaseModel], path: Place, error: ErrorDetails) -> tuple[str, str]:
    tags = error["ctx"]["expected_tags"]
    return f"kind {_shown(error['ctx']['tag'])} is not a transport", f"write kind = one of {tags}"


def _out_of_bounds(model: type[BaseModel], path: Place, error: ErrorDetails) -> tuple[str, str]:
    return f"{_shown(error['input'])}: {str(error['msg'])[0].lower()}{str(error['msg'])[1:]}", "correct the value"


_EXPLANATIONS: dict[str, Callable[[type[BaseModel], Place, ErrorDetails], tuple[str, str]]] = {
    "extra_forbidden": _unknown_key,
    "missing": _missing_key,
    "literal_error": _not_a_choice,
    "union_tag_invalid": _wrong_kind,
    "string_pattern_mismatch": _wrong_shape,
    **dict.fromkeys(
        (
            "greater_than",
            "greater_than_equal",
            "less_than",
            "less_than_equal",
            "string_too_short",
            "string_too_long",
            "too_short",
            "too_long",
        ),
        _out_of_bounds,
    ),
}


# What to write instead, where a value is refused for more than its type: by key, or by the table around it.
_REMEDIES_BY_KEY = {
    "cron": 'write minute hour day month weekday, such as "0 18 * * 1-5" for 18:00 from Monday to Friday',
    "time_zone": 'write a name of the tz database, such as "America/Chicago", "Europe/Berlin" or "UTC"',
    "charset": 'write "utf-8", "latin-1", "cp1252" or "ascii"',
    "erp_switch": "swap the two days, or leave one of them out",
    "delimiters": 'write one character each, such as element = "*", component = ">", segment = "~"',
    "isa": 'write the id as they send it, without blanks: isa = { qualifier = "ZZ", id = "EXAMPLE" }',
    "tolerate": "name a finding as `returns-gateway translate` prints it (its code)",
}


def _remedy_for_value(path: Place) -> str:
    last = str(path[-1]) if path else ""
    if last in ("key", "key_passphrase", "password", "token"):
        return f'write {last} = {{ env = "NAME" }} or {last} = {{ file = "/run/secrets/name" }}'
    if remedy := next((_REMEDIES_BY_KEY[str(part)] for part in reversed(path) if str(part) in _REMEDIES_BY_KEY), ""):
        return remedy
    return "see the comment at this key in partners/_template/partner.toml"


def _shown(value: object) -> str:
    """The offending value for the report, short. A value in a secret's place is never shown."""
    text = json.dumps(value, default=str, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "…"


def _keys_at(model: type[BaseModel], path: Sequence[str | int]) -> list[str]:
    """The keys that the model allows at a path of the file."""
    models: list[type[BaseModel]] = [model]
    for part in path:
        if isinstance(part, int):
            continue
        models = [
            m for owner in models if part in owner.model_fields for m in _models_in(owner.model_fields[part].annotation)
        ]
    return sorted({key for m in models for key in m.model_fields})


def _models_in(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [m for argument in get_args(annotation) for m in _models_in(argument)]
