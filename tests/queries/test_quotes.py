"""The four ways to pay of the picture, to the fen, and that taking one of them comes to just what was quoted."""

import pytest

from feedesk.db import Database
from feedesk.ledger.verify import verify_ledger
from feedesk.money import Fen
from feedesk.ops.collecting import AdvanceWish, collect_payment
from feedesk.ops.payment_posting import TenderGiven
from feedesk.queries.paid_through import rulers
from feedesk.queries.quotes import quote_of
from feedesk.receipts.layout import Words
from feedesk.receipts.quote_slip import QuoteSlip, quote_lines
from feedesk.rules.quoting import Quote, QuoteColumn, Way
from tests.community import TODAY, PictureHome, SmallCommunity
from tests.quote_case import quote_case


@pytest.fixture
def case(ledger_database: Database) -> tuple[SmallCommunity, PictureHome]:
    return quote_case(ledger_database)


def read(community: SmallCommunity) -> Quote:
    return community.workplace.read(quote_of, account=1, on=TODAY)


def rows(column: QuoteColumn) -> dict[str, int | None]:
    return {row.words: row.amount for row in column.rows}


def test_the_picture(case: tuple[SmallCommunity, PictureHome]) -> None:
    found = read(case[0])
    assert [column.total for column in found.columns] == [144994, 254688, 828005, 200976]
    arrears, quarter, year, later = found.columns
    assert rows(arrears) == {"欠费本金": 143101, "违约金": 1893}
    assert (str(arrears.paid_through), arrears.left, str(arrears.left_due)) == ("2026-10", 54847, "2026-11-30")
    assert rows(quarter) == {
        "欠费+违约金": 144994,
        "物业费 11–12 月": 49694,
        "车位服务费 11–12 月": 60000,
        "水费、公摊电费": None,
    }
    assert str(quarter.paid_through) == "2026-12"
    assert rows(year) == {
        "欠费+违约金": 144994,
        "本期": 54847,
        "物业费 12 个月": 298164,
        "车位服务费 12 个月": 360000,
        "车位缴12送1": -30000,
    }
    assert str(year.paid_through) == "2027-11"
    assert len(year.notes) == 1
    assert "一次缴95折5%" in year.notes[0]
    assert "老年减免10%" in year.notes[0]
    assert rows(later) == {"欠费+本期本金": 197948, "违约金（到 12-15）": 3028}
    assert (later.more, str(later.on)) == (1135, "2026-12-15")
    assert found.disputed == 5776


@pytest.mark.parametrize("way", [Way.ARREARS, Way.QUARTER, Way.YEAR])
def test_what_is_quoted_is_what_is_taken(case: tuple[SmallCommunity, PictureHome], way: Way) -> None:
    community, home = case
    column = read(community).columns[way - 1]
    paid = community.run(
        collect_payment,
        account=home.dwelling,
        tenders=[TenderGiven("card", column.total, "K1")],
        charges=column.charges,
        advances=[AdvanceWish(one.item, one.months, one.account) for one in column.ahead],
        household_too=True,
    )
    assert paid.total == column.total
    assert paid.balance_after == {Way.ARREARS: 54847 + 5776, Way.QUARTER: 5776, Way.YEAR: 5776}[way]
    with community.database.reading() as connection:
        assert verify_ledger(connection).problems == ()
    if way is Way.YEAR:
        known = community.workplace.read(rulers, accounts=[home.dwelling, home.parking])
        reach = {one.item: str(one.ruler.paid) for one in known if one.item in ("物业费", "车位服务费")}
        assert reach == {"物业费": "2027-11-30", "车位服务费": "2027-11-30"}
        again = read(community)
        assert [column.total for column in again.columns] == [0, 0, 0, 0]


def test_a_name_that_no_font_has_is_spelled_on_the_slip_too(
    case: tuple[SmallCommunity, PictureHome],
) -> None:
    slip = QuoteSlip(
        read(case[0]), "锦绣江南小区", "", "3-1-502", "样\u200b燕\U0003fffd", "样例收费员", "2026-11-23 10:42"
    )
    assert "3-1-502 样燕[U+3FFFD]" in [line.left for line in quote_lines(slip) if isinstance(line, Words)]


def test_the_slip_says_that_it_is_no_receipt(case: tuple[SmallCommunity, PictureHome]) -> None:
    slip = QuoteSlip(
        read(case[0]), "锦绣江南小区", "温江和泰物业(样例)", "3-1-502", "张样燕", "样例收费员", "2026-11-23 10:42"
    )
    text = "\n".join(str(getattr(line, "left", "")) + str(getattr(line, "right", "")) for line in quote_lines(slip))
    for wanted in ("报价单", "8,280.05", "2,009.76", "不是收据", "违约金计到 2026-11-23", "11.35"):
        assert wanted in text, wanted
    narrow = [line for line in quote_lines(slip, columns=32) if isinstance(line, Words)]
    assert [line.left for line in narrow if line.centred] == ["报价单", "锦绣江南小区", "温江和泰物业(样例)"]
    assert ("本期仍欠（11-30到期）", "548.47") in [(line.left, line.right) for line in narrow]
    assert Fen(5776) == slip.quote.disputed
