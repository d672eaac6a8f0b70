"""Change of hands: who pays from a day on, what stays and what goes over, and that no import undoes it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from feedesk.db import Database
from feedesk.errors import UserError
from feedesk.money import Fen
from feedesk.ops.billing import bill_period
from feedesk.ops.collecting import collect_payment
from feedesk.ops.importing import WorkbookRefused, import_community
from feedesk.ops.moving import (
    Carried,
    CarriedTooMuch,
    CarryingPaperMissing,
    FirstDayTooEarly,
    HandsChangedAlready,
    LivedThereBefore,
    Newcomer,
    NewcomerNameMissing,
    SamePayer,
    change_hands,
)
from feedesk.ops.payment_posting import TenderGiven
from feedesk.ops.permissions import NotPermitted
from feedesk.ops.refunding import DepositPapers, refund_deposit
from feedesk.ops.run import Workplace
from feedesk.ops.shifts import open_shift
from feedesk.ops.single_charges import ChangeApproverMissing
from feedesk.periods import Period
from feedesk.queries.accounts import find_account
from feedesk.queries.hands import closing_statement, namesakes
from feedesk.queries.statement import statement
from feedesk.queries.verification import verify_everything
from tests.ledger.whole_ledger import bring_along, read_book

MID = date(2026, 11, 16)
TODAY = date(2026, 11, 23)
SHEETS: dict[str, Any] = {
    "小区": [("小区名称", "物业公司"), ("锦绣江南小区", "温江和泰物业(样例)")],
    "房屋": [("房屋编号", "类型", "建筑面积", "交付日期"), ("1-1-101", "住宅", "100.00", "2020-01-01")],
    "住户": [("房屋编号", "姓名", "身份", "截止日期"), ("1-1-101", "张样燕", "业主", "")],
    "收费标准": [
        ("名称", "收费项目", "计费方式", "单价", "生效日期"),
        ("住宅物业费", "物业费", "按面积", "3.00", "2026-01-01"),
    ],
    "适用范围": [("房屋编号", "收费标准", "起始日期"), ("*", "住宅物业费", "2026-10-01")],
    "期初预存": [("房屋编号", "金额", "说明"), ("1-1-101", "120.00", "旧系统")],
}


class Home:
    """A home that owes 物业费 of October and November 2026, 300.00 each, has prepaid 120.00 and left a deposit."""

    def __init__(self, database: Database) -> None:
        self.desk = Workplace(database, "样例主管", approver="样例经理", today=TODAY)
        bring_along(self.desk, SHEETS)
        for month in ("2026-10", "2026-11"):
            self.desk.run_op(bill_period, period=Period.parse(month))
        self.account = self.at("1-1-101")
        self.desk.run_op(open_shift, opening_float=Fen(50000))
        self.slip = self.desk.run_op(
            collect_payment,
            account=self.account,
            tenders=[cash(80000)],
            charges=(),
            deposits=[("装修押金", Fen(80000))],
        ).receipt

    def at(self, unit: str, on: date = TODAY) -> int:
        return self.desk.read(find_account, text=unit, on=on).id

    def move(self, **facts: Any) -> Any:
        given: dict[str, Any] = {
            "account": self.account,
            "first_day": MID,
            "newcomer": Newcomer("李样", phone="12000000077"),
        }
        return self.desk.run_op(change_hands, **given | facts)

    def owed(self, account: int) -> list[tuple[str, int, date, date]]:
        found = self.desk.read(statement, account=account, on=TODAY).charges
        return [(one.period, one.due, one.serves_from, one.serves_to) for one in found]

    def held(self, account: int) -> tuple[int, int]:
        found = self.desk.read(statement, account=account, on=TODAY)
        return found.prepaid, found.deposits

    def sound(self) -> bool:
        return not self.desk.read(verify_everything).problems


def cash(amount: int) -> TenderGiven:
    return TenderGiven("cash", Fen(amount))


@pytest.fixture
def home(ledger_database: Database) -> Home:
    return Home(ledger_database)


def test_the_old_account_ends_the_day_before_and_keeps_what_it_owes(home: Home) -> None:
    done = home.move(split_running=False)
    assert (done.left, done.last_day, done.stays, done.carried) == (home.account, date(2026, 11, 15), 60000, 0)
    assert home.at("1-1-101") == done.taken
    assert home.at("1-1-101", date(2026, 11, 15)) == home.account
    assert home.owed(done.taken) == []
    assert home.held(home.account) == (12000, 80000)
    assert home.held(done.taken) == (0, 0)
    assert home.sound()


def test_what_is_unpaid_of_the_running_month_is_charged_by_days(home: Home) -> None:
    done = home.move()
    first, last = date(2026, 11, 1), date(2026, 11, 30)
    october = ("2026-10", 30000, date(2026, 10, 1), date(2026, 10, 31))
    assert home.owed(home.account) == [october, ("2026-11", 15000, first, date(2026, 11, 15))]
    assert home.owed(done.taken) == [("2026-11", 15000, MID, last)]
    assert done.stays == 45000
    again = home.desk.run_op(bill_period, period=Period.parse("2026-11"))
    assert again.posted == 0
    december = home.desk.run_op(bill_period, period=Period.parse("2026-12"))
    assert december.posted == 1
    assert [one[0] for one in home.owed(done.taken)] == ["2026-11", "2026-12"]
    assert home.sound()


def test_a_month_paid_by_who_left_stays_with_him_and_is_told(home: Home) -> None:
    home.desk.run_op(collect_payment, account=home.account, tenders=[cash(60000)])
    (reaching,) = home.desk.read(
        closing_statement, account=home.account, last_day=date(2026, 11, 15), today=TODAY
    ).reaching
    assert (reaching.charge.period, reaching.days_after, reaching.days, reaching.movable) == ("2026-11", 15, 30, False)
    done = home.move()
    assert done.charges == ()
    assert home.desk.run_op(bill_period, period=Period.parse("2026-11")).posted == 0
    assert home.sound()


def test_months_that_are_not_billed_yet_are_billed_by_days(home: Home) -> None:
    done = home.move(first_day=date(2026, 12, 11))
    home.desk.run_op(bill_period, period=Period.parse("2026-12"))
    assert home.owed(home.account)[-1][:2] == ("2026-12", 9677)
    assert home.owed(done.taken)[-1][:2] == ("2026-12", 20323)
    closing = home.desk.read(closing_statement, account=home.account, last_day=date(2027, 1, 5), today=TODAY)
    assert [(one.item, one.billed_through) for one in closing.unbilled] == [("物业费", date(2026, 12, 10))]


def test_prepayment_and_deposit_go_over_by_choice(home: Home) -> None:
    carried = Carried(Fen(10000), (("装修押金", Fen(80000)),))
    done = home.move(carried=carried, paper="过户协议")
    assert done.carried == 90000
    assert home.held(home.account) == (2000, 0)
    assert home.held(done.taken) == (10000, 80000)
    assert home.sound()
    papers = DepositPapers(slip=home.slip, inspected=True)
    facts: dict[str, Any] = {"name": "装修押金", "amount": Fen(80000), "tender": cash(80000), "papers": papers}
    with pytest.raises(UserError):
        home.desk.run_op(refund_deposit, account=home.account, reason="完工", **facts)
    home.desk.run_op(refund_deposit, account=done.taken, reason="完工", **facts)
    assert home.held(done.taken) == (10000, 0)
    assert home.sound()


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"carried": Carried(Fen(12001)), "paper": "协议"}, CarriedTooMuch),
        ({"carried": Carried(Fen(-1)), "paper": "协议"}, CarriedTooMuch),
        ({"carried": Carried(deposits=(("别的押金", Fen(1)),)), "paper": "协议"}, CarriedTooMuch),
        ({"carried": Carried(deposits=(("装修押金", Fen(0)),)), "paper": "协议"}, CarriedTooMuch),
        ({"carried": Carried(Fen(100)), "paper": " "}, CarryingPaperMissing),
        ({"newcomer": Newcomer(" ")}, NewcomerNameMissing),
        ({"newcomer": Newcomer("张样燕")}, LivedThereBefore),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    home: Home, facts: dict[str, Any], error: type[UserError]
) -> None:
    with pytest.raises(error):
        home.move(**facts)
    assert home.at("1-1-101") == home.account
    assert home.held(home.account) == (12000, 80000)


def test_money_goes_over_with_an_approver_only(home: Home) -> None:
    given: dict[str, Any] = {"carried": Carried(Fen(100)), "paper": "协议"}
    home.desk = replace(home.desk, approver=None)
    with pytest.raises(ChangeApproverMissing):
        home.move(**given)
    home.desk = replace(home.desk, approver="样例收费员")
    with pytest.raises(NotPermitted):
        home.move(**given)
    home.desk = replace(home.desk, approver=None)
    assert home.move().carried == 0


def test_an_account_changes_hands_once_and_later_than_it_began(home: Home) -> None:
    done = home.move()
    with pytest.raises(HandsChangedAlready):
        home.move()
    with pytest.raises(FirstDayTooEarly):
        home.move(account=done.taken, newcomer=Newcomer("赵样"))
    (known,) = home.desk.read(namesakes, name="李样")
    assert (known.units, known.phone_ending) == (("1-1-101",), "0077")
    with pytest.raises(SamePayer):
        home.move(account=done.taken, first_day=TODAY, newcomer=Newcomer("", resident=known.resident))
    third = home.move(account=done.taken, first_day=TODAY, newcomer=Newcomer("赵样"))
    assert home.at("1-1-101") == third.taken
    assert home.sound()


def test_a_tenant_comes_and_goes_and_the_owner_pays_again(home: Home) -> None:
    tenant = home.move(newcomer=Newcomer("李样", role="租户"))
    (owner,) = home.desk.read(namesakes, name="张样燕")
    back = home.move(
        account=tenant.taken, first_day=date(2026, 11, 20), newcomer=Newcomer("", role="业主", resident=owner.resident)
    )
    held = home.desk.read(find_account, text="1-1-101", on=TODAY)
    assert (held.id, held.resident, held.from_date) == (back.taken, "张样燕", date(2026, 11, 20))
    assert len({home.account, tenant.taken, back.taken}) == 3
    assert home.sound()
    people = [*SHEETS["住户"], ("1-1-101", "李样", "租户", "")]
    book = read_book({**SHEETS, "住户": people})
    with pytest.raises(WorkbookRefused) as refused:  # the tenant has no end there
        home.desk.run_op(import_community, book=book)
    assert refused.value.problems[0].sheet == "住户"


@pytest.mark.parametrize(
    ("change", "taken"),
    [
        pytest.param(lambda sheets: sheets, False, id="unchanged"),
        pytest.param(lambda sheets: {k: v for k, v in sheets.items() if k != "住户"}, True, id="without people"),
        pytest.param(
            lambda sheets: {**sheets, "住户": [SHEETS["住户"][0], ("1-1-101", "张样燕", "业主", "2026-11-15")]},
            True,
            id="old owner ended",
        ),
        pytest.param(
            lambda sheets: {**sheets, "住户": [SHEETS["住户"][0], ("1-1-101", "张样燕", "业主", "2026-11-10")]},
            False,
            id="another day",
        ),
    ],
)
def test_an_import_never_undoes_it(home: Home, change: Callable[[Any], Any], taken: bool) -> None:
    done = home.move()
    book = read_book(change(SHEETS))
    if taken:
        home.desk.run_op(import_community, book=book)
    else:
        with pytest.raises(WorkbookRefused) as refused:
            home.desk.run_op(import_community, book=book)
        assert refused.value.problems[0].column in ("缴费人", "截止日期")
    assert home.at("1-1-101") == done.taken
    assert home.at("1-1-101", date(2026, 11, 15)) == home.account
    assert home.sound()
