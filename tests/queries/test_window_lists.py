"""What the window's lists ask, on both databases: tills, floats, receipts of a shift, records, a month to be billed."""

import pytest

from feedesk import models
from feedesk.db import Database
from feedesk.models import table_of
from feedesk.money import Fen
from feedesk.ops.collecting import TenderGiven, collect_payment
from feedesk.ops.run import Workplace
from feedesk.ops.setting_up import add_till
from feedesk.ops.shifts import close_shift
from feedesk.ops.taking_back import void_payment
from feedesk.periods import Period
from feedesk.queries.billing_preview import RowState, billing_preview
from feedesk.queries.closing_view import closing_view
from feedesk.queries.desk_opening import TillRow, float_left, tills
from feedesk.queries.issued_receipts import issued_receipts
from feedesk.queries.records import record_list
from tests.community import TODAY, SmallCommunity, open_desk, picture_home, small_community


@pytest.fixture
def community(ledger_database: Database) -> SmallCommunity:
    return small_community(ledger_database)


def test_tills_tell_who_sits_there_and_what_float_was_left(community: SmallCommunity) -> None:
    read = community.workplace.read
    Workplace(community.database, "样例管理员").run_op(add_till)
    assert read(tills) == (TillRow(1, "1 号台", ""), TillRow(2, "2 号台", ""))
    assert read(float_left, till=1) is None
    open_desk(community, Fen(30000))
    assert read(tills)[0].cashier == "样例主管"
    community.run(close_shift, counts={"100": 2})
    assert read(float_left, till=1) == Fen(20000)
    assert read(float_left, till=2) is None


def test_receipts_of_a_shift_stand_newest_first_with_their_state(community: SmallCommunity) -> None:
    home = picture_home(community)
    open_desk(community, Fen(0))
    numbers = [
        community.run(
            collect_payment, account=home.dwelling, tenders=[TenderGiven(code, Fen(1000), f"R{code}")], part=True
        ).receipt
        for code in ("cash", "wechat")
    ]
    community.run(void_payment, receipt=numbers[0], reason="收错金额")
    shift = int(community.value(table_of(models.Shift), "id", is_open=True))
    rows = community.workplace.read(issued_receipts, shift=shift)
    assert [(row.number, row.status, row.tenders) for row in rows] == [
        (numbers[1], "issued", ("微信",)),
        (numbers[0], "void", ("现金",)),
    ]


def test_an_earlier_day_that_was_never_closed_is_named(community: SmallCommunity) -> None:
    yesterday = TODAY.replace(day=22)
    earlier = Workplace(community.database, "样例主管", today=yesterday)
    community.workplace = earlier
    open_desk(community, Fen(0))
    community.run(close_shift, counts={})
    community.workplace = Workplace(community.database, "样例主管", today=TODAY)
    open_desk(community, Fen(0))
    view = community.workplace.read(closing_view, till=1, today=TODAY)
    assert (view.day, view.earlier) == (TODAY, yesterday)
    before = community.workplace.read(closing_view, till=1, today=TODAY, day=yesterday)
    assert (before.own, before.earlier, before.blind) == (None, None, False)


def test_records_count_units_payers_and_accounts(community: SmallCommunity) -> None:
    picture_home(community)
    records = community.workplace.read(record_list)
    assert (records.units, records.payers, records.accounts) == (2, 2, 2)
    assert [row.unit for row in records.rows] == ["3-1-502", "B1-087"]
    assert records.rows[0].area is not None
    assert float(records.rows[0].area) == 98.6


def test_a_month_without_prices_says_so_for_every_unit(community: SmallCommunity) -> None:
    picture_home(community)
    preview = community.workplace.read(billing_preview, month=Period.parse("2026-12"), day=TODAY)
    assert preview.due == 0
    assert {row.unit for row in preview.rows if row.state is RowState.SKIPPED} == {"3-1-502", "B1-087"}
    assert preview.before_total is None
    assert preview.changed == 0
