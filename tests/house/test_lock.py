"""The lock file has every dependency that pyproject.toml names, in a version that it allows."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCKED = {
    canonicalize_name(match["name"]): match["version"]
    for match in re.finditer(
        r"^(?P<name>[\w.-]+)==(?P<version>[^\s;\\]+)", (ROOT / "requirements-lock.txt").read_text("utf-8"), re.M
    )
}


def test_the_lock_has_what_the_project_needs() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    named = [*project["dependencies"], *(line for lines in project["optional-dependencies"].values() for line in lines)]
    wrong = [
        f"{requirement}: the lock has {LOCKED.get(canonicalize_name(requirement.name))}"
        for requirement in map(Requirement, named)
        if not requirement.specifier.contains(LOCKED.get(canonicalize_name(requirement.name), "0"))
    ]
    assert wrong == []
