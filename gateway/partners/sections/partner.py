"""The sections of `partner.toml`, one model each. Unknown keys are refused; every key stands in `_template`."""

from __future__ import annotations

import difflib
from typing import Annotated, Literal

from pydantic import Field, field_validator

from gateway.partners.sections.crontab import read_cron
from gateway.settings import SecretRef, Section
from translators.findings import CATALOGUE
from translators.profile import Delimiters

Stage = Literal["test", "pilot", "live"]
DocumentKind = Literal[
    "return_request",
    "authorization",
    "cancellation",
    "shipment",
    "receipt",
    "inspection",
    "carrier_event",
    "credit_note",
    "erp_result",
    "acknowledgment",
    "reference_data",
    "return_answer",
    "expected_receipt",
    "vendor_request",
    "erp_batch",
    "status",
]


YEAR_OF_HOURS = 8784


class IsaId(Section):
    """An interchange address: qualifier (DE I05) and id, without the blanks that pad it in ISA."""

    qualifier: Annotated[str, Field(pattern=r"^[A-Z0-9]{2}$")] = "ZZ"
    id: Annotated[str, Field(min_length=1, max_length=15)]

    @field_validator("id", mode="after")
    @classmethod
    def _no_blanks_around(cls, value: str) -> str:
        if value != value.strip():
            raise ValueError("no blanks around an id; the gateway pads it itself")
        return value

    def __str__(self) -> str:
        return f"{self.qualifier}/{self.id}"


GsId = Annotated[str, Field(min_length=2, max_length=15)]


class Identity(Section):
    """Who the partner is in envelopes. The first `gs` id is the one we write; all are recognised."""

    isa: IsaId | None = None
    gs: tuple[GsId, ...] = ()
    aliases: tuple[IsaId, ...] = ()
    customer: str = ""

    def isa_ids(self) -> tuple[IsaId, ...]:
        """All interchange addresses of the partner, the one we write first."""
        return (*((self.isa,) if self.isa else ()), *self.aliases)


class X12(Section):
    """How X12 is written to and read from this partner."""

    version: Annotated[str, Field(pattern=r"^\d{6}[A-Z0-9]{0,6}$")] = "004010"
    usage: Literal["P", "T", "I", ""] = ""
    ack_requested: Literal["0", "1"] = "0"
    charset: str = "latin-1"
    strict: bool = False
    tolerate: tuple[str, ...] | None = None
    meaning_180: Literal["request", "authorization", "notice"] = "request"
    w07_includes_exceptions: bool = True
    delimiters: Delimiters = Delimiters()

    @field_validator("charset", mode="after")
    @classmethod
    def _known_charset(cls, value: str) -> str:
        try:
            "".encode(value)
        except LookupError:
            raise ValueError(f"unknown character set {value!r}; use utf-8, latin-1, cp1252, ascii …") from None
        return value

    @field_validator("delimiters", mode="after")
    @classmethod
    def _separate(cls, value: Delimiters) -> Delimiters:
        marks = [mark for mark in (value.element, value.component, value.repetition, value.segment) if mark]
        wrong = [mark for mark in marks if len(mark) != 1 or mark.isalnum() or mark == " "]
        if wrong or not (value.element and value.component and value.segment):
            raise ValueError(f"{(wrong or [''])[0]!r} is no separator: one character each, no letter, digit or blank")
        if len(set(marks)) < len(marks):
            raise ValueError("two separators are the same character; give each its own")
        if value.newline.strip("\r\n"):
            raise ValueError('newline follows each segment: "", "\\n" or "\\r\\n"')
        return value

    @field_validator("tolerate", mode="after")
    @classmethod
    def _known_findings(cls, value: tuple[str, ...] | None) -> tuple[str, ...] | None:
        for code in value or ():
            if code not in CATALOGUE:
                near = difflib.get_close_matches(code, CATALOGUE, n=1)
                raise ValueError(f"there is no finding {code!r}" + (f"; did you mean {near[0]}?" if near else ""))
        return value


class Sends(Section):
    """What arrives. No sets: any that the gateway reads. Layouts: this folder's own files, or shipped ones by name."""

    sets: tuple[Annotated[str, Field(pattern=r"^(\d{3}|TA1)$")], ...] = ()
    layouts: tuple[str, ...] = ()


Format = Annotated[str, Field(pattern=r"^(x12:\d{3}|flat:[a-z0-9_-]+|none)$")]
FlatFormat = Annotated[str, Field(pattern=r"^(flat:[a-z0-9_-]+|none)$")]
ErpFormat = Annotated[str, Field(pattern=r"^(erp:[a-z0-9_-]+|none)$")]


class ErpBatches(Section):
    """Which import profile each kind of posting is written with; `default` for the kinds not named."""

    default: ErpFormat = "none"
    return_order: ErpFormat = ""
    goods_receipt: ErpFormat = ""
    inventory_move: ErpFormat = ""
    scrap: ErpFormat = ""
    credit_request: ErpFormat = ""
    replacement: ErpFormat = ""
    repair_order: ErpFormat = ""
    supplier_claim: ErpFormat = ""
    charge_back: ErpFormat = ""


class Receives(Section):
    """What we send: a document kind → how it is written ("x12:180", "flat:answers", "erp:generic-csv", "none")."""

    return_answer: Format = "none"
    expected_receipt: Format = "none"
    vendor_request: Format = "none"
    status: FlatFormat = "none"
    erp_batch: ErpBatches = ErpBatches()


class Duplicates(Section):
    """What the same bytes twice mean. Other bytes under a used interchange control number are always held."""

    same_bytes: Literal["acknowledge_again", "skip", "hold"] = "acknowledge_again"
    same_flat_bytes: Literal["hold", "skip"] = "hold"


class Collect(Section):
    """When a file that lands here is complete. `marker`: suffix of the empty file that says so (".done")."""

    settle_seconds: Annotated[float, Field(ge=0, le=3600)] = 2.0
    incomplete_seconds: Annotated[float, Field(ge=1, le=86400)] = 900.0
    marker: Annotated[str, Field(pattern=r"^(\.[A-Za-z0-9]+)?$")] = ""
    ignore: tuple[str, ...] = ("*.tmp", "*.part", "*.filepart", ".*")
    max_bytes: Annotated[int, Field(ge=0)] = 0


class Clocks(Section):
    """After how long silence is news, in business hours (minutes). 0 switches a clock off."""

    acknowledgment_hours: Annotated[float, Field(ge=0, le=YEAR_OF_HOURS)] = 24.0
    erp_result_hours: Annotated[float, Field(ge=0, le=YEAR_OF_HOURS)] = 24.0
    pickup_minutes: Annotated[float, Field(ge=0, le=YEAR_OF_HOURS * 60)] = 30.0
    silence_hours: Annotated[float, Field(ge=0, le=YEAR_OF_HOURS)] = 0.0


class Batch(Section):
    """When postings become a file (role erp). Neither cron nor limits: at once. `cron` is in the house's time zone."""

    cron: tuple[str, ...] = ()
    max_rows: Annotated[int, Field(ge=0)] = 0
    max_bytes: Annotated[int, Field(ge=0)] = 0
    max_age_minutes: Annotated[float, Field(ge=0, le=YEAR_OF_HOURS * 60)] = 0.0
    on_holidays: bool = True

    @field_validator("cron", mode="after")
    @classmethod
    def _cron_lines(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(read_cron(line) for line in value)

    @property
    def at_once(self) -> bool:
        """Does nothing ask postings to wait for a time or for others?"""
        return not (self.cron or self.max_rows or self.max_bytes or self.max_age_minutes)


class Address(Section):
    """Where the partner is, as N1, N3 and N4 say it to others. `qualifier` (DE 66) says who assigned the `id`."""

    qualifier: Annotated[str, Field(pattern=r"^([A-Z0-9]{1,2})?$")] = ""
    id: Annotated[str, Field(max_length=80)] = ""
    lines: Annotated[tuple[Annotated[str, Field(max_length=55)], ...], Field(max_length=4)] = ()
    city: Annotated[str, Field(max_length=30)] = ""
    region: Annotated[str, Field(max_length=2)] = ""
    postal_code: Annotated[str, Field(max_length=15)] = ""
    country: Annotated[str, Field(max_length=3)] = ""


class Api(Section):
    """Returns by JSON: who may post them. Without a token nobody may."""

    token: SecretRef | None = None


class Warehouse(Section):
    """For role warehouse: the site codes it answers for."""

    sites: tuple[str, ...] = ()
