"""The search box."""

from datetime import date

import pytest

from feedesk import models
from feedesk.money import Fen
from feedesk.ops.collecting import TenderGiven, collect_payment
from feedesk.queries.search import SearchIndex, build_index, search_accounts, search_receipts
from tests.community import TODAY, SmallCommunity


@pytest.fixture
def index(community: SmallCommunity) -> SearchIndex:
    community.unit("3-1-502", resident="张样燕")
    community.unit("13-1-502", resident="张样燕")
    community.unit("B1-087", kind="车位", resident="张样燕")
    community.unit("S-001", kind="商铺", resident="样例商贸有限公司")
    other = community.unit("2-1-101", resident="李样国", pinyin="li yang guo", phone="12000000001")
    unit = 5
    tenant = community.add(models.Resident, name="王样𠮷", pinyin="wang yang ji", initials="wyj")
    lives = community.add(models.Occupancy, unit_id=unit, resident_id=tenant, role="租户")
    community.add(models.Plate, occupancy_id=lives, plate="样A·7K2Q9")
    community.add(models.ResidentPhone, resident_id=tenant, position=1, phone="12000000101")
    assert other == 5
    return community.workplace.read(build_index, on=TODAY)


@pytest.mark.parametrize(
    ("text", "first", "match"),
    [
        ("3-1-502", "3-1-502", "unit"),
        ("31502", "3-1-502", "unit"),
        ("3栋1单元502室", "3-1-502", "unit"),
        ("３－１－５０２", "3-1-502", "unit"),
        ("3#1-502", "3-1-502", "unit"),
        ("131502", "13-1-502", "unit"),
        ("b1087", "B1-087", "unit"),
        ("s001", "S-001", "unit"),
        ("张样燕", "3-1-502", "name"),
        ("样燕", "3-1-502", "name"),
        ("商贸", "S-001", "name"),
        ("zyy", "3-1-502", "initials"),
        ("ZYY", "3-1-502", "initials"),
        ("zhangyang", "3-1-502", "pinyin"),
        ("zhang yang yan", "3-1-502", "pinyin"),
        ("12000006621", "3-1-502", "phone"),
        ("6621", "3-1-502", "phone"),
        ("0101", "2-1-101", "phone"),
        ("王样", "2-1-101", "name"),  # the tenant leads to the account the owner pays
        ("𠮷", "2-1-101", "name"),
        ("样a7k2", "2-1-101", "plate"),
        ("7K2Q9", "2-1-101", "plate"),
        ("H000005", "2-1-101", "account"),
    ],
)
def test_what_is_found_first(index: SearchIndex, text: str, first: str, match: str) -> None:
    hits = index.search(text)
    assert (hits[0].unit, hits[0].match) == (first, match)


@pytest.mark.parametrize("text", ["", "   ", "没有这个人", "99-9-999", "\n", "zzz"])
def test_nothing_is_found(index: SearchIndex, text: str) -> None:
    assert index.search(text) == []


def test_an_account_is_listed_once_and_no_more_than_asked(index: SearchIndex) -> None:
    hits = index.search("样")
    assert len({hit.account for hit in hits}) == len(hits) == 5
    assert len(index.search("样", limit=2)) == 2


def test_former_and_later_payers_come_last(community: SmallCommunity) -> None:
    account = community.unit("1-1-101", resident="赵样一")
    accounts = models.table_of(models.Account)
    with community.database.transaction() as connection:
        connection.execute(accounts.update().values(to_date=date(2026, 6, 30)))
    payer = community.add(models.Resident, name="赵样一")
    unit = community.value(accounts, "unit_id", id=account)
    spans = ((date(2027, 7, 1), None), (date(2026, 7, 1), date(2027, 6, 30)))
    later, lease = (
        community.add(models.Account, unit_id=unit, payer_id=payer, from_date=begun, to_date=over)
        for begun, over in spans
    )
    hits = community.workplace.read(build_index, on=TODAY).search("赵样一")
    assert hits[0].account == lease
    assert {hit.account for hit in hits[1:]} == {account, later}


def test_receipts_are_found_by_number_bar_code_and_end(community: SmallCommunity) -> None:
    account = community.unit("1-1-101")
    cash = [TenderGiven("cash", Fen(100))]
    number = community.run(collect_payment, account=account, tenders=cash, prepay=Fen(100)).receipt
    for text in (number, number.lower(), f" {number} ", "000001"):
        hits = community.workplace.read(search_receipts, text=text)
        assert [(hit.receipt, hit.unit, hit.match) for hit in hits] == [(number, "1-1-101", "receipt")]
    assert community.workplace.read(search_receipts, text="000002") == []
    assert community.workplace.read(search_receipts, text="zyy") == []
    assert community.workplace.read(search_accounts, text=number, on=TODAY)[0].receipt == number
