"""Accounts found by what people write."""

from datetime import date

import pytest

from feedesk import models
from feedesk.errors import UserError
from feedesk.queries.accounts import (
    AmbiguousAccount,
    UnitWithoutAccount,
    UnknownAccount,
    account_number,
    find_account,
)
from feedesk.rules.unit_codes import compact_code, plain_code, sort_key
from tests.community import TODAY, SmallCommunity


@pytest.mark.parametrize(
    "text",
    [
        "3-1-502",
        "3#1-502",
        "3栋1单元502室",
        "３－１－５０２",
        "31502",
        " 3-1-502 ",
        "3号楼1单元502",
        "3/1/502",
        "H000001",
        "h1",
    ],
)
def test_every_spelling_finds_the_home(community: SmallCommunity, text: str) -> None:
    account = community.unit("3-1-502")
    found = community.workplace.read(find_account, text=text, on=TODAY)
    assert (found.id, found.unit, found.number) == (account, "3-1-502", account_number(account))


@pytest.mark.parametrize(
    ("text", "error"),
    [("9-9-999", UnknownAccount), ("", UnknownAccount), ("H99", UnknownAccount), ("111101", AmbiguousAccount)],
)
def test_what_is_not_one_home_is_refused(community: SmallCommunity, text: str, error: type[UserError]) -> None:
    community.unit("1-1-1101")
    community.unit("11-1-101")
    with pytest.raises(error):
        community.workplace.read(find_account, text=text, on=TODAY)


def test_a_unit_without_payer_says_so(community: SmallCommunity) -> None:
    building = community.add(models.Building, community_id=1, code="7", sort_key="7")
    community.add(models.Unit, building_id=building, code="7-1-101", sort_key="7", kind="住宅")
    with pytest.raises(UnitWithoutAccount, match="7-1-101"):
        community.workplace.read(find_account, text="7-1-101", on=TODAY)


@pytest.mark.parametrize(
    ("on", "holder"),
    [
        (date(2026, 6, 30), "seller"),
        (date(2026, 8, 1), "seller"),
        (date(2026, 9, 1), "tenant"),
        (date(2027, 8, 31), "tenant"),
        (date(2027, 9, 1), "buyer"),
    ],
)
def test_a_unit_code_means_who_holds_it_on_the_day(community: SmallCommunity, on: date, holder: str) -> None:
    accounts = {"seller": community.unit("3-1-502")}
    table = models.table_of(models.Account)
    unit = community.value(table, "unit_id", id=accounts["seller"])
    with community.database.transaction() as connection:
        connection.execute(table.update().values(to_date=date(2026, 7, 31)))
    for name, begun, over in (
        ("buyer", date(2027, 9, 1), None),
        ("tenant", date(2026, 9, 1), date(2027, 8, 31)),
    ):
        payer = community.add(models.Resident, name=name)
        accounts[name] = community.add(models.Account, unit_id=unit, payer_id=payer, from_date=begun, to_date=over)
    assert community.workplace.read(find_account, text="3-1-502", on=on).id == accounts[holder]


def test_codes_sort_naturally() -> None:
    codes = ["10-1-101", "2-1-1101", "2-1-101", "B1-087", "A-001", "S-01", "B1-10", "2-1-201"]
    assert sorted(codes, key=sort_key) == [
        "2-1-101", "2-1-201", "2-1-1101", "10-1-101", "A-001", "B1-10", "B1-087", "S-01",
    ]  # fmt: skip
    assert plain_code("２栋１单元１０１室") == "2-1-101"
    assert compact_code("B1-087") == "B1087"
