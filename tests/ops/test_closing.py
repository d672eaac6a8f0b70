"""The day close: its figures reconcile with the ledger, it happens once and in order, and then the day is locked."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from feedesk import models
from feedesk.db import Database
from feedesk.ledger.heads import heads_digest, heads_from_json
from feedesk.ledger.posting import DayIsClosed
from feedesk.models import table_of
from feedesk.money import ZERO, Fen
from feedesk.ops.closing import (
    CloseLaterFirst,
    DayClosed,
    DayNotCome,
    EarlierDayOpen,
    LaterDayClosed,
    ShiftStillOpen,
    close_day,
    reopen_day,
)
from feedesk.ops.collecting import TenderGiven, collect_payment
from feedesk.ops.permissions import NotPermitted
from feedesk.ops.printing import queue_reprint
from feedesk.ops.run import Workplace
from feedesk.ops.setting_up import add_till
from feedesk.ops.shifts import close_shift, open_shift
from feedesk.ops.taking_back import reverse_payment, void_payment
from feedesk.queries.day_figures import DayNotClosed, day_summary, last_closed
from feedesk.queries.verification import verify_everything
from feedesk.rules.day_summary import ArrearsChange, CashInTransit, HeldChange
from feedesk.rules.summary_changes import changes_between
from feedesk.rules.takings import Share
from tests.community import TODAY, SmallCommunity, picture_home, small_community
from tests.ledger.attacking import Attacker

YESTERDAY, TOMORROW = date(2026, 11, 22), date(2026, 11, 24)


def cash(amount: int) -> TenderGiven:
    return TenderGiven("cash", Fen(amount))


def wechat(amount: int, reference: str) -> TenderGiven:
    return TenderGiven("wechat", Fen(amount), reference)


def on(community: SmallCommunity, day: date, approver: str | None = None) -> Workplace:
    return Workplace(community.database, "样例主管", approver, day)


def a_day(community: SmallCommunity) -> dict[str, str]:
    """Mixed tenders with 抹零, a void, a prepayment, a deposit, prepaid money used, a reversal in a second shift."""
    home = picture_home(community)
    other = community.unit("2-1-301", resident="样住户乙")
    community.charge(other, "水费", "2026-12", 2000)
    community.charge(other, "物业费", "2026-11", 7000)
    numbers = {}
    wrong = community.run(collect_payment, account=other, tenders=[wechat(7000, "W0")])
    community.run(void_payment, receipt=wrong.receipt, reason="房号选错")
    numbers["voided"] = wrong.receipt
    tenders = [wechat(50000, "W1"), cash(150000)]
    numbers["picture"] = community.run(
        collect_payment, account=home.dwelling, tenders=tenders, household_too=True
    ).receipt
    numbers["prepaid"] = community.run(
        collect_payment,
        account=other,
        tenders=[cash(110000)],
        prepay=Fen(10000),
        deposits=[("装修押金", Fen(100000))],
    ).receipt
    used = [TenderGiven("prepaid", Fen(2000)), wechat(5000, "W2")]
    numbers["used"] = community.run(collect_payment, account=other, tenders=used).receipt
    community.run(close_shift, counts={"100": 30, "50": 1, "20": 1, "5": 1, "1": 4, "0.5": 1})
    community.run(open_shift, opening_float=Fen(10000))
    numbers["red"] = (
        on(community, TODAY, "样例经理").run_op(reverse_payment, receipt=numbers["used"], reason="重复收款").receipt
    )
    community.run(close_shift)
    return numbers


def test_takings_of_a_day(community: SmallCommunity) -> None:
    a_day(community)
    closed = community.run(close_day)
    assert closed.newly
    assert (closed.date, closed.version) == (TODAY, 1)
    assert closed.figures.takings.by_item() == {
        "物业费": {"wechat": 46304, "cash": 53084},
        "车位服务费": {"cash": 90000},
        "水费": {"cash": 4864},
        "公摊电费": {"wechat": 3696},
        "预存款": {"cash": 10000},
        "装修押金": {"cash": 100000},
        "抹零": {"cash": -8},
    }
    assert closed.total == 50000 + 147940 + 110000
    shares = closed.figures.takings.shares
    assert shares == {
        Share.CURRENT: 24847 + 30000 + 7000,
        Share.ARREARS: 3 * 24847 + 60000 + 4864 + 3696,
        Share.ADVANCE: 10000,
        Share.LATE_FEE: 0,
        Share.DEPOSIT: 100000,
        Share.ROUNDING: -8,
        Share.RETURNED: -7000,
    }
    assert closed.figures.prepayment_used == 0, "used, and given back by the reversal"


def test_receipts_of_a_day(community: SmallCommunity) -> None:
    numbers = a_day(community)
    community.run(queue_reprint, receipt=numbers["picture"])
    community.run(queue_reprint, receipt=numbers["picture"])
    receipts = community.run(close_day).figures.receipts
    assert (receipts.first, receipts.last) == (numbers["voided"], numbers["red"])
    assert (receipts.count, receipts.voids, receipts.gaps) == (5, 1, 0)
    assert receipts.reprints == 1, "the first copy asked for is no reprint"


def test_cash_of_a_day(community: SmallCommunity) -> None:
    a_day(community)
    figures = community.run(close_day).figures
    first, second = figures.shifts
    assert (first.opening_float, first.received, first.paid_out) == (50000, 257940, 0)
    assert (first.expected, first.counted, first.over_short) == (307940, 307950, 10)
    assert (first.receipts, second.receipts) == (4, 1)
    assert second.takings == {"wechat": -5000, "prepaid": -2000}
    assert (second.expected, second.over_short, second.counts) == (10000, 0, {})
    assert figures.transit == CashInTransit(ZERO, Fen(257950), ZERO)
    assert community.balance("1009.在途现金") == figures.transit.closing


def test_what_is_owed_and_held_reconciles(community: SmallCommunity) -> None:
    a_day(community)
    figures = community.run(close_day).figures
    assert figures.arrears == (
        ArrearsChange("物业费", ZERO, Fen(106388), ZERO, Fen(99388)),
        ArrearsChange("车位服务费", ZERO, Fen(90000), ZERO, Fen(90000)),
        ArrearsChange("水费", ZERO, Fen(6864), ZERO, Fen(4864)),
        ArrearsChange("公摊电费", ZERO, Fen(3696), ZERO, Fen(3696)),
    )
    assert figures.held == (
        HeldChange("预存款", ZERO, Fen(10000), Fen(2000), Fen(2000)),
        HeldChange("装修押金", ZERO, Fen(100000), ZERO, ZERO),
    )
    for change in figures.arrears:
        assert change.closing == community.balance(f"1122.{change.item}")
    assert -community.balance("2203.预存") == figures.held[0].closing
    assert -community.balance("2241.押金.装修押金") == figures.held[1].closing


def test_voids_and_reversals_are_listed(community: SmallCommunity) -> None:
    numbers = a_day(community)
    void, red = community.run(close_day).figures.taken_back
    assert (void.kind, void.receipt, void.reverses, void.reason) == ("void", "", numbers["voided"], "房号选错")
    assert (void.total, void.tenders, void.approver, void.unit) == (-7000, {"wechat": -7000}, "", "2-1-301")
    assert (red.kind, red.receipt, red.reverses) == ("reversal", numbers["red"], numbers["used"])
    assert (red.tenders, red.approver) == ({"prepaid": -2000, "wechat": -5000}, "样例经理")


def test_the_next_day_begins_where_this_one_ended(community: SmallCommunity) -> None:
    numbers = a_day(community)
    today = community.run(close_day).figures
    desk = on(community, TOMORROW, "样例经理")
    desk.run_op(open_shift, opening_float=ZERO)
    desk.run_op(reverse_payment, receipt=numbers["picture"], reason="收错户")
    desk.run_op(close_shift, counts={})
    tomorrow = desk.run_op(close_day).figures
    assert [(change.item, change.opening) for change in tomorrow.arrears] == [
        (change.item, change.closing) for change in today.arrears
    ]
    for change in tomorrow.arrears:
        assert change.closing == community.balance(f"1122.{change.item}")
    assert tomorrow.transit.opening == today.transit.closing
    assert [change.opening for change in tomorrow.held] == [change.closing for change in today.held]
    assert tomorrow.takings.rows == ()
    assert tomorrow.total == -197940
    assert tomorrow.takings.by_item()["抹零"] == {"cash": 8}
    assert (tomorrow.shifts[0].paid_out, tomorrow.shifts[0].over_short) == (147940, 147940)
    # The paper of the first day stays as issued: what was reversed later was valid when the day was closed.
    states = {one.receipt: one.reversed for one in desk.read(day_summary, day=TODAY).payments if one.kind == "payment"}
    assert states == {number: key == "used" for key, number in numbers.items() if key != "red"}
    assert community.workplace.read(verify_everything).ok


def test_closing_twice_answers_the_stored_version(community: SmallCommunity) -> None:
    a_day(community)
    first: DayClosed = community.run(close_day)
    again: DayClosed = community.run(close_day, date=TODAY)
    assert not again.newly
    assert (again.version, again.chain_head, again.figures) == (1, first.chain_head, first.figures)
    entry = table_of(models.Entry)
    with community.database.reading() as connection:
        assert len(connection.execute(select(entry.c.id).where(entry.c.kind == "day_close")).all()) == 1


def test_the_chain_head_stands_for_all_chains(community: SmallCommunity) -> None:
    a_day(community)
    chain, close = table_of(models.Chain), table_of(models.DayClose)
    with community.database.reading() as connection:
        before = {row.id: (row.length, row.head) for row in connection.execute(select(chain))}
    closed = community.run(close_day)
    heads = heads_from_json(community.value(close, "chain_heads"))
    assert {one.chain: (one.length, one.head) for one in heads} == before
    assert closed.chain_head == heads_digest(heads) == closed.figures.chain_head
    assert community.value(close, "total") == closed.total


def test_a_closed_day_takes_nothing_more(community: SmallCommunity) -> None:
    account = community.unit("1-1-101")
    community.charge(account, "物业费", "2026-11", 10000)
    community.run(close_shift)
    community.run(close_day)
    for day in (TODAY, YESTERDAY):
        with pytest.raises(DayIsClosed):
            on(community, day).run_op(open_shift, opening_float=ZERO)
    desk = on(community, TOMORROW)
    desk.run_op(open_shift, opening_float=ZERO)
    assert desk.run_op(collect_payment, account=account, tenders=[cash(10000)]).total == 10000


def test_an_open_shift_keeps_the_day_open(community: SmallCommunity) -> None:
    with pytest.raises(ShiftStillOpen, match="样例主管"):
        community.run(close_day)
    community.run(close_shift)
    Workplace(community.database, "样例管理员").run_op(add_till)
    community.run(open_shift, till=2, opening_float=ZERO)
    with pytest.raises(ShiftStillOpen, match="2 号台"):
        community.run(close_day)
    community.run(close_shift, till=2)
    assert community.run(close_day).total == 0


def test_days_are_closed_in_order(community: SmallCommunity) -> None:
    community.run(close_shift)
    later = on(community, date(2026, 11, 26))
    later.run_op(open_shift, opening_float=ZERO)
    later.run_op(close_shift)
    with pytest.raises(EarlierDayOpen, match="2026-11-23"):
        later.run_op(close_day)
    assert later.run_op(close_day, date=TODAY).date == TODAY
    # The 24th and 25th saw no shift: they may be left out, and then it is too late for them.
    assert later.run_op(close_day).date == date(2026, 11, 26)
    with pytest.raises(LaterDayClosed, match="2026-11-24"):
        later.run_op(close_day, date=TOMORROW)
    assert later.read(last_closed) == date(2026, 11, 26)
    assert later.read(last_closed, before=date(2026, 11, 26)) == TODAY
    assert later.read(last_closed, before=TODAY) is None


def test_a_day_to_come_cannot_be_closed(community: SmallCommunity) -> None:
    with pytest.raises(DayNotCome, match="2026-11-24"):
        community.run(close_day, date=TOMORROW)


def test_a_day_without_anything_closes_at_zero(sqlite_ledger: Database) -> None:
    desk = Workplace(sqlite_ledger, "样例收费员", today=TODAY)
    with pytest.raises(DayNotClosed):
        desk.read(day_summary, day=TODAY)
    closed = desk.run_op(close_day)
    assert (closed.total, closed.figures.community, closed.figures.receipts.first) == (0, "", None)
    assert desk.read(day_summary, day=TODAY).payments == ()


def test_who_may_not_close(community: SmallCommunity) -> None:
    with pytest.raises(NotPermitted):
        Workplace(community.database, "样例经理", today=TODAY).run_op(close_day)


def test_a_tender_no_longer_in_use_keeps_its_column_where_it_was_used(community: SmallCommunity) -> None:
    a_day(community)
    tender = table_of(models.Tender)
    with community.database.transaction() as connection:
        connection.execute(tender.update().where(tender.c.code.in_(("wechat", "alipay"))).values(active=False))
    figures = community.run(close_day).figures
    assert [column.code for column in figures.tenders] == ["cash", "wechat", "card", "transfer", "prepaid"]


def test_a_missing_number_is_a_gap(community: SmallCommunity) -> None:
    """Somebody removed a receipt by hand: the paper names its number."""
    numbers = a_day(community)
    with community.database.transaction() as connection:
        Attacker(connection).execute(f"DELETE FROM receipt WHERE code = '{numbers['prepaid']}'")
    receipts = community.run(close_day).figures.receipts
    assert (receipts.count, receipts.gaps, receipts.books[0].gaps) == (4, 1, (numbers["prepaid"],))


def test_a_gap_between_two_days_is_found(community: SmallCommunity) -> None:
    account = community.unit("1-1-101")
    first = community.run(collect_payment, account=account, tenders=[cash(100)], prepay=Fen(100))
    gone = community.run(collect_payment, account=account, tenders=[cash(100)], prepay=Fen(100))
    community.run(close_shift)
    community.run(close_day)
    with community.database.transaction() as connection:
        Attacker(connection).execute(f"DELETE FROM receipt WHERE code = '{gone.receipt}'")
    desk = on(community, TOMORROW)
    desk.run_op(open_shift, opening_float=ZERO)
    desk.run_op(collect_payment, account=account, tenders=[cash(100)], prepay=Fen(100))
    desk.run_op(close_shift)
    (book,) = desk.run_op(close_day).figures.receipts.books
    assert (book.first, book.gaps) == ("SJ-2026-1-000003", (gone.receipt,))
    assert first.receipt == "SJ-2026-1-000001"


def test_both_databases_close_the_same_day(ledger_database: Database) -> None:
    community = small_community(ledger_database)
    community.run(open_shift, opening_float=Fen(50000))
    a_day(community)
    closed = community.run(close_day)
    assert closed.total == 307940
    assert [change.closing for change in closed.figures.arrears] == [7000, 0, 2000, 0]
    assert closed.figures.receipts.count == 5
    assert not community.run(close_day).newly
    assert len(community.workplace.read(day_summary, day=TODAY).payments) == 6


def test_only_the_last_closed_day_is_opened_again(community: SmallCommunity) -> None:
    community.run(close_shift)
    community.run(close_day)
    tomorrow = replace(community.workplace, today=TOMORROW)
    tomorrow.run_op(open_shift, opening_float=Fen(0))
    tomorrow.run_op(close_shift)
    tomorrow.run_op(close_day)
    with pytest.raises(CloseLaterFirst):
        tomorrow.run_op(reopen_day, date=TODAY, reason="漏记")
    tomorrow.run_op(reopen_day, date=TOMORROW, reason="点错")
    tomorrow.run_op(reopen_day, date=TODAY, reason="漏记")
    with pytest.raises(EarlierDayOpen):
        tomorrow.run_op(close_day)
    for day in (TODAY, TOMORROW):
        assert tomorrow.run_op(close_day, date=day).version == 2
        summary = tomorrow.read(day_summary, day=day)
        assert summary.reopening is not None
        assert changes_between(summary.reopening.figures, summary.figures) == ()
    with community.workplace.database.reading() as connection:
        assert verify_everything(connection).problems == ()


def test_what_a_channel_reports_the_second_time_is_told(community: SmallCommunity) -> None:
    a_day(community)
    community.run(close_day, reported={"wechat": Fen(99700)})
    community.run(reopen_day, date=TODAY, reason="渠道报错")
    community.run(close_day, date=TODAY, reported={"wechat": Fen(100000)})
    summary = community.workplace.read(day_summary, day=TODAY)
    assert summary.reopening is not None
    (only,) = changes_between(summary.reopening.figures, summary.figures)
    assert (only.name, only.before, only.after) == ("微信", 99700, 100000)
