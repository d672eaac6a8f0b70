"""Runs the revisions of migrations/versions on the connection that `feedesk.db` hands over."""

from alembic import context

from feedesk.models import Base
from feedesk.models.types import Exact, Moment, Scaled


def render_plainly(kind: str, column_type: object, _autogen: object) -> str | bool:
    """Revisions are spelled in plain SQLAlchemy types, so that they outlive the models' own."""
    if kind == "type":
        if isinstance(column_type, Scaled):
            return "sa.BigInteger()"
        if isinstance(column_type, Exact):
            return "sa.String()"
        if isinstance(column_type, Moment):
            return "sa.String(25)"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_item=render_plainly,
    transactional_ddl=False,  # the caller's transaction holds everything
    transaction_per_migration=False,
)
context.run_migrations()
