"""Guides: implementation-guide maps and partner overlays, compiled into plans."""
