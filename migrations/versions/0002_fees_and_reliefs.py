"""Concessions, late fees, shared costs, supplier invoices, waivers, disputes, replaced charges, revenue releases."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_FROZEN = ("charge_replacement", "waiver", "charge_freeze", "revenue_release", "late_fee_stop")


def upgrade() -> None:
    op.create_table(
        "concession_policy",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("condition", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("stackable", sa.Boolean(), nullable=False),
        sa.Column("basis_document", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concession_policy")),
        sa.UniqueConstraint("name", "valid_from", name=op.f("uq_concession_policy_name_valid_from")),
    )
    op.create_table(
        "lpr_rate",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("yearly", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lpr_rate")),
        sa.UniqueConstraint("published_on", name=op.f("uq_lpr_rate_published_on")),
    )
    op.create_table(
        "concession_item",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("policy_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fee_item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["fee_item_id"], ["fee_item.id"], name=op.f("fk_concession_item_fee_item_id_fee_item")),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["concession_policy.id"], name=op.f("fk_concession_item_policy_id_concession_policy")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concession_item")),
        sa.UniqueConstraint("policy_id", "fee_item_id", name=op.f("uq_concession_item_policy_id_fee_item_id")),
    )
    op.create_table(
        "late_fee_rule",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fee_item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("daily_rate", sa.String(), nullable=True),
        sa.Column("lpr_multiple", sa.String(), nullable=True),
        sa.Column("grace_days", sa.Integer(), nullable=False),
        sa.Column("cap", sa.String(), nullable=False),
        sa.Column("minimum", sa.BigInteger(), nullable=False),
        sa.Column("starts", sa.String(), nullable=False),
        sa.Column("clause", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["fee_item_id"], ["fee_item.id"], name=op.f("fk_late_fee_rule_fee_item_id_fee_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_fee_rule")),
        sa.UniqueConstraint("fee_item_id", "valid_from", name=op.f("uq_late_fee_rule_fee_item_id_valid_from")),
    )
    op.create_table(
        "shared_cost",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("fee_item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("due_rule", sa.String(), nullable=False),
        sa.Column("vacant_weight", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["fee_item_id"], ["fee_item.id"], name=op.f("fk_shared_cost_fee_item_id_fee_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_cost")),
        sa.UniqueConstraint("name", "period", name=op.f("uq_shared_cost_name_period")),
    )
    op.create_index(op.f("ix_shared_cost_period"), "shared_cost", ["period"], unique=False)
    op.create_table(
        "supplier_invoice",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fee_item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("supplier", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("usage", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["fee_item_id"], ["fee_item.id"], name=op.f("fk_supplier_invoice_fee_item_id_fee_item")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplier_invoice")),
        sa.UniqueConstraint(
            "fee_item_id", "period", "number", name=op.f("uq_supplier_invoice_fee_item_id_period_number")
        ),
    )
    op.create_table(
        "revenue_release",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("fee_item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["entry.id"],
            name=op.f("fk_revenue_release_entry_id_entry"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["fee_item_id"], ["fee_item.id"], name=op.f("fk_revenue_release_fee_item_id_fee_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revenue_release")),
    )
    op.create_index("ix_revenue_release_entry", "revenue_release", ["entry_id"], unique=False)
    op.create_table(
        "concession_grant",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("policy_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.Column("to_date", sa.Date(), nullable=True),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("granted_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("approved_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("granted_at", sa.String(25), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_concession_grant_account_id_account")),
        sa.ForeignKeyConstraint(["approved_by"], ["staff.id"], name=op.f("fk_concession_grant_approved_by_staff")),
        sa.ForeignKeyConstraint(["granted_by"], ["staff.id"], name=op.f("fk_concession_grant_granted_by_staff")),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["concession_policy.id"], name=op.f("fk_concession_grant_policy_id_concession_policy")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concession_grant")),
        sa.UniqueConstraint(
            "policy_id", "account_id", "from_date", name=op.f("uq_concession_grant_policy_id_account_id_from_date")
        ),
    )
    op.create_index(op.f("ix_concession_grant_account_id"), "concession_grant", ["account_id"], unique=False)
    op.create_index(op.f("ix_concession_grant_to_date"), "concession_grant", ["to_date"], unique=False)
    op.create_table(
        "charge_freeze",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("charge_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("begins", sa.Boolean(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["charge_id"], ["charge.id"], name=op.f("fk_charge_freeze_charge_id_charge")),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["entry.id"],
            name=op.f("fk_charge_freeze_entry_id_entry"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charge_freeze")),
    )
    op.create_index(op.f("ix_charge_freeze_charge_id"), "charge_freeze", ["charge_id"], unique=False)
    op.create_index("ix_charge_freeze_entry", "charge_freeze", ["entry_id"], unique=False)
    op.create_table(
        "charge_replacement",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("replaced_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["charge.id"], name=op.f("fk_charge_replacement_by_id_charge")),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["entry.id"],
            name=op.f("fk_charge_replacement_entry_id_entry"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["replaced_id"], ["charge.id"], name=op.f("fk_charge_replacement_replaced_id_charge")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charge_replacement")),
        sa.UniqueConstraint("replaced_id", "by_id", name=op.f("uq_charge_replacement_replaced_id_by_id")),
    )
    op.create_index(op.f("ix_charge_replacement_by_id"), "charge_replacement", ["by_id"], unique=False)
    op.create_index("ix_charge_replacement_entry", "charge_replacement", ["entry_id"], unique=False)
    op.create_table(
        "waiver",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("charge_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["charge_id"], ["charge.id"], name=op.f("fk_waiver_charge_id_charge")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_waiver_entry_id_entry"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiver")),
    )
    op.create_index(op.f("ix_waiver_charge_id"), "waiver", ["charge_id"], unique=False)
    op.create_index("ix_waiver_entry", "waiver", ["entry_id"], unique=False)
    op.create_table(
        "late_fee_stop",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("charge_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["charge_id"], ["charge.id"], name=op.f("fk_late_fee_stop_charge_id_charge")),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["entry.id"],
            name=op.f("fk_late_fee_stop_entry_id_entry"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_fee_stop")),
    )
    op.create_index(op.f("ix_late_fee_stop_charge_id"), "late_fee_stop", ["charge_id"], unique=False)
    op.create_index("ix_late_fee_stop_entry", "late_fee_stop", ["entry_id"], unique=False)

    still_open = sa.text("status = 'open'")
    op.drop_index("ix_charge_open", "charge")
    op.create_index(
        "ix_charge_open", "charge", ["account_id", "due_date"], sqlite_where=still_open, postgresql_where=still_open
    )
    op.create_index(
        "ix_charge_due",
        "charge",
        ["due_date", "fee_item_id", "account_id", "gross", "discount", "paid", "waived", "status"],
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
    taken_back = sa.text("cancelled_by IS NOT NULL")
    op.create_index(
        "ix_charge_cancelled_by", "charge", ["cancelled_by"], sqlite_where=taken_back, postgresql_where=taken_back
    )
    once = sa.text("source = 'one_off' AND status <> 'cancelled'")
    op.create_index(
        "uq_charge_one_off",
        "charge",
        ["number", "account_id"],
        unique=True,
        sqlite_where=once,
        postgresql_where=once,
    )
    op.add_column("meter", sa.Column("walk_order", sa.Integer(), nullable=True))
    op.add_column("meter_reading", sa.Column("recorded_at", sa.String(25), nullable=True))
    op.add_column("tariff_version", sa.Column("formula", sa.Text(), nullable=True))
    op.add_column("fee_item", sa.Column("covers", sa.Text(), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "ALTER TABLE meter_reading ADD COLUMN recorded_by INTEGER"
            " CONSTRAINT fk_meter_reading_recorded_by_staff REFERENCES staff (id)"
        )
        _let_payments_be_without_a_shift()
    else:
        op.add_column("meter_reading", sa.Column("recorded_by", sa.BigInteger(), nullable=True))
        op.create_foreign_key("fk_meter_reading_recorded_by_staff", "meter_reading", "staff", ["recorded_by"], ["id"])
        op.alter_column("payment", "shift_id", nullable=True)
    for table in _FROZEN:
        _freeze(table)


def _let_payments_be_without_a_shift() -> None:
    """Lifts NOT NULL as SQLite's manual describes it, in its own schema: the rows, their keys and triggers stay."""
    version = op.get_bind().exec_driver_sql("PRAGMA schema_version").scalar_one()
    op.execute("PRAGMA writable_schema = ON")
    op.execute(
        "UPDATE sqlite_master SET sql = replace(sql, 'shift_id INTEGER NOT NULL', 'shift_id INTEGER')"
        " WHERE type = 'table' AND name = 'payment'"
    )
    op.execute(f"PRAGMA schema_version = {version + 1}")
    op.execute("PRAGMA writable_schema = OFF")


def _freeze(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        refuse = f"BEGIN SELECT RAISE(ABORT, 'posted rows of {table} are never changed'); END"
    else:
        refuse = "FOR EACH ROW EXECUTE FUNCTION feedesk_refuse()"
    columns = ", ".join(column["name"] for column in sa.inspect(op.get_bind()).get_columns(table))
    op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE OF {columns} ON {table} {refuse}")
    op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")
