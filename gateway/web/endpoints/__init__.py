"""Addresses that are no pages: the API for returns, downloads, health and metrics."""

from __future__ import annotations
