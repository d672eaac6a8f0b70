"""The migrations make just what the models say, in one line of revisions, on both kinds of database."""

import re
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect
from sqlalchemy.exc import DBAPIError

from feedesk.db import APPLICATION_ID, Database, latest_revision
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


_OLD_ROWS = (
    "INSERT INTO staff (id, name, role, active) VALUES (1, '样例收费员', 'cashier', {yes})",
    "INSERT INTO till (id, number, name) VALUES (1, 1, '1 号台')",
    "INSERT INTO chain (id, length, head) VALUES (1, 1, 'x')",
    "INSERT INTO entry (id, chain_id, sequence, kind, business_date, recorded_at, actor_id, reason, digest, previous,"
    " hash) VALUES (1, 1, 1, 'shift', '2026-01-05', '2026-01-05T08:30:00+08:00', 1, '', 'd', 'p', 'h')",
    "INSERT INTO shift (id, entry_id, till_id, cashier_id, business_date, opened_at, opening_float, is_open)"
    " VALUES (1, 1, 1, 1, '2026-01-05', '2026-01-05T08:30:00+08:00', 50000, {yes})",
    "INSERT INTO payment (id, entry_id, kind, request_key, request_digest, payer, shift_id, business_date, total,"
    " tendered, change, rounding) VALUES (1, 1, 'payment', 'k', 'd', '样', 1, '2026-01-05', 100, 100, 0, 0)",
)
_WITHOUT_SHIFT = (
    "INSERT INTO payment (id, entry_id, kind, request_key, request_digest, payer, shift_id, business_date, total,"
    " tendered, change, rounding) VALUES (2, 2, 'offset', 'k2', 'd', '样', NULL, '2026-01-05', 5, 5, 0, 0)"
)


def _at_first_revision(database: Database) -> None:
    """A ledger as the first revision left it, with a payment taken in a shift."""
    config = Config()
    config.set_main_option("script_location", str(migrations_path()))
    with database.transaction() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        if is_sqlite:
            connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        for row in _OLD_ROWS:
            connection.exec_driver_sql(row.format(yes="1" if is_sqlite else "true"))
    database.dispose()


def test_a_ledger_of_the_first_revision_keeps_its_rows_keys_and_triggers(empty_database: Database) -> None:
    _at_first_revision(empty_database)
    empty_database.open()
    with empty_database.reading() as connection:
        assert connection.exec_driver_sql("SELECT shift_id, total FROM payment").all() == [(1, 100)]
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []
        if connection.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    with pytest.raises(DBAPIError, match="never changed"), empty_database.transaction() as connection:
        connection.exec_driver_sql("UPDATE payment SET total = 1")
    with empty_database.transaction() as connection:
        connection.exec_driver_sql(
            "INSERT INTO entry (id, chain_id, sequence, kind, business_date, recorded_at, actor_id, reason, digest,"
            " previous, hash) SELECT 2, 1, 2, 'offset', business_date, recorded_at, 1, '', 'd', 'h', 'g' FROM entry"
        )
        connection.exec_driver_sql(_WITHOUT_SHIFT)


def test_what_is_checked_at_commit_is_found_by_an_index() -> None:
    # When the row referred to is inserted last, SQLite looks for all that refer to it: without an index it reads the
    # whole table, for each payment anew.
    without = [
        f"{table.name}.{key.parent.name}"
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.deferrable
        and not key.parent.unique
        and not any(next(iter(index.columns)) is key.parent for index in table.indexes)
    ]
    assert without == []
