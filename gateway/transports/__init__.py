"""How files travel between a partner and this home. One transport is one module and one line in `table.py`.

`protocol.py` says what a transport can do with files, `settings.py` what `[transport]` of a `partner.toml` may say of
it, `upload.py` delivers to every server that can put and move a file. Nothing here knows what a file means: `collect`
polls a `RemoteFolder`, `dispatch` delivers to a `Target`. Libraries that talk to servers are imported when a session is
opened, so that a start is quick.
"""

from __future__ import annotations

from gateway.transports.protocol import Endpoint, Outgoing, RemoteEntry, RemoteFolder, Target
from gateway.transports.settings import Inbound, Outbound, PolledInbound, RemoteOutbound
from gateway.transports.table import TRANSPORTS, AnyInbound, AnyOutbound, transport_of

__all__ = [
    "TRANSPORTS",
    "AnyInbound",
    "AnyOutbound",
    "Endpoint",
    "Inbound",
    "Outbound",
    "Outgoing",
    "PolledInbound",
    "RemoteEntry",
    "RemoteFolder",
    "RemoteOutbound",
    "Target",
    "transport_of",
]
