"""期初欠费, 期初预存, 期初缴至 and 期初押金: posted once, in one entry, on the accounts they belong to."""

from collections.abc import Sequence
from typing import Any

import pytest

from feedesk.queries.accounts import find_account
from feedesk.queries.statement import statement
from tests.ops.importing.office import HOME, TODAY, Office, changed, tally

BALANCES = (
    "SELECT l.code, SUM(p.amount) FROM posting p JOIN ledger_account l ON l.id = p.ledger_account_id"
    " GROUP BY l.code ORDER BY l.code"
)
RECORDS = {sheet: rows for sheet, rows in HOME.items() if not sheet.startswith("期初")}


def test_everything_is_one_entry_that_balances(either_office: Office) -> None:
    either_office.imports(HOME)
    assert either_office.rows("SELECT kind, chain_id, sequence FROM entry") == [("opening", 0, 1)]
    assert {code: int(amount) for code, amount in either_office.rows(BALANCES)} == {
        "1122.水费": 4864,
        "1122.物业费": 27608,
        "2203.预存": -12000,
        "2204.车位服务费": -30000,
        "2241.押金.装修押金": -200000,
        "3999.期初": 209528,
    }


def test_arrears_are_charges_of_their_period(office: Office) -> None:
    office.imports(HOME)
    charges = office.rows(
        "SELECT period, source, gross, discount, status, due_date, serves_from, serves_to FROM charge ORDER BY period"
    )
    assert [tuple(map(str, row)) for row in charges] == [
        ("2026-09", "opening", "4864", "0", "open", "2026-10-15", "2026-09-01", "2026-09-30"),
        ("2026-10", "opening", "27608", "0", "open", "2026-10-31", "2026-10-01", "2026-10-31"),
    ]


def test_the_statement_shows_them(office: Office) -> None:
    office.imports(HOME)
    with office.database.reading() as connection:
        account = find_account(connection, "3-1-502", on=TODAY)
        found = statement(connection, account=account.id, on=TODAY)
    assert found.principal == 32472
    assert found.prepaid == 12000


def test_a_later_workbook_adds_what_is_new(office: Office) -> None:
    office.imports(HOME)
    header = HOME["期初欠费"][0]
    done = office.imports({"期初欠费": [header, ["B1-087", "车位服务费", "2026-10", 300, None]]})
    assert tally(done, "期初欠费") == (1, 0, 0)
    assert [str(day) for (day,) in office.rows("SELECT due_date FROM charge WHERE gross = 30000")] == ["2026-10-31"]
    assert office.rows("SELECT COUNT(*) FROM entry") == [(2,)]


@pytest.mark.parametrize(
    ("sheet", "column", "value"),
    [
        ("期初欠费", "金额", 276.09),
        ("期初欠费", "到期日", "2026-11-30"),
        ("期初预存", "金额", 121),
        ("期初缴至", "缴至日期", "2027-01-31"),
        ("期初缴至", "未服务期金额", 600),
        ("期初押金", "金额", 1000),
    ],
)
def test_what_is_posted_is_not_changed(office: Office, sheet: str, column: str, value: Any) -> None:
    office.imports(HOME)
    ((found, row, where, reason),) = office.refusals(changed(HOME, sheet, 2, **{column: value}))
    assert (found, row, where) == (sheet, 2, column)
    assert "已按" in reason


def test_paid_through_and_deposits_keep_their_facts(either_office: Office) -> None:
    either_office.imports(HOME)
    rows = either_office.rows("SELECT kind, name, amount, paid_through, note FROM opening ORDER BY kind")
    assert [tuple(map(str, row)) for row in rows] == [
        ("deposit", "装修押金", "200000", "None", "2024-07-02 YJ-1"),
        ("paid_through", "车位服务费", "30000", "2026-12-31", ""),
        ("prepayment", "", "12000", "None", "预存"),
    ]


def owing(office: Office) -> list[tuple[str, str]]:
    return [
        (str(period), str(name))
        for period, name in office.rows(
            "SELECT c.period, r.name FROM charge c JOIN account a ON a.id = c.account_id"
            " JOIN resident r ON r.id = a.payer_id ORDER BY c.period"
        )
    ]


RESIDENTS: Sequence[Sequence[Any]] = [
    ["房屋编号", "姓名", "身份", "起始日期", "截止日期"],
    ["3-1-502", "张样燕", "业主", "2020-09-26", "2026-08-15"],
    ["3-1-502", "王样𠮷", "业主", "2026-08-16", None],
]


def test_arrears_stay_with_who_held_the_unit_then(either_office: Office) -> None:
    header = HOME["期初欠费"][0]
    periods = ("2026-06", "2026-08", "2026-09", "2020-09", "2019-01", "2026Q3")
    rows = [["3-1-502", "物业费", period, 100, None] for period in periods]
    either_office.imports({**RECORDS, "住户": RESIDENTS, "抄表": HOME["抄表"][:1], "期初欠费": [header, *rows]})
    assert owing(either_office) == [
        ("2019-01", "王样𠮷"),
        ("2020-09", "张样燕"),
        ("2026-06", "张样燕"),
        ("2026-08", "张样燕"),
        ("2026-09", "王样𠮷"),
        ("2026Q3", "张样燕"),
    ]


def test_the_developer_owes_what_fell_due_before_delivery(office: Office) -> None:
    book = changed(RECORDS, "房屋", 2, 交付日期="2026-11-20")
    header = HOME["期初欠费"][0]
    office.imports({**book, "期初欠费": [header, ["3-1-502", "物业费", "2026-10", 276.08, None]]})
    assert owing(office) == [("2026-10", "锦江样例置业")]


def test_who_may_stand_in_a_bad_row_is_not_asked_for(office: Office) -> None:
    book = changed(HOME, "住户", 2, 电话="没有")
    assert [found[:3] for found in office.refusals(book)] == [("住户", 2, "电话")]
