"""Instants after `tests.gateway.files.AT`, as the store writes them."""

LATER = "2025-03-14T10:00:00.000000Z"
MUCH_LATER = "2025-03-15T10:00:00.000000Z"
