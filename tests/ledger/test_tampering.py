"""Somebody alters the database by hand: every column of every money table, one value at a time, must be found out.

The cases are made from the metadata, so that a new column cannot be forgotten: it is detected, or it stands in
`HARMLESS` with the reason why not. The triggers are dropped as an attacker would, and put back afterwards.
"""

from typing import Any

import pytest
from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, Table
from sqlalchemy.exc import IntegrityError

from feedesk.db import Database
from feedesk.ledger.sealing import DOCUMENTS
from feedesk.ledger.verify_storage import GUARDED
from feedesk.models import Base, Chain, Entry, LedgerAccount, Posting, ReceiptBook, table_of
from tests.ledger.attacking import Attacker, attacking, literal

MONEY_TABLES = (*DOCUMENTS, *(table_of(model) for model in (Entry, Posting, Chain, LedgerAccount, ReceiptBook)))

_KEY = "the database's own key: nothing names the row by it, and the order of rows stays"
HARMLESS = {
    **{(table, "id"): _KEY for table in ("posting", "billing_run", "charge_usage", "opening", "shift_close")},
    **{
        (table, "id"): _KEY
        for table in (
            "payment_tender",
            "allocation",
            "payment_line",
            "receipt",
            "day_close",
            "bank_deposit",
            "cash_movement",
        )
    },
    **{
        (table, "id"): _KEY
        for table in (
            "charge_replacement",
            "revenue_release",
            "waiver",
            "charge_freeze",
            "late_fee_stop",
            "correction",
            "change_of_hands",
            "carried_balance",
            "shift_sign_off",
            "charge_cancellation",
            "sale",
            "allocation_basis",
            "approval_decision",
            "added_reference",
            "unclaimed_money",
        )
    },
    ("receipt", "form_number"): "the number printed on a fan-fold form is noted when the form comes out",
    ("ledger_account", "name"): "what an account is called; its code is what is posted to",
}
COLUMNS = [(table, column.name) for table in MONEY_TABLES for column in table.columns]
DETECTED = [(table, column) for table, column in COLUMNS if (table.name, column) not in HARMLESS]


def other_values(column: Column[Any], row: dict[str, Any], rows: list[dict[str, Any]]) -> list[Any]:
    """Plausible other values for one column of a row: what somebody would put there."""
    value = row[column.name]
    others = [other[column.name] for other in rows if other[column.name] not in (value, None)]
    if column.foreign_keys or column.name == "shift_id":
        return [*others[:1], 999_999, *([None] if column.nullable and value is not None else [])]
    if isinstance(column.type, Boolean):
        return [not value]
    if isinstance(column.type, Date):
        return [b"'2026-11-21'" if str(value) != "2026-11-21" else b"'2026-11-20'"]
    if isinstance(column.type, Integer | BigInteger):
        return [(value or 0) + 1, -(value or 1), (value or 0) + 1000]
    text = str(value or "")
    altered = text[:-1] + ("0" if text[-1:] != "0" else "1")
    return [altered, text + "x", *(others[:1] if not column.unique else [])]


def spread(rows: list[dict[str, Any]], column: str) -> list[dict[str, Any]]:
    """The first and the last row, if possible such as have a value there."""
    filled = [row for row in rows if row[column] is not None] or rows
    return [filled[n] for n in sorted({0, len(filled) - 1})]


def test_the_ledger_is_sound_and_has_every_kind_of_row(attacker: Attacker) -> None:
    assert attacker.verify().problems == ()
    assert [table.name for table in MONEY_TABLES if not attacker.rows(table)] == []
    attacker.execute("SELECT 1")
    assert attacker.verify().ok  # the triggers are back


def test_the_ledger_is_sound_on_postgresql_too(server_attacker: Attacker) -> None:
    assert server_attacker.verify().problems == ()


@pytest.mark.parametrize(("table", "column"), DETECTED, ids=[f"{table.name}.{column}" for table, column in DETECTED])
def test_an_altered_value_is_found(whole_sqlite: Database, table: Table, column: str) -> None:
    with attacking(whole_sqlite) as someone:
        rows = someone.rows(table)
    tried = 0
    for row in spread(rows, column):
        for value in other_values(table.columns[column], row, rows):
            with attacking(whole_sqlite) as someone:
                try:
                    someone.alter(table, row, column, value)
                except IntegrityError:
                    continue  # the database itself refuses it
                found = someone.verify()
            tried += 1
            assert not found.ok, f"{table.name}.{column} = {value!r} in {row}"
            if row["of_entry"] is not None:
                named = {problem.entry for problem in found.problems}
                moved = {value} if column == "entry_id" else set()
                assert named & ({row["of_entry"]} | moved), (value, found.problems)
    assert tried


@pytest.mark.parametrize(("table", "column"), DETECTED, ids=[f"{table.name}.{column}" for table, column in DETECTED])
def test_garbage_is_found_and_never_stumbled_over(whole_sqlite: Database, table: Table, column: str) -> None:
    """What no program would write: text for numbers, bytes, text that is no UTF-8, a float."""
    for value in (b"'garbage'", b"X'C3'", b"CAST(X'C328' AS TEXT)", b"1.5"):
        with attacking(whole_sqlite) as someone:
            row = spread(someone.rows(table), column)[-1]
            try:
                someone.alter(table, row, column, value)
            except IntegrityError:
                continue  # SQLite's own keys take nothing but whole numbers
            found = someone.verify()
        assert not found.ok, f"{table.name}.{column} = {value!r}"


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("UPDATE account SET unit_id = 2, developer = 1 WHERE id = 1", "charge"),
        ("UPDATE till SET number = 7 WHERE id = 1", "receipt_book"),
        ("UPDATE tender SET code = 'weixin' WHERE code = 'wechat'", "payment_tender"),
        ("UPDATE tender SET kind = 'bank' WHERE kind = 'cash'", "posting"),
        ("UPDATE tender SET kind = 'channel' WHERE kind = 'prepaid'", "posting"),
        ("UPDATE fee_item SET name = '物业服务费' WHERE name = '物业费'", "posting"),
        ("UPDATE fee_item SET name = '押金' WHERE name = '装修押金'", "fee_item"),
    ],
)
def test_an_altered_record_that_money_hangs_on_is_found(attacker: Attacker, statement: str, table: str) -> None:
    attacker.execute(statement)
    assert table in {problem.table for problem in attacker.verify().problems}


@pytest.mark.parametrize(("table", "column"), sorted(HARMLESS))
def test_what_is_called_harmless_exists_and_changes_nothing(attacker: Attacker, table: str, column: str) -> None:
    row = attacker.rows(Base.metadata.tables[table])[-1]
    value = row["id"] + 1000 if column == "id" else "x"
    attacker.alter(Base.metadata.tables[table], row, column, value)
    assert attacker.verify().ok


@pytest.mark.parametrize("table", MONEY_TABLES, ids=lambda table: table.name)
def test_a_deleted_row_is_found(whole_sqlite: Database, table: Table) -> None:
    with attacking(whole_sqlite) as someone:
        rows = someone.rows(table)
    for row in (rows[0], rows[-1]):
        with attacking(whole_sqlite) as someone:
            someone.execute(f"DELETE FROM {table.name} WHERE id = {row['id']}")
            found = someone.verify()
        assert not found.ok, row
        if row["of_entry"] is not None:
            assert row["of_entry"] in {problem.entry for problem in found.problems}


@pytest.mark.parametrize("table", [*DOCUMENTS, table_of(Posting)], ids=lambda table: table.name)
def test_an_inserted_row_is_found(attacker: Attacker, table: Table) -> None:
    row = attacker.rows(table)[-1]
    changed: dict[str, Any] = {"id": 9999}
    for column in table.columns:
        if isinstance(column.type, Boolean):
            changed[column.name] = False
        elif column.name in ("number", "sequence", "version"):
            changed[column.name] = row[column.name] + 50
        elif column.name == "by_id":
            changed[column.name] = row["replaced_id"]
        elif column.unique or column.name in ("period", "name"):
            changed[column.name] = b"NULL" if column.nullable else f"{row[column.name]}9"
    names = [column.name for column in table.columns]
    values = ", ".join(literal({**row, **changed}[name]) for name in names)
    quoted = ", ".join(f'"{name}"' for name in names)
    attacker.execute(f"INSERT INTO {table.name} ({quoted}) VALUES ({values})")
    assert not attacker.verify().ok


class TestOrder:
    def _swap(self, attacker: Attacker, table: str, column: str, one: int, other: int) -> None:
        rows = {row["id"]: row[column] for row in attacker.rows(Base.metadata.tables[table])}
        attacker.execute(
            f'UPDATE {table} SET "{column}" = -1 WHERE id = {one}',
            f'UPDATE {table} SET "{column}" = {literal(rows[one])} WHERE id = {other}',
            f'UPDATE {table} SET "{column}" = {literal(rows[other])} WHERE id = {one}',
        )

    def _neighbours(self, attacker: Attacker) -> tuple[int, int]:
        payments = [row["id"] for row in attacker.rows(table_of(Entry)) if row["kind"] == "payment"]
        return payments[0], payments[1]

    def test_two_entries_in_the_other_order(self, attacker: Attacker) -> None:
        one, other = self._neighbours(attacker)
        self._swap(attacker, "entry", "sequence", one, other)
        assert {one, other} <= {problem.entry for problem in attacker.verify().problems}

    def test_two_entries_with_each_others_numbers(self, attacker: Attacker) -> None:
        one, other = self._neighbours(attacker)
        attacker.execute(
            f"UPDATE entry SET id = 5000 WHERE id = {one}",
            f"UPDATE entry SET id = {one} WHERE id = {other}",
            f"UPDATE entry SET id = {other} WHERE id = 5000",
        )
        assert {one, other} <= {problem.entry for problem in attacker.verify().problems}

    @pytest.mark.parametrize("column", ["number", "code", "document", "payment_id"])
    def test_two_receipts_with_each_others(self, attacker: Attacker, column: str) -> None:
        first, second = attacker.rows(Base.metadata.tables["receipt"])[:2]
        self._swap(attacker, "receipt", column, first["id"], second["id"])
        named = {problem.entry for problem in attacker.verify().problems}
        assert {first["of_entry"], second["of_entry"]} <= named

    @pytest.mark.parametrize(
        ("table", "column"), [("payment_tender", "payment_id"), ("allocation", "amount"), ("allocation", "charge_id")]
    )
    def test_two_rows_of_two_payments(self, attacker: Attacker, table: str, column: str) -> None:
        rows = attacker.rows(Base.metadata.tables[table])
        one = rows[0]
        other = next(row for row in reversed(rows) if row[column] != one[column])
        self._swap(attacker, table, column, one["id"], other["id"])
        named = {problem.entry for problem in attacker.verify().problems}
        assert {one["of_entry"], other["of_entry"]} <= named


class TestConsistentForgeries:
    """Somebody who knows the tables alters everything that belongs together, but cannot compute the hashes."""

    def test_a_payment_moved_to_another_day_everywhere(self, attacker: Attacker) -> None:
        payment = attacker.rows(Base.metadata.tables["payment"])[-1]
        day = "'2026-11-30'"
        attacker.execute(
            f"UPDATE payment SET business_date = {day} WHERE id = {payment['id']}",
            f"UPDATE receipt SET business_date = {day} WHERE payment_id = {payment['id']}",
            f"UPDATE entry SET business_date = {day} WHERE id = {payment['of_entry']}",
        )
        assert payment["of_entry"] in {problem.entry for problem in attacker.verify().problems}

    def test_a_smaller_payment_in_every_table(self, attacker: Attacker) -> None:
        """One yuan less in cash, total, allocation, charge and postings."""
        payment = attacker.rows(Base.metadata.tables["payment"])[2]
        entry = payment["of_entry"]
        attacker.execute(
            f"UPDATE payment SET total = total - 100, change = change + 100 WHERE id = {payment['id']}",
            f"UPDATE payment_tender SET kept = kept - 100 WHERE payment_id = {payment['id']}",
            f"UPDATE allocation SET amount = amount - 100 WHERE payment_id = {payment['id']}",
            f"UPDATE posting SET amount = amount - 100 WHERE entry_id = {entry} AND amount > 0",
            f"UPDATE posting SET amount = amount + 100 WHERE entry_id = {entry} AND amount < 0",
        )
        found = attacker.verify()
        assert {("entry", "hash"), ("entry", "digest")} <= {
            (problem.table, problem.column) for problem in found.problems if problem.entry == entry
        }

    def test_the_last_payment_cut_off_with_its_place_in_the_chain(self, attacker: Attacker) -> None:
        """Whatever stood last leaves its number in the receipt book, and the drawer short."""
        payment = attacker.rows(Base.metadata.tables["payment"])[-1]
        entries = attacker.rows(table_of(Entry))
        entry = next(row for row in entries if row["id"] == payment["of_entry"])
        later = [row["id"] for row in entries if row["chain_id"] == entry["chain_id"] and row["id"] >= entry["id"]]
        ids = ", ".join(map(str, later))
        attacker.execute(
            f"DELETE FROM allocation WHERE payment_id = {payment['id']}",
            f"DELETE FROM payment_line WHERE payment_id = {payment['id']}",
            f"DELETE FROM payment_tender WHERE payment_id = {payment['id']}",
            *(
                f"DELETE FROM {table} WHERE entry_id IN ({ids})"
                for table in ("receipt", "payment", "posting", "shift_close", "shift")
            ),
            f"DELETE FROM entry WHERE id IN ({ids})",
            f"UPDATE chain SET length = {entry['sequence'] - 1}, head = '{entry['previous']}'"
            f" WHERE id = {entry['chain_id']}",
            "UPDATE charge SET paid = COALESCE((SELECT SUM(amount) FROM allocation WHERE charge_id = charge.id), 0)",
            "UPDATE charge SET status = 'open' WHERE status = 'settled' AND gross - discount <> paid",
            "UPDATE shift SET is_open = 1 WHERE id NOT IN (SELECT shift_id FROM shift_close)",
        )
        columns = {(problem.table, problem.column) for problem in attacker.verify().problems}
        assert ("receipt_book", "next_number") in columns


class TestGuards:
    @pytest.mark.parametrize("table", sorted(GUARDED))
    def test_the_database_refuses_to_change_or_delete(self, whole_database: Database, table: str) -> None:
        frozen = [column.name for column in Base.metadata.tables[table].columns if column.name not in GUARDED[table]]
        acts = [f"DELETE FROM {table}", *(f'UPDATE {table} SET "{name}" = "{name}"' for name in frozen)]
        with whole_database.engine.connect() as connection, connection.begin():
            if not connection.exec_driver_sql(f"SELECT COUNT(*) FROM {table}").scalar():
                pytest.skip("no act of this ledger wrote such a row")
            for act in acts:
                nested = connection.begin_nested()
                with pytest.raises(Exception, match="never changed"):
                    connection.exec_driver_sql(act)
                nested.rollback()

    @pytest.mark.parametrize("table", sorted(GUARDED))
    @pytest.mark.parametrize("trigger", ["update", "delete"])
    def test_a_missing_guard_is_told(self, attacker: Attacker, table: str, trigger: str) -> None:
        attacker.connection.exec_driver_sql(f"DROP TRIGGER {table}_no_{trigger}")
        (problem,) = attacker.verify().problems
        assert (problem.entry, problem.table) == (None, table)

    @pytest.mark.parametrize(
        "guard",
        [
            "BEFORE DELETE ON entry BEGIN SELECT 1; END",
            "BEFORE DELETE ON entry WHEN 0 BEGIN SELECT RAISE(ABORT, 'no'); END",
            "BEFORE DELETE ON entry BEGIN SELECT RAISE(IGNORE); END",
            "BEFORE DELETE ON till BEGIN SELECT RAISE(ABORT, 'no'); END",
            "AFTER DELETE ON entry BEGIN SELECT 1; END",
        ],
    )
    def test_a_guard_that_no_longer_refuses_is_told(self, attacker: Attacker, guard: str) -> None:
        attacker.connection.exec_driver_sql("DROP TRIGGER entry_no_delete")
        attacker.connection.exec_driver_sql(f"CREATE TRIGGER entry_no_delete {guard}")
        assert [problem.table for problem in attacker.verify().problems] == ["entry"]

    @pytest.mark.parametrize(
        "act",
        [
            "ALTER TABLE payment DISABLE TRIGGER payment_no_update",
            "DROP TRIGGER payment_no_delete ON payment",
            "CREATE OR REPLACE FUNCTION feedesk_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        ],
    )
    def test_a_guard_switched_off_on_the_server_is_told(self, server_attacker: Attacker, act: str) -> None:
        server_attacker.connection.exec_driver_sql(act)
        problems = server_attacker.verify().problems
        assert "payment" in {problem.table for problem in problems}
        assert {problem.entry for problem in problems} == {None}


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("entry", "business_date"),
        ("entry", "sequence"),
        ("posting", "amount"),
        ("charge", "gross"),
        ("charge", "due_date"),
        ("charge", "paid"),
        ("charge", "account_id"),
        ("shift", "is_open"),
        ("payment", "total"),
        ("payment_tender", "tender_id"),
        ("allocation", "charge_id"),
        ("receipt", "number"),
        ("receipt", "document"),
        ("chain", "head"),
        ("ledger_account", "code"),
    ],
)
def test_an_altered_value_is_found_on_postgresql(server_attacker: Attacker, table: str, column: str) -> None:
    rows = server_attacker.rows(Base.metadata.tables[table])
    row = spread(rows, column)[-1]
    value = other_values(Base.metadata.tables[table].columns[column], row, rows)[0]
    if isinstance(value, bool):
        value = f"{value}".lower().encode()
    server_attacker.alter(Base.metadata.tables[table], row, column, value)
    found = server_attacker.verify()
    assert not found.ok
    if row["of_entry"] is not None:
        assert row["of_entry"] in {problem.entry for problem in found.problems}
