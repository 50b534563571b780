"""Read-only questions to the store, one module a page. Each takes a Snapshot and gives typed rows.

Their keys are those of the pages' JSON twins."""

from __future__ import annotations
