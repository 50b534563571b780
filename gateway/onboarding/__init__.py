"""Bring a partner on: propose its folder from samples, certify what they prove, write the guide for its EDI team."""

from __future__ import annotations
