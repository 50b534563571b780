"""The `[transport]` sections of `partner.toml`: a folder or an SFTP account, each way."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from gateway.partners.secret import SecretRef
from gateway.partners.sections import Section

_FINGERPRINT = re.compile(r"^SHA256:[A-Za-z0-9+/]{43}=?$")
_KEY_LINE = re.compile(r"^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/]+={0,3}( .*)?$")


class Folder(Section):
    """A folder of the home: inbox/<partner> or outbox/<partner>. Renaming needs it on the home's filesystem."""

    kind: Literal["folder"] = "folder"


class SftpAccount(Section):
    """An account on a partner's SFTP server. `host_keys`: SHA256 fingerprints or public key lines, at least one."""

    kind: Literal["sftp"]
    host: Annotated[str, Field(min_length=1)]
    port: Annotated[int, Field(ge=1, le=65535)] = 22
    user: Annotated[str, Field(min_length=1)]
    host_keys: Annotated[tuple[str, ...], Field(min_length=1)]
    key: SecretRef | None = None
    key_passphrase: SecretRef | None = None
    password: SecretRef | None = None
    time_limit_seconds: Annotated[int, Field(ge=5, le=3600)] = 120

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
        return f"{self.user}@{self.host}:{self.port}"


class SftpInbound(SftpAccount):
    """Poll a remote folder. `after`: what happens to a remote file once its bytes are safe here."""

    path: str = "."
    pattern: str = "*"
    after: Literal["delete", "move", "leave"] = "delete"
    move_to: str = ""
    poll_seconds: Annotated[int, Field(ge=10, le=86400)] = 300

    @model_validator(mode="after")
    def _somewhere_to_move(self) -> SftpInbound:
        if (self.after == "move") != bool(self.move_to):
            raise ValueError('after = "move" and move_to go together')
        return self


class SftpOutbound(SftpAccount):
    """Upload under a temporary name beside the final one, then rename."""

    path: str = "."
    temporary_suffix: Annotated[str, Field(min_length=1)] = ".part"


class Transport(Section):
    inbound: Annotated[Folder | SftpInbound, Field(discriminator="kind")] = Folder()
    outbound: Annotated[Folder | SftpOutbound, Field(discriminator="kind")] = Folder()

    @model_validator(mode="before")
    @classmethod
    def _folder_unless_said(cls, given: Any) -> Any:
        """A side without `kind` is a folder: the discriminator must stand there for pydantic to choose."""
        if not isinstance(given, dict):
            return given
        return {k: {"kind": "folder", **v} if isinstance(v, dict) else v for k, v in given.items()}
