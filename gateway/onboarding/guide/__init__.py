"""`partner guide`: the partner's implementation guide as one page, from its folder and samples."""

from __future__ import annotations

from gateway.onboarding.guide.page import partner_guide

__all__ = ["partner_guide"]
