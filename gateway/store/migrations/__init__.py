"""Numbered migrations (Alembic). A new one: change gateway/store/tables/, then

    python -m gateway.store.migrations "what changes and why"

writes the next numbered file under versions/ from the difference; read it before you commit it.
"""

from __future__ import annotations
