"""Accounts of the chart: their codes say what they are for, and each is made once, when it is first needed."""

import pytest
from sqlalchemy import select

from feedesk.db import Database
from feedesk.ledger import chart
from feedesk.ledger.chart import AccountKind, account_id, kind_of
from feedesk.models import LedgerAccount, table_of

_accounts = table_of(LedgerAccount)

ALL = [
    chart.till_cash(2),
    chart.IMPREST,
    chart.CASH_IN_TRANSIT,
    chart.PREPAYMENTS,
    chart.LATE_FEES,
    chart.ROUNDING,
    chart.OVER_SHORT,
    chart.OPENING,
    chart.tender_account("wechat", "微信"),
    chart.receivable("物业费"),
    chart.deferred("物业费"),
    chart.deposits("装修押金"),
    *(chart.earned("物业费", nature) for nature in (chart.OWN, chart.AGENCY, chart.COMMUNAL, chart.DEPOSIT)),
]


def test_codes_are_as_the_design_names_them() -> None:
    assert chart.till_cash(1).code == "1001.T1"
    assert chart.receivable("物业费").code == "1122.物业费"
    assert chart.tender_account("wechat", "微信").code == "1012.wechat"
    assert chart.PREPAYMENTS.code == "2203.预存"


@pytest.mark.parametrize(
    ("nature", "code", "kind"),
    [
        ("自有", "6001.水费", "revenue"),
        ("代收代付", "2241.代收.水费", "liability"),
        ("公共收益", "2241.公共收益.水费", "liability"),
        ("押金", "2241.押金.水费", "liability"),
    ],
)
def test_whose_money_it_is_decides_where_it_is_credited(nature: str, code: str, kind: str) -> None:
    account = chart.earned("水费", nature)
    assert (account.code, account.kind) == (code, kind)


@pytest.mark.parametrize("account", ALL, ids=lambda account: account.code)
def test_the_code_of_every_account_tells_its_kind(account: AccountKind) -> None:
    assert kind_of(account.code) == account.kind


@pytest.mark.parametrize("code", ["", "9999", "5001", "62.x"])
def test_other_codes_are_of_no_kind(code: str) -> None:
    assert kind_of(code) == ""


def test_no_two_accounts_share_a_code() -> None:
    codes = [account.code for account in ALL]
    assert len(set(codes)) == len(codes)


def test_a_deposit_is_credited_where_deposits_are_held() -> None:
    assert chart.earned("装修押金", chart.DEPOSIT) == chart.deposits("装修押金")


def test_an_account_is_made_when_it_is_first_needed_and_found_afterwards(ledger_database: Database) -> None:
    def twice(account: AccountKind) -> tuple[int, int]:
        with ledger_database.transaction() as connection:
            return account_id(connection, account), account_id(connection, account)

    first, again = twice(chart.receivable("物业费"))
    assert first == again
    assert twice(chart.receivable("水费"))[0] != first
    with ledger_database.reading() as connection:
        rows = connection.execute(select(_accounts.c.code, _accounts.c.kind).order_by(_accounts.c.id)).all()
    assert [tuple(row) for row in rows] == [("1122.物业费", "asset"), ("1122.水费", "asset")]
