"""Billing a month by keyboard on a small ledger: preview with reasons, posting what is missing, undoing it."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from feedesk import models
from feedesk.db import Database
from feedesk.money import Fen
from feedesk.ops.collecting import TenderGiven, collect_payment
from feedesk.periods import Period
from feedesk.queries.billing_preview import RowState, billing_preview
from feedesk.queries.run_scope import EVERYTHING
from feedesk.ui.main_window import MainWindow, PageFactory
from feedesk.ui.pages.billing.page import BillingPage
from feedesk.ui.pages.billing.preview_table import PreviewTab
from feedesk.ui.pages.billing.undo_sheet import UndoSheet
from feedesk.ui.pages.billing.work import BillingWork
from feedesk.ui.shortcuts import open_sheet
from feedesk.ui.tasks import Worker
from tests.community import SmallCommunity, open_desk, small_community
from tests.ui.keyboard import type_text

NOVEMBER, DECEMBER = Period.parse("2026-11"), Period.parse("2026-12")


def price(community: SmallCommunity, item: int, method: str, amount: str, pattern: str) -> None:
    """A tariff by area or fixed sum from 2024 on, for the units a pattern names."""
    tariff = community.add(models.Tariff, name=f"样例标准{item}", fee_item_id=item, position=item)
    community.add(
        models.TariffVersion,
        tariff_id=tariff,
        method=method,
        unit_price=Fraction(amount),
        prices="",
        tiers="",
        population_step="",
        cycle_months=1,
        partial_month="按天",
        due_rule="当月末",
        price_form="政府指导价",
        basis_document="样例〔2024〕1号",
        valid_from=date(2024, 7, 1),
    )
    community.add(models.TariffScope, tariff_id=tariff, unit_pattern=pattern, quantity=Fraction(1))


@pytest.fixture
def community(sqlite_ledger: Database) -> SmallCommunity:
    """Two homes with a price, one without an area."""
    made = small_community(sqlite_ledger)
    made.unit("3-1-501", resident="王样平")
    made.unit("3-1-502")
    made.unit("3-1-503", built_area=None, resident="李样宁")
    price(made, 1, "按面积", "2.8", "3-*")
    price(made, 4, "固定金额", "10", "3-1-502")
    return made


@pytest.fixture
def worker(qtbot: QtBot) -> Iterator[Worker]:
    made = Worker()
    yield made
    made.stop()


@pytest.fixture
def page(community: SmallCommunity, worker: Worker, qtbot: QtBot) -> BillingPage:
    window = MainWindow()
    qtbot.addWidget(window)
    window.add_pages(
        [PageFactory("billing", lambda: BillingPage(BillingWork(lambda: community.workplace).functions(), worker))]
    )
    window.show()
    window.setFixedSize(1366, 768)
    window.show_page("billing")
    window.activateWindow()
    made = window.pages()["billing"]
    assert isinstance(made, BillingPage)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None and made.preview() is not None)
    return made


def settled(page: BillingPage, qtbot: QtBot) -> None:
    """Until the worker has nothing left to tell."""
    qtbot.waitUntil(lambda: not page.is_busy())


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    widget = QApplication.focusWidget()
    assert widget is not None
    QTest.keyClick(widget, key, modifiers)


def words_of(widget: QWidget) -> str:
    labels = [label.text() for label in widget.findChildren(QLabel)]
    return "\n".join([*labels, *(child.accessibleName() for child in widget.findChildren(QWidget))])


def test_the_preview_names_each_unit_left_out(page: BillingPage) -> None:
    preview = page.preview()
    assert preview is not None
    assert (preview.due, preview.gross) == (3, Fen(27608 * 2 + 1000))
    assert PreviewTab(page.table.tabs.current()) is PreviewTab.ALL
    press(Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    rows = page.table.model.rows()
    assert [(row.unit, row.item, row.note) for row in rows] == [("3-1-503", "物业费", "房屋没有登记面积")]
    assert "生成 3 笔" in page.button.text()


def test_the_arithmetic_of_the_row_marked_can_be_read_out(page: BillingPage) -> None:
    press(Qt.Key.Key_Down)
    row = page.table.current_row()
    assert row is not None
    assert row.unit == "3-1-502"
    shown = words_of(page.table.arithmetic)
    assert "3-1-502 张样燕 · 物业费 2026-11 怎么算的" in shown
    assert "样例〔2024〕1号" in shown
    assert "276.08" in shown


def test_ctrl_enter_bills_and_the_banner_says_what(page: BillingPage, community: SmallCommunity, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.billed):
        press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settled(page, qtbot)
    assert "已生成 3 笔" in page.banner.accessibleName()
    assert "562.16" in page.banner.accessibleName()
    assert not page.button.isEnabled()
    assert community.balance("1122.物业费") == 27608 * 2
    preview = page.preview()
    assert preview is not None
    assert (preview.due, preview.runs, preview.run_charges) == (0, 1, 3)


def test_items_not_ticked_are_not_billed(page: BillingPage, community: SmallCommunity, qtbot: QtBot) -> None:
    page.choices.boxes["物业费"].setFocus()
    press(Qt.Key.Key_Space)
    settled(page, qtbot)
    assert "生成 1 笔" in page.button.text()
    press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settled(page, qtbot)
    assert community.balance("1122.公摊电费") == 1000
    assert community.balance("1122.物业费") == 0


def test_undo_asks_why_once_and_names_the_amount(page: BillingPage, community: SmallCommunity, qtbot: QtBot) -> None:
    press(Qt.Key.Key_U, Qt.KeyboardModifier.ControlModifier)
    assert "还没有生成过账单" in page.banner.accessibleName()
    press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settled(page, qtbot)
    press(Qt.Key.Key_U, Qt.KeyboardModifier.ControlModifier)
    sheet = open_sheet(page.window())
    assert isinstance(sheet, UndoSheet)
    assert "562.16" in words_of(sheet)
    press(Qt.Key.Key_Return)
    assert "请先填写原因" in sheet.sentence.text()
    type_text(sheet.reason, "单价录错")
    with qtbot.waitSignal(page.undone):
        press(Qt.Key.Key_Return)
    settled(page, qtbot)
    assert community.balance("1122.物业费") == 0
    assert "生成 3 笔" in page.button.text()


def test_a_month_with_payments_stays(page: BillingPage, community: SmallCommunity, qtbot: QtBot) -> None:
    press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settled(page, qtbot)
    open_desk(community, Fen(0))
    community.run(collect_payment, account=2, tenders=[TenderGiven("cash", Fen(10000))], part=True)
    page.ask_undo()
    sheet = open_sheet(page.window())
    assert isinstance(sheet, UndoSheet)
    type_text(sheet.reason, "试一下")
    press(Qt.Key.Key_Return)
    settled(page, qtbot)
    assert "100.00" in page.banner.accessibleName()
    assert community.balance("1122.物业费") == 27608 * 2 - 10000


def test_the_next_month_shows_what_changed(page: BillingPage, community: SmallCommunity, qtbot: QtBot) -> None:
    press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settled(page, qtbot)
    price(community, 3, "固定金额", "5", "3-1-501")
    page.month.set_value(DECEMBER)
    page.load()
    settled(page, qtbot)
    press(Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert [(row.unit, row.item) for row in page.table.model.rows()] == [("3-1-501", "水费")]
    preview = page.preview()
    assert preview is not None
    assert preview.before_total == Fen(56216)


def test_a_charge_that_stopped_is_shown(community: SmallCommunity) -> None:
    BillingWork(lambda: community.workplace).bill(NOVEMBER, EVERYTHING, lambda _done, _whole: None)
    with community.database.transaction() as connection:
        scope = models.table_of(models.TariffScope)
        connection.execute(scope.update().where(scope.c.unit_pattern == "3-1-502").values(to_date=date(2026, 11, 30)))
    preview = community.workplace.read(billing_preview, month=DECEMBER, day=date(2026, 12, 1))
    gone = [row for row in preview.rows if row.item == "公摊电费"]
    assert [(row.unit, row.now, row.before) for row in gone] == [("3-1-502", None, Fen(1000))]
    assert gone[0].state is RowState.SKIPPED
    assert "2026-12" in gone[0].note


def test_typing_filters_and_escape_shows_all_again(page: BillingPage) -> None:
    press(Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    type_text(page.table.table, "5")
    type_text(page.table.filter, "02")
    assert {row.unit for row in page.table.model.rows()} == {"3-1-502"}
    press(Qt.Key.Key_Escape)
    assert len(page.table.model.rows()) == 4
    assert QApplication.focusWidget() is page.table.table


def test_the_model_keeps_qts_rules(page: BillingPage) -> None:
    QAbstractItemModelTester(page.table.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    page.table.tabs.choose(PreviewTab.SKIPPED)
    page.retranslate()
