"""An ERP profile's TOML table → a checked `ErpProfile`; and the profiles that come with the package."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import ValidationError

from translators.erp.profile.checks import profile_problems
from translators.erp.profile.model import ErpProfile, ErpProfileError


def parse_erp_profile(name: str, raw: Mapping[str, Any]) -> ErpProfile:
    """A profile's TOML table → ErpProfile. Raises `ErpProfileError` with every problem, each with its place."""
    table = _with_shipped(raw)
    try:
        profile = ErpProfile(**{**table, "name": name})
    except ValidationError as error:
        raise ErpProfileError(
            tuple(
                (".".join(str(part) for part in problem["loc"]) or "profile", _problem_text(problem))
                for problem in error.errors()
            )
        ) from error
    problems = tuple(profile_problems(profile))
    if problems:
        raise ErpProfileError(problems)
    return profile


def named_profile(name: str, layouts: Mapping[str, Any]) -> ErpProfile:
    """The profile of this name: the partner's own layout of that name first, then the shipped one.

    Raises KeyError for a name that nobody has, `ErpProfileError` for a profile that is wrong.
    """
    own = layouts.get(name)
    return parse_erp_profile(name, own) if own else _shipped_profile(name)


@cache
def _shipped_profile(name: str) -> ErpProfile:
    return parse_erp_profile(name, tomllib.loads(_texts()[name]))


def _with_shipped(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The shipped profile that `use` names with the partner's keys on top; `maps` are merged, the rest is replaced."""
    used = raw.get("use")
    if used is None:
        return dict(raw)
    shipped = shipped_erp_profiles()
    if used not in shipped:
        raise ErpProfileError((("use", f"no shipped profile {used!r}; there are {', '.join(sorted(shipped))}"),))
    merged = dict(shipped[used])
    for key, value in raw.items():
        if key == "maps" and isinstance(value, Mapping):
            merged["maps"] = {**merged.get("maps", {}), **value}
        elif key != "use":
            merged[key] = value
    return merged


def _problem_text(error: Any) -> str:
    if error["type"] == "extra_forbidden":
        return "no such key"
    if error["type"] == "missing":
        return "this key must be there"
    return f"{error['msg']} (found {error['input']!r})"


@cache
def _texts() -> dict[str, str]:
    packaged = files("translators.erp").joinpath("profiles").iterdir()
    return {
        file.name.removesuffix(".toml"): file.read_text("utf-8") for file in packaged if file.name.endswith(".toml")
    }


def shipped_erp_profiles() -> dict[str, dict[str, Any]]:
    """Name → TOML table of every profile that comes with the package, in name order."""
    return {name: tomllib.loads(text) for name, text in sorted(_texts().items())}
