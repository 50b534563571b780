"""What documents and people say about lines: which claims stand, on which line, and what the policy closes short."""

from __future__ import annotations

from gateway.returns.claims.acceptance import accept, add_claim

__all__ = ["accept", "add_claim"]
