"""Months paid ahead are found by an index of their own: every release of revenue asks for them."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    ahead = sa.text("source = 'advance' AND status <> 'cancelled'")
    op.create_index("ix_charge_advance", "charge", ["serves_to"], sqlite_where=ahead, postgresql_where=ahead)
