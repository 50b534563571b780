"""`resolve`: answer a Hold. The decision is a request, so that it is audited and carried out once."""

from __future__ import annotations

from pathlib import Path

from gateway.commands import Write
from gateway.commands.replaying import ask
from gateway.home import Home


def resolve_hold(root: Path, hold: int, decision: str, actor: str, note: str, write: Write) -> int:
    """Ask for a decision about a Hold; 1 if it makes no sense for that Hold."""
    return ask(Home(root), "resolve", {"hold": hold, "decision": decision, "note": note}, actor, write)
