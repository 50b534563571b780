"""One section of a settings file: unknown keys are refused, and nothing changes it after it was read."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A closed, immutable part of a configuration file. Numbers are finite: `inf` is no time to wait."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
