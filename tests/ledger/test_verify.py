"""What verification proves beyond the seals: who computes every hash anew still has to make all facts agree."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from feedesk.db import Database
from feedesk.ledger import findings
from feedesk.ledger.findings import Findings, TooMany, yuan
from feedesk.ledger.verify import Problem, Verification, VerificationStopped, verify_ledger
from feedesk.queries.verification import verify_everything
from tests.databases import sqlite_url
from tests.ledger.attacking import Attacker
from tests.ledger.forging import forge

LAST_PAYMENT = "(SELECT MAX(id) FROM payment WHERE kind = 'payment')"
IN_CASH = "WHERE id = (SELECT MAX(r.id) FROM receipt r WHERE r.document LIKE '%\"cash\"%')"
LAST_RECEIPT = f"(SELECT id FROM receipt WHERE payment_id = {LAST_PAYMENT})"
LAST_ENTRY = f"(SELECT entry_id FROM payment WHERE id = {LAST_PAYMENT})"
PREPAID = "(SELECT id FROM ledger_account WHERE code = '2203.预存')"
REVENUE = "(SELECT id FROM ledger_account WHERE code = '6001.物业费')"
REWRITE, LAST = "UPDATE receipt SET document =", f"WHERE id = {LAST_RECEIPT}"


def where(found: Verification) -> set[tuple[str, str]]:
    return {(problem.table, problem.column) for problem in found.problems}


def test_sealing_anew_alone_changes_nothing(attacker: Attacker) -> None:
    forge(attacker)
    assert attacker.verify().problems == ()


@pytest.mark.parametrize(
    ("forgery", "table", "column"),
    [
        (f"UPDATE payment SET total = total + 100 WHERE id = {LAST_PAYMENT}", "payment", "total"),
        (f"UPDATE payment SET tendered = tendered + 100 WHERE id = {LAST_PAYMENT}", "payment", "tendered"),
        (f"UPDATE payment SET change = change + 100 WHERE id = {LAST_PAYMENT}", "payment", "change"),
        (f"UPDATE payment SET rounding = rounding + 1 WHERE id = {LAST_PAYMENT}", "payment", "rounding"),
        (f"UPDATE payment SET payer = '别人' WHERE id = {LAST_PAYMENT}", "payment", "payer"),
        (f"UPDATE payment SET account_id = 3 - account_id WHERE id = {LAST_PAYMENT}", "payment", "account_id"),
        (f"UPDATE payment SET account_id = NULL WHERE id = {LAST_PAYMENT}", "payment", "account_id"),
        (f"UPDATE payment SET kind = 'refund' WHERE id = {LAST_PAYMENT}", "entry", "kind"),
        (f"UPDATE payment SET shift_id = 1 WHERE id = {LAST_PAYMENT}", "payment", "shift_id"),
        (f"UPDATE payment SET business_date = '2026-11-25' WHERE id = {LAST_PAYMENT}", "payment", "shift_id"),
        (f"UPDATE payment_tender SET kept = kept + 1 WHERE payment_id = {LAST_PAYMENT}", "payment", "total"),
        (f"UPDATE payment_tender SET tender_id = 2 WHERE payment_id = {LAST_PAYMENT}", "posting", "amount"),
        (f"UPDATE payment_tender SET tender_id = 99 WHERE payment_id = {LAST_PAYMENT}", "payment_tender", "tender_id"),
        (f"UPDATE payment_tender SET reference = 'X' WHERE payment_id = {LAST_PAYMENT}", "payment_tender", "reference"),
        ("UPDATE payment_line SET amount = amount - 1 WHERE kind = 'deposit'", "payment", "rounding"),
        ("UPDATE payment_line SET name = '别的' WHERE kind = 'deposit'", "fee_item", "name"),
        ("UPDATE allocation SET kind = 'late_fee' WHERE id = 1", "posting", "amount"),
        ("UPDATE allocation SET charge_id = 2 WHERE id = 1", "charge", "paid"),
        ("UPDATE allocation_basis SET kind = 'mine' WHERE id = 1", "allocation_basis", "kind"),
        ("UPDATE allocation_basis SET part = 'principal' WHERE id = 1", "allocation_basis", "kind"),
        ("UPDATE allocation_basis SET part = 'late_fee', kind = 'designated'", "allocation_basis", "part"),
        ("UPDATE allocation_basis SET agreed_order = 'newest' WHERE id = 1", "allocation_basis", "agreed_order"),
        ("UPDATE payment SET total = total - 5, change = change + 5 WHERE kind = 'void'", "payment", "total"),
        ("UPDATE payment SET reverses_id = 9 WHERE kind = 'void'", "payment", "reverses_id"),
        (f"{REWRITE} replace(document, '元', '圆') {LAST}", "receipt", "document"),
        (f"{REWRITE} replace(document, '\"cash\"', '\"cent\"') {IN_CASH}", "payment_tender", "tender_id"),
        (f"{REWRITE} replace(document, '00:00', '00:01') {LAST}", "entry", "recorded_at"),
        (f"{REWRITE} '{{}}' {LAST}", "receipt", "document"),
        (f"{REWRITE} 'no JSON' {LAST}", "receipt", "document"),
        (f"UPDATE receipt SET code = 'SJ-2026-1-9' WHERE id = {LAST_RECEIPT}", "receipt", "code"),
        (f"UPDATE receipt SET business_date = '2026-11-22' WHERE id = {LAST_RECEIPT}", "entry", "business_date"),
        (f"UPDATE receipt SET number = 77, code = 'SJ-2026-1-000077' WHERE id = {LAST_RECEIPT}", "receipt", "number"),
        (f"DELETE FROM receipt WHERE id = {LAST_RECEIPT}", "receipt", "payment_id"),
        ("UPDATE receipt_book SET till_id = 2", "receipt", "book_id"),
        ("UPDATE receipt_book SET year = 2027", "receipt", "book_id"),
        ("UPDATE receipt_book SET prefix = 'XX-2026-1-'", "receipt", "code"),
        ("UPDATE receipt_book SET next_number = 3", "receipt_book", "next_number"),
        (f"UPDATE posting SET amount = amount * 2 WHERE entry_id = {LAST_ENTRY}", "posting", "amount"),
        (f"UPDATE posting SET amount = amount + 1 WHERE entry_id = {LAST_ENTRY} AND amount > 0", "posting", "amount"),
        ("UPDATE posting SET ledger_account_id = 999 WHERE id = 1", "posting", "ledger_account_id"),
        ("UPDATE billing_run SET count = count + 1 WHERE id = 1", "billing_run", "count"),
        ("UPDATE billing_run SET total = total + 1 WHERE id = 1", "billing_run", "total"),
        ("UPDATE billing_run SET discount = 1 WHERE id = 1", "billing_run", "discount"),
        ("UPDATE charge SET gross = gross - 100 WHERE id = 1", "posting", "amount"),
        ("UPDATE charge SET waived = 100 WHERE id = 1", "charge", "waived"),
        ("UPDATE charge SET late_fee_waived = 100 WHERE id = 1", "charge", "late_fee_waived"),
        ("UPDATE charge SET late_fee_paid = 100 WHERE id = 1", "charge", "late_fee_paid"),
        ("UPDATE charge SET status = 'cancelled', cancelled_by = 1 WHERE id = 1", "charge", "cancelled_by"),
        ("UPDATE charge SET unit_id = 2 WHERE id = 1", "charge", "unit_id"),
        ("UPDATE opening SET amount = amount + 1 WHERE kind = 'prepayment'", "posting", "amount"),
        ("UPDATE opening SET amount = amount + 1 WHERE kind = 'deposit'", "posting", "amount"),
        ("UPDATE opening SET amount = amount + 1 WHERE kind = 'paid_through'", "posting", "amount"),
        (f"UPDATE posting SET ledger_account_id = {PREPAID} WHERE ledger_account_id = {REVENUE}", "posting", "amount"),
        ("UPDATE shift SET opening_float = opening_float + 1 WHERE id = 1", "posting", "amount"),
        ("UPDATE shift SET cashier_id = 2 WHERE id = 1", "entry", "actor_id"),
        ("UPDATE shift SET till_id = 2 WHERE id = 1", "entry", "chain_id"),
        ("UPDATE shift_close SET over_short = 5 WHERE id = 1", "shift_close", "over_short"),
        ("UPDATE shift_close SET counts = '{\"100\":1}' WHERE id = 1", "shift_close", "counts"),
        ("UPDATE shift_close SET counts = '{\"3\":1}' WHERE id = 1", "shift_close", "counts"),
        ("UPDATE shift_close SET shift_id = 99 WHERE id = 1", "shift_close", "shift_id"),
        ("UPDATE shift_close SET expected = expected + 1, over_short = over_short - 1", "posting", "amount"),
        ("UPDATE day_close SET version = 2", "day_close", "version"),
        ("UPDATE entry SET business_date = '2026-11-21' WHERE kind = 'day_close'", "entry", "business_date"),
        (f"UPDATE entry SET business_date = '2026-11-22' WHERE id = {LAST_ENTRY}", "entry", "business_date"),
        ("DELETE FROM day_close", "day_close", "entry_id"),
        ("UPDATE ledger_account SET kind = 'asset' WHERE code = '2203.预存'", "ledger_account", "kind"),
        ("UPDATE ledger_account SET code = '9999' WHERE code = '2203.预存'", "ledger_account", "kind"),
        ("DELETE FROM chain WHERE id = 1", "chain", "id"),
        ("INSERT INTO chain (id, length, head) VALUES (9, 1, 'x')", "chain", "length"),
    ],
)  # fmt: skip
def test_a_forgery_with_new_seals_contradicts_itself(attacker: Attacker, forgery: str, table: str, column: str) -> None:
    forge(attacker, forgery)
    found = attacker.verify()
    assert (table, column) in where(found), found.problems


@pytest.mark.parametrize(
    ("alteration", "table", "column"),
    [
        (f"UPDATE payment SET business_date = '2026-11-24' WHERE id = {LAST_PAYMENT}", "payment", "business_date"),
        (f"UPDATE payment_tender SET kept = kept + 1 WHERE payment_id = {LAST_PAYMENT}", "payment_tender", "kept"),
        ("UPDATE payment_line SET amount = amount + 1 WHERE kind = 'deposit'", "payment_line", "amount"),
        (f"UPDATE payment SET rounding = rounding + 1 WHERE id = {LAST_PAYMENT}", "payment", "rounding"),
        ("UPDATE allocation SET amount = amount + 1 WHERE id = 1", "allocation", "amount"),
        ("UPDATE charge SET gross = gross + 1 WHERE id = 1", "charge", "gross"),
        ("UPDATE opening SET amount = amount + 1 WHERE kind = 'prepayment'", "opening", "amount"),
        ("UPDATE shift SET opening_float = opening_float + 1 WHERE id = 1", "shift", "opening_float"),
        ("UPDATE shift SET opened_at = '2026-11-22T01:02:03+08:00' WHERE id = 1", "shift", "opened_at"),
        ("UPDATE shift_close SET counted = counted + 1 WHERE id = 1", "shift_close", "counted"),
        ("UPDATE day_close SET closed_at = '2026-11-22T01:02:03+08:00'", "day_close", "closed_at"),
        (f"UPDATE entry SET recorded_at = '2026-11-24T01:02:03+08:00' WHERE id = {LAST_ENTRY}", "entry", "recorded_at"),
        (f"UPDATE entry SET shift_id = 1 WHERE id = {LAST_ENTRY}", "entry", "shift_id"),
        (f"UPDATE posting SET amount = amount + 1 WHERE entry_id = {LAST_ENTRY} AND amount > 0", "posting", "amount"),
    ],
)  # fmt: skip
def test_facts_kept_twice_tell_which_column_was_altered(
    attacker: Attacker, alteration: str, table: str, column: str
) -> None:
    attacker.execute(alteration)
    assert (table, column) in where(attacker.verify())


def test_a_second_payment_in_an_entry(attacker: Attacker) -> None:
    """The database's unique key forbids it, so the forger makes the table anew without."""
    attacker.connection.exec_driver_sql("ALTER TABLE payment RENAME TO honest")
    attacker.connection.exec_driver_sql("CREATE TABLE payment AS SELECT * FROM honest")
    attacker.connection.exec_driver_sql(f"UPDATE payment SET entry_id = {LAST_ENTRY} WHERE id = 1")
    found = attacker.verify()
    assert ("payment", "entry_id") in where(found)
    assert ("payment", "") in where(found)  # no guard on the new table


def test_a_void_with_a_receipt(attacker: Attacker) -> None:
    forge(
        attacker,
        "UPDATE receipt SET entry_id = (SELECT entry_id FROM payment WHERE kind = 'void'),"
        " payment_id = (SELECT id FROM payment WHERE kind = 'void') WHERE number = 1",
    )
    found = attacker.verify()
    assert "没有自己的收据" in str(found.problems)


def test_rows_of_an_entry_that_never_was(attacker: Attacker) -> None:
    attacker.execute(
        "INSERT INTO posting (entry_id, sequence, ledger_account_id, amount) VALUES (0, 0, 1, 5), (9999, 0, 1, 5)"
    )
    found = attacker.verify()
    assert {0, 9999} <= {problem.entry for problem in found.problems}


def test_what_is_used_of_a_prepayment_is_never_more_than_was_paid(attacker: Attacker) -> None:
    forge(attacker, f"UPDATE posting SET amount = -amount WHERE ledger_account_id = {PREPAID}")
    assert ("posting", "account_id") in where(attacker.verify())


def test_a_drawer_without_a_shift_is_empty(attacker: Attacker) -> None:
    forge(attacker, "UPDATE ledger_account SET code = '1001.T2' WHERE code = '1001.T1'")
    assert "1001.T2" in str(attacker.verify().problems)


class TestClosedDays:
    def test_they_are_part_of_the_whole(self, attacker: Attacker) -> None:
        assert verify_everything(attacker.connection) == attacker.verify()

    @pytest.mark.parametrize(
        ("before", "after", "named"),
        [
            ('"version":1,', '"version":2,', "version"),
            ('"day":"2026-11-22"', '"day":"2026-11-21"', "date"),
            ('"billed":', '"billed":1', "arrears"),
            ('"chain_head":"', '"chain_head":"0', "chain_head"),
            ('"transit":{"opening":0', '"transit":{"opening":7', "transit"),
            ('"receipts":3', '"receipts":4', "shifts"),
            ("{", "", ""),
        ],
    )
    def test_figures_altered_and_sealed_anew(self, attacker: Attacker, before: str, after: str, named: str) -> None:
        figures = attacker.connection.exec_driver_sql("SELECT figures FROM day_close").scalar_one()
        altered = figures.replace(before, after, 1)
        forge(attacker, f"UPDATE day_close SET figures = '{altered}'" if altered != figures else "SELECT 1")
        assert attacker.verify().ok
        problems = verify_everything(attacker.connection).problems
        assert where(Verification(0, problems)) == {("day_close", "figures")}
        assert any(named in problem.message for problem in problems)

    def test_a_payment_of_a_closed_day_altered_and_sealed_anew(self, attacker: Attacker) -> None:
        """All of a payment moved from WeChat to the bank, in every table: only the figures of the day remember."""
        forge(
            attacker,
            "UPDATE posting SET ledger_account_id = (SELECT id FROM ledger_account WHERE code = '1012.transfer') WHERE"
            " ledger_account_id = (SELECT id FROM ledger_account WHERE code = '1012.wechat') AND entry_id = (SELECT"
            " p.entry_id FROM payment p JOIN payment_tender t ON t.payment_id = p.id WHERE t.reference = 'WX01')",
            """UPDATE receipt SET document = replace(document, '"wechat"', '"transfer"') WHERE payment_id ="""
            " (SELECT payment_id FROM payment_tender WHERE reference = 'WX01')",
            "UPDATE payment_tender SET tender_id = (SELECT id FROM tender WHERE code = 'transfer') WHERE reference ="
            " 'WX01'",
        )
        assert attacker.verify().ok
        problems = verify_everything(attacker.connection).problems
        assert where(Verification(0, problems)) == {("day_close", "figures")}
        assert "takings" in str(problems)

    def test_a_total_altered_and_sealed_anew(self, attacker: Attacker) -> None:
        forge(attacker, "UPDATE day_close SET total = total + 1")
        (problem,) = verify_everything(attacker.connection).problems
        assert "total" in problem.message


class TestRunning:
    def test_progress_counts_entries_and_charges(self, whole_sqlite: Database) -> None:
        seen: list[tuple[int, int]] = []
        with whole_sqlite.reading() as connection:
            found = verify_ledger(connection, progress=lambda done, total: seen.append((done, total)))
            charges = connection.exec_driver_sql("SELECT COUNT(*) FROM charge").scalar_one()
        assert seen[-1] == (found.entries + charges, found.entries + charges)

    def test_it_can_be_stopped(self, whole_sqlite: Database) -> None:
        with whole_sqlite.reading() as connection, pytest.raises(VerificationStopped):
            verify_ledger(connection, cancelled=lambda: True)
        with whole_sqlite.reading() as connection:
            assert verify_ledger(connection, cancelled=lambda: False).ok

    def test_an_empty_ledger_is_right(self, ledger_database: Database) -> None:
        with ledger_database.reading() as connection:
            assert verify_everything(connection) == Verification(0, ())

    def test_extra_checks_are_asked_when_the_ledger_holds_together(self, attacker: Attacker) -> None:
        extra = Problem(None, "t", "c", "m")
        assert verify_ledger(attacker.connection, extra_checks=[lambda _connection: [extra]]).problems == (extra,)
        attacker.execute("UPDATE chain SET length = 0 WHERE id = 0")
        assert extra not in verify_ledger(attacker.connection, extra_checks=[lambda _connection: [extra]]).problems

    def test_no_more_problems_are_listed_than_anybody_reads(self, attacker: Attacker) -> None:
        attacker.execute(
            "INSERT INTO posting (entry_id, sequence, ledger_account_id, amount) WITH RECURSIVE n(i) AS"
            " (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1100) SELECT 5000 + i, 0, 1, 0 FROM n"
        )
        assert len(attacker.verify().problems) == findings.LIMIT

    def test_an_index_altered_in_the_file_is_told(self, whole_sqlite: Database, tmp_path: Path) -> None:
        """Screens ask the index, so it must say what the table says: one byte of it is turned, by a hex editor say."""
        path = tmp_path / "ledger.sqlite"
        whole_sqlite.backup(path)
        with closing(sqlite3.connect(path)) as connection:
            root = "SELECT rootpage FROM sqlite_master WHERE name = 'ix_posting_account'"
            (page,) = connection.execute(root).fetchone()
            (size,) = connection.execute("PRAGMA page_size").fetchone()
        content = bytearray(path.read_bytes())
        content[page * size - 1] ^= 1
        path.write_bytes(content)
        copy = Database(sqlite_url(path))
        with copy.reading() as reading:
            found = verify_ledger(reading)
        copy.dispose()
        assert found.entries == 0
        assert where(found) == {("", "")}

    @pytest.mark.parametrize(
        ("act", "told"),
        [
            ("DROP TABLE payment_line", {("payment_line", "amount"), ("payment_line", "kind")}),
            ("ALTER TABLE charge RENAME COLUMN paid TO unpaid", {("charge", "paid")}),
        ],
    )
    def test_a_missing_table_or_column_is_told(self, attacker: Attacker, act: str, told: set[tuple[str, str]]) -> None:
        attacker.connection.exec_driver_sql(act)
        found = attacker.verify()
        assert told <= where(found)
        assert {table for table, _column in where(found)} == {table for table, _column in told}

    def test_a_missing_column_is_told_on_a_server_too(self, server_attacker: Attacker) -> None:
        server_attacker.connection.exec_driver_sql("ALTER TABLE setting DROP COLUMN value")
        assert where(server_attacker.verify()) == {("setting", "value")}

    def test_a_fault_of_the_database_stays_one(self, attacker: Attacker) -> None:
        def fails(connection: Connection) -> list[Problem]:
            connection.exec_driver_sql("SELECT * FROM nowhere")
            return []

        with pytest.raises(OperationalError, match="nowhere"):
            verify_ledger(attacker.connection, extra_checks=[fails])


class TestFindings:
    def test_the_same_problem_is_listed_once_and_text_that_is_no_text_is_escaped(self) -> None:
        found = Findings()
        for _time in range(2):
            found.add("t", "c", "\udcff", entry="no number")
        assert found.problems == (Problem(None, "t", "c", "\\udcff"),)

    def test_the_limit(self) -> None:
        found = Findings(limit=2)
        found.add("t", "a", "m")
        with pytest.raises(TooMany):
            found.add("t", "b", "m")

    def test_amounts_as_people_read_them(self) -> None:
        assert yuan(123456) == "1,234.56"
        assert yuan("a") == "'a'"
        assert yuan(None) == "None"
