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

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

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
    "charge_back",
]
When = Literal["start", "group", "row", "group_end", "end"]


class ErpProfileError(ValueError):
    """A profile is wrong. `problems` are (place, what is wrong) for every problem, not only the first."""

    def __init__(self, problems: tuple[tuple[str, str], ...]) -> None:
        self.problems = problems
        self.place, self.message = problems[0]
        super().__init__("; ".join(f"{place}: {message}" for place, message in problems))


class Strict(BaseModel):
    """A closed, frozen part of a profile: a key that it does not have is a problem."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class FieldSpec(Strict):
    """One field. `separator` stands between the parts of a concat, or the entries of a list (`;` if it is not given).

    `width` is the exact width of a fixed field and the most that a delimited one may have."""

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
        """The field's source: `from`, else "constant" where one is given, else the source of the field's own name."""
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
    """A checked profile. `encoding` is a Python codec, `client` the SAP client (MANDT), `maps` translate values.

    `verified` says what of an experimental profile is known to be right, `load` how a person loads the file.
    """

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
        """The characters that end a line."""
        return "\r\n" if self.line_ends == "crlf" else "\n"

    def files_of(self, posting_kind: str) -> tuple[FileSpec, ...]:
        """The files that a batch of this posting kind becomes; those that name the kind win over `*`."""
        named = tuple(file for file in self.files if posting_kind in file.kinds)
        return named or tuple(file for file in self.files if "*" in file.kinds)
