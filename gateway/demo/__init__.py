"""`demo`: the whole story on the shipped sample partners, with a clock of its own, in a home of its own."""

from __future__ import annotations

import tempfile
from pathlib import Path

from gateway.commands import Write


def run_demo(keep: Path | None, write: Write) -> int:
    """Tell the story in a temporary home (or in `keep`); 0 if every step ended as it should."""
    from gateway.demo.story import tell_story

    if keep is not None:
        code = tell_story(keep, write)
        write(f"\nThe home is kept: returns-gateway --home {keep} run   (status page on http://127.0.0.1:8180)\n")
        return code
    with tempfile.TemporaryDirectory(prefix="returns-gateway-demo-") as folder:
        return tell_story(Path(folder) / "home", write)
