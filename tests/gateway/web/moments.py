"""The morning the pages are looked at, and instants before it."""

from __future__ import annotations

from datetime import UTC, datetime

NOW = datetime(2025, 3, 17, 9, 0, tzinfo=UTC)


def at(text: str) -> str:
    """ "03-14 08:30:05" → the instant as the store writes it."""
    return f"2025-{text.replace(' ', 'T')}.000000Z"
