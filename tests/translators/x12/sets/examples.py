"""The example sets that stand in the sets' folders, and whole files made of them."""

from __future__ import annotations

from tests.translators.x12.files import whole_file
from translators.x12.sets.table import folder_of, set_description


def example_of(set_id: str, release: str) -> str:
    """The set's example for a release (or the latest before it) from ST to SE in one line; "" where it has none."""
    folder = folder_of(set_id) / "examples"
    names = [file.name for file in folder.iterdir()] if folder.is_dir() else []
    fitting = sorted(name for name in names if name.endswith(".edi") and name.removesuffix(".edi") <= release)
    return (folder / fitting[-1]).read_text(encoding="utf-8").replace("\n", "") if fitting else ""


def file_of(set_id: str, release: str, body: str) -> bytes:
    """One set as a whole file from NORTHGATE to us."""
    description = set_description(set_id)
    assert description is not None
    return whole_file(body, functional_id=description.group, version=release)
