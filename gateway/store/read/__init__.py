"""Read-only questions to the store, one module a page. Each takes a Snapshot and gives plain dicts and lists."""

from __future__ import annotations
