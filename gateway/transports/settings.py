"""What `[transport.inbound]` and `[transport.outbound]` of a `partner.toml` may say: the base of every kind's models.

A model is what a partner's folder says; its `remote` or `target` resolves the secrets at the moment of use and gives an
Endpoint. A model imports no library that talks to servers.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field, model_validator

from gateway.settings import Section
from gateway.transports.protocol import Endpoint, RemoteFolder, Target

AfterFetch = Literal["delete", "move", "leave"]


class Side(Section):
    """One side of a partner's transport. `kind` is the key of the table of transports."""

    model_config = ConfigDict(defer_build=True)  # a start is quick: only models that are read are built

    title: ClassVar[str] = ""
    """What only one partner may have, for messages: "SFTP account and path"; "" for folders of the home."""

    kind: str

    def account(self) -> str:
        """The account at the partner's server, without secrets: "user@host:22"; "" for folders of the home."""
        return ""

    def account_path(self) -> str:
        """The account and its folder, which only one partner may have; "" for folders of the home."""
        return ""


class Inbound(Side):
    """How a partner's files reach us: put into inbox/<partner> from outside, unless it is a `PolledInbound`."""

    @abstractmethod
    def sentence(self, marker: str) -> str:
        """How files travel, said to the partner. `marker`: the suffix of the file that says "complete", or ""."""


class PolledInbound(Inbound):
    """A remote folder that we poll. `after`: what happens to a remote file once its bytes are safe here.

    `path` is the folder, `pattern` (as a shell has it) the names in it that are ours.
    """

    path: str = "."
    pattern: str = "*"
    after: AfterFetch = "delete"
    move_to: str = ""
    poll_seconds: Annotated[int, Field(ge=10, le=86400)] = 300

    @model_validator(mode="after")
    def _somewhere_to_move(self) -> PolledInbound:
        if (self.after == "move") != bool(self.move_to):
            raise ValueError('after = "move" and move_to go together')
        return self

    @abstractmethod
    def remote(self) -> Endpoint[RemoteFolder]:
        """The folder to poll. Raises SecretUnusable for a secret that is not there."""


class Outbound(Side):
    """How files for a partner leave: taken out of outbox/<partner>, unless it is a `RemoteOutbound`."""

    @abstractmethod
    def sentence(self) -> str:
        """How files travel, said to the partner."""


class RemoteOutbound(Outbound):
    """A place of the partner's that we deliver to."""

    path: str = "."

    @abstractmethod
    def target(self) -> Endpoint[Target]:
        """The place to deliver to. Raises SecretUnusable for a secret that is not there."""


@dataclass(frozen=True, slots=True)
class Transport:
    """One kind of transport: the models of its two sides."""

    inbound: type[Inbound]
    outbound: type[Outbound]
