"""The files of a partner folder: TOML against its model, codes files, and tables that the translators use."""

from __future__ import annotations
