"""999 Implementation Acknowledgment → AcknowledgmentReceived."""

from __future__ import annotations

from translators.canonical import Inbound
from translators.x12.sets.acknowledgments.group_response import read_group_response
from translators.x12.sets.context import SetContext


def read_999(segments: list[list[str]], context: SetContext) -> list[Inbound]:
    """A 999 → as a 997; its IK segments say the same and more."""
    return read_group_response(segments, context)
