"""How goods are called in what a Hold says."""

from __future__ import annotations

from gateway.returns.model import ReturnLine


def named(line: ReturnLine) -> str:
    """What goods on a line that nobody asked for are called: their item, or the line that they name."""
    if line.decision_reason == "wrong_item" and not line.sku:
        return line.decision_text
    return line.sku or ", ".join(item_id.replace(":", " ") for item_id in line.ids) or "an unnamed item"
