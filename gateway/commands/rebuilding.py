"""`rebuild --check`: decide everything that is stored again, in memory, and compare it with what is stored."""

from __future__ import annotations

from pathlib import Path

from gateway.commands import Write
from gateway.commands.reporting import open_to_read
from gateway.configuration import read_configuration
from gateway.home import Home
from gateway.process.rebuild import Rebuilt, rebuild
from gateway.store import Snapshot

SHOWN = 50
# `verify` decides everything again where there is no more than this: about a second's work.
SAMPLE = 2000


def check_rebuild(root: Path, write: Write) -> int:
    """Rebuild and compare; 0 if every row comes out as it is stored, 1 if not."""
    home, store = open_to_read(root)
    with store, store.read() as snapshot:
        done = rebuilt(home, snapshot)
    write(f"decided again: {done.documents} documents, {done.decisions} answers to Holds, {done.returns} returns\n")
    for line in done.differences[:SHOWN]:
        write(f"DIFFERS {line}\n")
    if len(done.differences) > SHOWN:
        write(f"… and {len(done.differences) - SHOWN} more\n")
    write(f"{len(done.differences)} differences\n" if done.differences else "everything comes out as it is stored\n")
    return 1 if done.differences else 0


def rebuilt(home: Home, snapshot: Snapshot) -> Rebuilt:
    """The store of a home, decided again."""
    return rebuild(snapshot, read_configuration(home.partners).book)
