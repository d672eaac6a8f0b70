"""References that came after their payment: typed later, by whom and when, without touching the payment."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_TABLE = "added_reference"


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        _TABLE,
        sa.Column("id", key, nullable=False),
        sa.Column("entry_id", key, nullable=False),
        sa.Column("payment_id", key, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name="fk_added_reference_entry_id_entry", initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name="fk_added_reference_payment_id_payment"),
        sa.PrimaryKeyConstraint("id", name="pk_added_reference"),
        sa.UniqueConstraint("entry_id", name="uq_added_reference_entry_id"),
    )
    op.create_index("ix_added_reference_payment_id", _TABLE, ["payment_id"], unique=False)
    op.create_index("ix_added_reference_reference", _TABLE, ["reference"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        refuse = f"BEGIN SELECT RAISE(ABORT, 'posted rows of {_TABLE} are never changed'); END"
    else:
        refuse = "FOR EACH ROW EXECUTE FUNCTION feedesk_refuse()"
    columns = "id, entry_id, payment_id, sequence, reference"
    op.execute(f"CREATE TRIGGER {_TABLE}_no_update BEFORE UPDATE OF {columns} ON {_TABLE} {refuse}")
    op.execute(f"CREATE TRIGGER {_TABLE}_no_delete BEFORE DELETE ON {_TABLE} {refuse}")
