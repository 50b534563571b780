"""The slice of a partner's configuration that translation needs: nothing about folders, hosts or clocks.

`gateway.partners` builds a Profile from a partner folder; `translate` without a partner uses `Profile()`.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

# Deviations that do not reject a set unless a partner is `strict` or lists its own. Finding codes of findings.py.
DEFAULT_TOLERATE: tuple[str, ...] = (
    "byte_order_mark",
    "trailing_data",
    "isa_length",
    "isa_component_separator_missing",
    "isa_wrapped",
    "isa_standards_id",
    "set_not_in_group",
    "group_stray_segment",
    "trailing_separators",
    "trailing_blanks",
    "blank_element",
    "decimal_point_in_n2",
    "short_date",
    "national_character",
)


class Frozen(BaseModel):
    """A closed, frozen part of a profile."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Delimiters(Frozen):
    """Separators as single characters; `repetition` is "" where there is none; `newline` follows each segment."""

    element: str = "*"
    component: str = ">"
    repetition: str = ""
    segment: str = "~"
    newline: str = ""


class Envelope(Frozen):
    """How we address this partner in X12: our ids and theirs, release per set, usage indicator."""

    our_qualifier: str = "ZZ"
    our_id: str = "GATEWAY"
    their_qualifier: str = "ZZ"
    their_id: str = "PARTNER"
    our_group_id: str = ""
    their_group_id: str = ""
    version: str = "004010"
    usage: Literal["P", "T", "I"] = "P"
    ack_requested: Literal["0", "1"] = "0"
    delimiters: Delimiters = Delimiters()

    @property
    def gs_ours(self) -> str:
        """Our id in the GS: that of the group where it has one of its own, else that of the interchange."""
        return self.our_group_id or self.our_id

    @property
    def gs_theirs(self) -> str:
        """The partner's id in the GS."""
        return self.their_group_id or self.their_id


class Acknowledgments(Frozen):
    """What we answer to what arrives. `ta1`: when; `accepted_sets`: list them in AK2 loops or only count them."""

    send: Literal["997", "999", "none"] = "997"
    ta1: Literal["never", "on_request", "on_error", "always"] = "on_request"
    accepted_sets: bool = True
    version: str = "echo"


class CrosswalkRow(Frozen):
    """One row: the partner's code, ours, and the days on which it is valid (ISO dates; "" is no bound)."""

    theirs: str
    ours: str
    text: str = ""
    valid_from: str = ""
    valid_to: str = ""


class Crosswalk(Frozen):
    """A code table in both directions. A row with `theirs = "*"` is the default for unknown codes inbound."""

    name: str
    rows: tuple[CrosswalkRow, ...] = ()

    def ours(self, theirs: str, on: str = "") -> str | None:
        """Our code for theirs on an ISO date (any date if ""); None if no row, not even a default, says."""
        wanted = theirs.strip()
        default = None
        for row in self.rows:
            if on and ((row.valid_from and on < row.valid_from) or (row.valid_to and on > row.valid_to)):
                continue
            if row.theirs == wanted:
                return row.ours
            if row.theirs == "*" and default is None:
                default = row.ours
        return default

    def theirs(self, ours: str, on: str = "") -> str | None:
        """Their code for ours: the first row that has it; None if none has."""
        for row in self.rows:
            if on and ((row.valid_from and on < row.valid_from) or (row.valid_to and on > row.valid_to)):
                continue
            if row.ours == ours and row.theirs != "*":
                return row.theirs
        return None


class Profile(Frozen):
    """Everything a reader or writer may know about the partner.

    `overlays` and `bindings` are keyed by set id ("180"); `layouts` by the layout's name; their values are the parsed
    TOML tables, checked by the module that consumes them (x12.guide, bindings, flat.layout, erp).
    """

    partner: str = ""
    # Their account number in our ERP: that of their requests which name none.
    customer: str = ""
    role: Literal["retailer", "warehouse", "erp", "carrier", "supplier", "house", ""] = ""
    strict: bool = False
    tolerate: tuple[str, ...] = DEFAULT_TOLERATE
    charset: str = "latin-1"
    envelope: Envelope = Envelope()
    acknowledgments: Acknowledgments = Acknowledgments()
    overlays: dict[str, dict[str, Any]] = Field(default_factory=dict)
    bindings: dict[str, dict[str, Any]] = Field(default_factory=dict)
    layouts: dict[str, dict[str, Any]] = Field(default_factory=dict)
    crosswalks: dict[str, Crosswalk] = Field(default_factory=dict)
    # A 180 without an explicit purpose, RDR code or direction means this (returns-model 4.1: never guessed).
    meaning_180: Literal["request", "authorization", "notice"] = "request"
    # Does W0701 include the W13 exception quantities? Differs by warehouse; checked against W14.
    w07_includes_exceptions: bool = True

    def crosswalk(self, name: str) -> Crosswalk:
        """The crosswalk of this name; an empty one if the partner has none."""
        return self.crosswalks.get(name) or Crosswalk(name=name)
