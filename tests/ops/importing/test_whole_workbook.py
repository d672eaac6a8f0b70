"""A whole workbook: stored once, unchanged the second time, all or nothing."""

import json
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from feedesk.db import Database
from feedesk.exchange.importing import import_workbook
from feedesk.ledger.posting import DayIsClosed
from feedesk.ledger.verify import verify_ledger
from feedesk.ops.importing import WorkbookRefused
from feedesk.ops.permissions import NotPermitted
from feedesk.ops.run import Workplace
from tests.exchange.workbooks import example_rows, write_book
from tests.ops.importing.office import HOME, TODAY, Office, changed, tally


def test_stores_every_sheet(either_office: Office) -> None:
    done = either_office.imports(HOME)
    added = {sheet: found.added for sheet, found in done.sheets.items()}
    assert added == {
        "小区": 1, "房屋": 3, "住户": 2, "收费标准": 2, "适用范围": 2, "抄表": 2, "期初欠费": 2, "期初缴至": 1,
        "期初预存": 1, "期初押金": 1,
    }  # fmt: skip
    assert (done.warnings, done.dry_run) == ((), False)
    assert either_office.rows("SELECT code FROM unit ORDER BY sort_key") == [("3-1-502",), ("10-1-101",), ("B1-087",)]
    assert either_office.rows("SELECT code FROM building ORDER BY sort_key") == [("3",), ("10",), ("B1",)]
    assert either_office.rows(
        "SELECT a.code FROM unit s JOIN unit a ON a.id = s.joined_to WHERE s.code = 'B1-087'"
    ) == [("3-1-502",)]


def test_the_second_time_nothing_changes(either_office: Office) -> None:
    either_office.imports(HOME)
    before = either_office.contents()
    again = either_office.imports(HOME, today=date(2026, 11, 24))
    assert {(found.added, found.changed) for found in again.sheets.values()} == {(0, 0)}
    assert sum(found.unchanged for found in again.sheets.values()) == 17
    assert either_office.contents() == before


def test_a_dry_run_leaves_nothing_behind(either_office: Office) -> None:
    before = either_office.contents()
    done = either_office.imports(HOME, dry_run=True)
    assert (done.dry_run, tally(done, "房屋")) == (True, (3, 0, 0))
    assert either_office.contents() == before
    assert tally(either_office.imports(HOME), "房屋") == (3, 0, 0)


def test_one_bad_cell_keeps_everything_out(either_office: Office) -> None:
    before = either_office.contents()
    book = changed(HOME, "期初预存", 2, 金额="一百")
    book = changed(book, "住户", 3, 房屋编号="B1-088")
    assert [(sheet, row, column) for sheet, row, column, _reason in either_office.refusals(book)] == [
        ("住户", 3, "房屋编号"),
        ("期初预存", 2, "金额"),
    ]
    assert either_office.contents() == before


def test_the_refusal_tells_every_cell(either_office: Office, tmp_path: Path) -> None:
    book = changed(HOME, "期初预存", 2, 金额="一百")
    with pytest.raises(WorkbookRefused) as refusal:
        either_office.imports(book)
    assert refusal.value.code == "workbook_refused"
    (detail,) = refusal.value.details
    assert list(detail) == ["sheet", "row", "column", "value", "reason"]
    assert (detail["sheet"], detail["row"], detail["value"]) == ("期初预存", 2, "一百")
    json.dumps(detail)


def test_a_fault_that_only_the_ledger_knows_undoes_everything_too(either_office: Office) -> None:
    either_office.imports(HOME)
    before = either_office.contents()
    book = changed(HOME, "期初预存", 2, 金额=130)
    book = changed(book, "房屋", 2, 建筑面积=99)
    ((sheet, row, column, reason),) = either_office.refusals(book)
    assert (sheet, row, column) == ("期初预存", 2, "金额")
    assert "120.00" in reason
    assert either_office.contents() == before


def test_the_ledger_verifies(either_office: Office) -> None:
    either_office.imports(HOME)
    with either_office.database.reading() as connection:
        verified = verify_ledger(connection)
    assert (verified.ok, verified.problems) == (True, ())


def test_patterns_that_fit_nothing_are_refused_where_money_follows(either_office: Office) -> None:
    either_office.imports(HOME)
    assert either_office.refusals({"公摊": example_rows("公摊", 范围="99-*")})[0][:3] == ("公摊", 2, "范围")


def test_a_cashier_may_not(either_office: Office) -> None:
    path = write_book(either_office.folder / "book.xlsx", HOME)
    with pytest.raises(NotPermitted):
        import_workbook(Workplace(either_office.database, "样例收费员", today=TODAY), path)


def test_what_was_imported_is_in_the_audit_trail(either_office: Office) -> None:
    either_office.imports(HOME)
    either_office.imports(HOME)
    ((action, detail),) = either_office.rows("SELECT action, detail FROM audit_record")
    assert action == "import"
    assert json.loads(detail)["房屋"] == {"added": 3, "changed": 0}


def test_refused_workbooks_leave_a_marked_copy(either_office: Office) -> None:
    path = write_book(either_office.folder / "资料.xlsx", changed(HOME, "期初预存", 2, 金额="一百"))
    with pytest.raises(WorkbookRefused):
        import_workbook(Workplace(either_office.database, "样例主管", today=TODAY), path)
    copy = load_workbook(either_office.folder / "资料-导入错误.xlsx")["期初预存"]
    assert str(copy["D2"].value).startswith("金额：")
    with pytest.raises(WorkbookRefused):
        import_workbook(
            Workplace(either_office.database, "样例主管", today=TODAY),
            path,
            errors=either_office.folder / "elsewhere.xlsx",
        )
    assert (either_office.folder / "elsewhere.xlsx").exists()


def test_openings_cannot_be_booked_on_a_closed_day(either_office: Office) -> None:
    either_office.imports({sheet: rows for sheet, rows in HOME.items() if not sheet.startswith("期初")})
    _close(either_office.database, TODAY)
    with pytest.raises(DayIsClosed):
        either_office.imports(HOME)
    assert tally(either_office.imports(HOME, today=date(2026, 11, 24)), "期初预存") == (1, 0, 0)


def _close(database: Database, day: date) -> None:
    """Marks a day as closed, without its figures."""
    from sqlalchemy import insert

    from feedesk.ledger.posting import OFFICE_CHAIN, begin_entry
    from feedesk.models import DayClose, table_of
    from feedesk.ops.permissions import Permission, requires
    from feedesk.ops.run import Act

    @requires(Permission.CLOSE_DAY)
    def close(act: Act) -> None:
        draft = begin_entry(
            act.connection, chain=OFFICE_CHAIN, kind="day_close", business_date=act.business_date,
            recorded_at=act.now, actor_id=act.actor.id,
        )  # fmt: skip
        act.connection.execute(
            insert(table_of(DayClose)),
            {
                "entry_id": draft.id, "business_date": act.business_date, "version": 1, "closed_at": act.now,
                "total": 0, "figures": "{}", "chain_heads": "{}",
            },
        )  # fmt: skip
        draft.seal([])

    Workplace(database, "样例主管", today=day).run_op(close)
