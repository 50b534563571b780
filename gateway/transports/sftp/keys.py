"""Host keys that are pinned, and private keys of ours. Nothing is trusted on first use."""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Sequence
from itertools import pairwise

import paramiko

from gateway.faults import SecretUnusable

_FAMILIES = (
    ("ssh-ed25519",),
    ("ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"),
    ("rsa-sha2-512", "rsa-sha2-256"),
)


class PinnedKeys:
    """The pinned host keys of one account, as its lines say: blobs of key lines, SHA256 fingerprints."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._blobs: set[bytes] = set()
        self._fingerprints: set[str] = set()
        self._types: list[str] = []
        for line in lines:
            fields = line.split()
            if line.startswith("SHA256:"):
                self._fingerprints.add(fields[0].rstrip("="))
                continue
            for kind, blob in pairwise(fields):  # a known_hosts line has the host names first
                if kind.startswith(("ssh-", "ecdsa-", "rsa-")):
                    self._types.append(kind)
                    self._blobs.add(base64.b64decode(blob))
                    break

    @property
    def empty(self) -> bool:
        """Whether nothing is pinned."""
        return not (self._blobs or self._fingerprints)

    def families(self) -> list[tuple[str, ...]]:
        """The key types to ask the server for, one after another: a fingerprint does not say its type."""
        if self._fingerprints:
            return list(_FAMILIES)
        types = [kind.replace("ssh-rsa", "rsa-sha2-512") for kind in self._types]
        return [family for family in _FAMILIES if any(kind in family for kind in types)]

    def match(self, key: paramiko.PKey) -> bool:
        """Whether this is one of the pinned keys."""
        return key.asbytes() in self._blobs or fingerprint(key) in self._fingerprints


def fingerprint(key: paramiko.PKey) -> str:
    """A public key → "SHA256:…" as OpenSSH prints it."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(key.asbytes()).digest()).decode("ascii").rstrip("=")


def load_key(text: str, passphrase: str = "") -> paramiko.PKey:
    """The text of a private key (Ed25519, ECDSA or RSA) → the key. Raises SecretUnusable."""
    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        try:
            return kind.from_private_key(io.StringIO(text), passphrase or None)
        except paramiko.PasswordRequiredException:
            raise SecretUnusable("The private key needs a passphrase (key_passphrase).") from None
        except (paramiko.SSHException, ValueError, IndexError):
            continue
    raise SecretUnusable("This is no private key we can read, or its passphrase is wrong.")
