"""Shared costs and supplier reconciliation on the meters page, by keyboard alone on a small ledger."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from feedesk.config import ThemeChoice, TypeSize
from feedesk.db import Database
from feedesk.models import FeeItem
from feedesk.money import Fen
from feedesk.ops.billing import bill_period
from feedesk.ops.sharing import SharedCostFacts, add_shared_cost
from feedesk.ops.supplier_invoices import InvoiceFacts, record_invoice
from feedesk.periods import Period
from feedesk.queries.reconciliation import reconciliations
from feedesk.queries.shared_cost_list import shared_cost_list
from feedesk.rules.reconciliation import Verdict
from feedesk.rules.sharing import ShareBasis
from feedesk.ui.appearance import Appearance
from feedesk.ui.dialogs.confirm_sheet import ConfirmSheet
from feedesk.ui.dialogs.sheet import Sheet
from feedesk.ui.main_window import MainWindow, PageFactory
from feedesk.ui.pages.meters.page import MetersPage
from feedesk.ui.pages.meters.reconciliation_sheets import CommonItemsSheet, InvoiceSheet
from feedesk.ui.pages.meters.reconciliation_tab import ReconciliationTab
from feedesk.ui.pages.meters.reconciliation_work import ReconciliationWork
from feedesk.ui.pages.meters.shared_cost_sheet import SharedCostSheet, VacantWeightSheet
from feedesk.ui.pages.meters.shared_costs_tab import SharedCostsTab
from feedesk.ui.pages.meters.shared_costs_work import SharedCostsWork
from feedesk.ui.shortcuts import open_sheet
from feedesk.ui.tasks import Worker
from tests.community import SmallCommunity, small_community
from tests.ui.cut_off import cut_off
from tests.ui.keyboard import type_text

NOVEMBER = Period.parse("2026-11")
CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
LIFTS = SharedCostFacts(
    name="电梯用电", item="公摊电费", period=NOVEMBER, total=Fen(9000), scope=("1-*",), basis=ShareBasis.AREA
)


@pytest.fixture
def community(sqlite_ledger: Database) -> SmallCommunity:
    """Homes of 100 and 50 m² in building 1."""
    made = small_community(sqlite_ledger)
    made.unit("1-101", resident="王样平", built_area=Fraction(100))
    made.unit("1-102", resident="李样宁", built_area=Fraction(50))
    return made


@pytest.fixture
def page(community: SmallCommunity, qtbot: QtBot) -> Iterator[MetersPage]:
    worker = Worker()
    shared = SharedCostsTab(SharedCostsWork(lambda: community.workplace).functions(), worker)
    reconciled = ReconciliationTab(ReconciliationWork(lambda: community.workplace).functions(), worker)
    window = MainWindow()
    qtbot.addWidget(window)
    window.add_pages([PageFactory("meters", lambda: MetersPage([shared, reconciled]))])
    window.show()
    window.setFixedSize(1366, 768)
    window.show_page("meters")
    window.activateWindow()
    made = window.pages()["meters"]
    assert isinstance(made, MetersPage)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    yield made
    worker.stop()


@pytest.fixture
def shared(page: MetersPage) -> SharedCostsTab:
    tab = page.tabs[0]
    assert isinstance(tab, SharedCostsTab)
    return tab


@pytest.fixture
def reconciled(page: MetersPage, qtbot: QtBot) -> ReconciliationTab:
    press(page, Qt.Key.Key_2, CONTROL)
    tab = page.current_tab()
    assert isinstance(tab, ReconciliationTab)
    qtbot.waitUntil(lambda: not tab.is_busy())
    return tab


def press(page: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget() or page, key, modifiers)


def sheet_over(page: QWidget, kind: type[QWidget]) -> QWidget:
    sheet = open_sheet(page.window())
    assert isinstance(sheet, kind)
    return sheet


def type_here(text: str) -> None:
    widget = QApplication.focusWidget()
    assert widget is not None
    type_text(widget, text)


def fill(page: QWidget, *texts: str) -> None:
    """Types one field after another; Enter leads on, and stores after the last."""
    for text in texts:
        if text:
            press(page, Qt.Key.Key_A, CONTROL)
            type_here(text)
        press(page, Qt.Key.Key_Return)


def ready(tab: SharedCostsTab | ReconciliationTab, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not tab.is_busy())


def test_a_cost_is_entered_by_keyboard(
    page: MetersPage, shared: SharedCostsTab, community: SmallCommunity, qtbot: QtBot
) -> None:
    assert shared.current() is None
    press(page, Qt.Key.Key_N, CONTROL)
    sheet_over(page, SharedCostSheet)
    # Name, item (left as offered), period, total, scope, basis, due date, vacant weight, note.
    fill(page, "电梯用电", "", "2026-11", "90", "1-*", "", "次月15", "", "")
    assert open_sheet(page.window()) is None
    ready(shared, qtbot)
    (row,) = community.workplace.read(shared_cost_list)
    assert (row.name, row.item, row.total, row.scope, row.due) == ("电梯用电", "公摊电费", 9000, ("1-*",), "次月15")
    table = shared.shown()
    assert table is not None
    assert [(one.unit, one.amount) for one in table.rows] == [("1-101", 6000), ("1-102", 3000)]
    assert "60.00" in shared.shares.cell(0, 4).text
    assert shared.total.text() == "合计 2 户 · 权重 150.00 ㎡ · 90.00 = 总额 90.00  与总额相符"
    QAbstractItemModelTester(shared.shares, QAbstractItemModelTester.FailureReportingMode.Fatal)


def test_what_is_wrong_is_said_in_the_sheet(page: MetersPage, community: SmallCommunity) -> None:
    press(page, Qt.Key.Key_N, CONTROL)
    sheet = sheet_over(page, SharedCostSheet)
    assert isinstance(sheet, SharedCostSheet)
    fill(page, "电梯用电", "", "2026-11", "90", "9-*", "", "", "", "")
    assert sheet.sentence.text() == "“电梯用电”未能分摊：范围 9-* 内没有房屋，请更正范围。"
    sheet.scope.setText("1-*")
    for field, text, said in ((sheet.vacant, "半", "空置权重在 0 到 1 之间"), (sheet.period, "冬天", "冬天")):
        field.setText(text)
        sheet.submit()
        assert said in sheet.sentence.text()
    sheet.total.setFocus()
    QTest.keyClick(sheet.total, Qt.Key.Key_A, CONTROL)
    QTest.keyClicks(sheet.total, "1.005")
    sheet.submit()
    assert "1.005" in sheet.sentence.text()
    press(page, Qt.Key.Key_Escape)
    assert open_sheet(page.window()) is None
    assert community.workplace.read(shared_cost_list) == []


def test_a_billed_cost_stays_and_another_is_deleted(
    page: MetersPage, shared: SharedCostsTab, community: SmallCommunity, qtbot: QtBot
) -> None:
    community.run(add_shared_cost, facts=LIFTS)
    community.run(bill_period, period=NOVEMBER)
    community.run(add_shared_cost, facts=replace(LIFTS, name="照明", total=Fen(300)))
    shared.refresh()
    ready(shared, qtbot)
    assert [row.name for row in shared.costs.rows()] == ["电梯用电", "照明"]
    assert shared.shown() is not None
    press(page, Qt.Key.Key_E, CONTROL)
    assert open_sheet(page.window()) is None
    assert "已出账" in shared.banner.accessibleName()
    press(page, Qt.Key.Key_Down)
    ready(shared, qtbot)
    press(page, Qt.Key.Key_Return)  # Enter on a cost corrects it
    sheet = sheet_over(page, SharedCostSheet)
    assert isinstance(sheet, SharedCostSheet)
    assert (sheet.name.text(), sheet.total.text(), sheet.scope.text()) == ("照明", "3.00", "1-*")
    fill(page, "楼道照明", "", "", "6", "", "", "", "", "")
    ready(shared, qtbot)
    assert [row.name for row in shared.costs.rows()] == ["电梯用电", "楼道照明"]
    current = shared.current()
    assert current is not None
    assert (current.name, current.total) == ("楼道照明", 600)
    press(page, Qt.Key.Key_D, CONTROL)
    sheet_over(page, ConfirmSheet)
    with qtbot.waitSignal(page.stored):
        press(page, Qt.Key.Key_Return)
    ready(shared, qtbot)
    assert [row.name for row in community.workplace.read(shared_cost_list)] == ["电梯用电"]


def test_a_unit_is_found_among_the_shares(
    page: MetersPage, shared: SharedCostsTab, community: SmallCommunity, qtbot: QtBot
) -> None:
    community.run(add_shared_cost, facts=LIFTS)
    shared.refresh()
    ready(shared, qtbot)
    press(page, Qt.Key.Key_Slash)
    type_here("李样")
    assert [row.unit for row in shared.shares.rows()] == ["1-102"]
    press(page, Qt.Key.Key_Escape)
    assert len(shared.shares.rows()) == 2
    assert QApplication.focusWidget() is shared.list


def test_the_weight_of_empty_homes_is_set(
    page: MetersPage, shared: SharedCostsTab, community: SmallCommunity, qtbot: QtBot
) -> None:
    community.unit("1-103", resident="张样燕", built_area=Fraction(100), occupancy="空置")
    community.run(add_shared_cost, facts=LIFTS)
    shared.refresh()
    ready(shared, qtbot)
    press(page, Qt.Key.Key_K, CONTROL)
    sheet = sheet_over(page, VacantWeightSheet)
    assert isinstance(sheet, VacantWeightSheet)
    fill(page, "x")
    assert "空置权重在 0 到 1 之间" in sheet.sentence.text()
    fill(page, "0.5")
    assert open_sheet(page.window()) is None
    ready(shared, qtbot)
    table = shared.shown()
    assert table is not None
    # 90.00 over 100 + 50 + 100 × 0.5 m²: 45.00, 22.50, 22.50.
    assert [row.amount for row in table.rows] == [4500, 2250, 2250]
    assert table.rows[2].basis == "90.00 × 100.00 × 0.5 ÷ 200 ㎡"


def test_what_cannot_be_shared_is_said_instead_of_shares(
    shared: SharedCostsTab, community: SmallCommunity, qtbot: QtBot
) -> None:
    community.unit("1-103", resident="张样燕", built_area=None)
    community.run(add_shared_cost, facts=LIFTS)
    shared.refresh()
    ready(shared, qtbot)
    assert "1-103 没有面积" in shared.sentence.text()
    assert shared.sentence.isVisible()
    assert not shared.table.isVisible()


def test_an_invoice_is_entered_and_compared(
    page: MetersPage, reconciled: ReconciliationTab, community: SmallCommunity, qtbot: QtBot
) -> None:
    assert [row.item for row in reconciled.items.rows()] == ["水费"]
    press(page, Qt.Key.Key_N, CONTROL)
    sheet_over(page, InvoiceSheet)
    with qtbot.waitSignal(page.stored):
        fill(page, "样例水务", "W-11", "1,200.50", "395.25", "")
    ready(reconciled, qtbot)
    found = reconciled.current()
    assert found is not None
    assert (found.invoiced, found.invoiced_usage, found.verdict) == (120050, Fraction("395.25"), Verdict.NOTHING_BILLED)
    press(page, Qt.Key.Key_E, CONTROL)
    sheet = sheet_over(page, InvoiceSheet)
    assert isinstance(sheet, InvoiceSheet)
    fill(page, "", "", "-0.50", "x")
    press(page, Qt.Key.Key_Return)
    assert "“x”不是用量" in sheet.sentence.text()
    sheet.usage.clear()
    sheet.submit()
    ready(reconciled, qtbot)
    (one,) = community.workplace.read(reconciliations, period=NOVEMBER)
    assert [(invoice.amount, invoice.usage) for invoice in one.invoices] == [(-50, None)]
    press(page, Qt.Key.Key_D, CONTROL)
    sheet_over(page, ConfirmSheet)
    press(page, Qt.Key.Key_Return)
    ready(reconciled, qtbot)
    assert reconciled.current_invoice() is None
    press(page, Qt.Key.Key_D, CONTROL)
    assert open_sheet(page.window()) is None
    assert "Ctrl+N" in reconciled.banner.accessibleName()


def test_periods_are_stepped_and_typed(page: MetersPage, reconciled: ReconciliationTab, qtbot: QtBot) -> None:
    press(page, Qt.Key.Key_Left, ALT)
    ready(reconciled, qtbot)
    assert reconciled.period.text() == "2026-10"
    press(page, Qt.Key.Key_Right, ALT)
    press(page, Qt.Key.Key_Right, ALT)
    ready(reconciled, qtbot)
    assert reconciled.period.text() == "2026-12"
    press(page, Qt.Key.Key_Slash)
    fill(page, "2026Q4")
    ready(reconciled, qtbot)
    assert QApplication.focusWidget() is reconciled.list
    found = reconciled.current()
    assert found is not None
    assert str(found.period) == "2026Q4"
    press(page, Qt.Key.Key_Slash)
    fill(page, "x")
    assert "“x”" in reconciled.banner.accessibleName()


def test_the_common_share_is_chosen(
    page: MetersPage, reconciled: ReconciliationTab, community: SmallCommunity, qtbot: QtBot
) -> None:
    community.add(FeeItem, name="公摊水费", nature="代收代付", position=9)
    press(page, Qt.Key.Key_K, CONTROL)
    sheet = sheet_over(page, CommonItemsSheet)
    assert isinstance(sheet, CommonItemsSheet)
    assert {name for name, box in sheet.boxes.items() if box.isChecked()} == {"公摊水费"}
    sheet.boxes["公摊电费"].setFocus()
    press(page, Qt.Key.Key_Space)
    press(page, Qt.Key.Key_Return)
    assert open_sheet(page.window()) is None
    ready(reconciled, qtbot)
    community.run(add_shared_cost, facts=LIFTS)
    reconciled.refresh()
    ready(reconciled, qtbot)
    found = reconciled.current()
    assert found is not None
    assert [share.name for share in found.common] == ["电梯用电"]
    assert found.common_total == 9000


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize(
    ("width", "height", "type_size", "theme"),
    [
        (1366, 768, TypeSize.NORMAL, ThemeChoice.LIGHT),
        (1366, 768, TypeSize.LARGE, ThemeChoice.DARK),
        (1093, 614, TypeSize.NORMAL, ThemeChoice.DARK),
        (911, 512, TypeSize.NORMAL, ThemeChoice.LIGHT),
    ],
)
def test_nothing_is_cut_off(
    page: MetersPage,
    shared: SharedCostsTab,
    community: SmallCommunity,
    look: Appearance,
    qtbot: QtBot,
    width: int,
    height: int,
    type_size: TypeSize,
    theme: ThemeChoice,
    language: str,
) -> None:
    community.run(add_shared_cost, facts=replace(LIFTS, note="电表 D-1 抄见", vacant_weight=Fraction(1, 2)))
    facts = InvoiceFacts(item="水费", period=NOVEMBER, supplier="样例水务有限公司", number="W-11", amount=Fen(123456))
    community.run(record_invoice, facts=facts)
    window = page.window()
    assert isinstance(window, MainWindow)
    look.set_language(language)
    look.apply(type_size=type_size, theme=theme)
    window.setFixedSize(width, height)
    window.training.show()
    for place in (0, 1):
        page.show_tab(place)
        page.refresh()
        tab = page.current_tab()
        assert isinstance(tab, SharedCostsTab | ReconciliationTab)
        ready(tab, qtbot)
        QApplication.processEvents()
        QApplication.processEvents()
        assert "\n".join(cut_off(window)) == ""
        press(page, Qt.Key.Key_N, CONTROL)
        QApplication.processEvents()
        sheet = open_sheet(window)
        assert isinstance(sheet, Sheet)
        assert sheet.rect().contains(sheet.card.geometry())
        assert sheet.card.height() >= sheet.card.minimumSizeHint().height()
        press(page, Qt.Key.Key_Escape)
    window.grab()
