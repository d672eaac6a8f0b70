"""Supplier reconciliation: billed + common share = invoice, by a table, and in sentences."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.money import Fen
from feedesk.periods import Period
from feedesk.rules.reconciliation import CommonShare, Invoice, Reconciliation, Verdict, sentences


def invoice(amount: int, usage: str | None = None) -> Invoice:
    return Invoice(1, "样例供电所", "D-1", Fen(amount), None if usage is None else Fraction(usage))


def power(billed: int, charges: int, common: int = 0, *invoices: Invoice, **facts: Any) -> Reconciliation:
    shares = (CommonShare("电梯", "公摊电费", Fen(common), Fen(common)),) if common else ()
    values: dict[str, Any] = {"usage": Fraction(0), "common": shares, "invoices": invoices, **facts}
    return Reconciliation(3, "电费", Period.parse("2026-11"), "度", Fen(billed), charges, **values)


# Billed in fen over so many charges, common share, invoices; verdict and difference.
TABLE: list[tuple[int, int, int, list[int], Verdict, int]] = [
    (80000, 100, 20000, [100000], Verdict.AGREES, 0),
    (80000, 100, 20000, [60000, 40000], Verdict.AGREES, 0),
    (79950, 100, 20000, [100000], Verdict.ROUNDING, 50),  # 0.5 fen for each of 100 charges
    (80050, 100, 20000, [100000], Verdict.ROUNDING, -50),
    (79949, 100, 20000, [100000], Verdict.SHORT, 51),
    (80051, 100, 20000, [100000], Verdict.OVER, -51),
    (80000, 1, 0, [100000], Verdict.SHORT, 20000),
    (0, 0, 20000, [20000], Verdict.AGREES, 0),
    (0, 0, 0, [20000], Verdict.NOTHING_BILLED, 20000),
    (80000, 100, 20000, [], Verdict.NO_INVOICE, -100000),
    (80000, 100, 20000, [110000, -10000], Verdict.AGREES, 0),  # a credit note
]


@pytest.mark.parametrize(("billed", "charges", "common", "invoices", "verdict", "difference"), TABLE)
def test_verdicts(
    billed: int, charges: int, common: int, invoices: list[int], verdict: Verdict, difference: int
) -> None:
    found = power(billed, charges, common, *map(invoice, invoices))
    assert (found.verdict, found.difference) == (verdict, difference)
    assert found.billed + found.common_total + found.difference == found.invoiced


@given(st.integers(0, 10**9), st.integers(1, 10**5), st.integers(0, 10**9), st.integers(1, 10**9))
def test_the_three_lines_always_sum(billed: int, charges: int, common: int, asked: int) -> None:
    found = power(billed, charges, common, invoice(asked))
    assert found.billed + found.common_total + found.difference == asked
    agrees = found.verdict in (Verdict.AGREES, Verdict.ROUNDING)
    assert agrees == (2 * abs(found.difference) <= charges)


def test_what_is_said() -> None:
    unread = ("1-1-101", "1-1-102", "1-1-201", "1-1-202", "1-1-301", "1-1-302", "1-1-401")
    found = power(
        79000, 10, 20000, invoice(100000, "1250.5"), usage=Fraction(1000), unread=unread, unbilled=("2-1-101",)
    )
    assert sentences(found) == (
        "差 10.00 元：账单金额大于已出账与公摊之和。",
        "2026-11 未抄表：1-1-101、1-1-102、1-1-201、1-1-202、1-1-301，另有 2 户。",
        "已抄表未出账：2-1-101。",
        "供应单位计量比各户表计多 250.5 度：公共用量与损耗。",
    )


def test_what_is_over_names_the_law() -> None:
    found = power(81000, 10, 20000, invoice(100000, "999"), usage=Fraction(1000))
    first, second = sentences(found)
    assert "10.00" in first
    assert "不得收取手续费" in first
    assert second == "供应单位计量比各户表计少 1 度：请核对抄表读数。"


def test_a_common_share_that_nobody_is_charged_for_is_said() -> None:
    waiting = (CommonShare("电梯", "公摊电费", Fen(20000), Fen(19000)),)
    found = replace(power(80000, 10, 0, invoice(100000)), common=waiting)
    assert sentences(found) == ("已出账与公摊之和等于账单金额：一致。", "公摊中有 10.00 元没有计收到户。")


def test_usage_is_compared_only_where_every_invoice_tells_it() -> None:
    assert power(1, 1, 0, invoice(1, "5"), invoice(1)).usage_difference is None
    assert power(1, 1, 0, invoice(1, "5"), invoice(1, "2"), usage=Fraction(3)).usage_difference == Fraction(4)
    assert power(1, 1).invoiced_usage is None
