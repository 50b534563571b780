"""The `[transport]` sections of kind sftp: an account on a partner's server, to poll or to upload to."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field, field_validator, model_validator

from gateway.settings import SecretRef
from gateway.transports.protocol import Endpoint, RemoteFolder, Target
from gateway.transports.settings import PolledInbound, RemoteOutbound, Side
from gateway.transports.sftp.access import SftpAccess

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from gateway.transports.sftp.remote_folder import SftpFolder
    from gateway.transports.upload import Upload

_FINGERPRINT = re.compile(r"^SHA256:[A-Za-z0-9+/]{43}=?$")
_KEY_LINE = re.compile(r"^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/]+={0,3}( .*)?$")


class SftpAccount(Side):
    """An account on a partner's SFTP server. `host_keys`: SHA256 fingerprints or public key lines, at least one."""

    title: ClassVar[str] = "SFTP account and path"

    kind: Literal["sftp"]
    host: Annotated[str, Field(min_length=1)]
    port: Annotated[int, Field(ge=1, le=65535)] = 22
    user: Annotated[str, Field(min_length=1)]
    host_keys: Annotated[tuple[str, ...], Field(min_length=1)]
    key: SecretRef | None = None
    key_passphrase: SecretRef | None = None
    password: SecretRef | None = None
    time_limit_seconds: Annotated[int, Field(ge=5, le=3600)] = 120
    path: str = "."

    @field_validator("host_keys", mode="after")
    @classmethod
    def _keys_we_understand(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for key in value:
            if not (_FINGERPRINT.match(key) or _KEY_LINE.match(key)):
                raise ValueError(f"{key[:40]!r} is neither a SHA256:… fingerprint nor a public key line")
        return value

    @model_validator(mode="after")
    def _some_credential(self) -> SftpAccount:
        if self.key is None and self.password is None:
            raise ValueError("an SFTP account needs key or password")
        if self.key_passphrase is not None and self.key is None:
            raise ValueError("key_passphrase is of no use without key")
        return self

    def account(self) -> str:
        """The account, without secrets: "user@host:22"."""
        return f"{self.user}@{self.host}:{self.port}"

    def account_path(self) -> str:
        """The account and its folder: "user@host:22:path"."""
        return f"{self.account()}:{self.path}"

    def access(self, pattern: str = "*") -> SftpAccess:
        """What a session needs. Raises SecretUnusable for a secret that is not there."""
        return SftpAccess(
            host=self.host,
            user=self.user,
            host_keys=self.host_keys,
            port=self.port,
            key=_secret(self.key),
            key_passphrase=_secret(self.key_passphrase),
            password=_secret(self.password),
            path=self.path,
            pattern=pattern,
            time_limit=float(self.time_limit_seconds),
        )


def _secret(reference: SecretRef | None) -> str:
    return reference.resolve() if reference is not None else ""


class SftpInbound(SftpAccount, PolledInbound):
    """Poll a folder of an SFTP server."""

    def sentence(self, marker: str) -> str:
        """How files travel, said to the partner. The account is named, never its secrets."""
        every = f"every {self.poll_seconds / 60:g} minutes"
        where = f"we fetch {self.pattern} from {self.path} of {self.host}:{self.port} {every}"
        after = {"delete": "and delete what we have", "move": f"and move it to {self.move_to}", "leave": ""}
        return f"{where} {after[self.after]}".strip()

    def remote(self) -> Endpoint[RemoteFolder]:
        """The folder to poll. Raises SecretUnusable for a secret that is not there."""
        access = self.access(self.pattern)
        return Endpoint(access.place, partial(_open, access))


class SftpOutbound(SftpAccount, RemoteOutbound):
    """Upload under a temporary name beside the final one, then rename."""

    temporary_suffix: Annotated[str, Field(min_length=1)] = ".part"

    def sentence(self) -> str:
        """How files travel, said to the partner."""
        where = f"we put files into {self.path} of {self.host}:{self.port}"
        return f"{where}, under a name ending in {self.temporary_suffix} until they are whole"

    def target(self) -> Endpoint[Target]:
        """The folder to deliver to. Raises SecretUnusable for a secret that is not there."""
        access = self.access()
        return Endpoint(access.place, partial(_open_upload, access, self.temporary_suffix))


def _open(access: SftpAccess) -> SftpFolder:
    from gateway.transports.sftp.remote_folder import SftpFolder  # paramiko: only who opens a session pays for it

    return SftpFolder(access)


def _open_upload(access: SftpAccess, suffix: str) -> AbstractContextManager[Upload]:
    from gateway.transports.upload import uploading

    return uploading(_open(access), suffix, access.host)
