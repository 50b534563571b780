"""One Hold being answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gateway.returns.decision import Decision
from gateway.returns.model import Hold, Return


@dataclass(slots=True)
class Answer:
    """One Hold being answered."""

    decision: Decision
    return_: Return
    hold: Hold
    choice: str
    actor: str
    choices: Mapping[str, str] = field(default_factory=dict)

    @property
    def source(self) -> str:
        """The business key of the decision, for claims and movements: unique per Hold and opening."""
        return f"decision:{self.hold.key}:{self.hold.opened_at}"
