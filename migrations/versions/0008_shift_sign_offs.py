"""A second person's word on a closed shift: the hand-over accepted or refused, the cashier's day reviewed."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_TABLE = "shift_sign_off"


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        _TABLE,
        sa.Column("id", key, nullable=False),
        sa.Column("entry_id", key, nullable=False),
        sa.Column("shift_id", key, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("counted", sa.BigInteger(), nullable=False),
        sa.Column("things", sa.Text(), nullable=False),
        sa.Column("remark", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name="fk_shift_sign_off_entry_id_entry", initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name="fk_shift_sign_off_shift_id_shift"),
        sa.PrimaryKeyConstraint("id", name="pk_shift_sign_off"),
        sa.UniqueConstraint("entry_id", name="uq_shift_sign_off_entry_id"),
    )
    op.create_index("ix_shift_sign_off_shift_id", _TABLE, ["shift_id"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        refuse = f"BEGIN SELECT RAISE(ABORT, 'posted rows of {_TABLE} are never changed'); END"
    else:
        refuse = "FOR EACH ROW EXECUTE FUNCTION feedesk_refuse()"
    columns = "id, entry_id, shift_id, kind, accepted, counted, things, remark"
    op.execute(f"CREATE TRIGGER {_TABLE}_no_update BEFORE UPDATE OF {columns} ON {_TABLE} {refuse}")
    op.execute(f"CREATE TRIGGER {_TABLE}_no_delete BEFORE DELETE ON {_TABLE} {refuse}")
