"""Which account followed which when a unit changed hands, and the balances that went over."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "change_of_hands",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("entry_id", _KEY, nullable=False),
        sa.Column("from_account_id", _KEY, nullable=False),
        sa.Column("to_account_id", _KEY, nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("paper", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name="fk_change_of_hands_entry_id_entry", initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["from_account_id"], ["account.id"], name="fk_change_of_hands_from_account_id_account"),
        sa.ForeignKeyConstraint(["to_account_id"], ["account.id"], name="fk_change_of_hands_to_account_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_change_of_hands"),
        sa.UniqueConstraint("entry_id", name="uq_change_of_hands_entry_id"),
        sa.UniqueConstraint("from_account_id", name="uq_change_of_hands_from_account_id"),
        sa.UniqueConstraint("to_account_id", name="uq_change_of_hands_to_account_id"),
    )
    op.create_table(
        "carried_balance",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("entry_id", _KEY, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name="fk_carried_balance_entry_id_entry", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name="pk_carried_balance"),
    )
    op.create_index("ix_carried_balance_entry_id", "carried_balance", ["entry_id", "sequence"], unique=True)
    _guard("change_of_hands", "id, entry_id, from_account_id, to_account_id, first_day, paper")
    _guard("carried_balance", "id, entry_id, sequence, kind, name, amount")


def _guard(table: str, columns: str) -> None:
    """Posted rows are never changed: the database itself refuses."""
    if op.get_bind().dialect.name == "sqlite":
        refuse = f"BEGIN SELECT RAISE(ABORT, 'posted rows of {table} are never changed'); END"
    else:
        refuse = "FOR EACH ROW EXECUTE FUNCTION feedesk_refuse()"
    op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE OF {columns} ON {table} {refuse}")
    op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")
