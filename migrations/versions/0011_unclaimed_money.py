"""Money that came without saying for whom: the day it came and what was written with it."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_TABLE = "unclaimed_money"


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        _TABLE,
        sa.Column("id", key, nullable=False),
        sa.Column("entry_id", key, nullable=False),
        sa.Column("value_date", sa.Date(), nullable=False),
        sa.Column("remark", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name="fk_unclaimed_money_entry_id_entry", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name="pk_unclaimed_money"),
        sa.UniqueConstraint("entry_id", name="uq_unclaimed_money_entry_id"),
    )
    if op.get_bind().dialect.name == "sqlite":
        refuse = f"BEGIN SELECT RAISE(ABORT, 'posted rows of {_TABLE} are never changed'); END"
    else:
        refuse = "FOR EACH ROW EXECUTE FUNCTION feedesk_refuse()"
    columns = "id, entry_id, value_date, remark"
    op.execute(f"CREATE TRIGGER {_TABLE}_no_update BEFORE UPDATE OF {columns} ON {_TABLE} {refuse}")
    op.execute(f"CREATE TRIGGER {_TABLE}_no_delete BEFORE DELETE ON {_TABLE} {refuse}")
