"""The classes of Fault as text: the table of the README, and the runbook page of one class."""

from __future__ import annotations

from gateway.faults.catalogue import CLASSES
from gateway.faults.error import GatewayError, code_of, default_message

_SOON = {"page": "act now", "urgent": "urgent", "business_day": "today", "info": "for information"}


def readme_table() -> str:
    """The table of the README's section "Faults" as Markdown."""
    lines = ["| class | what has happened | how soon | what to do |", "|---|---|---|---|"]
    for kind in CLASSES:
        remedy = _with_names(kind.remedy).replace("<", "\\<")
        cells = (f"`{code_of(kind)}`", default_message(kind), _SOON[kind.severity], remedy)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _with_names(remedy: str) -> str:
    """A remedy whose fields are shown as `<erp>`."""
    return remedy.replace("{", "<").replace("}", ">")


def runbook_page(kind: type[GatewayError]) -> str:
    """What a person reads who has such a Fault before them: what it means, what to look at, what to do."""
    lines = (
        f"{code_of(kind)} ({kind.severity})",
        default_message(kind),
        kind.runbook,
        f"remedy: {_with_names(kind.remedy)}",
    )
    return "\n".join(lines) + "\n"
