"""TRANSPORTS as a literal table: every kind that `partner.toml` may name."""

from __future__ import annotations

from functools import reduce
from importlib import import_module
from operator import or_
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from gateway.transports.settings import Inbound, Outbound, Transport

# Kind → the module and the Transport in it. The models of all kinds are imported with this table, nothing else of them.
TRANSPORTS: dict[str, str] = {
    "folder": "gateway.transports.folder:FOLDER",
    "sftp": "gateway.transports.sftp:SFTP",
}


def transport_of(kind: str) -> Transport:
    """The transport of a kind. Raises KeyError for one that the table does not have."""
    module, _, name = TRANSPORTS[kind].partition(":")
    found = getattr(import_module(module), name)
    assert isinstance(found, Transport), f"{TRANSPORTS[kind]} is no Transport"
    return found


if TYPE_CHECKING:
    AnyInbound = Inbound
    AnyOutbound = Outbound
else:
    # pydantic reads a side with the model that its `kind` names, and reports what is wrong by that model's keys.
    _ALL = [transport_of(kind) for kind in TRANSPORTS]
    AnyInbound = Annotated[reduce(or_, [transport.inbound for transport in _ALL]), Field(discriminator="kind")]
    AnyOutbound = Annotated[reduce(or_, [transport.outbound for transport in _ALL]), Field(discriminator="kind")]
