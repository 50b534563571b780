"""A set that only a test knows: a folder outside the package that the table lists for a while."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import translators.x12.sets
from translators.x12.sets import table


@contextmanager
def known(folder: Path) -> Iterator[str]:
    """The set whose folder this is (`…/set_899`), known as if it stood in the table; gives its id."""
    set_id = folder.name.removeprefix("set_")
    before, path = table.SETS, list(translators.x12.sets.__path__)
    translators.x12.sets.__path__.append(str(folder.parent))
    _replace(before, (*before, set_id))
    try:
        yield set_id
    finally:
        _replace((*before, set_id), before)
        translators.x12.sets.__path__[:] = path
        for name in [name for name in sys.modules if name.startswith(f"translators.x12.sets.set_{set_id}")]:
            del sys.modules[name]
        vars(translators.x12.sets).pop(f"set_{set_id}", None)


def _replace(old: tuple[str, ...], new: tuple[str, ...]) -> None:
    """Another table of sets for every module that has imported it, and nothing remembered of the old one."""
    for name, module in list(sys.modules.items()):
        if name.startswith("translators."):
            if getattr(module, "SETS", None) == old:
                vars(module)["SETS"] = new
            for value in list(vars(module).values()):
                if hasattr(value, "cache_clear"):
                    value.cache_clear()
