"""补收, 调减, 拆分 and 合并 by keyboard, from the desk's charges and from a row of the billing page."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from feedesk import models
from feedesk.app import Composition
from feedesk.config import Config
from feedesk.models import table_of
from feedesk.money import Fen
from feedesk.queries.statement import statement
from feedesk.ui.pages.adjusting.panels import AddPanel, MergePanel, ReducePanel, SplitPanel
from feedesk.ui.pages.adjusting.sheet import Adjustment, AdjustSheet, adjust_sheet
from feedesk.ui.pages.adjusting.work import AdjustWork
from feedesk.ui.pages.billing.page import BillingPage
from feedesk.ui.pages.desk.page import DeskPage
from feedesk.ui.shortcuts import open_sheet
from tests.community import TODAY, SmallCommunity, open_desk, picture_home, small_community
from tests.databases import copied
from tests.ops.adjusted import problems
from tests.ui.keyboard import type_text
from tests.ui.test_billing_page import price

CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def community(sqlite_template: Path, tmp_path: Path) -> Iterator[SmallCommunity]:
    """3-1-502 as drawn: nine open charges, four of them 物业费 of 248.47."""
    database = copied(sqlite_template, tmp_path / "ledger.sqlite")
    made = small_community(database)
    open_desk(made, Fen(0))
    picture_home(made)
    yield made
    database.dispose()


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    made.activateWindow()
    return made


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    widget = QApplication.focusWidget()
    assert widget is not None
    QTest.keyClick(widget, key, modifiers)


def opened(community: SmallCommunity, window: QWidget, item: str = "物业费", *, charge: bool = True) -> AdjustSheet:
    work = AdjustWork(lambda: community.workplace)
    first = next(one.id for one in work.adjustable(1).charges if one.item == item)
    sheet = adjust_sheet(window, work, account=1, charge=first if charge else None, item=item)
    sheet.ask()
    return sheet


def owed(community: SmallCommunity, item: str = "物业费") -> list[tuple[str, int]]:
    charges = community.workplace.read(statement, account=1, on=TODAY).charges
    return [(one.period, one.principal) for one in charges if one.item == item]


def test_a_charge_is_lowered_with_reason_and_approval(community: SmallCommunity, window: QWidget, qtbot: QtBot) -> None:
    sheet = opened(community, window)
    assert isinstance(sheet.panels[sheet.tabs.current()], ReducePanel)
    press(Qt.Key.Key_Return)
    assert "27.60" in sheet.sentence.text()  # the amount is missing
    press(Qt.Key.Key_4)
    type_text(sheet.panels[Adjustment.REDUCE].first(), "8.47")
    press(Qt.Key.Key_Return)
    assert "请写明原因" in sheet.sentence.text()
    type_text(sheet.reason, "面积有误")
    with qtbot.waitSignal(sheet.decided) as decided:
        QTest.keyClick(sheet.reason, Qt.Key.Key_Return)
    assert decided.args == ["3-1-502 的 物业费 2026-08 已调减 48.47，样例经理 批准。"]
    assert owed(community)[0] == ("2026-08", 20000)
    assert problems(community) == ()


def test_a_charge_is_added(community: SmallCommunity, window: QWidget) -> None:
    sheet = opened(community, window, charge=False)
    panel = sheet.panels[Adjustment.ADD]
    assert isinstance(panel, AddPanel)
    assert (panel.item.value(), panel.period.text()) == ("物业费", "2026-11")
    QTest.keyClicks(panel.amount.edit, "12.34")
    panel.due.setText("20261215")
    type_text(sheet.reason, "漏算")
    QTest.keyClick(sheet.reason, Qt.Key.Key_Return)
    assert ("2026-11", 1234) in owed(community)
    assert problems(community) == ()


@pytest.mark.parametrize(("period", "due", "words"), [("2026-13", "", "所属期"), ("2026-11", "2026-02-30", "不是日期")])
def test_what_is_no_period_or_day_is_said(
    community: SmallCommunity, window: QWidget, period: str, due: str, words: str
) -> None:
    sheet = opened(community, window, charge=False)
    panel = sheet.panels[Adjustment.ADD]
    assert isinstance(panel, AddPanel)
    panel.amount.edit.set_amount(Fen(100))
    panel.period.setText(period)
    panel.due.setText(due)
    sheet.reason.setText("x")
    sheet.submit()
    assert words in sheet.sentence.text()
    assert community.balance("6001.物业费") == -24847 * 4


def test_a_charge_is_split_in_equal_parts_or_others(community: SmallCommunity, window: QWidget) -> None:
    sheet = opened(community, window)
    press(Qt.Key.Key_3, ALT)
    panel = sheet.panels[sheet.tabs.current()]
    assert isinstance(panel, SplitPanel)
    panel.count.setFocus()
    press(Qt.Key.Key_Down)
    assert [row[0].edit.amount() for row in panel.rows] == [8283, 8282, 8282]
    sheet.reason.setText("分期")
    panel.rows[0][0].edit.set_amount(Fen(8284))
    sheet.submit()
    assert "合计必须正好相等" in sheet.sentence.text()
    panel.rows[1][0].edit.set_amount(Fen(8281))
    panel.rows[2][1].setText("2027-01-31")
    sheet.submit()
    # The last part is due later, and so stands last.
    assert owed(community)[:3] == [("2026-08", 8284), ("2026-08", 8281), ("2026-09", 24847)]
    assert owed(community)[3:] == [("2026-10", 24847), ("2026-11", 24847), ("2026-08", 8282)]
    assert problems(community) == ()


def test_charges_are_merged(community: SmallCommunity, window: QWidget) -> None:
    sheet = opened(community, window)
    press(Qt.Key.Key_4, ALT)
    panel = sheet.panels[sheet.tabs.current()]
    assert isinstance(panel, MergePanel)
    assert "993.88" in panel.sum.text()
    press(Qt.Key.Key_Space)  # not August
    assert "745.41" in panel.sum.text()
    sheet.reason.setText("一并收取")
    sheet.submit()
    assert "2026-09-30" in sheet.sentence.text()  # due on different days
    panel.due.setText("2026-11-30")
    sheet.submit()
    assert owed(community) == [("2026-08", 24847), ("2026H2", 74541)]
    assert problems(community) == ()


@pytest.fixture
def composition(
    qtbot: QtBot, community: SmallCommunity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Composition]:
    """The program's own window, with the supervisor seated."""
    price(community, 2, "固定金额", "300", "B1-*")
    monkeypatch.setenv("FEEDESK_HOME", str(tmp_path / "home"))
    made = Composition(Config(staff="样例主管"), str(community.database.url), TODAY)
    made.window.show()
    made.window.resize(1366, 768)
    made.window.activateWindow()
    qtbot.waitUntil(lambda: made.window.current_page() == "desk", timeout=20_000)
    yield made
    made.window.close()
    made.close()


def test_the_sheet_opens_from_the_desk_and_from_a_row_of_the_preview(
    composition: Composition, community: SmallCommunity, qtbot: QtBot
) -> None:
    window = composition.window
    desk = window.pages()["desk"]
    assert isinstance(desk, DeskPage)
    desk.open_target(1)
    QTest.keyClick(desk.charges.table, Qt.Key.Key_L, CONTROL)
    sheet = open_sheet(window)
    assert isinstance(sheet, AdjustSheet)
    panel = sheet.panels[sheet.tabs.current()]
    assert isinstance(panel, ReducePanel)
    marked = desk.charges.current()
    assert marked is not None
    assert panel.charge.value() == marked.id
    panel.amount.edit.set_amount(Fen(100))
    sheet.reason.setText("多算")
    sheet.submit()
    assert "已调减 1.00" in desk.banner.accessibleName()

    window.show_page("billing")
    page = window.pages()["billing"]
    assert isinstance(page, BillingPage)
    qtbot.waitUntil(lambda: page.preview() is not None and not page.is_busy())
    # November of the space stands already: it was brought along, and can be lowered like any other.
    rows = [(row.unit, row.item, row.charge is not None) for row in page.table.model.rows()]
    place = rows.index(("B1-087", "车位服务费", True))
    page.table.table.choose_row(place)
    QTest.keyClick(page.table.table, Qt.Key.Key_L, CONTROL)
    sheet = open_sheet(window)
    assert isinstance(sheet, AdjustSheet)
    panel = sheet.panels[Adjustment.REDUCE]
    assert isinstance(panel, ReducePanel)
    assert sheet.tabs.current() == Adjustment.REDUCE
    panel.amount.edit.set_amount(Fen(30000))
    sheet.reason.setText("多算")
    sheet.submit()
    qtbot.waitUntil(lambda: not page.is_busy())
    assert "已调减 300.00" in page.banner.accessibleName()
    charge = table_of(models.Charge)
    assert community.value(charge, "status", id=page.table.model.rows()[place].charge) == "settled"
    with qtbot.waitSignal(page.account_asked):
        QTest.keyClick(page.table.table, Qt.Key.Key_Return)
    assert window.current_page() == "desk"
