"""Whether the database itself is whole: its file, its references, and the guards that refuse changes."""

import re

from sqlalchemy import Connection, Table

from feedesk.ledger.findings import Findings
from feedesk.ledger.reading import document_owner
from feedesk.ledger.sealing import DOCUMENTS, MOVING
from feedesk.models import Base
from feedesk.texts import _

GUARDED: dict[str, frozenset[str]] = {
    **{table.name: MOVING.get(table.name, frozenset()) for table in DOCUMENTS},
    "entry": frozenset(),
    "posting": frozenset(),
    "ledger_account": frozenset({"name"}),
    "receipt_book": frozenset({"next_number"}),
    "audit_record": frozenset(),
}
"""The tables whose rows triggers keep from being changed or deleted, and the columns that may still move."""


def check_file(connection: Connection, findings: Findings) -> bool:
    """SQLite's own check of every page and index; False when the file is damaged and cannot be read further."""
    if connection.dialect.name != "sqlite":
        return True
    found = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check(20)")]
    if found == ["ok"]:
        return True
    for line in found:
        findings.add("", "", _("the database file is damaged: {finding}").format(finding=line))
    return False


def check_tables(connection: Connection, findings: Findings) -> bool:
    """Whether every table and column is there; False when one is not, for then nothing else can be asked."""
    if connection.dialect.name == "sqlite":
        sql = "SELECT t.name, c.name FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table'"
    else:
        sql = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()"
    there = {tuple(row) for row in connection.exec_driver_sql(sql)}
    wanted = [(table.name, column.name) for table in Base.metadata.sorted_tables for column in table.columns]
    for table, column in wanted:
        if (table, column) not in there:
            findings.add(table, column, _("the column {table}.{column} is missing").format(table=table, column=column))
    return there.issuperset(wanted)


def check_guards(connection: Connection, findings: Findings) -> None:
    """Whether every guarded table still has the triggers that refuse changes, and all frozen columns are in them."""
    guards = _sqlite_guards(connection) if connection.dialect.name == "sqlite" else _server_guards(connection)
    for name, moving in GUARDED.items():
        frozen = set(Base.metadata.tables[name].columns.keys()) - moving
        guarded = set(re.findall(r"\w+", guards.get((name, "UPDATE"), "")))
        if not guarded >= frozen or (name, "DELETE") not in guards:
            message = _("the guard that keeps rows of {table} from being changed is missing").format(table=name)
            findings.add(name, "", message)


_ACT = r"CREATE TRIGGER \w+ BEFORE (?P<act>UPDATE OF|DELETE)(?P<columns>[\w\", ]*?) ON (?:\w+\.)?(?P<table>\w+) "
_SQLITE_GUARD = re.compile(_ACT + r"BEGIN SELECT RAISE\(ABORT, '[^']*'\); END")
_SERVER_GUARD = re.compile(_ACT + r"FOR EACH ROW EXECUTE FUNCTION \w+\(\)")
_SERVER_REFUSAL = re.compile(r"\s*BEGIN RAISE EXCEPTION '[^']*', TG_TABLE_NAME; END\s*")


def _sqlite_guards(connection: Connection) -> dict[tuple[str, str], str]:
    """The triggers that do nothing but refuse, by table and act, with the columns they guard."""
    rows = connection.exec_driver_sql("SELECT tbl_name, sql FROM sqlite_master WHERE type = 'trigger'").all()
    found = [(table, _SQLITE_GUARD.fullmatch(sql)) for table, sql in rows]
    return {(table, match["act"][:6]): match["columns"] for table, match in found if match}


def _server_guards(connection: Connection) -> dict[tuple[str, str], str]:
    rows = connection.exec_driver_sql(
        "SELECT c.relname, pg_get_triggerdef(t.oid), f.prosrc FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " JOIN pg_proc f ON f.oid = t.tgfoid WHERE NOT t.tgisinternal AND t.tgenabled = 'O'"
    ).all()
    found = [(table, _SERVER_GUARD.fullmatch(sql)) for table, sql, body in rows if _SERVER_REFUSAL.fullmatch(body)]
    return {(table, match["act"][:6]): match["columns"] for table, match in found if match}


def check_references(connection: Connection, findings: Findings) -> None:
    """Rows that name a row which does not exist; the database refuses them, but not from who switches that off."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            for key in column.foreign_keys:
                _check_reference(connection, table, column.name, key.column.table.name, findings)


def _check_reference(connection: Connection, table: Table, column: str, other: str, findings: Findings) -> None:
    owner, entry = document_owner(table)
    sql = (
        f'SELECT {entry}, d."{column}" FROM {table.name} d {owner} LEFT JOIN {other} r ON r.id = d."{column}"'
        f' WHERE d."{column}" IS NOT NULL AND r.id IS NULL'
    )
    for number, value in connection.exec_driver_sql(sql):
        message = _("names {other} {key}, which does not exist").format(other=other, key=value)
        findings.add(table.name, column, message, entry=number)
