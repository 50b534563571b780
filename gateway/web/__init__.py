"""The status page: what is blocked, why, since when, and whose move it is. It reads the store and changes nothing."""

from __future__ import annotations

from gateway.web.app import create_app

__all__ = ["create_app"]
