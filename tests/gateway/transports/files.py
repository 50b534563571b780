"""Files to deliver, for the tests of transports."""

from __future__ import annotations

import hashlib

from gateway.transports import Outgoing
from tests.gateway.transports.harness import PARTNER


def outgoing(id_: int, data: bytes) -> Outgoing:
    """A file f<id> for the partner of the harnesses."""
    return Outgoing(id_, PARTNER, f"f{id_}", len(data), hashlib.sha256(data).hexdigest(), lambda: data)
