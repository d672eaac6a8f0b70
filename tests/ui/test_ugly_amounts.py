"""Every field for money at the desk and the day close: what is no amount is told in one sentence and nothing is done.

What is one is booked to the fen, once, however often and long Enter is pressed.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import text as sql

from feedesk.db import Database
from feedesk.errors import UserError
from feedesk.money import Fen, format_amount, parse_amount
from feedesk.ops.collecting import collect_payment
from feedesk.ops.payment_posting import TenderGiven
from feedesk.ops.shifts import close_shift
from feedesk.ops.unclaimed import post_unclaimed
from feedesk.queries.transit import cash_to_pay_in
from feedesk.queries.waiver_quota import late_fee_quota
from feedesk.ui.pages.adjusting.sheet import Adjustment, AdjustSheet
from feedesk.ui.pages.dayclose.bank_sheet import BankSheet
from feedesk.ui.pages.dayclose.drawer_sheet import DrawerSheet
from feedesk.ui.pages.dayclose.work import DayCloseWork
from feedesk.ui.pages.desk.acts import ActsSheet
from feedesk.ui.pages.desk.advance_sheet import AdvanceSheet
from feedesk.ui.pages.desk.claim_sheet import ClaimSheet
from feedesk.ui.pages.desk.correction_sheet import CorrectionSheet
from feedesk.ui.pages.desk.decision_sheets import WaiveSheet
from feedesk.ui.pages.desk.extra_sheet import ExtraSheet
from feedesk.ui.pages.desk.found_sheets import FoundSheet, ReturnSheet
from feedesk.ui.pages.desk.offset_sheet import OffsetSheet
from feedesk.ui.pages.desk.price_list_sheet import PriceListSheet
from feedesk.ui.pages.desk.quota_sheet import QuotaSheet
from feedesk.ui.pages.desk.sign_off_sheets import TakeOverSheet
from feedesk.ui.pages.desk.unclaimed_sheet import UnclaimedSheet
from feedesk.ui.shortcuts import open_sheet
from feedesk.ui.widgets.label import Label
from tests.community import TODAY, open_desk, picture_home, small_community
from tests.ops.price_list import add_article
from tests.quote_case import quote_case
from tests.scenarios.small_desk import whole_content
from tests.ui.keyboard import type_text
from tests.ui.test_desk_sheets import Desk, make_desk

BAD = ["", "-1", "1e9", "1,2,3", "12.345", "abc", "9" * 20, "1 2", "１２，３", "--5", "٣", "0x10"]
GOOD = ["0", "１２．５", "  5 ", "￥3", "1,000.00", "７。５"]
CASHIER = "样例收费员"


@pytest.fixture
def desk(sqlite_ledger: Database, qtbot: QtBot) -> Desk:
    """A shift that was counted and not yet taken over, 60.00 on the way to the bank; another shift with money in it."""
    community = small_community(sqlite_ledger)
    picture_home(community)
    first = replace(community.workplace, actor=CASHIER)
    given: Callable[[int], list[TenderGiven]] = lambda fen: [TenderGiven("cash", Fen(fen))]  # noqa: E731
    community.workplace, later = first, community.workplace
    open_desk(community, Fen(50000))
    community.run(collect_payment, account=1, tenders=given(6000), part=True)
    community.run(close_shift, counts={"100": 5, "10": 6})
    community.workplace = later
    open_desk(community, Fen(50000))
    community.run(collect_payment, account=1, tenders=given(10000), part=True)
    community.run(collect_payment, account=1, tenders=given(5000), charges=(), prepay=Fen(5000))
    community.run(collect_payment, account=1, tenders=given(9000), charges=(), deposits=[("钥匙押金", Fen(9000))])
    came = TenderGiven("transfer", Fen(100000), "Z1")
    community.run(post_unclaimed, tender=came, value_date=TODAY, sender="样付款人", remark="物业费")
    add_article(community, "门禁卡", "0.05")
    return make_desk(community, qtbot)


def act(desk: Desk, key: str) -> QWidget | None:
    """The sheet of Ctrl+K and a key, of the home that owes."""
    desk.page.open_target(1)
    QTest.keyClick(QApplication.focusWidget() or desk.page, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    listed = open_sheet(desk.window)
    assert isinstance(listed, ActsSheet)
    QTest.keyClicks(listed, key)
    return open_sheet(desk.window)


def extra(desk: Desk, key: str) -> tuple[QWidget, QLineEdit]:
    sheet = act(desk, key)
    assert isinstance(sheet, ExtraSheet)
    sheet.name.setText("装修押金")
    return sheet, sheet.fields.amount.edit


def correction(desk: Desk, key: str, field: str = "fields") -> tuple[QWidget, QLineEdit] | None:
    sheet = act(desk, key)
    if not isinstance(sheet, CorrectionSheet):
        return None
    sheet.receipt.set_value("SJ-2026-1-000002")  # the payment of this shift; a deposit has no receipts to choose from
    sheet.reason.setText("样例原因")
    part = getattr(sheet, field)
    return sheet, part.amount.edit if field == "fields" else part.edit


def offset(desk: Desk) -> tuple[QWidget, QLineEdit] | None:
    sheet = act(desk, "O")
    return (sheet, sheet.amount.edit) if isinstance(sheet, OffsetSheet) else None


def quota(desk: Desk) -> tuple[QWidget, QLineEdit]:
    sheet = act(desk, "W")
    assert isinstance(sheet, QuotaSheet)
    return sheet, sheet.quota.edit


def taken_over(desk: Desk) -> tuple[QWidget, QLineEdit] | None:
    sheet = act(desk, "H")
    return (sheet, sheet.counted.edit) if isinstance(sheet, TakeOverSheet) else None


def waiver(desk: Desk) -> tuple[QWidget, QLineEdit]:
    desk.page.open_target(1)
    charge = desk.page.current_charge()
    assert charge is not None
    desk.sheets.show_waiver(charge)
    sheet = open_sheet(desk.window)
    assert isinstance(sheet, WaiveSheet)
    sheet.reason.setText("样例原因")
    return sheet, sheet.amount.edit


def adjusting(desk: Desk, what: Adjustment) -> tuple[QWidget, QLineEdit]:
    desk.page.open_target(1)
    charge = desk.page.current_charge()
    assert charge is not None
    desk.sheets.show_adjustment(1, charge)
    sheet = open_sheet(desk.window)
    assert isinstance(sheet, AdjustSheet)
    sheet.choose(what)
    sheet.reason.setText("样例原因")
    panel = sheet.panels[what]
    return sheet, panel.rows[0][0].edit if what is Adjustment.SPLIT else panel.amount.edit  # type: ignore[attr-defined]


def drawer(desk: Desk) -> tuple[QWidget, QLineEdit]:
    sheet = DrawerSheet(desk.window, DayCloseWork(lambda: desk.community.workplace).move_cash)
    sheet.ask()
    sheet.purpose.setText("样例用途")
    return sheet, sheet.amount


def slip(desk: Desk) -> tuple[QWidget, QLineEdit]:
    work = DayCloseWork(lambda: desk.community.workplace)
    sheet = BankSheet(desk.window, desk.community.workplace.read(cash_to_pay_in), TODAY, work.pay_in)
    sheet.ask()
    sheet.number.setText(f"JK-{entries(desk)}")
    return sheet, sheet.amount


def unclaimed(desk: Desk, key: Qt.Key) -> QWidget | None:
    """Money of unknown origin, and there the key of an act."""
    listed = act(desk, "U")
    assert isinstance(listed, UnclaimedSheet)
    QTest.keyClick(listed.table, key)
    return open_sheet(desk.window)


def found(desk: Desk) -> tuple[QWidget, QLineEdit]:
    sheet = unclaimed(desk, Qt.Key.Key_N)
    assert isinstance(sheet, FoundSheet)
    sheet.fields.choose("cash")
    sheet.remark.setText("样例附言")
    return sheet, sheet.fields.amount.edit


def claimed(desk: Desk) -> tuple[QWidget, QLineEdit]:
    sheet = unclaimed(desk, Qt.Key.Key_Return)
    assert isinstance(sheet, ClaimSheet)
    sheet.reason.setText("样例回单")
    return sheet, sheet.amount.edit


def returned(desk: Desk) -> tuple[QWidget, QLineEdit]:
    sheet = unclaimed(desk, Qt.Key.Key_R)
    assert isinstance(sheet, ReturnSheet)
    sheet.reason.setText("样例误汇")
    return sheet, sheet.fields.amount.edit


def sale(desk: Desk) -> tuple[QWidget, QLineEdit]:
    """Of a hundred cards at 0.05: 5.00."""
    sheet = act(desk, "4")
    assert isinstance(sheet, PriceListSheet)
    sheet.quantities[0].setText("100")
    return sheet, sheet.fields.amount.edit


@dataclass(frozen=True, slots=True)
class Case:
    """A field: how its sheet is opened, an amount it takes, whether it may stay empty, what it kept.

    ``leads_back``: the sheet below it comes back, and is left by Esc.
    """

    opens: Callable[[Desk], tuple[QWidget, QLineEdit] | None]
    good: str = "5.00"
    may_be_empty: bool = False
    kept: Callable[[Desk, int], bool] | None = None
    leads_back: bool = False


CASES = {
    "prepayment": Case(lambda desk: extra(desk, "1")),
    "deposit": Case(lambda desk: extra(desk, "2")),
    "refund": Case(lambda desk: correction(desk, "R")),
    "deposit given back": Case(lambda desk: correction(desk, "D")),
    "deduction": Case(lambda desk: correction(desk, "D", "deducted"), may_be_empty=True),
    "tender": Case(lambda desk: correction(desk, "T")),
    "offset": Case(offset),
    "quota": Case(quota, kept=lambda desk, fen: desk.community.workplace.read(late_fee_quota) == fen),
    "taken over": Case(
        taken_over,
        good="560.00",
        may_be_empty=True,
        kept=lambda desk, fen: one(desk, "SELECT counted FROM shift_sign_off") == fen,
    ),
    "waiver": Case(waiver),
    "money found": Case(found, leads_back=True),
    "claim": Case(claimed),
    "money returned": Case(returned),
    "sale": Case(sale, kept=lambda desk, _fen: posted(desk, 500)),
    "charge added": Case(lambda desk: adjusting(desk, Adjustment.ADD)),
    "charge lowered": Case(lambda desk: adjusting(desk, Adjustment.REDUCE)),
    "part of a charge": Case(lambda desk: adjusting(desk, Adjustment.SPLIT), good=""),
    "drawer": Case(drawer),
    "bank slip": Case(slip),
}
cases = pytest.mark.parametrize("name", CASES)


def content(desk: Desk) -> int:
    with desk.community.database.reading() as connection:
        return whole_content(connection)


def one(desk: Desk, query: str) -> int:
    with desk.community.database.reading() as connection:
        return int(connection.execute(sql(query)).scalar_one())


def entries(desk: Desk) -> int:
    return one(desk, "SELECT COUNT(*) FROM entry")


def posted(desk: Desk, fen: int) -> bool:
    """Whether the newest entry moved just this amount, or none where it is nothing."""
    newest = "SELECT {what} FROM posting WHERE entry_id = (SELECT MAX(id) FROM entry){more}"
    return bool(one(desk, newest.format(what="COUNT(*)", more=f" AND ABS(amount) = {fen}")))


def told(sheet: QWidget) -> list[str]:
    """Every sentence in red that is to be seen."""
    labels = [label for label in sheet.findChildren(Label) if label.property("tone") == "danger" and label.isVisible()]
    return [label.text() for label in labels if label.text().strip()]


def enter(text: str, field: QLineEdit) -> None:
    field.setFocus(Qt.FocusReason.OtherFocusReason)
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_Delete)
    type_text(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def press(*, held: bool = False) -> None:
    """One Enter, or one that the keyboard repeats, wherever the keyboard is."""
    widget = QApplication.focusWidget()
    assert widget is not None
    key = (Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", held)
    QApplication.sendEvent(widget, QKeyEvent(QEvent.Type.KeyPress, *key))
    QApplication.sendEvent(widget, QKeyEvent(QEvent.Type.KeyRelease, *key))


def fen_of(text: str) -> Fen | None:
    try:
        amount = parse_amount(text.replace("。", "."))
    except UserError:
        return None
    return amount if amount >= 0 else None


@cases
def test_what_is_no_amount_is_told_once_and_what_is_one_is_booked_once(desk: Desk, name: str) -> None:
    """Enter pressed again and held down does it no second time."""
    case = CASES[name]
    opened = case.opens(desk)
    assert opened is not None
    sheet, field = opened
    before = content(desk)
    for text in BAD:
        if not text and case.may_be_empty:
            continue
        enter(text, field)
        assert content(desk) == before, text
        assert open_sheet(desk.window) is sheet
        assert len(told(sheet)) == 1, (text, told(sheet))
        assert field.text() == unicodedata.normalize("NFKC", text), "what was typed stays"
    if not case.good:
        return
    enter(case.good, field)
    once = content(desk)
    assert once != before
    if case.leads_back:
        QTest.keyClick(open_sheet(desk.window) or sheet, Qt.Key.Key_Escape)
    for held in (False, True, True, True):
        press(held=held)
    assert content(desk) == once
    assert open_sheet(desk.window) is None


@cases
def test_what_is_an_amount_is_booked_to_the_fen_or_refused_in_one_sentence(desk: Desk, name: str) -> None:
    case = CASES[name]
    booked = 0
    for text in [*GOOD, *([case.good] if case.good else [])]:
        opened = case.opens(desk)
        if opened is None:
            break  # done once and for all
        sheet, field = opened
        before, fen = content(desk), fen_of(text)
        assert fen is not None
        enter(text, field)
        if content(desk) == before:
            assert open_sheet(desk.window) is sheet
            assert len(told(sheet)) == 1, (text, told(sheet))
            assert parse_amount(field.text()) == fen, "what was typed stays"
            while (left := open_sheet(desk.window)) is not None:
                QTest.keyClick(left, Qt.Key.Key_Escape)
            continue
        booked += 1
        if case.leads_back:
            QTest.keyClick(open_sheet(desk.window) or sheet, Qt.Key.Key_Escape)
        assert open_sheet(desk.window) is None
        assert (case.kept or posted)(desk, fen) or not fen, (text, format_amount(fen))
    assert booked or not case.good


@pytest.mark.parametrize("way", ["typed", "empty"])
def test_a_payment_is_taken_once_by_an_enter_held_down(desk: Desk, way: str) -> None:
    """From the search on: held Enter opens the account and stops at the money; what is typed is taken once."""
    before = entries(desk)
    desk.page.focus_search()
    type_text(QApplication.focusWidget() or desk.page, "3-1-502")
    press()
    for _again in range(6):
        press(held=True)
    assert entries(desk) == before
    desk.page.tender.focus_money()
    if way == "typed":
        type_text(desk.page.tender.received.edit, "3000")
    press()
    for _again in range(6):
        press(held=True)
    assert entries(desk) == before + (way == "typed")
    press()
    assert entries(desk) == before + 1


def test_the_money_of_a_payment(desk: Desk) -> None:
    """The sentence stands below the amount, and what was typed stays."""
    before = content(desk)
    for text in [*BAD[1:], "0", "5"]:
        desk.page.open_target(1)
        enter(text, desk.page.tender.received.edit)
        assert content(desk) == before, text
        assert len(told(desk.page.tender)) == 1, (text, told(desk.page.tender))
        assert desk.page.tender.received.edit.text() in (unicodedata.normalize("NFKC", text), "0.00", "5.00")


def test_the_float_of_a_shift(desk: Desk) -> None:
    desk.community.run(close_shift, counts={"100": 7, "10": 4})
    desk.sheets.show_shift_state()
    card = desk.page._opening
    assert card is not None
    before = content(desk)
    for text in BAD:
        enter(text, card.money.edit)
        assert content(desk) == before, text
        assert len(told(card)) == 1, (text, told(card))
    enter("１２．５", card.money.edit)
    press()
    assert one(desk, "SELECT opening_float FROM shift WHERE is_open") == 1250
    assert one(desk, "SELECT COUNT(*) FROM shift WHERE is_open") == 1


@pytest.mark.parametrize("text", ["-1", "1e9", "12.5", "abc", "100", "9" * 20, "１ ２"])
def test_months_ahead_are_whole_numbers(sqlite_ledger: Database, qtbot: QtBot, text: str) -> None:
    community, home = quote_case(sqlite_ledger)
    desk = make_desk(community, qtbot)
    desk.page.open_target(home.dwelling)
    QTest.keyClick(QApplication.focusWidget() or desk.page, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(QApplication.focusWidget() or desk.page, "3")
    sheet = open_sheet(desk.window)
    assert isinstance(sheet, AdvanceSheet)
    enter(text, sheet.months[0])
    assert open_sheet(desk.window) is sheet
    assert len(told(sheet)) == 1
    assert sheet.months[0].text() == text
    enter("３", sheet.months[0])
    assert open_sheet(desk.window) is None
    assert [one.months for one in desk.page.ahead()] == [3]


@pytest.mark.parametrize("text", ["-1", "1e9", "1,2", "abc", "9" * 20, "1/2", "0x10", "٣", "1.2345"])
def test_how_many_of_an_article(desk: Desk, text: str) -> None:
    """What is no quantity is told once and nothing is taken; full-width digits are a quantity."""
    before = content(desk)
    sheet, _received = sale(desk)
    assert isinstance(sheet, PriceListSheet)
    quantity = sheet.quantities[0]
    quantity.setText(text)  # as pasted: a typed minus steps the number down
    enter("5", sheet.fields.amount.edit)
    assert content(desk) == before
    assert open_sheet(desk.window) is sheet
    assert len(told(sheet)) == 1, told(sheet)
    assert quantity.text() == text, "what was typed stays"
    quantity.setText("１００")
    enter("5", sheet.fields.amount.edit)
    assert content(desk) != before
    assert posted(desk, 500)
