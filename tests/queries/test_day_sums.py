"""A day's payments added up in bulk come to the same as one by one, whatever kinds of payment the day saw."""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection

from feedesk.money import Fen
from feedesk.ops.collecting import TenderGiven, collect_payment
from feedesk.ops.shifts import close_shift, open_shift
from feedesk.ops.taking_back import reverse_payment, void_payment
from feedesk.queries.takings import day_payments, day_sums, item_order
from feedesk.rules.takings import PaidTogether, Takings, add_up_takings
from tests.community import TODAY, SmallCommunity, picture_home

TOMORROW = date(2026, 11, 24)


def pay(community: SmallCommunity, *tenders: tuple[str, int], **facts: Any) -> str:
    given = [
        TenderGiven(code, Fen(amount), f"{code}-{n}" if code != "cash" else None)
        for n, (code, amount) in enumerate(tenders)
    ]
    done = community.run(collect_payment, tenders=given, same_reference=True, **facts)
    return str(done.receipt)


def both_ways(connection: Connection, day: date) -> tuple[Takings, Takings, int]:
    order = item_order(connection)
    paid = day_sums(connection, day)
    together = sum(isinstance(one, PaidTogether) for one in paid)
    return add_up_takings(day_payments(connection, day), day, order), add_up_takings(paid, day, order), together


def test_a_day_of_every_kind(community: SmallCommunity) -> None:
    home = picture_home(community)
    others = [community.unit(f"2-1-{n}01") for n in range(1, 9)]
    for account in others:
        for item, period, amount in (
            ("物业费", "2026-10", 20000),
            ("物业费", "2026-11", 20000),
            ("水费", "2026-12", 500),
        ):
            community.charge(account, item, period, amount)
    pay(community, ("cash", 40000), account=others[0])
    pay(community, ("wechat", 40000), account=others[1])
    pay(
        community,
        ("wechat", 20500),
        account=others[2],
        charges=[community.charge(others[2], "公摊电费", "2026-11", 20500)],
    )
    pay(community, ("wechat", 15000), ("cash", 25000), account=others[3])  # two tenders
    pay(community, ("cash", 12300), account=others[4], part=True)
    pay(community, ("alipay", 30000), account=others[5], prepay=Fen(30000))
    pay(community, ("cash", 70000), account=others[5], prepay=Fen(10000), deposits=[("装修押金", Fen(20000))])
    voided = pay(community, ("cash", 40000), account=others[6])
    community.run(void_payment, receipt=voided, reason="收错房屋")
    later = pay(community, ("alipay", 40000), account=others[7])
    pay(community, ("cash", 10000), account=home.dwelling, household_too=True, part=True)
    community.run(close_shift)

    with community.database.reading() as connection:
        one_by_one, in_bulk, together = both_ways(connection, TODAY)
    assert together == 3  # cash, WeChat, Alipay
    assert in_bulk == one_by_one
    assert in_bulk.total == 40000 * 4 + 20500 + 12300 + 30000 + 70000 + 10000

    tomorrow = replace(community.workplace, today=TOMORROW, approver="样例经理")
    tomorrow.run_op(open_shift, opening_float=Fen(0))
    tomorrow.run_op(reverse_payment, receipt=later, reason="重复收款")
    with community.database.reading() as connection:
        one_by_one, in_bulk, together = both_ways(connection, TOMORROW)
        assert both_ways(connection, TODAY)[1] == both_ways(connection, TODAY)[0]
    assert (in_bulk, together) == (one_by_one, 0)
    assert in_bulk.total == -40000


def test_rounding_is_looked_at_one_by_one(community: SmallCommunity) -> None:
    account = community.unit("2-1-101")
    community.charge(account, "物业费", "2026-11", 10008)
    pay(community, ("cash", 10010), account=account)
    with community.database.reading() as connection:
        one_by_one, in_bulk, together = both_ways(connection, TODAY)
    assert (in_bulk, together) == (one_by_one, 0)
    assert [(row.item, row.total) for row in in_bulk.rows] == [("物业费", 10008), ("抹零", -8)]


def test_a_day_without_payments(community: SmallCommunity) -> None:
    with community.database.reading() as connection:
        assert day_sums(connection, TODAY) == ()
