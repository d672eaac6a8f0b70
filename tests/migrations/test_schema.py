"""The migrations make just what the models say, in one line of revisions, on both kinds of database."""

import re
from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from feedesk.db import Database, latest_revision
from feedesk.ledger.sealing import DOCUMENTS, MOVING
from feedesk.models import Base
from feedesk.resources import migrations_path


def _scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(migrations_path()))
    return ScriptDirectory.from_config(config)


def _conditions(connection: Connection) -> dict[str, str]:
    """The conditions of partial indexes, which alembic does not compare, without the server's own parentheses."""
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'index'")
    else:
        rows = connection.exec_driver_sql("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'")
    partial = {name: sql.split(" WHERE ")[1] for name, sql in rows if sql and " WHERE " in sql}
    return {name: re.sub(r"[()]|::\w+( varying)?", "", condition) for name, condition in partial.items()}


def _wanted_conditions(dialect: str) -> dict[str, str]:
    return {
        str(index.name): str(index.dialect_options[dialect]["where"])
        for table in Base.metadata.tables.values()
        for index in table.indexes
        if index.dialect_options[dialect]["where"] is not None
    }


def test_migrated_database_equals_the_models(ledger_database: Database) -> None:
    with ledger_database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        differences: list[Any] = compare_metadata(context, Base.metadata)
        conditions = _conditions(connection)
    assert differences == []
    assert conditions == _wanted_conditions(connection.dialect.name)


def test_revisions_form_one_line_numbered_in_order() -> None:
    scripts = _scripts()
    revisions = [script.revision for script in scripts.walk_revisions("base", "heads")][::-1]
    assert revisions == [f"{number:04d}" for number in range(1, len(revisions) + 1)]
    assert scripts.get_heads() == [latest_revision()]
    assert [len(scripts.get_revision(revision).nextrev) for revision in revisions] == [1] * (len(revisions) - 1) + [0]


def test_each_revision_says_in_a_sentence_what_changed_and_uses_plain_types() -> None:
    for path in sorted((migrations_path() / "versions").glob("[0-9]*.py")):
        source = path.read_text(encoding="utf-8")
        assert re.match(r"\d{4}_[a-z_]+$", path.stem), path
        assert re.match(r'"""[A-Z][^"]+\."""', source), path
        assert "feedesk.models" not in source, path


def test_upgrading_an_empty_database_reaches_the_head_and_again_changes_nothing(empty_database: Database) -> None:
    assert not empty_database.exists()
    empty_database.create()
    assert empty_database.exists()
    with empty_database.reading() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == latest_revision()
        tables = set(inspect(connection).get_table_names())
    assert tables == {*Base.metadata.tables, "alembic_version"}
    empty_database.create()
    empty_database.open()


def test_every_document_table_is_guarded_and_lets_only_its_moving_columns_move(ledger_database: Database) -> None:
    with ledger_database.reading() as connection:
        if connection.dialect.name == "sqlite":
            rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
        else:
            rows = connection.exec_driver_sql(
                "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
            ).all()
    triggers = {name: sql for name, sql in rows}  # noqa: C416
    for table in DOCUMENTS:
        assert f"{table.name}_no_delete" in triggers
        match = re.search(r"UPDATE OF (.*?) ON", triggers[f"{table.name}_no_update"])
        assert match is not None
        frozen = set(re.findall(r"\w+", match[1]))
        assert frozen == set(table.columns.keys()) - MOVING.get(table.name, frozenset())


def test_the_migrations_travel_with_the_package() -> None:
    assert Path(migrations_path() / "env.py").is_file()
