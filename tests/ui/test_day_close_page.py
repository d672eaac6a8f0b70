"""The day close by keyboard: a blind count, the shift handed over, the day locked, and nothing shown too early."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from feedesk.db import Database
from feedesk.money import Fen
from feedesk.ops.closing import close_day
from feedesk.ops.collecting import TenderGiven, collect_payment
from feedesk.ops.shifts import close_shift, open_shift
from feedesk.rules.drawer import Movement
from feedesk.rules.ready_to_close import Matter
from feedesk.rules.variance import CauseKind
from feedesk.texts import _
from feedesk.ui.appearance import Appearance, appearance
from feedesk.ui.dialogs.confirm_sheet import ConfirmSheet
from feedesk.ui.main_window import MainWindow, PageFactory
from feedesk.ui.pages.dayclose.bank_sheet import BankSheet, Slip
from feedesk.ui.pages.dayclose.causes_sheet import CausesSheet
from feedesk.ui.pages.dayclose.count_panel import CountPanel
from feedesk.ui.pages.dayclose.drawer_sheet import DrawerSheet
from feedesk.ui.pages.dayclose.facts import channel_facts
from feedesk.ui.pages.dayclose.open_items import OpenItem
from feedesk.ui.pages.dayclose.page import DayClosePage
from feedesk.ui.pages.dayclose.reopen_sheet import ReopenSheet
from feedesk.ui.pages.dayclose.rows import LineLook
from feedesk.ui.pages.dayclose.takings_card import CHANNELS, COUNT, DONE, LOCK, OPEN_ITEMS
from feedesk.ui.pages.dayclose.takings_table import TakingsModel
from feedesk.ui.pages.dayclose.work import DayCloseWork
from feedesk.ui.shortcuts import open_sheet
from feedesk.ui.tables.delegate import PAD
from feedesk.ui.tasks import Worker
from feedesk.ui.widgets.painting import spans_text
from tests.community import TODAY, open_desk, picture_home, small_community
from tests.ui.closing_case import COUNTS, EXPECTED, ClosingCase, picture_view, shift_row
from tests.ui.keyboard import type_text


@pytest.fixture
def worker(qtbot: QtBot) -> Iterator[Worker]:
    made = Worker()
    yield made
    made.stop()


def shown(case: ClosingCase | DayCloseWork, worker: Worker, qtbot: QtBot) -> DayClosePage:
    """The page in a window, the keyboard where work begins."""
    window = MainWindow()
    qtbot.addWidget(window)
    window.add_pages([PageFactory("dayclose", lambda: DayClosePage(case.functions(), worker))])
    window.show()
    window.setFixedSize(1366, 768)
    window.show_page("dayclose")
    window.activateWindow()
    page = window.pages()["dayclose"]
    assert isinstance(page, DayClosePage)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None and page.width() > 1200)
    QApplication.processEvents()
    return page


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def press(*keys: str | Qt.Key) -> None:
    """Keys to whatever has the keyboard, as a person would."""
    for key in keys:
        if isinstance(key, str):
            type_text(focused(), key)
        else:
            QTest.keyClick(focused(), key)


def count(counts: dict[str, int]) -> None:
    for pieces in counts.values():
        press(str(pieces), Qt.Key.Key_Return)


def words_of(widget: QWidget) -> str:
    """Every word that stands on a page, figures included, drawn or labelled."""
    labels = [label.text() for label in widget.findChildren(QLabel)]
    names = [child.accessibleName() for child in widget.findChildren(QWidget)]
    return "\n".join([*labels, *names])


def cells(page: DayClosePage) -> str:
    model = page.takings.table.model()
    assert isinstance(model, TakingsModel)
    lines = page.takings.table.lines()
    return "\n".join(spans_text(spec.cell(line).spans) for line in lines for spec in model.columns)


def test_counting_is_blind_until_enter(worker: Worker, qtbot: QtBot) -> None:
    page = shown(ClosingCase(), worker, qtbot)
    assert page.step() == COUNT
    assert focused() is page.count.rows["100"].edit
    before = cells(page) + words_of(page)
    for secret in ("3,982.40", "1,980.30", "38,146.90", "12,306.50", "3,482.40"):
        assert secret not in before
    count(COUNTS)
    assert focused() is page.count.rows["coin1"].edit
    assert page.count.rows["100"].amount() == Fen(280000)
    press(*[Qt.Key.Key_Return] * 4)
    after = cells(page) + words_of(page)
    assert "1,980.30" in after
    assert "12,306.50" in after
    seen = page.count.seen()
    assert seen is not None
    assert seen.expected == EXPECTED
    assert seen.over_short == 0
    assert "账实相符" in words_of(page.count)


def test_amounts_follow_while_typing_and_letters_are_refused_in_words(worker: Worker, qtbot: QtBot) -> None:
    page = shown(ClosingCase(), worker, qtbot)
    press("2x８")
    assert page.count.rows["100"].count() == 28
    assert "2,800.00" in words_of(page.count)
    press("张")
    assert page.count.rows["100"].count() == 28
    assert "只填张数" in words_of(page.count)
    press(Qt.Key.Key_Down)
    assert focused() is page.count.rows["50"].edit
    press("9", Qt.Key.Key_Up)
    assert focused() is page.count.rows["100"].edit
    assert page.count.counts() == {"100": 28, "50": 9}


def test_an_uncounted_drawer_is_not_shown(worker: Worker, qtbot: QtBot) -> None:
    case = ClosingCase()
    page = shown(case, worker, qtbot)
    press(*[Qt.Key.Key_Return] * 12)
    assert case.counted == []
    assert "还没有清点" in words_of(page.count)
    press("0")
    QTest.keyClick(focused(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert case.counted == [{"100": 0}]


def test_handing_over_asks_once_and_names_the_amounts(worker: Worker, qtbot: QtBot) -> None:
    case = ClosingCase(expected=Fen(EXPECTED + 300))
    page = shown(case, worker, qtbot)
    count(COUNTS)
    press(*[Qt.Key.Key_Return] * 4)
    assert "短款 3.00" in words_of(page.count)
    with qtbot.waitSignal(page.shift_closed, raising=False, timeout=0):
        press(Qt.Key.Key_Return)
    sheet = open_sheet(page.window())
    assert isinstance(sheet, ConfirmSheet)
    assert "3,982.40" in words_of(sheet)
    assert "短款 3.00" in words_of(sheet)
    press(Qt.Key.Key_Escape)
    assert page.step() == COUNT
    press(Qt.Key.Key_Return)
    with qtbot.waitSignal(page.shift_closed):
        press(Qt.Key.Key_Return)
    assert page.step() == LOCK
    assert "短款 3.00" in words_of(page.lock)
    assert focused() is page.lock.button


def test_counting_again_masks_everything_anew(worker: Worker, qtbot: QtBot) -> None:
    page = shown(ClosingCase(), worker, qtbot)
    count(COUNTS)
    press(*[Qt.Key.Key_Return] * 4)
    QTest.keyClick(focused(), Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert page.count.seen() is None
    assert page.count.counts() == {}
    assert "3,982.40" not in words_of(page.count)
    assert "1,980.30" not in cells(page)
    assert focused() is page.count.rows["100"].edit


def test_after_serving_somebody_else_the_books_are_asked_anew(worker: Worker, qtbot: QtBot) -> None:
    page = shown(ClosingCase(), worker, qtbot)
    count(COUNTS)
    press(*[Qt.Key.Key_Return] * 4)
    page.refresh()
    page.take_focus()
    assert page.count.seen() is None
    assert page.count.counts() == COUNTS
    assert "1,980.30" not in cells(page)


def test_open_items_come_first(worker: Worker, qtbot: QtBot) -> None:
    case = ClosingCase(
        picture_view(
            earlier=date(2026, 11, 22), shifts=(shift_row(1, is_open=True), shift_row(2, is_open=True, till=2))
        )
    )
    page = shown(case, worker, qtbot)
    assert page.step() == OPEN_ITEMS
    assert [button.item.act for button in page.takings.items.buttons] == [
        "去结这一天",
        "代点这个钱箱",
        "去清点",
    ]
    assert [button.item.blocks for button in page.takings.items.buttons] == [True] * 3
    assert focused() is page.message.button
    press(Qt.Key.Key_Return)
    assert page.step() == COUNT
    QTest.keyClick(focused(), Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert page.step() == OPEN_ITEMS
    page.takings.items.buttons[0].setFocus()
    press(Qt.Key.Key_Return)
    assert case.asked[-1] == (date(2026, 11, 22), None)


def test_no_shift_says_so_and_leads_to_the_desk(worker: Worker, qtbot: QtBot) -> None:
    page = shown(ClosingCase(picture_view(is_open=False, shifts=(), blind=False)), worker, qtbot)
    assert "没有开过班" in words_of(page.message)
    with qtbot.waitSignal(page.desk_asked):
        press(Qt.Key.Key_Return)


def test_a_shift_at_another_till_keeps_the_day_open(worker: Worker, qtbot: QtBot) -> None:
    shifts = (shift_row(1, is_open=False), shift_row(2, is_open=True, till=2))
    page = shown(ClosingCase(picture_view(is_open=False, shifts=shifts)), worker, qtbot)
    assert page.step() == OPEN_ITEMS
    assert "2 号台" in page.takings.items.buttons[0].text()
    assert "还有班次没有交班" in words_of(page.message)
    page.go_to_step(LOCK)
    assert page.step() == OPEN_ITEMS


def test_the_table_has_subtotals_by_whose_money_it_is(worker: Worker, qtbot: QtBot) -> None:
    page = shown(ClosingCase(picture_view(blind=False)), worker, qtbot)
    lines = {line.name: line for line in page.takings.table.lines()}
    assert lines["自有小计"].amounts["wechat"] == Fen(1825620)
    assert lines["代收代付小计"].amounts["alipay"] == Fen(61824)
    assert lines["合计"].amounts["wechat"] == Fen(2144946)
    assert lines["合计"].total == Fen(3814690)
    assert page.takings.table.lines()[-1].look is LineLook.TOTAL


def test_a_narrow_window_puts_the_last_ways_of_paying_together(worker: Worker, qtbot: QtBot, look: Appearance) -> None:
    page = shown(ClosingCase(picture_view(blind=False)), worker, qtbot)
    page.window().setFixedSize(911, 512)
    QApplication.processEvents()
    assert look.is_compact
    lines = {line.name: line for line in page.takings.table.lines()}
    assert sum(amount or 0 for amount in lines["合计"].amounts.values()) == 3814690
    assert lines["物业费"].amounts["others"] == Fen(967300)
    table = page.takings.table
    assert sum(table.columnWidth(place) for place in range(table.model().columnCount())) <= table.viewport().width()


def test_the_model_keeps_qts_rules(qtbot: QtBot, worker: Worker) -> None:
    page = shown(ClosingCase(), worker, qtbot)
    QAbstractItemModelTester(page.takings.table.model(), QAbstractItemModelTester.FailureReportingMode.Fatal)
    page.takings.retranslate()


def test_a_whole_day_on_a_ledger(sqlite_ledger: Database, tmp_path: Path, worker: Worker, qtbot: QtBot) -> None:
    """Count, hand over, lock: the day is closed in the ledger and its workbook lies in the folder."""
    community = small_community(sqlite_ledger)
    home = picture_home(community)
    open_desk(community, Fen(50000))
    community.run(
        collect_payment, account=home.dwelling, tenders=[TenderGiven("cash", Fen(200000))], household_too=True
    )
    opened: list[Path] = []
    work = DayCloseWork(lambda: community.workplace, folder=tmp_path / "out", open_path=opened.append)
    page = shown(work, worker, qtbot)
    assert page.step() == COUNT
    assert "1,979" not in cells(page) + words_of(page)
    press("24", Qt.Key.Key_Return, "1")
    QTest.keyClick(focused(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    seen = page.count.seen()
    assert seen is not None
    assert seen.expected == Fen(50000 + 197940)
    assert seen.over_short == Fen(245000 - 247940)
    press(Qt.Key.Key_Return, Qt.Key.Key_Return)
    assert page.step() == LOCK
    press(Qt.Key.Key_Return)
    assert isinstance(open_sheet(page.window()), ConfirmSheet)
    with qtbot.waitSignal(page.day_closed):
        press(Qt.Key.Key_Return)
    path = tmp_path / "out" / f"收费日报 {TODAY.isoformat()}.xlsx"
    qtbot.waitUntil(lambda: page.step() == DONE)
    assert path.exists()
    press(Qt.Key.Key_Return)
    assert opened == [path]
    stored = community.run(close_day, date=TODAY)
    assert not stored.newly
    assert stored.total == Fen(197940)


def test_a_difference_names_what_may_explain_it(sqlite_ledger: Database, worker: Worker, qtbot: QtBot) -> None:
    """1,979.40 was booked as cash, but the payer had used WeChat: the drawer is short by just that."""
    community = small_community(sqlite_ledger)
    home = picture_home(community)
    open_desk(community, Fen(50000))
    paid = [TenderGiven("cash", Fen(197940))]
    done = community.run(collect_payment, account=home.dwelling, tenders=paid, part=True, household_too=True)
    page = shown(DayCloseWork(lambda: community.workplace), worker, qtbot)
    press("5")
    QTest.keyClick(focused(), Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert open_sheet(page.window()) is None  # nothing to explain before the books are shown
    QTest.keyClick(focused(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert page.count.seen() is not None
    QTest.keyClick(focused(), Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    sheet = open_sheet(page.window())
    assert isinstance(sheet, CausesSheet)
    assert [(row.receipt, row.kind) for row in sheet.model.rows()] == [(done.receipt, CauseKind.OTHER_TENDER)]
    assert "1,979.40" in sheet.model.rows()[0].words
    press(Qt.Key.Key_Escape)
    assert open_sheet(page.window()) is None
    assert focused() is page.count.button


def test_petty_cash_is_booked_with_its_purpose(worker: Worker, qtbot: QtBot) -> None:
    case = ClosingCase()
    page = shown(case, worker, qtbot)
    QTest.keyClick(focused(), Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    sheet = open_sheet(page.window())
    assert isinstance(sheet, DrawerSheet)
    assert focused() is sheet.kind
    press(Qt.Key.Key_Down, Qt.Key.Key_Return, "30", Qt.Key.Key_Return)
    assert focused() is sheet.purpose  # Enter goes on while there is no purpose
    assert not sheet.sentence.text()
    press("change", Qt.Key.Key_Return)
    assert case.moved == [(Movement.CHANGE_IN, Fen(3000), "change")]
    assert open_sheet(page.window()) is None
    assert "领零钱" in page.banner.accessibleName()


def test_what_was_told_is_gone_when_the_page_is_come_back_to(worker: Worker, qtbot: QtBot) -> None:
    page = shown(ClosingCase(), worker, qtbot)
    page.papers.told.emit("said", "good")
    assert page.banner.isVisible()
    page.refresh()
    assert not page.banner.isVisible()


def test_cash_in_transit_is_cleared_by_its_slip(worker: Worker, qtbot: QtBot) -> None:
    case = ClosingCase()
    page = shown(case, worker, qtbot)
    QTest.keyClick(focused(), Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    sheet = open_sheet(page.window())
    assert isinstance(sheet, BankSheet)
    assert focused() is sheet.number
    press("JK-7", Qt.Key.Key_Tab)
    assert focused() is sheet.amount
    press("x", Qt.Key.Key_Return)
    assert sheet.sentence.text()
    focused().selectAll()  # type: ignore[attr-defined]
    press("3000", Qt.Key.Key_Return)
    assert open_sheet(page.window()) is None
    day = date(2026, 11, 22)
    assert case.slips == [Slip("JK-7", Fen(300000), day, day, case.view.today)]
    assert "JK-7" in page.banner.accessibleName()


def test_a_locked_day_is_opened_again_for_a_reason(
    sqlite_ledger: Database, worker: Worker, tmp_path: Path, qtbot: QtBot
) -> None:
    community = small_community(sqlite_ledger)
    open_desk(community, Fen(0))
    community.run(close_shift)
    community.run(close_day)
    page = shown(DayCloseWork(lambda: community.workplace, folder=tmp_path), worker, qtbot)
    page.cures.go(OpenItem(Matter.EARLIER_DAY, "", "", "", TODAY))  # the closed day is shown
    assert page.step() == DONE
    QTest.keyClick(focused(), Qt.Key.Key_U, Qt.KeyboardModifier.ControlModifier)
    sheet = open_sheet(page.window())
    assert isinstance(sheet, ReopenSheet)
    press(Qt.Key.Key_Return)
    assert sheet.sentence.text()
    with qtbot.waitSignal(page.day_reopened):
        press("wrong count", Qt.Key.Key_Return)
    assert page.step() == LOCK
    assert community.run(close_day, date=TODAY).version == 2


def test_channels_are_compared_before_locking(sqlite_ledger: Database, worker: Worker, qtbot: QtBot) -> None:
    community = small_community(sqlite_ledger)
    home = picture_home(community)
    open_desk(community, Fen(0))
    tenders = [TenderGiven("wechat", Fen(100000), "W1"), TenderGiven("alipay", Fen(97940), "A1")]
    community.run(collect_payment, account=home.dwelling, tenders=tenders, part=True, household_too=True)
    community.run(close_shift)
    page = shown(DayCloseWork(lambda: community.workplace), worker, qtbot)
    assert page.step() == CHANNELS
    assert focused() is page.channels.fields["wechat"]
    press("1100", Qt.Key.Key_Return)
    assert "微信比账上多 100.00" in words_of(page.channels)
    press("97x", Qt.Key.Key_Return, Qt.Key.Key_Return)
    assert page.step() == CHANNELS
    assert focused() is page.channels.fields["alipay"]
    focused().selectAll()  # type: ignore[attr-defined]
    press("979.40", Qt.Key.Key_Return, Qt.Key.Key_Return)
    assert page.step() == LOCK
    view = page.view()
    assert view is not None
    facts = channel_facts(view.channels, page.reported())
    assert [(name, figure) for name, figure, _tone in facts] == [("微信核对", "100.00"), ("支付宝核对", "相符")]
    QTest.keyClick(focused(), Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert page.step() == CHANNELS
    assert page.channels.reported() == {"wechat": Fen(110000), "alipay": Fen(97940)}
    QTest.keyClick(focused(), Qt.Key.Key_4, Qt.KeyboardModifier.ControlModifier)
    assert page.step() == LOCK
    page.cures.told.emit("reference saved", "danger")
    page.go_to_step(LOCK)
    assert page.banner.isVisible()
    press(Qt.Key.Key_Return)
    with qtbot.waitSignal(page.day_closed):
        press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not worker.is_busy())
    assert not page.banner.isVisible()  # what was told before the day was locked no longer stands above it
    stored = community.run(close_day, date=TODAY).figures.channels
    assert [(one.code, one.difference) for one in stored] == [
        ("wechat", Fen(10000)),
        ("alipay", Fen(0)),
        ("card", None),
    ]


def test_a_folder_that_cannot_be_written_leaves_the_day_closed(
    sqlite_ledger: Database, tmp_path: Path, worker: Worker, qtbot: QtBot
) -> None:
    community = small_community(sqlite_ledger)
    open_desk(community, Fen(0))
    community.run(close_shift)
    (tmp_path / "blocked").write_text("a file where the folder should be")
    work = DayCloseWork(lambda: community.workplace, folder=tmp_path / "blocked")
    page = shown(work, worker, qtbot)
    press(Qt.Key.Key_Return, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "不是文件夹" in page.lock.sentence.text())
    assert page.step() == DONE
    page.use_folder(tmp_path / "good")
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: (tmp_path / "good" / f"收费日报 {TODAY.isoformat()}.xlsx").exists())
    qtbot.waitUntil(lambda: not worker.is_busy())


def test_a_second_shift_of_the_day_is_counted_on_its_own(sqlite_ledger: Database, worker: Worker, qtbot: QtBot) -> None:
    community = small_community(sqlite_ledger)
    home = picture_home(community)
    open_desk(community, Fen(50000))
    community.run(
        collect_payment, account=home.dwelling, tenders=[TenderGiven("cash", Fen(50000))], part=True, household_too=True
    )
    community.run(close_shift)
    community.run(open_shift, opening_float=Fen(30000))
    page = shown(DayCloseWork(lambda: community.workplace), worker, qtbot)
    lines = {line.name: line for line in page.takings.table.lines()}
    assert lines["合计"].amounts["cash"] is None
    assert "300.00" in words_of(page.count)
    press("3")
    QTest.keyClick(focused(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    seen = page.count.seen()
    assert seen is not None
    assert (seen.expected, seen.over_short) == (Fen(30000), Fen(0))
    assert {line.name: line for line in page.takings.table.lines()}["合计"].amounts["cash"] == Fen(50000)


@pytest.mark.parametrize("blind", [True, False])
def test_a_banner_above_leaves_every_field_and_name_its_room(worker: Worker, qtbot: QtBot, blind: bool) -> None:
    page = shown(ClosingCase(picture_view(blind=blind)), worker, qtbot)
    page.window().setFixedSize(1366, 704)
    QApplication.processEvents()
    QApplication.processEvents()
    panel = page.findChild(CountPanel)
    assert panel is not None
    for row in panel.rows.values():
        parts = [part for part in row.findChildren(QWidget) if part.isVisible()]
        assert row.rect().contains(parts[-1].geometry())
        for left, right in pairwise(parts):
            assert left.geometry().right() < right.geometry().left(), row.face.text()
            assert left.width() >= left.minimumSizeHint().width()
    table = page.takings.table
    names = QFontMetricsF(appearance().font("secondary"))
    for line in table.lines():
        indent = "\N{EM SPACE}" if line.look is LineLook.SUBTOTAL else ""
        assert names.horizontalAdvance(indent + line.name) + PAD + 4 <= table.columnWidth(0)
    assert "others" not in table.lines()[-1].amounts


def test_what_hides_the_cash_is_written_in_full(worker: Worker, qtbot: QtBot) -> None:
    table = shown(ClosingCase(), worker, qtbot).takings.table
    model = table.model()
    assert isinstance(model, TakingsModel)
    notes = [(place, spec.note) for place, spec in enumerate(model.columns) if spec.note]
    assert len(notes) == 2
    for place, note in notes:
        words = QFontMetricsF(appearance().font("keycap")).horizontalAdvance(_(note))
        assert words + 2 * PAD <= table.columnWidth(place)
