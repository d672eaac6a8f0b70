"""What refunds, bounced transfers, changes of tender and transfers between accounts put right."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TABLE = "correction"


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        _TABLE,
        sa.Column("id", key, nullable=False),
        sa.Column("entry_id", key, nullable=False),
        sa.Column("corrects_id", key, nullable=True),
        sa.Column("value_date", sa.Date(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("authorisation", sa.String(), nullable=False),
        sa.Column("inspected", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name="fk_correction_entry_id_entry", initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["corrects_id"], ["payment.id"], name="fk_correction_corrects_id_payment"),
        sa.PrimaryKeyConstraint("id", name="pk_correction"),
        sa.UniqueConstraint("entry_id", name="uq_correction_entry_id"),
    )
    op.create_index("ix_correction_corrects_id", _TABLE, ["corrects_id"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        refuse = f"BEGIN SELECT RAISE(ABORT, 'posted rows of {_TABLE} are never changed'); END"
    else:
        refuse = "FOR EACH ROW EXECUTE FUNCTION feedesk_refuse()"
    columns = "id, entry_id, corrects_id, value_date, evidence, authorisation, inspected"
    op.execute(f"CREATE TRIGGER {_TABLE}_no_update BEFORE UPDATE OF {columns} ON {_TABLE} {refuse}")
    op.execute(f"CREATE TRIGGER {_TABLE}_no_delete BEFORE DELETE ON {_TABLE} {refuse}")
