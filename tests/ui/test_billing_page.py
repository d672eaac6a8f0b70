"""Billing a month by keyboard on a small ledger: preview with reasons, posting what is missing, undoing it."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from feedesk import models
from feedesk.config import ThemeChoice, TypeSize
from feedesk.db import Database
from feedesk.exchange.excel_files import opened_workbook, rows_of
from feedesk.money import Fen
from feedesk.ops.billing import PeriodBilled
from feedesk.ops.collecting import TenderGiven, collect_payment
from feedesk.periods import Period
from feedesk.queries.billing_preview import Counted, RowState, billing_preview
from feedesk.queries.offsets import offset_rule
from feedesk.queries.run_scope import EVERYTHING, RunScope
from feedesk.rules.offsetting import OffsetRule
from feedesk.ui.appearance import Appearance
from feedesk.ui.main_window import MainWindow, PageFactory
from feedesk.ui.pages.billing.offsets_sheet import OffsetsSheet
from feedesk.ui.pages.billing.page import BillingPage, Tell
from feedesk.ui.pages.billing.preview_table import PreviewTab
from feedesk.ui.pages.billing.undo_sheet import UndoSheet
from feedesk.ui.pages.billing.work import BillingWork
from feedesk.ui.shortcuts import open_sheet
from feedesk.ui.tasks import Worker
from feedesk.ui.widgets.painting import Span
from tests.community import SmallCommunity, open_desk, small_community
from tests.ui.cut_off import cut_off
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


def test_a_filter_that_nothing_fits_says_so(page: BillingPage, look: Appearance) -> None:
    assert page.table.nothing.isHidden()
    page.table.filter.setText("9-9-999")
    assert not page.table.model.rows()
    assert page.table.nothing.isVisible()
    assert "9-9-999" in page.table.nothing.text()
    look.set_language("en")
    assert "Nothing here fits" in page.table.nothing.text()
    page.table.filter.clear()
    assert page.table.nothing.isHidden()


def test_the_banner_follows_the_language(page: BillingPage, look: Appearance, qtbot: QtBot) -> None:
    press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settled(page, qtbot)
    assert "已生成 3 笔" in page.banner.accessibleName()
    look.set_language("en")
    assert "is billed: 3 charges" in page.banner.accessibleName()
    assert "562.16" in page.banner.accessibleName()
    page.banner.tell("plain", ())
    look.set_language("zh_CN")
    assert page.banner.accessibleName() == ""


def test_the_model_keeps_qts_rules(page: BillingPage) -> None:
    QAbstractItemModelTester(page.table.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    page.table.tabs.choose(PreviewTab.SKIPPED)
    page.retranslate()


class Stopping:
    """A page's functions of which one waits until it is asked to stop."""

    def __init__(self, work: BillingWork) -> None:
        self.work = work
        self.begun = threading.Event()

    def bill(self, month: Period, scope: RunScope, tell: Tell) -> PeriodBilled:
        def told(done: int, whole: int) -> None:
            self.begun.set()
            while True:
                tell(done, whole)
                time.sleep(0.005)

        return self.work.bill(month, scope, told)


@pytest.mark.parametrize("by", ["Escape", "button"])
def test_a_run_stopped_in_the_middle_posts_nothing(
    page: BillingPage, community: SmallCommunity, qtbot: QtBot, by: str
) -> None:
    stopping = Stopping(BillingWork(lambda: community.workplace))
    page._call = replace(page._call, bill=stopping.bill)
    press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(stopping.begun.is_set)
    assert page.progress.isVisible()
    if by == "Escape":
        press(Qt.Key.Key_Escape)
    else:
        page.progress.cancel_asked.emit()
    qtbot.waitUntil(lambda: not page.is_busy() and page.banner.isVisible())
    settled(page, qtbot)
    assert "一笔也没有出账" in page.banner.accessibleName()
    assert community.balance("1122.物业费") == 0
    assert "生成 3 笔" in page.button.text()


def test_one_building_is_billed_alone(page: BillingPage, community: SmallCommunity, qtbot: QtBot) -> None:
    community.unit("4-1-101", resident="吴样兰")
    price(community, 2, "固定金额", "300", "4-*")
    page.load()
    settled(page, qtbot)
    assert "生成 4 笔" in page.button.text()
    page.choices.building.setFocus()
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Down)
    settled(page, qtbot)
    assert "生成 1 笔" in page.button.text()
    preview = page.preview()
    assert preview is not None
    assert [(row.unit, row.item) for row in preview.rows] == [("4-1-101", "车位服务费")]
    press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settled(page, qtbot)
    assert (community.balance("1122.车位服务费"), community.balance("1122.物业费")) == (30000, 0)


def test_prepayments_are_offset_after_the_run(page: BillingPage, community: SmallCommunity, qtbot: QtBot) -> None:
    open_desk(community, Fen(0))
    wechat = [TenderGiven("wechat", Fen(20000), "WX1")]
    community.run(collect_payment, account=2, tenders=wechat, prepay=Fen(20000), charges=[])
    page.load()
    settled(page, qtbot)
    assert page.choices.offset.text() == "预存自动冲抵（1 户）"
    page.choices.offset.setFocus()
    press(Qt.Key.Key_Space)
    assert community.workplace.read(offset_rule).after_billing
    with qtbot.waitSignal(page.offset):
        press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settled(page, qtbot)
    assert "已生成 3 笔" in page.banner.accessibleName()
    assert "预存已冲抵 1 户" in page.banner.accessibleName()
    assert community.balance("2203.预存") == 0
    press(Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    sheet = open_sheet(page.window())
    assert isinstance(sheet, OffsetsSheet)
    assert [(row.unit, row.total) for row in sheet.model.rows()] == [("3-1-502", 20000)]
    sheet.boxes["水费"].setFocus()
    press(Qt.Key.Key_Space)
    assert "水费" not in sheet.told.text()
    assert community.workplace.read(offset_rule).items == ("物业费", "车位服务费", "公摊电费")
    press(Qt.Key.Key_Space)
    assert community.workplace.read(offset_rule) == OffsetRule(after_billing=True)
    settled(page, qtbot)
    sheet.table.setFocus()
    press(Qt.Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)
    assert "请先填写原因" in sheet.told.text()
    type_text(sheet.reason, "业主要求")
    press(Qt.Key.Key_Return)
    assert "200.00" in sheet.told.text()
    assert community.balance("2203.预存") == -20000
    press(Qt.Key.Key_Escape)
    settled(page, qtbot)


def test_enter_opens_the_account_and_a_unit_left_out_too(page: BillingPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.account_asked) as asked:
        press(Qt.Key.Key_Return)
    assert asked.args == [1]
    press(Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    page.take_focus()
    with qtbot.waitSignal(page.account_asked) as asked:
        press(Qt.Key.Key_Return)
    assert asked.args == ["3-1-503"]


def test_the_preview_is_exported(page: BillingPage, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "预览.xlsx"
    page.export(path)
    settled(page, qtbot)
    with opened_workbook(path) as workbook:
        shown = [[cell.value for cell in row] for row in rows_of(path, workbook.worksheets[0])]
    cells = [value for row in shown for value in row if value is not None]
    assert {"3-1-501", "3-1-502", "3-1-503", "王样平", 276.08, "房屋没有登记面积", "待出账", "未出账"} <= set(cells)


def test_a_concession_that_ends_is_shown_whatever_it_comes_to(page: BillingPage, community: SmallCommunity) -> None:
    """November with 10 % off for 3-1-501, December without: 11 % more, but worth a look."""
    policy = community.add(
        models.ConcessionPolicy,
        name="低保减免",
        condition="核准",
        method="百分比",
        value=Fraction(10),
        valid_from=date(2026, 1, 1),
        stackable=True,
        basis_document="",
    )
    community.add(models.ConcessionItem, policy_id=policy, fee_item_id=1)
    community.add(
        models.ConcessionGrant,
        policy_id=policy,
        account_id=1,
        from_date=date(2026, 1, 1),
        to_date=date(2026, 11, 30),
        evidence="低保证",
        note="",
        granted_by=1,
        granted_at=datetime(2026, 1, 1, 8, 0, tzinfo=UTC),
    )
    BillingWork(lambda: community.workplace).bill(NOVEMBER, EVERYTHING, lambda _done, _whole: None)
    preview = community.workplace.read(billing_preview, month=DECEMBER, day=date(2026, 12, 1))
    assert [(row.unit, row.before, row.now, row.note) for row in preview.rows if row.is_changed] == [
        ("3-1-501", 24847, 27608, "低保减免 11-30 到期，待复核")
    ]
    assert [(one.item, one.charges, one.counted) for one in preview.items] == [
        ("物业费", 2, Counted.HOMES),
        ("公摊电费", 1, Counted.HOMES),
    ]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize(
    ("width", "height", "type_size", "theme"),
    [
        (1366, 768, TypeSize.NORMAL, ThemeChoice.LIGHT),
        (1366, 768, TypeSize.LARGE, ThemeChoice.DARK),
        (911, 512, TypeSize.NORMAL, ThemeChoice.LIGHT),
        (1920, 1080, TypeSize.LARGE, ThemeChoice.LIGHT),
    ],
)
def test_nothing_is_cut_off(
    page: BillingPage,
    look: Appearance,
    width: int,
    height: int,
    type_size: TypeSize,
    theme: ThemeChoice,
    language: str,
) -> None:
    window = page.window()
    assert isinstance(window, MainWindow)
    look.set_language(language)
    look.apply(type_size=type_size, theme=theme)
    window.setFixedSize(width, height)
    window.training.show()
    page.banner.tell("good", (Span("2026-11"),), figure="¥ 562.16")
    for tab in PreviewTab:
        page.table.tabs.choose(tab)
        for _turn in range(3):
            QApplication.processEvents()
        assert cut_off(window) == []
        assert not page.table.table.horizontalScrollBar().isVisible()
    window.grab()
