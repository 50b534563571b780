"""The layouts that come with the package, to be used by name (`use = "generic-result"`) or copied."""

from __future__ import annotations

import copy
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def _read() -> dict[str, dict[str, Any]]:
    found = (file for file in files("translators.flat").joinpath("layouts").iterdir() if file.name.endswith(".toml"))
    return {file.name.removesuffix(".toml"): tomllib.loads(file.read_text("utf-8")) for file in found}


def shipped_layouts() -> dict[str, dict[str, Any]]:
    """Name → TOML table of every shipped layout, in name order; the tables are the caller's own copies."""
    return {name: copy.deepcopy(raw) for name, raw in sorted(_read().items())}
