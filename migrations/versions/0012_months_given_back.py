"""Charges cancelled one by one when months paid ahead go back; a change of hands that was undone can come again."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_CANCELLED, _CHANGE = "charge_cancellation", "change_of_hands"
_COLUMNS = "id, entry_id, from_account_id, to_account_id, first_day, paper"


def upgrade() -> None:
    op.create_table(
        _CANCELLED,
        sa.Column("id", _KEY, nullable=False),
        sa.Column("entry_id", _KEY, nullable=False),
        sa.Column("charge_id", _KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["entry.id"],
            name="fk_charge_cancellation_entry_id_entry",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["charge_id"], ["charge.id"], name="fk_charge_cancellation_charge_id_charge"),
        sa.PrimaryKeyConstraint("id", name="pk_charge_cancellation"),
        sa.UniqueConstraint("charge_id", name="uq_charge_cancellation_charge_id"),
    )
    op.create_index("ix_charge_cancellation_entry", _CANCELLED, ["entry_id"], unique=False)
    _guard(_CANCELLED, "id, entry_id, charge_id")
    if op.get_bind().dialect.name == "sqlite":
        _copy_changes()
    else:
        for column in ("from_account_id", "to_account_id"):
            op.drop_constraint(f"uq_{_CHANGE}_{column}", _CHANGE, type_="unique")
    for column in ("from_account_id", "to_account_id"):
        op.create_index(f"ix_{_CHANGE}_{column}", _CHANGE, [column], unique=False)


def _copy_changes() -> None:
    """SQLite cannot drop a constraint: the rows go into a table without it, which then takes the name."""
    op.create_table(
        "change_copied",
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
    )
    op.execute(f"INSERT INTO change_copied ({_COLUMNS}) SELECT {_COLUMNS} FROM {_CHANGE}")
    op.drop_table(_CHANGE)
    op.rename_table("change_copied", _CHANGE)
    _guard(_CHANGE, _COLUMNS)


def _guard(table: str, columns: str) -> None:
    """Posted rows are never changed: the database itself refuses."""
    if op.get_bind().dialect.name == "sqlite":
        refuse = f"BEGIN SELECT RAISE(ABORT, 'posted rows of {table} are never changed'); END"
    else:
        refuse = "FOR EACH ROW EXECUTE FUNCTION feedesk_refuse()"
    op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE OF {columns} ON {table} {refuse}")
    op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")
