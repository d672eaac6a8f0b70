"""What concessions take off, by a table reckoned by hand, and what holds for any of them."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.money import Fen, Mantissa, round_to_fen
from feedesk.rules.concession_terms import EVERY_ITEM, Condition, DatedPolicy, policies_met, policies_on
from feedesk.rules.concessions import ChargeLine, Policy, Reduction, concede
from feedesk.rules.pricing import Rounding
from feedesk.texts import use_language

AREA = Fraction("98.6")


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    use_language("zh_CN")
    yield
    use_language("zh_CN")


def line(
    yuan: str | Fraction = "276.08",
    *,
    months: int = 1,
    measure: Fraction = AREA,
    mantissa: str = "四舍五入",
    step: int = 1,
) -> ChargeLine:
    exact, rule = Fraction(yuan), Rounding(Mantissa(mantissa), Fen(step))
    return ChargeLine(exact, round_to_fen(exact, rule.mantissa, rule.step), measure, months, rule)


def policy(how: str, value: str, *, alone: bool = False, name: str = "", document: str = "") -> Policy:
    number = sum(map(ord, f"{how}{value}{alone}{name}"))
    return Policy(number, name or f"{how}{value}", Reduction(how), Fraction(value), not alone, document)


def off(value: str, **facts: bool | str) -> Policy:
    return policy("百分比", value, **facts)  # type: ignore[arg-type]


TEN, TWENTY = off("10"), off("20")
FIVE_YUAN = policy("减金额", "5")

# The line, the policies that count, and what each takes in fen.
CASES: list[tuple[str, ChargeLine, list[Policy], list[int]]] = [
    # 276.08 × 10 % = 27.608; net 248.472 → 248.47, so 276.08 − 248.47 = 27.61
    ("ten per cent", line(), [TEN], [2761]),
    # 10 % of 276.08, then 20 % of 248.472 = 49.6944: net 198.7776 → 198.78, off 77.30. The larger one goes first:
    # 20 % = 55.216, 10 % of 220.864 = 22.0864, together 77.3024; 77.30 in that proportion 55.21 | 22.08, one fen is
    # left over for the larger remainder: 7730 × 22.0864 ÷ 77.3024 = 2208.57, so 55.21 and 22.09.
    ("each on what the last left", line(), [TEN, TWENTY], [5521, 2209]),
    # 10 % = 27.608, 248.472 − 5 = 243.472 → 243.47; off 32.61: 3261 × 27.608 ÷ 32.608 = 2760.97, 500.03
    ("amounts after percentages", line(), [FIVE_YUAN, TEN], [2761, 500]),
    # 98.60 × 2.00 = 197.20 instead of 276.08
    ("a unit price", line(), [policy("单价", "2")], [7888]),
    ("the lowest unit price", line(), [policy("单价", "2.5"), policy("单价", "2")], [7888]),
    ("a unit price never raises the line", line(), [policy("单价", "3")], []),
    # 98.60 × 2.00 = 197.20; 10 % = 19.72; − 5.00 = 172.48; off 78.88 + 19.72 + 5.00
    ("price, percentage, amount", line(), [FIVE_YUAN, TEN, policy("单价", "2")], [7888, 1972, 500]),
    ("no unit price where none fits", line(measure=Fraction(0)), [policy("单价", "2")], []),
    # 0.055 a month: 98.60 × 0.055 = 5.423 → 5.42
    ("an amount never below zero", line("3.20"), [FIVE_YUAN], [320]),
    # 276.08 − 200 − 76.08: the larger amount first and in full, the rest of the other
    ("amounts together never below zero", line(), [policy("减金额", "100"), policy("减金额", "200")], [20000, 7608]),
    ("all of it", line(), [off("100")], [27608]),
    ("nothing is left for the others", line(), [off("100"), TEN, FIVE_YUAN], [27608]),
    # one of twelve months of 2400.00
    ("a month of a year", line("2400", months=12), [policy("减月数", "1")], [20000]),
    # 2400 × 11/12 = 2200; 10 % of it 220 — the larger share goes first: 240, then 2160 ÷ 12 = 180
    ("months are shares too", line("2400", months=12), [policy("减月数", "1"), TEN], [24000, 18000]),
    ("no months of what is charged once", line("300", months=0), [policy("减月数", "1")], []),
    ("more months than there are", line("828.24", months=3), [policy("减月数", "12")], [82824]),
    ("alone", line(), [off("10", alone=True)], [2761]),
    # alone 55.216, the others together 27.608 + 5.00 = 32.608
    ("alone beats the others together", line(), [TEN, FIVE_YUAN, off("20", alone=True)], [5522]),
    # 10 %, 20 % together 77.3024 against 25 % = 69.02
    ("the others together beat alone", line(), [TEN, TWENTY, off("25", alone=True)], [5521, 2209]),
    ("of those alone the best", line(), [off("10", alone=True), off("30", alone=True)], [8282]),
    # 276.08: net 248.472 rounded up to the yuan is 249, gross 277
    ("rounded by the item's rounding", line(mantissa="进位", step=100), [TEN], [2800]),
    # gross 276.00 and net 248.00
    ("rounded down to the yuan", line(mantissa="舍去", step=100), [TEN], [2800]),
    # 0.04 × 90 % = 0.036 → 0.04: nothing is left of a concession
    ("less than half a fen", line("0.04"), [TEN], []),
    # 100.005 → 100.01, 90.0045 → 90.00
    ("both rounded once", line("100.005"), [TEN], [1001]),
    # 131.46666… → 131.47; × 0.7 = 92.02666… → 92.03
    ("a price that is a fraction", line(Fraction("98.6") * Fraction(4, 3)), [off("30")], [3944]),
    # a third off 300.00, as 100/3 per cent
    ("a percentage that is a fraction", line("300"), [off("100/3")], [10000]),
    ("a credit is not lowered", line("-20"), [TEN], []),
    ("nothing owed", line("0"), [FIVE_YUAN], []),
    ("no policy", line(), [], []),
]


@pytest.mark.parametrize(("charge", "policies", "taken"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_is_taken_off(charge: ChargeLine, policies: list[Policy], taken: list[int]) -> None:
    conceded = concede(charge, policies)
    assert [part.amount for part in (conceded.parts if conceded else ())] == taken
    assert (conceded.discount if conceded else 0) == sum(taken)


def test_of_equal_results_those_that_stack_go_first_then_the_order_of_names() -> None:
    stacking, alone, other = off("10", name="乙"), off("10", alone=True, name="甲"), off("10", alone=True, name="丙")
    for known in permutations([stacking, alone, other]):
        first = concede(line(), known)
        assert first is not None
        assert [part.name for part in first.parts] == ["乙"]
    second = concede(line(), [alone, other])
    assert second is not None
    assert [part.name for part in second.parts] == ["丙"]  # 丙 U+4E19 before 甲 U+7532


@pytest.mark.parametrize(
    ("how", "value"), [("百分比", "100.01"), ("百分比", "-1"), ("减金额", "-5"), ("单价", "-0.01")]
)
def test_a_policy_that_raises_or_more_than_gives_all_is_none(how: str, value: str) -> None:
    with pytest.raises(ValueError, match="between nothing and all"):
        policy(how, value)


def test_words() -> None:
    known = [
        off("10", name="老年减免", document="样例文〔2025〕3 号"),
        policy("减金额", "5", name="特困减免"),
        off("20", alone=True, name="空置优惠"),
        policy("单价", "3", name="协议价", alone=True),
    ]
    conceded = concede(line(), known[:2])
    assert conceded is not None
    assert conceded.label == "老年减免10%+特困减免"
    assert conceded.words == (
        "老年减免10%（依据 样例文〔2025〕3 号）：减 27.61 元。",
        "特困减免：减 5.00 元。",
        "应收 276.08 元，优惠 32.61 元，实际应收 243.47 元。",
    )
    conceded = concede(line(), known)
    assert conceded is not None
    assert conceded.words == (
        "空置优惠20%：减 55.22 元。",
        "应收 276.08 元，优惠 55.22 元，实际应收 220.86 元。",
        "协议价、特困减免、老年减免10%不能同时享受：按实际应收最低的算。",
    )


def test_words_of_the_other_ways() -> None:
    known = [
        policy("单价", "2", name="协议价"),
        policy("减月数", "1", name="免一个月"),
        policy("减金额", "5000", name="补助"),
    ]
    conceded = concede(line("2400", months=12, measure=Fraction(1100)), known)
    assert conceded is not None
    assert conceded.words == (
        "协议价：按单价 2.00 元计，减 200.00 元。",
        "免一个月：12 个月免 1 个月，减 183.33 元。",
        "补助：每笔最多减 5000.00 元，减 2,016.67 元。",
        "应收 2,400.00 元，优惠 2,400.00 元，实际应收 0.00 元。",
    )


# ---- what holds for any of them --------------------------------------------------------------------------------------

values = st.one_of(
    st.builds(lambda n, alone: off(f"{n}/10", alone=alone), st.integers(1, 1000), st.booleans()),
    st.builds(lambda n, alone: policy("减金额", f"{n}/100", alone=alone), st.integers(1, 40_000), st.booleans()),
    st.builds(lambda n, alone: policy("减月数", str(n), alone=alone), st.integers(1, 12), st.booleans()),
    st.builds(lambda n, alone: policy("单价", f"{n}/100", alone=alone), st.integers(0, 600), st.booleans()),
)
some = st.lists(values, max_size=5)
lines = st.builds(
    lambda yuan, months, measure, mantissa, step: line(
        yuan, months=months, measure=measure, mantissa=mantissa, step=step
    ),
    st.fractions(min_value=0, max_value=5000, max_denominator=700),
    st.sampled_from([1, 3, 6, 12]),
    st.fractions(min_value=0, max_value=2000, max_denominator=300),
    st.sampled_from(list(Mantissa)),
    st.sampled_from([1, 10, 100]),
)


def net(charge: ChargeLine, policies: list[Policy]) -> int:
    conceded = concede(charge, policies)
    return charge.gross - (conceded.discount if conceded else 0)


@given(lines, some)
def test_between_nothing_and_all(charge: ChargeLine, policies: list[Policy]) -> None:
    assert 0 <= net(charge, policies) <= charge.gross


@given(lines, some)
def test_parts_sum_to_what_is_conceded(charge: ChargeLine, policies: list[Policy]) -> None:
    conceded = concede(charge, policies)
    if conceded is not None:
        assert sum(part.amount for part in conceded.parts) == conceded.discount > 0
        assert all(part.amount > 0 for part in conceded.parts)


@given(lines, some, st.randoms())
def test_the_order_does_not_matter(charge: ChargeLine, policies: list[Policy], random: object) -> None:
    shuffled = list(policies)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert concede(charge, shuffled) == concede(charge, policies)


@given(lines, some, values)
def test_another_policy_never_raises_what_is_to_be_paid(
    charge: ChargeLine, policies: list[Policy], another: Policy
) -> None:
    assert net(charge, [*policies, another]) <= net(charge, policies)


@given(lines, st.lists(values, min_size=1, max_size=5))
def test_together_is_never_worse_than_any_of_them(charge: ChargeLine, policies: list[Policy]) -> None:
    assert net(charge, policies) <= min(net(charge, [one]) for one in policies)


@given(lines, some)
def test_the_net_is_rounded_by_the_item(charge: ChargeLine, policies: list[Policy]) -> None:
    """The net is what the exact remainder comes to under the item's rounding: a multiple of its step."""
    assert net(charge, policies) % charge.rounding.step == 0


# ---- for whom and when -----------------------------------------------------------------------------------------------

SINCE = date(2026, 1, 1)
FIRST = date(2026, 11, 1)
WATER, SERVICE = 1, 2


def dated(name: str, condition: str, *, since: date = SINCE, until: date | None = None, items: set[int] | None = None,
          value: str = "10") -> DatedPolicy:  # fmt: skip
    found = frozenset({SERVICE} if items is None else items)
    return DatedPolicy(off(value, name=name), Condition.parse(condition), found, since, until)


@pytest.mark.parametrize("text", ["标签=老年", "标签=低保 甲", "空置", "预缴>=12月", "一次性付清", "核准"])
def test_conditions_are_written_as_they_are_read(text: str) -> None:
    assert str(Condition.parse(text)) == text


@pytest.mark.parametrize("text", ["", "标签=", "老年", "预缴>=月", "预缴>=0月", "空置=1", "核准 "])
def test_no_condition(text: str) -> None:
    with pytest.raises(ValueError, match="no condition"):
        Condition.parse(text)


@pytest.mark.parametrize(
    ("day", "counts"),
    [
        (date(2025, 12, 31), False),
        (SINCE, True),
        (date(2026, 11, 1), True),
        (date(2026, 11, 30), True),  # the last day is in force
        (date(2026, 12, 1), False),
    ],
)
def test_in_force_on_the_day(day: date, counts: bool) -> None:
    known = dated("老年减免", "标签=老年", until=date(2026, 11, 30))
    assert bool(policies_on([known], day, SERVICE, "自有")) is counts


def test_of_one_name_the_version_begun_last_counts() -> None:
    old, new = dated("老年减免", "标签=老年"), dated("老年减免", "标签=老年", since=date(2026, 11, 1), value="20")
    assert policies_on([new, old], date(2026, 10, 1), SERVICE, "自有") == (old,)
    assert policies_on([new, old], FIRST, SERVICE, "自有") == (new,)
    # The new version no longer names the item: then nothing holds for it.
    moved = dated("老年减免", "标签=老年", since=date(2026, 11, 1), items={WATER})
    assert policies_on([old, moved], FIRST, SERVICE, "自有") == ()


@pytest.mark.parametrize(
    ("nature", "covered"), [("自有", True), ("公共收益", True), ("代收代付", False), ("押金", False)]
)
def test_every_item_leaves_out_what_is_collected_for_others(nature: str, covered: bool) -> None:
    every = dated("老年减免", "标签=老年", items=set(EVERY_ITEM))
    named = dated("低保减免", "标签=低保", items={WATER})
    assert (every in policies_on([every, named], FIRST, WATER, nature)) is covered
    assert named in policies_on([every, named], FIRST, WATER, nature)


@pytest.mark.parametrize("condition", ["预缴>=12月", "一次性付清"])
def test_what_is_granted_on_payment_counts_in_no_run(condition: str) -> None:
    assert policies_on([dated("年付优惠", condition)], FIRST, SERVICE, "自有") == ()


@pytest.mark.parametrize(
    ("condition", "tags", "vacant", "granted", "met"),
    [
        ("标签=老年", {"老年", "残疾"}, False, set(), True),
        ("标签=老年", {"老年人"}, False, set(), False),
        ("标签=老年", set(), True, {"某优惠"}, True),
        ("空置", set(), True, set(), True),
        ("空置", {"空置"}, False, set(), False),
        ("空置", set(), False, {"某优惠"}, True),
        ("核准", {"核准"}, True, set(), False),
        ("核准", set(), False, {"某优惠"}, True),
        ("核准", set(), False, {"另一优惠"}, False),
    ],
)
def test_whose_condition_holds(condition: str, tags: set[str], vacant: bool, granted: set[str], met: bool) -> None:
    known = dated("某优惠", condition)
    assert policies_met([known], tags=tags, vacant=vacant, granted=granted) == ((known.policy,) if met else ())


def test_a_policy_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        dated("老年减免", "空置", until=date(2025, 12, 31))
