"""The arithmetic of a late fee as it is read out, and its rate as contracts and receipts write it."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from feedesk.money import Fen
from feedesk.rules.late_fee_words import late_fee_lines, rate_words, rule_words, short_rate_words
from feedesk.rules.late_fees import Debt, ItemRules, LateFee, LateFeeRule, LateFeeStart, LprRate, late_fee
from feedesk.texts import use_language

DUE = date(2026, 8, 31)
LPR = (LprRate(date(2025, 5, 20), Fraction("0.03")), LprRate(date(2026, 9, 21), Fraction("0.029")))


@pytest.fixture
def english() -> Iterator[None]:
    use_language("en")
    yield
    use_language("zh_CN")


def fee(rule: LateFeeRule | None, on: date, **debt: Any) -> LateFee:
    rules = ItemRules("物业费", "自有", own=[rule] if rule else [], lpr=LPR)
    return late_fee(Debt(Fen(100000), DUE, **debt), rules, on)


def rule(daily: str | None = "0.0005", **more: Any) -> LateFeeRule:
    rate = Fraction(daily) if daily else None
    return LateFeeRule(valid_from=date(2020, 1, 1), daily_rate=rate, **more)


@pytest.mark.parametrize(
    ("daily", "words"),
    [
        ("0.0003", "万分之三/日"),
        ("0.0005", "万分之五/日"),
        ("0.001", "千分之一/日"),
        ("0.003", "千分之三/日"),
        ("0.00035", "万分之3.5/日"),
        ("0.0012", "万分之12/日"),
        ("0.000175", "万分之1.75/日"),
    ],
)
def test_a_rate_as_contracts_write_it(daily: str, words: str) -> None:
    assert rate_words(Fraction(daily)) == words


def test_a_rule_in_words() -> None:
    assert rule_words(rule()) == "万分之五/日"
    assert rule_words(rule(None, lpr_multiple=Fraction(4))) == "每日 4 × LPR ÷ 365"
    assert rule_words(rule(None)) == "不计违约金"
    by_lpr = ItemRules("物业费", "自有", own=[rule(None, lpr_multiple=Fraction("1.3"))], lpr=LPR)
    assert short_rate_words(by_lpr.spans[-1]) == "1.3 倍 LPR"


def test_part_payment_and_dispute_line_by_line() -> None:
    found = fee(
        rule(clause="合同第八条"),
        date(2026, 9, 30),
        lowered=((date(2026, 9, 10), Fen(40000)),),
        frozen=((date(2026, 9, 21), date(2026, 9, 25)),),
    )
    assert late_fee_lines(found, waived=Fen(100), paid=Fen(250)) == (
        "到期日 2026-08-31，从次日 2026-09-01 开始计违约金。",
        "标准：万分之五/日 (合同第八条)",
        "2026-09-01 至 2026-09-10，10 天：1,000.00 × 0.0005 × 10 = 5.00",
        "2026-09-11 至 2026-09-20，10 天：600.00 × 0.0005 × 10 = 3.00",
        "2026-09-21 至 2026-09-25：争议期间，不计违约金。",
        "2026-09-26 至 2026-09-30，5 天：600.00 × 0.0005 × 5 = 1.50",
        "合计：9.50",
        "违约金计到 2026-09-30：9.50",
        "其中已减免：1.00",
        "其中已缴：2.50",
        "违约金待缴：6.00",
    )


def test_lpr_in_its_segments() -> None:
    found = fee(rule(None, lpr_multiple=Fraction(4)), date(2026, 9, 30))
    assert late_fee_lines(found)[1:] == (
        "标准：每日 4 × LPR ÷ 365",
        "2026-09-01 至 2026-09-20，20 天：1,000.00 × 4 × 3% ÷ 365 × 20 ≈ 6.575342",
        "2026-09-21 至 2026-09-30，10 天：1,000.00 × 4 × 2.9% ÷ 365 × 10 ≈ 3.178082",
        "合计：≈9.753425",
        "违约金计到 2026-09-30：9.75",
    )


@pytest.mark.parametrize(
    ("terms", "on", "words"),
    [
        ({"grace_days": 10}, date(2026, 9, 11), "到期日 2026-08-31，宽限 10 天，从 2026-09-11 开始计违约金。"),
        (
            {"start": LateFeeStart.NEXT_MONTH},
            date(2026, 9, 11),
            "到期日 2026-08-31，次月 1 日起算，从 2026-09-01 开始计违约金。",
        ),
        (
            {"start": LateFeeStart.NEXT_MONTH, "grace_days": 5},
            date(2026, 9, 11),
            "到期日 2026-08-31，次月 1 日起算，宽限 5 天，从 2026-09-06 开始计违约金。",
        ),
        ({"minimum": Fen(500)}, date(2026, 9, 1), "不足最低收取额，按 5.00 计。"),
        ({"cap": Fraction("0.3")}, date(2029, 9, 1), "最高不超过本金 1,000.00 的 30%，即 300.00。"),
        ({}, date(2026, 8, 31), "计到 2026-08-31，没有应计的天数。"),
    ],
)
def test_start_and_bounds_are_told(terms: dict[str, Any], on: date, words: str) -> None:
    assert words in late_fee_lines(fee(rule(**terms), on))


def test_without_a_rule() -> None:
    assert late_fee_lines(fee(None, date(2026, 9, 30))) == ("这笔应收没有违约金规则，不计违约金。",)


@pytest.mark.usefixtures("english")
def test_in_english() -> None:
    assert late_fee_lines(fee(rule(), date(2026, 9, 1))) == (
        "Due on 2026-08-31; it counts from the day after, 2026-09-01.",
        "Rate: five per ten thousand a day",
        "2026-09-01 to 2026-09-01, 1 day: 1,000.00 × 0.0005 × 1 = 0.50",
        "Late fee to 2026-09-01: 0.50",
    )
