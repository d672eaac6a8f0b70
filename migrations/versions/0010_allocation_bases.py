"""On what a payment's allocation rests: the order agreed, or the payer's own designation."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_TABLE = "allocation_basis"


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        _TABLE,
        sa.Column("id", key, nullable=False),
        sa.Column("payment_id", key, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("agreed_order", sa.String(), nullable=False),
        sa.Column("clause", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name="fk_allocation_basis_payment_id_payment"),
        sa.PrimaryKeyConstraint("id", name="pk_allocation_basis"),
        sa.UniqueConstraint("payment_id", name="uq_allocation_basis_payment_id"),
    )
    if op.get_bind().dialect.name == "sqlite":
        refuse = f"BEGIN SELECT RAISE(ABORT, 'posted rows of {_TABLE} are never changed'); END"
    else:
        refuse = "FOR EACH ROW EXECUTE FUNCTION feedesk_refuse()"
    columns = "id, payment_id, kind, part, agreed_order, clause"
    op.execute(f"CREATE TRIGGER {_TABLE}_no_update BEFORE UPDATE OF {columns} ON {_TABLE} {refuse}")
    op.execute(f"CREATE TRIGGER {_TABLE}_no_delete BEFORE DELETE ON {_TABLE} {refuse}")
