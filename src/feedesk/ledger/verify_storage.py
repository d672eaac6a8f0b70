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


def check_guards(connection: Connection, findings: Findings) -> None:
    """Whether every guarded table still has the triggers that refuse changes, and all frozen columns are in them."""
    triggers = _triggers(connection)
    for name, moving in GUARDED.items():
        frozen = set(Base.metadata.tables[name].columns.keys()) - moving
        update = re.search(r"BEFORE UPDATE OF (.*?) ON", triggers.get(f"{name}_no_update", ""))
        guarded = set(re.findall(r"\w+", update[1])) if update else set()
        if not guarded >= frozen or "BEFORE DELETE ON" not in triggers.get(f"{name}_no_delete", ""):
            message = _("the guard that keeps rows of {table} from being changed is missing").format(table=name)
            findings.add(name, "", message)


def _triggers(connection: Connection) -> dict[str, str]:
    """The definitions of the triggers that are in force and refuse, by name."""
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
        return {name: sql for name, sql in rows if re.search(r"BEGIN SELECT RAISE\(ABORT, '[^']*'\); END$", sql)}
    rows = connection.exec_driver_sql(
        "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'"
    ).all()
    return {name: sql for name, sql in rows if sql.endswith("FOR EACH ROW EXECUTE FUNCTION feedesk_refuse()")}


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
