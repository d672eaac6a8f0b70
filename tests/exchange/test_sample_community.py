"""The sample community: always the same, as large as promised, consistent, and visibly a sample."""

import re
import zipfile
from collections import Counter
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from feedesk.exchange.community_workbook import read_community_workbook
from feedesk.exchange.sample_community import sample_contents, sample_workbook_path, write_sample_community
from feedesk.periods import Period
from feedesk.rules.community_checks import KnownLedger, check_book, idle_patterns
from feedesk.rules.community_rows import CommunityBook


@pytest.fixture(scope="module")
def sample() -> CommunityBook:
    return read_community_workbook(sample_workbook_path())


def test_shipped_workbook_is_what_the_generator_writes(tmp_path: Path) -> None:
    write_sample_community(tmp_path / "sample.xlsx")
    assert _sheets(tmp_path / "sample.xlsx") == _sheets(sample_workbook_path())


def _sheets(path: Path) -> dict[str, bytes]:
    """The parts that hold cells, unpacked: packing differs between versions of zlib."""
    with zipfile.ZipFile(path) as archive:
        parts = [name for name in archive.namelist() if name.startswith(("xl/worksheets/", "xl/sharedStrings"))]
        return {name: archive.read(name) for name in parts}


def test_is_free_of_faults(sample: CommunityBook) -> None:
    assert (sample.problems, sample.warnings) == ((), ())
    assert check_book(sample, KnownLedger()) == []
    assert idle_patterns(sample, KnownLedger()) == []


def test_is_as_large_as_promised(sample: CommunityBook) -> None:
    assert Counter(row.kind for row in sample.units.rows) == {"住宅": 1152, "商铺": 40, "车位": 800}
    buildings = {row.code.partition("-")[0] for row in sample.units.rows if row.kind == "住宅"}
    assert buildings == {"1", "2", "3", "4", "5", "6"}
    assert {row.occupancy for row in sample.units.rows} == {"自住", "出租", "空置", "未售"}


def test_the_home_of_the_pictures(sample: CommunityBook) -> None:
    (home,) = [row for row in sample.units.rows if row.code == "3-1-502"]
    (space,) = [row for row in sample.units.rows if row.code == "B1-087"]
    (resident,) = [row for row in sample.residents.rows if row.unit == "3-1-502"]
    assert home.built_area == Fraction("98.60")
    assert space.joined_to == "3-1-502"
    assert (resident.name, resident.tags) == ("张样燕", ("老年",))
    assert sum(row.amount for row in sample.arrears.rows if row.unit == "3-1-502") == 97160


def test_everybody_is_visibly_a_sample(sample: CommunityBook) -> None:
    for row in sample.residents.rows:
        assert re.fullmatch(r".样.|样例.+", row.name), row.name
        assert all(re.fullmatch(r"120\d{8}", phone) for phone in row.phones), row.phones
        assert all(plate.startswith("样A·") for plate in row.plates)
    names = {row.name for row in sample.residents.rows}
    assert all(any(name.endswith(rare) for name in names) for rare in "𠮷㛃喆堃〇")


def test_some_own_several_units(sample: CommunityBook) -> None:
    units: dict[str, set[str]] = {}
    for row in sample.residents.rows:
        if not row.unit.startswith("B1-"):
            units.setdefault(row.customer_code, set()).add(row.unit)
    assert sum(len(owned) > 1 for owned in units.values()) > 20
    assert sum(row.pays is True and row.role == "租户" for row in sample.residents.rows) > 50


def test_a_year_of_readings_with_all_their_stories(sample: CommunityBook) -> None:
    days = sorted({row.read_on for row in sample.readings.rows})
    assert (len(days), days[0], days[-1]) == (13, date(2025, 11, 20), date(2026, 11, 20))
    kinds = Counter(row.kind for row in sample.readings.rows)
    assert (kinds["换表"], kinds["翻转"], kinds["估读"]) == (1, 1, 1)


def test_each_building_shares_the_power_of_its_lifts(sample: CommunityBook) -> None:
    buildings = {(row.name[0], row.scope, row.item, row.basis) for row in sample.shared_costs.rows}
    assert buildings == {(n, (f"{n}-*",), "公摊电费", "按面积") for n in "123456"}
    assert {str(row.period) for row in sample.shared_costs.rows} == {"2026-11"}
    # No tariff prices the item beside it.
    assert [row.method for row in sample.tariffs.rows if row.item == "公摊电费"] == ["总额分摊"]
    assert not [row for row in sample.scopes.rows if row.tariff == "公摊电费"]


def test_arrears_of_every_age(sample: CommunityBook) -> None:
    today = date(2026, 11, 23)
    ages = [(today - row.due_date).days for row in sample.arrears.rows if row.due_date]
    for least, most in ((0, 30), (31, 90), (91, 180), (181, 365), (366, 730), (731, 1095), (1096, 9999)):
        assert any(least <= age <= most for age in ages), (least, most)
    debtors = {row.unit for row in sample.arrears.rows if row.unit.count("-") == 2}
    assert 0.05 < len(debtors) / 1152 < 0.15
    assert {row.item for row in sample.arrears.rows} == {"物业费", "水费", "公摊电费", "车位服务费"}


def test_nobody_owes_what_is_paid_ahead(sample: CommunityBook) -> None:
    through = {(row.unit, row.item): row.paid_through for row in sample.paid_through.rows if row.item == "物业费"}
    assert len(through) > 30
    for row in sample.arrears.rows:
        assert row.period.last_day <= Period.parse("2026-10").last_day
        assert (row.unit, row.item) not in through


@pytest.mark.parametrize("households", [1, 60])
def test_other_sizes(tmp_path: Path, households: int) -> None:
    write_sample_community(tmp_path / "sample.xlsx", households=households)
    book = read_community_workbook(tmp_path / "sample.xlsx")
    assert (book.problems, check_book(book, KnownLedger())) == ((), [])
    dwellings = [row.code for row in book.units.rows if row.kind == "住宅"]
    assert len(dwellings) == max(households, 10)
    assert "3-1-502" in dwellings


def test_a_larger_one_has_more_buildings() -> None:
    units = sample_contents(households=1250)["房屋"]
    dwellings = [str(row["房屋编号"]) for row in units if row["类型"] == "住宅"]
    assert (len(dwellings), len(set(dwellings)), dwellings[-1]) == (1250, 1250, "7-2-1702")
    assert len(units) == 1250 + 43 + 868
