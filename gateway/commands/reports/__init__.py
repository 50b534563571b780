"""Commands that look at a home: counts, invariants, everything decided again, three views compared."""

from __future__ import annotations
