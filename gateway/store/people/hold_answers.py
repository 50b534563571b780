"""What may be said to a Hold with `resolve`: of a return the domain knows; of a file, a posting or a promise, here."""

from __future__ import annotations

from gateway.returns import HOLD_CLASSES, decisions_for
from gateway.store.returns import pilots

_BESIDE_RETURNS = {
    "meant_twice": ("process", "ignore"),
    "out_conflict": ("send_again", "void"),
    "dispatch_failed": ("send_again", "void"),
    pilots.HOLD: ("release", "void"),
}


def answers_to(class_: str, intake_id: int | None, posting_key: str) -> tuple[str, ...]:
    """The decisions that answer a Hold of this class about this file or posting, the most usual first."""
    if class_ in HOLD_CLASSES:
        return decisions_for(class_)
    if class_ in _BESIDE_RETURNS:
        return _BESIDE_RETURNS[class_]
    if class_ == "unrenderable" and posting_key:
        return ("retry", "void", "done")
    return ("replay", "done") if intake_id is not None else ("done",)
