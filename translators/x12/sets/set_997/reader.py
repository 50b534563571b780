"""997 Functional Acknowledgment → AcknowledgmentReceived."""

from __future__ import annotations

from translators.canonical import Inbound
from translators.x12.sets.acknowledgments.group_response import read_group_response
from translators.x12.sets.context import SetContext


def read_997(segments: list[list[str]], context: SetContext) -> list[Inbound]:
    """A 997 → one document about one functional group of ours, with the verdict on each set it lists."""
    return read_group_response(segments, context)
