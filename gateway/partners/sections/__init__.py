"""The sections of `partner.toml`, one model each."""

from __future__ import annotations
