"""What somebody may not do alone is asked for, and decided by somebody who may."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_COLUMNS = {
    "approval_request": "id, entry_id, request_key, kind, account_id, payment_id, name, amount, facts, reason",
    "approval_decision": "id, entry_id, request_key, request_id, outcome, act_entry_id, words",
}


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "approval_request",
        sa.Column("id", key, nullable=False),
        sa.Column("entry_id", key, nullable=False),
        sa.Column("request_key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("account_id", key, nullable=True),
        sa.Column("payment_id", key, nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        _to_its_entry("approval_request"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_approval_request_account_id_account"),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name="fk_approval_request_payment_id_payment"),
        sa.PrimaryKeyConstraint("id", name="pk_approval_request"),
        sa.UniqueConstraint("entry_id", name="uq_approval_request_entry_id"),
        sa.UniqueConstraint("request_key", name="uq_approval_request_request_key"),
    )
    op.create_table(
        "approval_decision",
        sa.Column("id", key, nullable=False),
        sa.Column("entry_id", key, nullable=False),
        sa.Column("request_key", sa.String(), nullable=False),
        sa.Column("request_id", key, nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("act_entry_id", key, nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        _to_its_entry("approval_decision"),
        sa.ForeignKeyConstraint(["act_entry_id"], ["entry.id"], name="fk_approval_decision_act_entry_id_entry"),
        sa.ForeignKeyConstraint(
            ["request_id"], ["approval_request.id"], name="fk_approval_decision_request_id_approval_request"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_approval_decision"),
        sa.UniqueConstraint("entry_id", name="uq_approval_decision_entry_id"),
        sa.UniqueConstraint("request_key", name="uq_approval_decision_request_key"),
    )
    op.create_index("ix_approval_decision_request_id", "approval_decision", ["request_id"], unique=False)
    for table, columns in _COLUMNS.items():
        _guard(table, columns)


def _to_its_entry(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["entry_id"], ["entry.id"], name=f"fk_{table}_entry_id_entry", initially="DEFERRED", deferrable=True
    )


def _guard(table: str, columns: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        refuse = f"BEGIN SELECT RAISE(ABORT, 'posted rows of {table} are never changed'); END"
    else:
        refuse = "FOR EACH ROW EXECUTE FUNCTION feedesk_refuse()"
    op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE OF {columns} ON {table} {refuse}")
    op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")
