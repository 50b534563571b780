"""SFTP: one short session at a time, to a server that proved its pinned key, cut off when its time is over.

`settings.py` is what `partner.toml` says (no paramiko there), `access.py` the same with its secrets, `connection.py`
opens and ends a session, `keys.py` knows host keys and private keys, `remote_folder.py` is what a session can do.
"""

from __future__ import annotations

from gateway.transports.settings import Transport
from gateway.transports.sftp.settings import SftpInbound, SftpOutbound

SFTP = Transport(SftpInbound, SftpOutbound)
