"""The `[transport]` sections of `partner.toml`: how files travel, each way."""

from __future__ import annotations

from typing import Any

from pydantic import model_validator

from gateway.settings import Section
from gateway.transports import AnyInbound, AnyOutbound
from gateway.transports.folder import FolderInbound, FolderOutbound

_DEFAULT_KIND = "folder"


class Transport(Section):
    """`[transport]`. Each side is a model of the kind that it names; see the table in `gateway.transports`."""

    inbound: AnyInbound = FolderInbound()
    outbound: AnyOutbound = FolderOutbound()

    @model_validator(mode="before")
    @classmethod
    def _folder_by_default(cls, value: Any) -> Any:
        """A side without `kind` is a folder: the discriminator must stand there for pydantic to choose."""
        if not isinstance(value, dict):
            return value
        return {
            side: {"kind": _DEFAULT_KIND, **table} if isinstance(table, dict) else table
            for side, table in value.items()
        }
