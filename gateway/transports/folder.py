"""Folders of this home: partners put files into inbox/<partner>/ and take them out of outbox/<partner>/."""

from __future__ import annotations

from typing import Literal

from gateway.transports.settings import Inbound, Outbound, Transport


class FolderInbound(Inbound):
    """The folder inbox/<partner>. Renaming into it needs it on the home's filesystem."""

    kind: Literal["folder"] = "folder"

    def sentence(self, marker: str) -> str:
        """How files travel, said to the partner."""
        extra = f"; a file counts when {'NAME' + marker} stands beside it" if marker else ""
        return f"you put files into the folder that we have agreed{extra}"


class FolderOutbound(Outbound):
    """The folder outbox/<partner>."""

    kind: Literal["folder"] = "folder"

    def sentence(self) -> str:
        """How files travel, said to the partner."""
        return "we put files into the folder that we have agreed; take them away when you have them"


FOLDER = Transport(FolderInbound, FolderOutbound)
