"""What is sold at the desk from the price list: so many of an article at its price."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_TABLE = "sale"


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        _TABLE,
        sa.Column("id", key, nullable=False),
        sa.Column("entry_id", key, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("fee_item_id", key, nullable=False),
        sa.Column("tariff_version_id", key, nullable=True),
        sa.Column("quantity", sa.String(), nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("unit_price", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name="fk_sale_entry_id_entry", initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(["fee_item_id"], ["fee_item.id"], name="fk_sale_fee_item_id_fee_item"),
        sa.ForeignKeyConstraint(
            ["tariff_version_id"], ["tariff_version.id"], name="fk_sale_tariff_version_id_tariff_version"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_sale"),
    )
    op.create_index("ix_sale_entry_id", _TABLE, ["entry_id"], unique=False)
    op.create_index("ix_sale_fee_item_id", _TABLE, ["fee_item_id"], unique=False)
    op.create_index("ix_sale_tariff_version_id", _TABLE, ["tariff_version_id"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        refuse = f"BEGIN SELECT RAISE(ABORT, 'posted rows of {_TABLE} are never changed'); END"
    else:
        refuse = "FOR EACH ROW EXECUTE FUNCTION feedesk_refuse()"
    columns = "id, entry_id, sequence, fee_item_id, tariff_version_id, quantity, measure, unit_price, amount, basis"
    op.execute(f"CREATE TRIGGER {_TABLE}_no_update BEFORE UPDATE OF {columns} ON {_TABLE} {refuse}")
    op.execute(f"CREATE TRIGGER {_TABLE}_no_delete BEFORE DELETE ON {_TABLE} {refuse}")
