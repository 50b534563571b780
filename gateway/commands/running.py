"""`run` and `once`: own a home and work."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from gateway.clock import SystemClock
from gateway.commands import Write
from gateway.engine import Engine
from gateway.home import Home


def run_once(root: Path, write: Write) -> int:
    """Everything that is waiting, then exit. 0 unless the gateway itself failed (that is an exception)."""
    with Engine.open(Home(root), SystemClock()) as engine:
        engine.remotes.poll_all(engine.configuration.book)
        done = engine.until_quiet()
    write(", ".join(f"{count} {name}" for name, count in asdict(done).items()) + "\n")
    return 0


def run_forever(root: Path, host: str, port: int, write: Write) -> int:
    """Work and serve the status page until interrupted."""
    from gateway.commands.serving import serve

    home = Home(root)
    with Engine.open(home, SystemClock()) as engine:
        return serve(engine, host, port, write)
