"""An ERP profile: how postings are written for one ERP's import. TOML, checked as a whole before anything is written.

    title = "Atlas ERP, fixed width"
    format = "fixed"                      # csv, fixed, xml or idoc
    encoding = "latin-1"
    line_ends = "crlf"

    [maps.movement]                       # a closed translation of values; a value that is not in it is a Hold
    return_order = "RET"

    [[files]]
    kinds = ["return_order"]              # posting kinds; "*" = all
    name = "RET_{sequence:06}_{created}.txt"

    [[files.records]]
    when = "row"                          # start, group, row, group_end, end
    fields = [
      "batch_id",                         # a source of its own name …
      { name = "qty", from = "quantity", width = 9, align = "right", pad = "0", decimals = 3 },
      { name = "key", from = "concat", of = ["return_no", "line_no"], separator = "-" },
    ]

The first file that names a posting kind is its import file; later ones go with it (headers beside lines).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

Kind = Literal[
    "*",
    "return_order",
    "goods_receipt",
    "inventory_move",
    "scrap",
    "credit_request",
    "replacement",
    "repair_order",
    "supplier_claim",
]
When = Literal["start", "group", "row", "group_end", "end"]


class ErpProfileError(ValueError):
    """A profile is wrong. `problems` are (place, what is wrong) for every problem, not only the first."""

    def __init__(self, problems: tuple[tuple[str, str], ...]) -> None:
        self.problems = problems
        self.place, self.message = problems[0]
        super().__init__("; ".join(f"{place}: {message}" for place, message in problems))


class Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class FieldSpec(Strict):
    """One field. `width` is the exact width of a fixed field and the most that a delimited one may have."""

    name: str
    source: str = Field("", alias="from")
    of: tuple[str, ...] = ()
    separator: str = ""
    constant: str = ""
    map: str = ""
    required: bool = False
    width: int = Field(0, ge=0)
    align: Literal["left", "right"] = "left"
    pad: str = Field(" ", min_length=1, max_length=1)
    decimals: int | None = Field(None, ge=0, le=9)
    implied: bool = False  # decimals without a mark: 12.50 is 1250
    decimal_mark: Literal[".", ","] = "."
    format: str = ""

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, raw: Any) -> Any:
        """`"batch_id"` is short for a field fed from the source of its own name."""
        return {"name": raw} if isinstance(raw, str) else raw

    @property
    def fed_from(self) -> str:
        if self.source:
            return self.source
        return "constant" if "constant" in self.model_fields_set else self.name


class RecordSpec(Strict):
    """One kind of record. `element` and `within` are for XML; `segment`, `parent` and `level` for IDocs.

    `only_if` names a source: without a value there, the record is not written.
    """

    when: When = "row"
    fields: tuple[FieldSpec, ...]
    only_if: str = ""
    element: str = ""
    within: str = ""
    segment: str = ""
    parent: str = ""
    level: int = Field(1, ge=0, le=99)
    header: tuple[str, ...] = ()


class FileSpec(Strict):
    """One import file: for which posting kinds, its name (placeholders of the batch only) and its records.

    `group_by`: the field or fields of a posting that rows of one group have in common. `trailing_delimiter`: delimited
    records end with one.
    """

    kinds: tuple[Kind, ...] = ("*",)
    name: str
    records: tuple[RecordSpec, ...]
    header_row: bool = True
    group_by: tuple[str, ...] = ("return_no",)
    root: str = ""
    namespace: str = ""
    trailing_delimiter: bool = False

    @field_validator("group_by", mode="before")
    @classmethod
    def _one_or_more(cls, raw: Any) -> Any:
        return (raw,) if isinstance(raw, str) else raw


class ControlSpec(Strict):
    """A small file beside the import file: `key=value` lines with counts, totals and the SHA-256."""

    name: str = "{stem}.ctl"


class ErpProfile(Strict):
    name: str
    title: str = ""
    status: Literal["supported", "experimental"] = "supported"
    verified: str = ""
    load: str = ""
    direction: Literal["erp"] = "erp"
    format: Literal["csv", "fixed", "xml", "idoc"]
    encoding: str = "utf-8"
    line_ends: Literal["crlf", "lf"] = "crlf"
    delimiter: str = Field(",", min_length=1, max_length=1)
    quoting: Literal["minimal", "all", "none"] = "minimal"
    formula_guard: Literal["hold", "escape", "off"] = "hold"
    client: str = Field("", max_length=3)
    maps: dict[str, dict[str, str]] = Field(default_factory=dict)
    control: ControlSpec | None = None
    files: tuple[FileSpec, ...]

    @property
    def newline(self) -> str:
        return "\r\n" if self.line_ends == "crlf" else "\n"

    def files_of(self, posting_kind: str) -> tuple[FileSpec, ...]:
        """The files that a batch of this posting kind becomes; those that name the kind win over `*`."""
        named = tuple(each for each in self.files if posting_kind in each.kinds)
        return named or tuple(each for each in self.files if "*" in each.kinds)


def parse_erp_profile(name: str, raw: Mapping[str, Any]) -> ErpProfile:
    """A profile's TOML table → ErpProfile. Raises `ErpProfileError` with every problem, each with its place."""
    from translators.erp.profile_checks import profile_problems

    table = _with_shipped(raw)
    try:
        profile = ErpProfile(**{**table, "name": name})
    except ValidationError as error:
        raise ErpProfileError(
            tuple((".".join(str(part) for part in each["loc"]) or "profile", _words(each)) for each in error.errors())
        ) from error
    problems = tuple(profile_problems(profile))
    if problems:
        raise ErpProfileError(problems)
    return profile


def named_profile(name: str, layouts: Mapping[str, Any]) -> ErpProfile:
    """The profile of this name: the partner's own layout of that name first, then the shipped one.

    Raises KeyError for a name that nobody has, `ErpProfileError` for a profile that is wrong.
    """
    own = layouts.get(name)
    return parse_erp_profile(name, own) if own else _shipped_profile(name)


@cache
def _shipped_profile(name: str) -> ErpProfile:
    return parse_erp_profile(name, tomllib.loads(_texts()[name]))


def _with_shipped(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The shipped profile that `use` names with the partner's keys on top; `maps` are merged, the rest is replaced."""
    used = raw.get("use")
    if used is None:
        return dict(raw)
    shipped = shipped_erp_profiles()
    if used not in shipped:
        raise ErpProfileError((("use", f"no shipped profile {used!r}; there are {', '.join(sorted(shipped))}"),))
    merged = dict(shipped[used])
    for key, value in raw.items():
        if key == "maps" and isinstance(value, Mapping):
            merged["maps"] = {**merged.get("maps", {}), **value}
        elif key != "use":
            merged[key] = value
    return merged


def _words(error: Any) -> str:
    if error["type"] == "extra_forbidden":
        return "no such key"
    if error["type"] == "missing":
        return "this key must be there"
    return f"{error['msg']} (found {error['input']!r})"


@cache
def _texts() -> dict[str, str]:
    packaged = files("translators.erp").joinpath("profiles").iterdir()
    return {
        each.name.removesuffix(".toml"): each.read_text("utf-8") for each in packaged if each.name.endswith(".toml")
    }


def shipped_erp_profiles() -> dict[str, dict[str, Any]]:
    """Name → TOML table of every profile that comes with the package, in name order."""
    return {name: tomllib.loads(text) for name, text in sorted(_texts().items())}
