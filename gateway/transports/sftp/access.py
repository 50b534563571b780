"""One account on an SFTP server with all that a session needs, its secrets resolved."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field


@dataclass(frozen=True)
class SftpAccess:
    """One account on a server, its secrets resolved.

    `host_keys`: SHA256 fingerprints, public key lines ("ssh-ed25519 AAAA…") or known_hosts lines; any may match.
    `key`: the text of a private key. `path`: the folder to poll or to deliver to. `timeout`: seconds without an answer;
    `time_limit`: seconds for a whole session. `max_bytes` of one file, `max_names` in the folder.
    """

    host: str
    user: str
    host_keys: tuple[str, ...]
    port: int = 22
    key: str = field(default="", repr=False)
    key_passphrase: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    path: str = "."
    pattern: str = "*"
    timeout: float = 20.0
    time_limit: float = 120.0
    max_bytes: int = 1024 * 1024 * 1024
    max_names: int = 10_000
    prefetch: bool = True

    @property
    def place(self) -> str:
        """Which folder on which server: "sftp:user@host:22/path"."""
        return f"sftp:{self.user}@{self.host}:{self.port}{posixpath.normpath(posixpath.join('/', self.path))}"
