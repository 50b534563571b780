"""The samples of a partner folder: which files they are, and what the files beside them are called."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

SAMPLES = "samples"
OUTPUTS = "out"
# Endings of expectations, and of notes, which are no samples.
EXPECTATIONS = frozenset({".json", ".997", ".999", ".ta1"})
NOTES = frozenset({".md"})


def sample_files(folder: Path) -> list[Path]:
    """The inbound samples of a `samples/` folder, without their expectations."""
    if not folder.is_dir():
        return []
    return [
        path
        for path in sorted(folder.iterdir())
        if path.is_file() and not path.name.startswith(".") and path.suffix not in EXPECTATIONS | NOTES
    ]


def expectation_stem(sample: Path, samples: Iterable[Path]) -> str:
    """What the names of a sample's expectations begin with: its name without the ending.

    The whole name where another sample differs by its ending only (RETURNS.D250612, RETURNS.D250613).
    """
    shared = any(other.stem == sample.stem and other.name != sample.name for other in samples)
    return sample.name if shared else sample.stem
