"""What the script says customers hand over is what the rules settle; what lies in the drawer can be counted."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from feedesk.demo.customers import Customer, money_of, notes_for
from feedesk.demo.script import AFTERNOON, MORNING, SoughtBy, Visit, Way
from feedesk.demo.serving import Drawer
from feedesk.money import Fen
from feedesk.queries.statement import StatementCharge
from feedesk.rules.cash_count import counted_cash

DAY = date(2026, 11, 23)


def charge(due: int) -> StatementCharge:
    return StatementCharge(
        id=1, account=1, unit="1-1-101", item="物业费", item_id=1, nature="自有", order=1, period="2026-11",
        serves_from=DAY, serves_to=DAY, basis="", snapshot="{}", amount=Fen(due), discount=Fen(0), late_fee=Fen(0),
        late_fee_waived=Fen(0), paid=Fen(0), principal=Fen(due), late_fee_due=Fen(0), due_date=DAY, frozen=False,
        status="open",
    )  # fmt: skip


def customer(way: Way, *dues: int, prepaid: int = 0) -> Customer:
    charges = tuple(charge(due) for due in dues)
    return Customer(Visit(SoughtBy.ROOM, way), 1, "1-1-101", "张样燕", "1-1-101", charges, Fen(prepaid))


def test_the_script_has_more_than_forty_payments_and_every_way() -> None:
    visits = (*MORNING, *AFTERNOON)
    assert sum(visit.way is not Way.ASKS for visit in visits) >= 44
    assert {visit.way for visit in visits} >= set(Way) - {Way.PART_CASH}
    assert {visit.sought for visit in visits} == set(SoughtBy)


@pytest.mark.parametrize(
    ("way", "handed", "kept", "change", "rounding"),
    [
        (Way.CASH, [("cash", 40000)], {"cash": 37130}, 2870, 9),
        (Way.EXACT_CASH, [("cash", 37139)], {"cash": 37139}, 0, 0),
        (Way.WECHAT, [("wechat", 37139)], {"wechat": 37139}, 0, 0),
        (Way.CASH_AND_WECHAT, [("cash", 10000), ("wechat", 27139)], {"cash": 10000, "wechat": 27139}, 0, 0),
        (Way.PREPAID_AND_CASH, [("prepaid", 12000), ("cash", 30000)], {"prepaid": 12000, "cash": 25130}, 4870, 9),
        (Way.THREE_WAYS, [("prepaid", 12000), ("cash", 12000), ("wechat", 13139)],
         {"prepaid": 12000, "cash": 12000, "wechat": 13139}, 0, 0),
        (Way.CHANGE_KEPT, [("cash", 40000)], {"cash": 40000}, 0, 0),
        (Way.PART_CASH, [("cash", 18000)], {"cash": 18000}, 0, 0),
        (Way.PART_WECHAT, [("wechat", 12000)], {"wechat": 12000}, 0, 0),
    ],
)  # fmt: skip
def test_what_is_handed_over(
    way: Way, handed: list[tuple[str, int]], kept: dict[str, int], change: int, rounding: int
) -> None:
    money = money_of(customer(way, 30000, 7139, prepaid=12000), 7, DAY)
    assert money is not None
    assert [(one.code, one.amount) for one in money.handed] == handed
    assert (money.kept, money.settlement.change, money.settlement.rounding) == (kept, change, rounding)


def test_one_charge_less_is_paid_when_it_is_cleared() -> None:
    assert customer(Way.ONE_LESS, 30000, 7139).due == 7139


def test_who_only_asks_hands_over_nothing() -> None:
    assert money_of(customer(Way.ASKS, 30000), 1, DAY) is None


@given(some.integers(1, 10**8))
def test_notes_are_more_than_what_is_due(due: int) -> None:
    assert 0 < notes_for(Fen(due)) - due <= 50_00


@given(some.integers(0, 10**8))
def test_the_drawer_is_counted_to_the_fen(cash: int) -> None:
    assert counted_cash(Drawer(Fen(cash)).counted()) == cash
