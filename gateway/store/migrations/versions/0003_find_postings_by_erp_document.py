"""Find a posting by the document of the ERP that booked it, which a credit register names."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the index."""
    named = sa.text("erp_document != ''")
    op.create_index("ix_posting_erp_document", "posting", ["erp_document"], sqlite_where=named, postgresql_where=named)
