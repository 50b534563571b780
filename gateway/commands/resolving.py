"""`resolve`, `dispose`, `vendor-shipped`: a person's word is left as a request, audited and carried out once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from gateway.commands import Write
from gateway.commands.requesting import leave_request
from gateway.home import Home

# The decision that NAME=VALUE alone asks for: outcomes with their quantities.
UNNAMED_DECISION = "dispose"


def resolve_hold(root: Path, hold: int, words: Sequence[str], actor: str, note: str, write: Write) -> int:
    """Ask for a decision about a Hold; 1 if it makes no sense for that Hold, 2 if it cannot be read."""
    names = [word for word in words if "=" not in word]
    choose, wrong = named_values([word for word in words if "=" in word])
    if len(names) > 1 or not (names or choose):
        wrong = f"say one decision, not {' '.join(names)}" if names else "say a decision"
    if wrong:
        write(f"{wrong}\n")
        return 2
    body: dict[str, object] = {"hold": hold, "decision": names[0] if names else UNNAMED_DECISION, "note": note}
    return leave_request(Home(root), "resolve", body | ({"choose": choose} if choose else {}), actor, write)


def dispose_goods(root: Path, request: dict[str, object], outcomes: Sequence[str], actor: str, write: Write) -> int:
    """Ask for outcomes of units of a line; 1 if they do not fit what is there, 2 if they cannot be read."""
    choose, wrong = named_values(outcomes)
    if wrong:
        write(f"{wrong}\n")
        return 2
    return leave_request(Home(root), "dispose", {**request, "choose": choose}, actor, write)


def ship_out(root: Path, request: dict[str, object], actor: str, write: Write) -> int:
    """Ask to note how goods travel to a supplier; 1 if nothing is claimed of it, 2 if the day is none."""
    day = str(request["shipped_on"])
    try:
        if day:
            date.fromisoformat(day)
    except ValueError:
        write(f"{day} is not a day, as 2025-03-14\n")
        return 2
    return leave_request(Home(root), "ship_out", request, actor, write)


def named_values(pairs: Sequence[str]) -> tuple[dict[str, str], str]:
    """NAME=VALUE, each name once → the values by name, and what is wrong with them in words."""
    chosen: dict[str, str] = {}
    for pair in pairs:
        name, found, value = pair.partition("=")
        if not (name and found and value):
            return {}, f"{pair} is not NAME=VALUE, as restock=8"
        if name in chosen:
            return {}, f"{name} is said twice"
        chosen[name] = value
    return chosen, ""
