"""References to secrets: configuration names them, only the code that uses one reads it, and nothing prints it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

from gateway.faults import SecretUnusable


class SecretRef(BaseModel):
    """Where a secret is: `{ env = "NAME" }` or `{ file = "/absolute/path" }`, never the secret itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    env: str = ""
    file: str = ""

    @model_validator(mode="before")
    @classmethod
    def _refuse_literals(cls, value: Any) -> Any:
        if isinstance(value, str):
            raise ValueError("a secret must not stand in this file; name where it is")
        return value

    @model_validator(mode="after")
    def _exactly_one(self) -> SecretRef:
        if bool(self.env) == bool(self.file):
            raise ValueError("a secret needs exactly one of env and file")
        if self.file and not (self.file.startswith("~/") or Path(self.file).is_absolute()):
            raise ValueError("the file of a secret must be an absolute path, or begin with ~/")
        return self

    def __str__(self) -> str:
        return f"env {self.env}" if self.env else f"file {self.file}"

    def resolve(self) -> str:
        """The secret's text, without the line end that editors add. SecretUnusable if it is not there or empty."""
        if self.env:
            value = os.environ.get(self.env, "")
            if not value:
                raise SecretUnusable(f"environment variable {self.env} is not set; export it before the gateway starts")
            return value
        path = Path(self.file).expanduser()
        try:
            value = path.read_text(encoding="utf-8").rstrip("\r\n")
        except OSError as error:
            raise SecretUnusable(f"secret file {path} cannot be read: {error.strerror or error}") from error
        except UnicodeDecodeError as error:
            raise SecretUnusable(f"secret file {path} is not UTF-8 text") from error
        if not value:
            raise SecretUnusable(f"secret file {path} is empty")
        return value
