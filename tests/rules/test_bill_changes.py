"""What is worth a look before a month is billed, and the words for why a charge changed."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.money import Fen
from feedesk.periods import Period
from feedesk.rules.bill_changes import (
    Background,
    BilledFacts,
    ConcessionDays,
    is_worth_a_look,
    why_changed,
    why_gone,
    why_new,
)

NOVEMBER, DECEMBER = Period.parse("2026-11"), Period.parse("2026-12")
NOBODY = Background()


def billed(net: int, month: Period = DECEMBER, **facts: Any) -> BilledFacts:
    found = BilledFacts(
        Fen(net), month.first_day, month.last_day, Fraction("98.6"), Fraction("2.8"), basis="98.60 ㎡ × 2.80"
    )
    return replace(found, **facts)


BEFORE = billed(27608, NOVEMBER)


@pytest.mark.parametrize(
    ("before", "now", "worth"),
    [
        (None, billed(100), True),
        (BEFORE, None, True),
        (None, None, False),
        (BEFORE, billed(27608), False),
        (billed(10000), billed(13000), False),  # just 30 % is not more than 30 %
        (billed(10000), billed(13001), True),
        (billed(10000), billed(7000), False),
        (billed(10000), billed(6999), True),
        (billed(0), billed(1), True),
        (billed(24847, concessions=("低保减免",)), billed(27608), True),  # 11 %, but a concession ended
        (billed(27608), billed(27608, concessions=("老年优惠",)), True),
    ],
)
def test_what_is_worth_a_look(before: BilledFacts | None, now: BilledFacts | None, worth: bool) -> None:
    assert is_worth_a_look(before, now) is worth


@pytest.mark.parametrize(
    ("background", "facts", "words"),
    [
        (Background(delivered_on=date(2026, 11, 20)), {}, "11-20 交付，次月起计"),
        (Background(delivered_on=date(2026, 11, 20), from_next=False), {}, "11-20 交付"),
        (Background(delivered_on=date(2026, 12, 3)), {}, "12-03 交付"),
        (Background(delivered_on=date(2020, 1, 1)), {}, "上月未出账"),
        (Background(from_date=date(2026, 12, 10)), {"first": date(2026, 12, 10)}, "12-10 入住"),
        (Background(bearer="锦江样例置业", delivered_on=date(2026, 11, 20)), {}, "原由 锦江样例置业 缴"),
        (NOBODY, {"metered": True}, "上月没有出账用量"),
        (NOBODY, {"first": date(2026, 12, 5)}, "12-05 起计"),
    ],
)
def test_why_a_charge_is_new(background: Background, facts: dict[str, Any], words: str) -> None:
    assert why_new(billed(31444, **facts), DECEMBER, background) == words


@pytest.mark.parametrize(
    ("background", "words"),
    [
        (Background(bearer="李样"), "改由 李样 缴"),
        (Background(to_date=date(2026, 11, 30), is_space=True), "11-30 退租"),
        (Background(to_date=date(2026, 11, 30)), "11-30 搬出"),
        (Background(to_date=date(2027, 3, 31)), "本月没有适用的收费标准或缴费人"),
    ],
)
def test_why_a_charge_is_gone(background: Background, words: str) -> None:
    assert why_gone(DECEMBER, background) == words


@pytest.mark.parametrize(
    ("before", "now", "background", "words"),
    [
        # The picture: 17 and 17 t before, 43 t now, which is 253 % of the mean.
        (
            billed(5168, NOVEMBER, quantity=Fraction(17), metered=True),
            billed(13072, quantity=Fraction(43), metered=True),
            Background(usages=(Fraction(17), Fraction(17))),
            "用量高于近两期 150%，待确认",
        ),
        (
            billed(5168, NOVEMBER, quantity=Fraction(17), metered=True),
            billed(1216, quantity=Fraction(4), metered=True),
            Background(usages=(Fraction(17), Fraction(17))),
            "用量低于近两期 50%，待确认",
        ),
        (
            billed(5168, NOVEMBER, quantity=Fraction(17), metered=True),
            billed(6992, quantity=Fraction(23), metered=True),
            Background(usages=(Fraction(17),)),
            "用量 17 → 23",
        ),
        # 低保减免 10 % ended with November: 248.47 becomes 276.08.
        (
            billed(24847, NOVEMBER, concessions=("低保减免",)),
            billed(27608),
            Background(grants=(ConcessionDays("低保减免", date(2026, 1, 1), date(2026, 11, 30)),)),
            "低保减免 11-30 到期，待复核",
        ),
        (
            billed(24136, NOVEMBER),
            billed(14482, concessions=("空置优惠",)),
            Background(grants=(ConcessionDays("空置优惠", date(2026, 12, 1), None),)),
            "空置优惠 12-01 起",
        ),
        (billed(24136, NOVEMBER), billed(14482, concessions=("空置优惠",)), NOBODY, "开始享受空置优惠"),
        (billed(14482, NOVEMBER, concessions=("空置优惠",)), billed(24136), NOBODY, "不再享受空置优惠"),
        (BEFORE, billed(29580, price=Fraction(3)), NOBODY, "单价 2.80 → 3.00"),
        (billed(9203, NOVEMBER, first=date(2026, 11, 21)), billed(27608), NOBODY, "计费天数 10 → 31"),
        (BEFORE, billed(31444, quantity=Fraction("112.3")), NOBODY, "数量 98.6 → 112.3"),
        (
            billed(30000, NOVEMBER, quantity=None, price=None),
            billed(40000, quantity=None, price=None),
            NOBODY,
            "上期 98.60 ㎡ × 2.80",
        ),
        (BEFORE, billed(27608), NOBODY, ""),
    ],
)
def test_why_a_charge_changed(before: BilledFacts, now: BilledFacts, background: Background, words: str) -> None:
    assert why_changed(before, now, background) == words


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_it_does_not_matter_how_large_the_charges_are(before: int, now: int) -> None:
    worth = is_worth_a_look(billed(before), billed(now))
    assert worth is is_worth_a_look(billed(before * 7), billed(now * 7))
    if before == now:
        assert not worth
