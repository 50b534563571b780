"""A partner and the house, as their folders say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator, model_validator

from gateway.partners.sections.events import Events, Webhook, names_once
from gateway.partners.sections.partner import (
    X12,
    Address,
    Api,
    Batch,
    Clocks,
    Collect,
    DocumentKind,
    Duplicates,
    Identity,
    Receives,
    Sends,
    Stage,
    Warehouse,
)
from gateway.partners.sections.results import Results
from gateway.partners.sections.transport import Transport
from gateway.settings import Section
from translators.profile import Acknowledgments, Crosswalk, Profile

Role = Literal["retailer", "warehouse", "carrier", "supplier", "erp"]


def _known_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"unknown time zone {value!r}; use a name such as America/Chicago or UTC") from None
    return value


@dataclass(frozen=True, slots=True)
class WireFormat:
    """How one kind of document is written: `kind` x12, flat or erp; `name` the set, layout or profile."""

    kind: Literal["x12", "flat", "erp"]
    name: str


class PartnerSettings(Section):
    """`partner.toml`, whole."""

    name: Annotated[str, Field(min_length=1)]
    role: Role
    stage: Stage = "test"
    description: str = ""
    time_zone: str = "UTC"
    identity: Identity = Identity()
    address: Address = Address()
    x12: X12 = X12()
    acknowledge: Acknowledgments = Acknowledgments()
    sends: Sends = Sends()
    receives: Receives = Receives()
    stages: dict[DocumentKind, Stage] = Field(default_factory=dict)
    warehouse: Warehouse = Warehouse()
    api: Api = Api()
    duplicates: Duplicates = Duplicates()
    transport: Transport = Transport()
    collect: Collect = Collect()
    clocks: Clocks = Clocks()
    batch: Batch = Batch()
    results: Results = Results()
    webhook: tuple[Webhook, ...] = ()
    policy: dict[str, Any] = Field(default_factory=dict)

    _zone = field_validator("time_zone", mode="after")(_known_zone)

    @model_validator(mode="after")
    def _webhooks_apart(self) -> PartnerSettings:
        names_once(self.webhook)
        return self


class Partner(PartnerSettings):
    """One partner folder, read: its settings, what translation needs of them, and which version of them this is.

    `config_hash` is the sha256 over every configuration file of the folder (samples do not change how files are read),
    `files` are their bytes, by path in the folder.
    """

    id: str
    folder: Path
    config_hash: str
    profile: Profile
    files: dict[str, bytes] = Field(default_factory=dict, repr=False)

    @property
    def time_zone_info(self) -> ZoneInfo:
        """The zone of the times in the partner's files."""
        return ZoneInfo(self.time_zone)

    def stage_of(self, document_kind: str) -> Stage:
        """The stage of one kind of document: `[stages]` where it says so, else the partner's."""
        return next((stage for kind, stage in self.stages.items() if kind == document_kind), self.stage)

    def pilot_kinds(self) -> frozenset[str]:
        """The kinds of document that are in stage pilot."""
        if self.stage != "pilot" and "pilot" not in self.stages.values():
            return frozenset()
        return frozenset(kind for kind in get_args(DocumentKind) if self.stage_of(kind) == "pilot")

    def writes(self, document_kind: str, posting_kind: str = "") -> WireFormat | None:
        """How this partner gets a kind of document; None when it gets none."""
        if document_kind == "erp_batch":
            chosen = getattr(self.receives.erp_batch, posting_kind, "") or self.receives.erp_batch.default
        else:
            chosen = getattr(self.receives, document_kind, "none")
        kind, _, name = str(chosen).partition(":")
        if kind in ("x12", "flat", "erp"):
            return WireFormat(kind, name)  # type: ignore[arg-type] # one of the three, as just tested
        return None

    def inbox(self, home: Path) -> Path:
        """The folder where this partner's files land (SFTP downloads too)."""
        return home / "inbox" / self.id

    def outbox(self, home: Path) -> Path:
        """The folder where files for this partner are published (with SFTP: before they are uploaded)."""
        return home / "outbox" / self.id


class Limits(Section):
    """What the gateway takes at most: protection against a poison or giant file."""

    max_file_bytes: Annotated[int, Field(ge=1)] = 2_000_000_000
    max_claims_per_scan: Annotated[int, Field(ge=1)] = 1000
    parse_seconds: Annotated[float, Field(gt=0)] = 300.0
    parse_memory_mb: Annotated[int, Field(ge=64)] = 4096
    min_free_disk_mb: Annotated[int, Field(ge=0)] = 200


class Retention(Section):
    """For how long the bytes of files are kept after their end; what is known about them, hashes too, stays."""

    payload_days: Annotated[int, Field(ge=1)] = 400


class ErpSwitch(Section):
    """Send some return lines to another ERP: every condition that is given must hold; the first that fits decides."""

    to: Annotated[str, Field(min_length=1)]
    partner: str = ""
    site: str = ""
    return_type: Literal["", "credit", "replacement", "repair", "keep", "consumer"] = ""
    valid_from: date | None = None
    valid_to: date | None = None

    @model_validator(mode="after")
    def _some_days(self) -> ErpSwitch:
        if self.valid_from and self.valid_to and self.valid_from > self.valid_to:
            raise ValueError("valid_from is after valid_to: the switch would never count")
        return self


class HouseSettings(Section):
    """`_house/partner.toml`, whole."""

    name: Annotated[str, Field(min_length=1)] = "House"
    identity: Identity = Identity()
    limits: Limits = Limits()
    retention: Retention = Retention()
    erp_switch: tuple[ErpSwitch, ...] = ()
    events: Events = Events()


class House(HouseSettings):
    """Ourselves. `policy` is `_house/policy.toml` as it stands: the domain checks what it means.

    `crosswalks` hold for every partner whose folder has no codes file of the same name.
    """

    policy: dict[str, Any] = Field(default_factory=dict)
    crosswalks: dict[str, Crosswalk] = Field(default_factory=dict)
    config_hash: str = ""
    files: dict[str, bytes] = Field(default_factory=dict, repr=False)
