"""Where the sample partners are: beside the package in a checkout, inside it in an installed wheel."""

from __future__ import annotations

from pathlib import Path

import gateway


def shipped_partners() -> Path:
    """The folder with `_house`, `_template` and the sample partners, to be copied into a new home."""
    package = Path(gateway.__file__).parent
    packaged = package / "shipped" / "partners"
    return packaged if packaged.is_dir() else package.parent / "partners"
