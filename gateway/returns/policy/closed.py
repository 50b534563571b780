"""The base of every table of a policy."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Closed(BaseModel):
    """A frozen table that takes no key which it does not name."""

    model_config = ConfigDict(frozen=True, extra="forbid")
