"""The X report and the hand-over slip: the shift's own figures, and no cash for whoever has yet to count it."""

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import insert

from feedesk.models import Setting, table_of
from feedesk.money import Fen
from feedesk.ops.collecting import collect_payment
from feedesk.ops.drawer import move_cash
from feedesk.ops.interim import NoShiftRunning, take_x_report
from feedesk.ops.payment_posting import TenderGiven
from feedesk.ops.refunding import refund_payment
from feedesk.ops.shifts import close_shift, open_shift
from feedesk.ops.signing_off import review_shift, take_over
from feedesk.ops.taking_back import void_payment
from feedesk.queries.desk import UnknownTill, open_shift_at
from feedesk.queries.shift_report import ShiftReport, hand_over
from feedesk.queries.shifts import drawer_cash
from feedesk.queries.sign_offs import Thing
from feedesk.receipts.columns import width
from feedesk.receipts.escpos import SlipForm
from feedesk.receipts.layout import Words
from feedesk.receipts.shift_slips import (
    ShiftPaper,
    hand_over_escpos,
    hand_over_lines,
    x_escpos,
    x_lines,
)
from feedesk.rules.drawer import Movement
from tests.community import SmallCommunity, picture_home

PAPER = ShiftPaper("锦绣江南小区", "温江和泰物业(样例)", "样例主管", "2026-11-23 18:00", training=True)
MANAGER = "样例经理"


def a_shift(community: SmallCommunity) -> None:
    """Mixed tenders with 抹零, a deposit, a void, a prepayment used, a refund in cash, petty cash."""
    home = picture_home(community)
    other = community.unit("2-1-301", resident="样住户乙")
    wechat = TenderGiven("wechat", Fen(7000), "W0")
    wrong = community.run(collect_payment, account=other, tenders=[wechat], prepay=Fen(7000), charges=[])
    community.run(void_payment, receipt=wrong.receipt, reason="房号选错")
    tenders = [TenderGiven("wechat", Fen(50000), "W1"), TenderGiven("cash", Fen(150000))]
    community.run(collect_payment, account=home.dwelling, tenders=tenders, household_too=True)
    held = {"prepay": Fen(10000), "deposits": [("装修押金", Fen(100000))], "charges": []}
    paid = community.run(collect_payment, account=other, tenders=[TenderGiven("cash", Fen(110000))], **held)
    replace(community.workplace, approver=MANAGER).run_op(
        refund_payment, receipt=paid.receipt, tender=TenderGiven("cash", Fen(4000)), reason="多收"
    )
    community.charge(other, "物业费", "2026-11", 2000)
    community.run(collect_payment, account=other, tenders=[TenderGiven("prepaid", Fen(2000))])
    community.run(move_cash, kind=Movement.PETTY_CASH, amount=Fen(1500), purpose="办公用品")


def words_of(lines: object) -> str:
    assert isinstance(lines, tuple)
    return "\n".join(f"{one.left} {one.right}" for one in lines if isinstance(one, Words))


def full(community: SmallCommunity) -> ShiftReport:
    return replace(community.workplace, actor=MANAGER).run_op(take_x_report)


def expected(community: SmallCommunity) -> int:
    shift = community.workplace.read(open_shift_at, till=1)
    assert shift is not None
    return community.workplace.read(drawer_cash, shift=shift.id, till=1).expected


def test_a_second_person_sees_everything(community: SmallCommunity) -> None:
    a_shift(community)
    report = full(community)
    assert not report.blind
    by_name = {one.name: report.total_of(one) for one in report.tenders}
    assert by_name == {"现金": 147940 + 110000 - 4000, "微信": 50000, "预存": 2000}
    assert (report.receipts.first, report.receipts.last) == ("SJ-2026-1-000001", "SJ-2026-1-000005")
    assert (report.receipts.count, report.receipts.voids, report.prepayment_used) == (5, 1, 2000)
    assert report.returned is not None
    assert (report.returned.count, report.returned.total) == (1, -4000)
    assert report.drawer is not None
    assert report.drawer.expected == expected(community) == 50000 + 147940 + 110000 - 4000 - 1500
    words = words_of(x_lines(report, PAPER))
    for figure in ("X 报告", "不是日结单", "SJ-2026-1-000001 - 000005", "3,024.40", "−0.08", "1,000.00"):
        assert figure in words, figure


@pytest.mark.parametrize("columns", [32, 42, 48])
def test_who_has_yet_to_count_sees_nothing_of_the_cash(community: SmallCommunity, columns: int) -> None:
    """Neither cash nor any sum that holds cash; the float she put in and what she paid out she knows herself."""
    a_shift(community)
    report = community.run(take_x_report)
    assert report.blind
    assert report.drawer is None
    cash = next(one for one in report.tenders if one.kind == "cash")
    assert report.total_of(cash) is None
    for row in (*report.rows, report.returned):
        assert row is not None
        assert row.amounts.get("cash") is None
        assert row.total is None or "cash" not in row.amounts
    known = words_of(x_lines(report, PAPER, columns=columns))
    whole = words_of(x_lines(full(community), PAPER, columns=columns))
    for secret in ("2,539.40", "3,024.40", "2,579.40", "−0.08", "−40.00", "1,479.40"):
        assert secret not in known
    assert "2,539.40" in whole
    assert "清点后显示" in known


def test_an_office_that_does_not_count_blind_shows_it_to_everybody(community: SmallCommunity) -> None:
    with community.database.transaction() as connection:
        connection.execute(insert(table_of(Setting)), {"key": "blind_count", "value": "false"})
    assert not community.run(take_x_report).blind


def test_another_cashier_is_no_second_person(community: SmallCommunity) -> None:
    assert replace(community.workplace, actor="样例收费员乙").run_op(take_x_report).blind
    assert not replace(community.workplace, actor="样例财务").run_op(take_x_report).blind


def test_without_a_shift_there_is_none(community: SmallCommunity) -> None:
    community.run(close_shift)
    with pytest.raises(NoShiftRunning, match="1 号台"):
        community.run(take_x_report)
    with pytest.raises(UnknownTill):
        community.run(take_x_report, till=9)


def test_nothing_is_closed_or_stored_by_it(community: SmallCommunity) -> None:
    a_shift(community)
    first, second = community.run(take_x_report), community.run(take_x_report)
    assert replace(first, taken_at=second.taken_at) == second
    assert community.workplace.read(open_shift_at, till=1) is not None


def test_only_the_running_shift_is_told(community: SmallCommunity) -> None:
    a_shift(community)
    community.run(close_shift)
    community.run(open_shift, opening_float=Fen(30000))
    report = full(community)
    assert (report.number, report.receipts.count, report.rows, report.returned) == (2, 0, (), None)
    assert "SJ-" not in words_of(x_lines(report, PAPER))


def test_the_hand_over_says_what_changes_hands(community: SmallCommunity) -> None:
    a_shift(community)
    due = expected(community)
    counts = {"100": 29, "coin1": 4, "other": due - 290400 - 5000}
    done = community.run(close_shift, counts=counts)
    slip = community.workplace.read(hand_over, shift=done.shift, now=datetime.now().astimezone())
    assert slip is not None
    assert (slip.counted, slip.over_short) == (due - 5000, -5000)
    assert (slip.imprest, slip.to_bank) == (50000 - 4000 - 1500, due - 5000 - 44500)
    words = words_of(hand_over_lines(slip, PAPER))
    for part in (
        "交班单",
        "100 元纸币 × 29",
        "1 元硬币 × 4",
        "短款 50.00",
        "原因 ____",
        "收据印章 ____",
        "接班人 ____",
    ):
        assert part in words, part
    assert f"{(due - 5000) / 100:,.2f}" in words

    replace(community.workplace, actor="样例收费员").run_op(
        take_over, shift=done.shift, accepted=False, remark="少一张 50 元"
    )
    replace(community.workplace, actor="样例收费员乙").run_op(
        take_over, shift=done.shift, things=[Thing("收据印章", 1), Thing("门禁卡", 20)]
    )
    replace(community.workplace, actor="样例财务").run_op(review_shift, shift=done.shift)
    slip = community.workplace.read(hand_over, shift=done.shift, now=datetime.now().astimezone())
    assert slip is not None
    words = words_of(hand_over_lines(slip, PAPER))
    for part in ("门禁卡 20", "接班人 样例收费员乙", "复核人 样例财务", "拒收：少一张 50 元"):
        assert part in words, part
    assert "钥匙" not in words


def test_an_open_shift_hands_nothing_over(community: SmallCommunity) -> None:
    shift = community.workplace.read(open_shift_at, till=1)
    assert shift is not None
    now = datetime.now().astimezone()
    assert community.workplace.read(hand_over, shift=shift.id, now=now) is None
    assert community.workplace.read(hand_over, shift=999, now=now) is None


@pytest.mark.parametrize("columns", [32, 42, 48])
def test_the_slips_fit_every_paper(community: SmallCommunity, columns: int) -> None:
    a_shift(community)
    report = full(community)
    done = community.run(close_shift)
    slip = community.workplace.read(hand_over, shift=done.shift, now=datetime.now().astimezone())
    assert slip is not None
    form = SlipForm(columns=columns)
    for lines in (x_lines(report, PAPER, columns=columns), hand_over_lines(slip, PAPER, columns=columns)):
        for line in lines:
            if isinstance(line, Words) and not line.centred:
                assert width(line.padded(columns)) * line.style.scale <= columns, line
    assert x_escpos(report, PAPER, form).startswith(b"\x1b@")
    assert hand_over_escpos(slip, PAPER, form).startswith(b"\x1b@")
