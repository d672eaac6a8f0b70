"""Tiered usage from workbooks alone, reckoned by hand."""

from pathlib import Path

import pytest

from tests.scenarios.price_sheets import ALWAYS, TARIFFS, community, tariff, tiered
from tests.scenarios.workbook_ledger import PAID_THROUGH, READINGS, SCOPES, Rows, WorkbookLedger, workbook_ledger


@pytest.fixture
def ledger(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> WorkbookLedger:
    return workbook_ledger(capsys, tmp_path)


POWER = "0-2160:0.52;2160-4200:0.57;4200-:0.82"
WATER = "0-15:2;15-25:3;25-:5"

# Tariff, persons, readings (meter, date, value, note), and what each month comes to, the first with its arithmetic.
TIERED: list[tuple[tuple[str | None, ...], int | None, Rows, dict[str, tuple[str, str]]]] = [
    (
        # 2,100 until October and 200 more: 60 × 0.52 + 140 × 0.57
        tiered("T0", POWER, "年"),
        None,
        [("电表", "2025-12-25", 1000), ("电表", "2026-10-25", 3100), ("电表", "2026-11-24", 3300)],
        {
            "2026-10": ("1092.00", "1000→3100 · 2100 度 × 0.52"),
            "2026-11": ("111.00", "3100→3300 · 60 度 × 0.52 + 140 度 × 0.57"),
        },
    ),
    (
        # A new year begins again: 100 × 0.52, though 4,300 were used in the year before.
        tiered("T1", POWER, "年"),
        None,
        [("电表", "2025-12-25", 1000), ("电表", "2026-12-28", 5300), ("电表", "2027-01-25", 5400)],
        {
            "2026-12": ("2368.00", "1000→5300 · 2160 度 × 0.52 + 2040 度 × 0.57 + 100 度 × 0.82"),
            "2027-01": ("52.00", "5300→5400 · 100 度 × 0.52"),
        },
    ),
    (
        # Annual tiers that restart in July: 2,000 before, then from zero.
        tiered("T2", POWER, "年", 阶梯起算="07-01"),
        None,
        [("电表", "2026-05-25", 0), ("电表", "2026-06-30", 2500), ("电表", "2026-07-01", 2600)],
        {
            "2026-06": ("1317.00", "0→2500 · 2160 度 × 0.52 + 340 度 × 0.57"),
            "2026-07": ("52.00", "2500→2600 · 100 度 × 0.52"),
        },
    ),
    (
        # 7 persons, 36 more a month for each above 5: the first tier reaches to 87. 87 × 2 + 10 × 3 + 3 × 5
        tiered("T3", WATER, "月", 人口基数="5:36", 表计="水表", 收费项目="水费"),
        7,
        [("水表", "2026-10-31", 0), ("水表", "2026-11-30", 100)],
        {"2026-11": ("219.00", "0→100 · 87 吨 × 2.00 + 10 吨 × 3.00 + 3 吨 × 5.00")},
    ),
    (
        # Two readings in one month climb the same tiers, a new month begins anew. Sewage at 0.95 on all of it.
        tiered("T4", WATER, "月", "0.95", 表计="水表", 收费项目="水费"),
        3,
        [("水表", "2026-10-31", 0), ("水表", "2026-11-10", 12), ("水表", "2026-11-30", 20), ("水表", "2026-12-30", 25)],
        {
            # 20 × 0.95 + 15 × 2 + 5 × 3
            "2026-11": ("64.00", "0→20 · 20 吨 × 0.95 + 15 吨 × 2.00 + 5 吨 × 3.00"),
            # 5 × 0.95 + 5 × 2
            "2026-12": ("14.75", "20→25 · 5 吨 × 0.95 + 5 吨 × 2.00"),
        },
    ),
    (
        # Peak and valley at their own prices, the tiers as a surcharge on both together: 120 + 80 of 100 at nothing.
        tiered("T5", "0-100:0;100-:0.05", "月", "峰0.5583;谷0.3583"),
        None,
        [
            ("电表峰", "2026-10-31", 100), ("电表谷", "2026-10-31", 50),
            ("电表峰", "2026-11-30", 220), ("电表谷", "2026-11-30", 130),
        ],
        # 66.996 + 28.664 + 100 × 0.05 = 100.66
        {"2026-11": ("100.66", "100→220 · 120 度 × 0.5583 + 50→130 · 80 度 × 0.3583 + 100 度 × 0.05")},
    ),
    (
        # An estimate that was too high is taken back at the price it was charged at: 10 × 3 less.
        tiered("T6", "0-1000:2;1000-:3", "年", 表计="水表", 收费项目="水费"),
        None,
        [
            ("水表", "2026-01-01", 0), ("水表", "2026-09-30", 990), ("水表", "2026-10-31", 1020, "估读"),
            ("水表", "2026-11-10", 1010), ("水表", "2026-11-30", 1030),
        ],
        {
            "2026-09": ("1980.00", "0→990 · 990 吨 × 2.00"),
            "2026-10": ("80.00", "990→1020(估读) · 10 吨 × 2.00 + 20 吨 × 3.00"),
            "2026-11": ("30.00", "1020→1030(估读) · 10 吨 × 3.00"),
        },
    ),
    (
        # The more, the cheaper, and fractions: 100 × 4/3 + 50 × 1 = 183.333…
        tiered("T7", "0-100:4/3;100-:1", "月", 表计="水表", 收费项目="水费"),
        None,
        [("水表", "2026-10-31", 0), ("水表", "2026-11-30", 150)],
        {"2026-11": ("183.33", "0→150 · 100 吨 × 4/3 + 50 吨 × 1.00")},
    ),
]  # fmt: skip


def test_tiers(ledger: WorkbookLedger) -> None:
    codes = [f"1-1-{n}" for n in range(len(TIERED))]
    readings = [
        (code, meter, "M", None, day, value, *note)
        for code, (_tariff, _persons, rows, _bills) in zip(codes, TIERED, strict=True)
        for meter, day, value, *note in rows
    ]
    ledger.imports(
        community(
            [(code, "住宅", None, None, None, one[1]) for code, one in zip(codes, TIERED, strict=True)],
            收费标准=[TARIFFS, *(one[0] for one in TIERED)],
            适用范围=[SCOPES, *((code, one[0][0], None, ALWAYS) for code, one in zip(codes, TIERED, strict=True))],
            抄表=[READINGS, *readings],
        )
    )
    for month in ("2026-06", "2026-07", "2026-09", "2026-10", "2026-11", "2026-12", "2027-01"):
        preview = ledger.done("bill", month, "--preview")
        assert ledger.done("bill", month)["total"] == preview["total"]
    for code, (_tariff, _persons, _rows, bills) in zip(codes, TIERED, strict=True):
        found = ledger.done("statement", code, today="2027-02-01")["charges"]
        assert {one["period"]: (one["amount"], one["basis"]) for one in found} == bills, code
    assert ledger.done("verify")["ok"] is True


def test_two_fee_items_that_follow_one_meter_go_on_each_by_itself(ledger: WorkbookLedger) -> None:
    """Water billed first, sewage in a later run of the same month; an item that is new begins where others ended."""
    water = [tariff("水", "水费", "按用量", "3"), tariff("污水", "污水处理费", "按用量", "1", 表计="水表")]
    read = [("1-1-1", "水表", "M", None, day, value) for day, value in (("2026-09-30", 0), ("2026-10-31", 10))]
    sheets = community(
        [("1-1-1", "住宅")],
        收费标准=[TARIFFS, *water],
        适用范围=[SCOPES, *(("*", one[0], None, ALWAYS) for one in water)],
        抄表=[READINGS, *read],
    )
    ledger.imports(sheets)
    assert ledger.done("bill", "2026-10", "--item", "水费")["total"] == "30.00"
    assert ledger.done("bill", "2026-10")["total"] == "10.00"
    repairs = tariff("修", "水泵维护费", "按用量", "0.5", 表计="水表")
    ledger.imports(
        {
            "收费标准": [TARIFFS, repairs],
            "适用范围": [SCOPES, ("*", "修", None, ALWAYS)],
            "抄表": [READINGS, ("1-1-1", "水表", "M", None, "2026-11-30", 18)],
        }
    )
    assert ledger.done("bill", "2026-11", "--item", "水费")["total"] == "24.00"
    assert ledger.done("bill", "2026-11")["total"] == "12.00"  # 8 × (1 + 0.5), and not 18 × 0.5
    assert ledger.done("bill", "2026-11")["posted"] == 0


def test_the_year_is_counted_through_swaps_hands_and_what_was_billed_elsewhere(ledger: WorkbookLedger) -> None:
    """Tiers of 100 and 200 a year at 1, 2 and 3; what is paid through already counts, and is not billed."""
    old, new = ("1-1-1", "电表", "旧"), ("1-1-1", "电表", "新")
    readings: Rows = [
        (*old, 2, "2025-12-20", 1000),
        (*old, 2, "2026-03-20", 1030),  # 60, paid for elsewhere
        (*new, 1, "2026-10-20", 15, "换表 旧表止度 1045 新表起度 5"),  # 15 × 2 + 10 = 40: 100 in all
        (*new, 1, "2026-11-10", 55),  # 40, of the first owner's: 140
        (*new, 1, "2026-11-20", 125),  # 70, the second owner's: 210
    ]
    ledger.imports(
        {
            **community(
                [("1-1-1", "住宅")],
                people=[("1-1-1", "样甲", "业主", None, "2026-11-15"), ("1-1-1", "样乙", "业主", "2026-11-16")],
                收费标准=[TARIFFS, tiered("电", "0-100:1;100-200:2;200-:3", "年")],
                适用范围=[SCOPES, ("*", "电", None, ALWAYS)],
                抄表=[READINGS, *readings],
            ),
            "期初缴至": [PAID_THROUGH, ("1-1-1", "电费", "2026-03-31")],
        }
    )
    assert ledger.done("bill", "2026-11")["total"] == "270.00"
    amounts = {
        name: [(one["amount"], one["basis"]) for one in ledger.done("statement", account)["charges"]]
        for name, account in ledger.accounts("1-1-1").items()
    }
    assert amounts == {
        # 40 × 1, then 40 × 2
        "样甲": [("120.00", "1030→1045 × 2, 5→55 · 40 度 × 1.00 + 40 度 × 2.00")],
        # 60 × 2 + 10 × 3
        "样乙": [("150.00", "55→125 · 60 度 × 2.00 + 10 度 × 3.00")],
    }
    assert ledger.done("verify")["ok"] is True
