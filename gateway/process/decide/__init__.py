"""Canonical documents and people's decisions → changed returns, and everything that a change causes."""
