"""`rebuild --check`: decide everything stored again and compare the results with the store."""

from __future__ import annotations

from pathlib import Path

from gateway.commands import Write
from gateway.commands.open_home import open_to_read
from gateway.rebuild import rebuild

SHOWN = 50


def check_rebuild(root: Path, write: Write) -> int:
    """Rebuild and compare; 0 if every row comes out as it is stored, 1 if not."""
    _, store = open_to_read(root)
    with store, store.read() as snapshot:
        done = rebuild(snapshot)
    write(f"decided again: {done.documents} documents, {done.decisions} answers to Holds, {done.returns} returns")
    write(f" in {done.steps} steps\n")
    for line in done.differences[:SHOWN]:
        write(f"DIFFERS {line}\n")
    if done.different > SHOWN:
        write(f"… and {done.different - SHOWN} more\n")
    write(f"{done.different} differences\n" if done.different else "everything comes out as it is stored\n")
    return 1 if done.different else 0
