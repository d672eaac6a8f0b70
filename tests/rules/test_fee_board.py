"""Concessions and late fees on the fee board, in the words of those who read it."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from feedesk.rules.concession_terms import Condition
from feedesk.rules.concessions import Policy, Reduction
from feedesk.rules.fee_board import (
    BoardLateFee,
    BoardPrice,
    FeeBoard,
    condition_words,
    late_fee_words,
    reduction_words,
    usual_cover,
)
from feedesk.rules.late_fees import LateFeeRule, LateFeeStart
from feedesk.rules.spans import DeliveryRule

DAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("标签=老年", "标签为“老年”的住户"),
        ("空置", "空置房屋"),
        ("预缴>=12月", "一次预缴 12 个月及以上"),
        ("一次性付清", "一次性付清"),
        ("核准", "经申请核准"),
    ],
)
def test_for_whom_a_concession_is(condition: str, words: str) -> None:
    assert condition_words(Condition.parse(condition)) == words


@pytest.mark.parametrize(
    ("reduction", "value", "words"),
    [
        (Reduction.PERCENT, "10", "减免 10%"),
        (Reduction.AMOUNT, "20", "每笔减 20.00 元"),
        (Reduction.MONTHS, "1", "免 1 个月"),
        (Reduction.UNIT_PRICE, "2.5", "按单价 2.50 元计收"),
    ],
)
def test_what_a_concession_takes_off(reduction: Reduction, value: str, words: str) -> None:
    assert reduction_words(Policy(1, "某优惠", reduction, Fraction(value))) == words


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (
            LateFeeRule(valid_from=DAY, daily_rate=Fraction("0.0005")),
            "按未付本金的万分之五/日计收，自到期次日起，最高不超过本金的 100%",
        ),
        (
            LateFeeRule(
                valid_from=DAY,
                daily_rate=Fraction("0.001"),
                grace_days=15,
                cap=Fraction("0.3"),
                start=LateFeeStart.NEXT_MONTH,
            ),
            "按未付本金的千分之一/日计收，自到期次月 1 日起，宽限 15 天，最高不超过本金的 30%",
        ),
    ],
)
def test_a_late_fee_is_one_sentence(rule: LateFeeRule, words: str) -> None:
    assert late_fee_words(BoardLateFee("物业费", rule)) == words


def test_from_when_a_fee_counts_follows_the_delivery_rule() -> None:
    told = {FeeBoard(on=DAY, delivery=rule).counts_from for rule in DeliveryRule}
    assert len(told) == len(DeliveryRule)
    assert all("建设单位" in words for words in told)


def test_what_is_usually_done_is_known_for_usual_items_only() -> None:
    assert "绿化养护" in usual_cover("物业费")
    assert usual_cover("代办年检费") == ""


@pytest.mark.parametrize(("days", "late"), [(29, True), (30, False), (200, False)])
def test_a_new_price_is_shown_thirty_days_ahead(days: int, late: bool) -> None:
    price = BoardPrice(
        item="物业费",
        nature="自有",
        tariff="物业费",
        covers="综合管理",
        standard="3.10 元/㎡·月",
        places="全部住宅",
        price_form="市场调节价",
        document="合同",
        valid_from=DAY + timedelta(days),
        coming=True,
    )
    board = FeeBoard(on=DAY, community="某小区", company="某物业", phone="000", prices=(price,))
    assert bool(board.missing) is late
