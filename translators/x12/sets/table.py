"""The transaction sets that the gateway knows: one line each. Everything else of a set stands in its folder.

`set_<id>/` holds the set's description (`__init__.py`), its guides by release (`guides/004010.xml`), what they need
beyond the data elements and code lists of the release (`guides/004010.elements.xml`, `guides/004010.codes.xml`), the
words of its codes (`code_texts.csv`), its bindings (`bindings.toml`), reader, writers and examples.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from translators.x12.sets.description import TransactionSet

# Where two guides of a release define a segment differently, an overlay's [[allow]] takes the first of this order.
SETS: tuple[str, ...] = (
    "180",
    "214",
    "812",
    "824",
    "856",
    "861",
    "943",
    "944",
    "997",
    "999",
)

_GUIDE = re.compile(r"([0-9]{6})\.xml")


@cache
def set_description(set_id: str) -> TransactionSet | None:
    """What a set's folder says of it; None for a set that is not in the table."""
    if set_id not in SETS:
        return None
    description: TransactionSet = import_module(_package(set_id)).SET
    return description


@cache
def all_sets() -> tuple[TransactionSet, ...]:
    """Every set of the table, in its order."""
    return tuple(description for description in map(set_description, SETS) if description is not None)


def _package(set_id: str) -> str:
    return f"{__package__}.set_{set_id}"


def folder_of(set_id: str) -> Traversable:
    """The folder of a set of the table, for the data in it."""
    return files(_package(set_id))


@cache
def releases_of(set_id: str) -> tuple[str, ...]:
    """The releases that a set has a guide for ("004010", …), the oldest first; none for a set not in the table."""
    if set_id not in SETS:
        return ()
    guides = folder_of(set_id) / "guides"
    names = (_GUIDE.fullmatch(file.name) for file in guides.iterdir()) if guides.is_dir() else ()
    return tuple(sorted(name[1] for name in names if name is not None))


@cache
def releases() -> tuple[str, ...]:
    """Every release that some set has a guide for, the oldest first."""
    return tuple(sorted({release for set_id in SETS for release in releases_of(set_id)}))


@cache
def groups() -> frozenset[str]:
    """The functional groups (GS01) whose sets we read."""
    return frozenset(description.group for description in all_sets())


@cache
def function_of(set_id: str, module_and_name: str) -> Callable[..., Any]:
    """A function that a set's description names ("reader:read_180"); its module is imported now.

    Raises ImportError or AttributeError where the folder has no such module or function.
    """
    module, _, name = module_and_name.partition(":")
    function: Callable[..., Any] = getattr(import_module(f"{_package(set_id)}.{module}"), name)
    return function


def title_of(set_id: str) -> str:
    """A set's title in the standard; "" for a set that is not in the table."""
    description = set_description(set_id)
    return description.title if description else ""


def sets_becoming(kind: str) -> frozenset[str]:
    """The sets that become documents of this kind and of no other."""
    return frozenset(description.id for description in all_sets() if description.becomes == (kind,))


def sets_written(kind: str) -> tuple[str, ...]:
    """The sets that an outbound document of this kind can be written as."""
    return tuple(description.id for description in all_sets() if kind in description.writers)


@cache
def code_names() -> dict[tuple[str, str], str]:
    """What `explain` calls each set (DE 143) and functional group (DE 479): (data element, code) → name."""
    names: dict[tuple[str, str], str] = {}
    members: dict[str, list[str]] = {}
    for description in all_sets():
        names["143", description.id] = description.name
        ids = members.setdefault(description.group, [])
        ids.append(description.id)
        names["479", description.group] = f"{description.group_name} ({', '.join(ids)})"
    return names
