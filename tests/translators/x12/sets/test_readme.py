"""What the README says of the sets is what the table has."""

from __future__ import annotations

from pathlib import Path

from translators.x12.sets.table import SETS, releases_of

README = Path(__file__).resolve().parents[4] / "README.md"


def sets_and_releases() -> str:
    """Every set with the releases of its guides, sets of the same releases together."""
    sets_of: dict[tuple[str, ...], list[str]] = {}
    for set_id in SETS:
        sets_of.setdefault(releases_of(set_id), []).append(set_id)
    listed = [f"{', '.join(sets)} ({', '.join(releases)})" for releases, sets in sets_of.items()]
    return " and ".join(filter(None, [", ".join(listed[:-1]), listed[-1]]))


def test_the_limits_name_every_guide() -> None:
    sentence = f"Guides are written for {sets_and_releases()}; other releases are read with the nearest one"
    assert sentence in " ".join(README.read_text(encoding="utf-8").split()), sentence


def test_the_folders_that_the_readme_names_are_there() -> None:
    text = README.read_text(encoding="utf-8")
    for place in ("translators/x12/sets/", "translators/x12/sets/table.py", "translators/x12/releases/"):
        assert f"`{place}`" in text
        assert (README.parent / place).exists()
