"""A round typed by keyboard on a small ledger: stored row by row, asked twice, refused in the row, nothing lost."""

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from feedesk import models
from feedesk.config import ThemeChoice, TypeSize
from feedesk.db import Database
from feedesk.models import table_of
from feedesk.ops.metering import ReadingGiven, record_readings
from feedesk.ui.appearance import Appearance
from feedesk.ui.main_window import MainWindow, PageFactory
from feedesk.ui.pages.meters.page import MetersPage
from feedesk.ui.pages.meters.readings_tab import ReadingsTab
from feedesk.ui.pages.meters.swap_sheet import SwapSheet
from feedesk.ui.pages.meters.work import ReadingsWork
from feedesk.ui.pages.records.import_sheet import ImportFunctions, ImportSheet
from feedesk.ui.shortcuts import open_sheet
from feedesk.ui.tasks import Worker
from tests.community import TODAY, SmallCommunity, small_community
from tests.metering import bill, home, last_reading, meter
from tests.ui.cut_off import cut_off
from tests.ui.keyboard import type_text

HOMES = 24
CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
IMPORTING = ImportFunctions(*4 * (lambda *_facts: None,))  # type: ignore[arg-type]


@pytest.fixture
def community(sqlite_ledger: Database) -> SmallCommunity:
    """24 homes on two buildings that used 18 and 16 tons, one of them with a power meter too."""
    made = small_community(sqlite_ledger)
    for number in range(HOMES):
        building, room = divmod(number, 12)
        code = f"{building + 1}-1-{room // 2 + 1}0{room % 2 + 1}"
        home(made, code, str(400 + number), str(418 + number), str(434 + number))
    meter(made, "1-1-101", "9000", "9100", "9200", kind="电表", number="D1")
    return made


@pytest.fixture
def worker(qtbot: QtBot) -> Iterator[Worker]:
    made = Worker()
    yield made
    made.stop()


@pytest.fixture
def window(community: SmallCommunity, worker: Worker, qtbot: QtBot) -> MainWindow:
    made = MainWindow()
    qtbot.addWidget(made)

    def page() -> MetersPage:
        return MetersPage([ReadingsTab(ReadingsWork(lambda: community.workplace, IMPORTING).functions(), worker)])

    made.add_pages([PageFactory("meters", page)])
    made.show()
    made.setFixedSize(1366, 768)
    made.show_page("meters")
    made.activateWindow()
    return made


@pytest.fixture
def tab(window: MainWindow, qtbot: QtBot) -> ReadingsTab:
    page = window.pages()["meters"]
    assert isinstance(page, MetersPage)
    found = page.tabs[0]
    assert isinstance(found, ReadingsTab)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is found.table.field and not found.is_busy())
    return found


def settled(tab: ReadingsTab, qtbot: QtBot) -> None:
    """Until the round is read."""
    qtbot.waitUntil(lambda: not tab.is_busy())


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    widget = QApplication.focusWidget()
    assert widget is not None, "nothing has the keyboard"
    QTest.keyClick(widget, key, modifiers)


def enter(text: str = "") -> None:
    """A figure, perhaps, and Enter."""
    widget = QApplication.focusWidget()
    assert widget is not None, "nothing has the keyboard"
    type_text(widget, text)
    press(Qt.Key.Key_Return)


def here(tab: ReadingsTab) -> str:
    """The room of the row at hand."""
    entry = tab.table.entry()
    assert entry is not None
    return entry.row.unit


def note(tab: ReadingsTab, unit: str) -> str:
    """What stands beside a row."""
    place = next(place for place, entry in enumerate(tab.model.rows()) if entry.row.unit == unit)
    return tab.model.cell(place, tab.model.columnCount() - 1).text


def shown(tab: ReadingsTab, unit: str, heading: str) -> str:
    """A cell by its heading."""
    place = next(place for place, entry in enumerate(tab.model.rows()) if entry.row.unit == unit)
    headings = [tab.model.headerData(c, Qt.Orientation.Horizontal) for c in range(tab.model.columnCount())]
    return tab.model.cell(place, headings.index(heading)).text


def stored(community: SmallCommunity, kind: str = "水表") -> dict[str, tuple[Fraction, str]]:
    """November's readings by room."""
    readings, meters, units = (table_of(model) for model in (models.MeterReading, models.Meter, models.Unit))
    statement = (
        select(units.c.code, readings.c.reading, readings.c.kind)
        .join(meters, meters.c.unit_id == units.c.id)
        .join(readings, readings.c.meter_id == meters.c.id)
        .where(readings.c.read_on >= date(2026, 11, 1), meters.c.kind == kind)
        .order_by(units.c.sort_key)
    )
    with community.database.reading() as connection:
        return {code: (reading, marked) for code, reading, marked in connection.execute(statement)}


def words_of(widget: QWidget) -> str:
    labels = [label.text() for label in widget.findChildren(QLabel)]
    return "\n".join([*labels, *(child.accessibleName() for child in widget.findChildren(QWidget))])


def test_twenty_readings_typed_in_walking_order(tab: ReadingsTab, community: SmallCommunity) -> None:
    QAbstractItemModelTester(tab.model)
    for number in range(20):
        assert here(tab) == tab.model.row_at(number).row.unit
        enter(str(434 + number + 17))
        assert len(stored(community)) == number + 1  # each at once
    assert here(tab) == "2-1-501"
    tally = tab.tally()
    assert (tally.read, tally.left, tally.unusual, tally.ready) == (20, 4, 0, 20)
    assert "已抄 20/24" in words_of(tab.head)
    assert "可出账 20" in words_of(tab.head)
    assert set(stored(community).values()) == {(Fraction(451 + number), "正常") for number in range(20)}


def test_usage_and_change_appear_while_typing(tab: ReadingsTab) -> None:
    type_text(tab.table.field, "46")
    assert (shown(tab, "1-1-101", "用量"), shown(tab, "1-1-101", "变化")) == ("−388", "−2382%")
    type_text(tab.table.field, "0")
    assert (shown(tab, "1-1-101", "用量"), shown(tab, "1-1-101", "变化")) == ("26", "+53%")
    assert "460 − 434 = 26" in tab.sentence.text()


def test_an_unusual_usage_wants_enter_twice(tab: ReadingsTab, community: SmallCommunity) -> None:
    enter("477")
    assert here(tab) == "1-1-101"
    assert note(tab, "1-1-101") == "用量 43，比近两期平均 17 多 153%：再按 Enter 确认"
    assert stored(community) == {}
    enter()
    assert here(tab) == "1-1-102"
    assert stored(community) == {"1-1-101": (Fraction(477), "正常")}
    assert tab.tally().unusual == 1
    assert note(tab, "1-1-101") == "用量 43，比近两期平均 17 多 153%"


def test_a_figure_typed_anew_is_asked_about_anew(tab: ReadingsTab, community: SmallCommunity) -> None:
    enter("477")
    enter("478")
    assert stored(community) == {}
    enter("452")
    assert stored(community) == {"1-1-101": (Fraction(452), "正常")}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("433", "小于上次 434：换表按 Ctrl H，翻转按 Ctrl R，或改正"),
        ("450.1234", "“450.1234”超过三位小数：读数最多三位小数。"),
        ("45o", "“45o”不是读数：请照表上的数字输入，例如 431 或 431.5。"),
        ("-4", "“-4”小于零：表上不会有这样的读数。"),
    ],
)
def test_a_wrong_figure_says_why_in_its_row_and_stays(
    tab: ReadingsTab, community: SmallCommunity, text: str, said: str
) -> None:
    enter(text)
    assert (here(tab), note(tab, "1-1-101"), tab.sentence.text()) == ("1-1-101", said, said)
    press(Qt.Key.Key_Down)
    enter("452")
    assert note(tab, "1-1-101") == said
    assert "未保存 1" in words_of(tab.head)
    assert set(stored(community)) == {"1-1-102"}
    press(Qt.Key.Key_Up)
    press(Qt.Key.Key_Up)
    assert (here(tab), tab.table.field.text()) == ("1-1-101", text)
    enter("451")
    assert stored(community)["1-1-101"] == (Fraction(451), "正常")
    assert "未保存" not in words_of(tab.head)


def test_full_width_digits_are_taken(tab: ReadingsTab, community: SmallCommunity) -> None:
    enter("４５１。５")
    assert stored(community) == {"1-1-101": (Fraction("451.5"), "正常")}


def test_an_empty_row_is_skipped_and_arrows_store_what_is_typed(tab: ReadingsTab, community: SmallCommunity) -> None:
    enter()
    assert here(tab) == "1-1-102"
    type_text(tab.table.field, "452")
    press(Qt.Key.Key_Down)
    assert stored(community) == {"1-1-102": (Fraction(452), "正常")}
    type_text(tab.table.field, "499")
    press(Qt.Key.Key_PageDown)
    assert set(stored(community)) == {"1-1-102"}
    assert note(tab, "1-1-201").endswith("再按 Enter 确认")


def test_what_is_not_stored_outlives_another_building(tab: ReadingsTab, qtbot: QtBot) -> None:
    enter("433")
    tab.head.building.setFocus()
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Down)
    settled(tab, qtbot)
    assert (len(tab.model.rows()), tab.head.chosen_building()) == (12, "2")
    assert "未保存 1" in words_of(tab.head)
    press(Qt.Key.Key_Up)
    settled(tab, qtbot)
    assert (tab.head.chosen_building(), note(tab, "1-1-101")[:4]) == ("1", "小于上次")


def test_a_typed_figure_is_corrected_by_typing_over_it(tab: ReadingsTab, community: SmallCommunity) -> None:
    enter("451")
    press(Qt.Key.Key_Up)
    assert tab.table.field.text() == "451"
    enter("450")
    assert stored(community) == {"1-1-101": (Fraction(450), "正常")}
    press(Qt.Key.Key_U, CONTROL)
    assert stored(community) == {"1-1-101": (Fraction(451), "正常")}
    press(Qt.Key.Key_U, CONTROL)
    assert stored(community) == {}
    assert (here(tab), tab.tally().read) == ("1-1-101", 0)
    press(Qt.Key.Key_U, CONTROL)
    assert "无可撤销" in tab.sentence.text()


def test_enter_on_an_unchanged_row_stores_nothing(tab: ReadingsTab, community: SmallCommunity) -> None:
    enter("451")
    press(Qt.Key.Key_Up)
    enter()
    audit = table_of(models.AuditRecord)
    with community.database.reading() as connection:
        acts = connection.execute(select(audit.c.action).where(audit.c.subject.like("meter:%"))).scalars().all()
    assert acts == ["record_reading"]
    assert here(tab) == "1-1-102"


def test_a_reading_is_removed_and_brought_back(tab: ReadingsTab, community: SmallCommunity) -> None:
    enter("451")
    press(Qt.Key.Key_Up)
    press(Qt.Key.Key_D, CONTROL)
    assert stored(community) == {}
    assert (tab.table.field.text(), tab.tally().read) == ("", 0)
    press(Qt.Key.Key_U, CONTROL)
    assert stored(community) == {"1-1-101": (Fraction(451), "正常")}
    type_text(tab.table.field, "4")
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Up)
    press(Qt.Key.Key_Escape)
    assert tab.table.field.text() == "451"


def test_an_estimate_is_marked(tab: ReadingsTab, community: SmallCommunity) -> None:
    press(Qt.Key.Key_G, CONTROL)
    assert stored(community) == {"1-1-101": (Fraction(451), "估读")}
    assert (here(tab), note(tab, "1-1-101")) == ("1-1-102", "估读")
    press(Qt.Key.Key_Up)
    press(Qt.Key.Key_G, CONTROL)
    assert "已抄过" in note(tab, "1-1-101")


def test_a_rollover_is_asked_about_with_its_digits(tab: ReadingsTab, community: SmallCommunity) -> None:
    press(Qt.Key.Key_R, CONTROL)
    assert "先输入" in tab.sentence.text()
    type_text(tab.table.field, "12")
    press(Qt.Key.Key_R, CONTROL)
    assert note(tab, "1-1-101") == "3 位表翻转，用量 578：再按 Enter 确认，Ctrl R 加一位"
    assert "1000 − 434 + 12 = 578" in tab.sentence.text()
    press(Qt.Key.Key_R, CONTROL)
    assert "4 位表翻转，用量 9578" in note(tab, "1-1-101")
    enter()
    assert stored(community) == {"1-1-101": (Fraction(12), "翻转")}
    assert shown(tab, "1-1-101", "用量") == "9578"


def test_a_swap_is_typed_on_its_sheet(tab: ReadingsTab, community: SmallCommunity, qtbot: QtBot) -> None:
    press(Qt.Key.Key_H, CONTROL)
    sheet = open_sheet(tab.window())
    assert isinstance(sheet, SwapSheet)
    assert "上次 434（2026-10-20）" in words_of(sheet)
    enter("430")
    enter("S2")
    enter()
    enter("7")
    enter()
    assert "旧表止度 430 小于它的上次读数 434" in sheet.sentence.text()
    sheet.old_final.setFocus()
    sheet.old_final.selectAll()
    enter("444")
    with qtbot.waitSignal(tab.stored):
        sheet.button.click()
    assert open_sheet(tab.window()) is None
    assert stored(community) == {"1-1-101": (Fraction(7), "换表")}
    assert note(tab, "1-1-101") == "换表 旧表止度 444，新表起度 0"
    assert (shown(tab, "1-1-101", "用量"), shown(tab, "1-1-101", "表号")) == ("17", "S2")
    assert (here(tab), QApplication.focusWidget()) == ("1-1-102", tab.table.field)
    press(Qt.Key.Key_U, CONTROL)
    assert stored(community) == {}
    assert (here(tab), shown(tab, "1-1-101", "表号")) == ("1-1-101", "S1")


def test_a_swap_wants_figures(tab: ReadingsTab) -> None:
    press(Qt.Key.Key_H, CONTROL)
    sheet = open_sheet(tab.window())
    assert isinstance(sheet, SwapSheet)
    sheet.submit()
    assert "不是读数" in sheet.sentence.text()
    type_text(sheet.old_final, "440")
    sheet.multiplier.setText("0")
    sheet.submit()
    assert "倍率要大于零" in sheet.sentence.text()
    press(Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is tab.table.field


def test_a_billed_reading_is_locked(tab: ReadingsTab, community: SmallCommunity, qtbot: QtBot) -> None:
    enter("451")
    meters = table_of(models.Meter)
    with community.database.reading() as connection:
        first = connection.execute(select(meters.c.id).order_by(meters.c.id)).scalars().first()
    assert first is not None
    bill(community, "1-1-101", last_reading(community, first), period="2026-11")
    tab.refresh()
    settled(tab, qtbot)
    press(Qt.Key.Key_4, ALT)
    assert [entry.row.unit for entry in tab.model.rows()] == ["1-1-101"]
    assert note(tab, "1-1-101") == "已出账，已锁定"
    enter("452")
    assert "2026-11 的水费已按它出账" in note(tab, "1-1-101")
    press(Qt.Key.Key_D, CONTROL)
    assert "已锁定" in tab.sentence.text()
    assert stored(community) == {"1-1-101": (Fraction(451), "正常")}


def test_views_of_the_round(tab: ReadingsTab) -> None:
    enter("451")
    enter("499")
    enter()
    enter("1")
    press(Qt.Key.Key_2, ALT)
    assert len(tab.model.rows()) == 22
    press(Qt.Key.Key_3, ALT)
    assert [entry.row.unit for entry in tab.model.rows()] == ["1-1-102", "1-1-201"]
    press(Qt.Key.Key_1, ALT)
    assert len(tab.model.rows()) == 24


def test_a_room_is_found_from_anywhere(tab: ReadingsTab) -> None:
    press(Qt.Key.Key_Slash)
    assert QApplication.focusWidget() is tab.head.search
    enter("21302")
    assert (here(tab), QApplication.focusWidget()) == ("2-1-302", tab.table.field)
    press(Qt.Key.Key_2, ALT)
    enter("449")
    press(Qt.Key.Key_2, ALT)
    press(Qt.Key.Key_Slash)
    type_text(tab.head.search, "9-9-999")
    assert "没有找到" in tab.sentence.text()
    press(Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is tab.table.field


def test_the_walking_order_is_the_readers(tab: ReadingsTab, qtbot: QtBot) -> None:
    press(Qt.Key.Key_Up, ALT)
    press(Qt.Key.Key_Down, ALT)
    press(Qt.Key.Key_Down, ALT)
    assert here(tab) == "1-1-101"
    assert [entry.row.unit for entry in tab.model.rows()][:3] == ["1-1-102", "1-1-201", "1-1-101"]
    tab.refresh()
    settled(tab, qtbot)
    assert [entry.row.unit for entry in tab.model.rows()][:3] == ["1-1-102", "1-1-201", "1-1-101"]


def test_another_kind_of_meter(tab: ReadingsTab, community: SmallCommunity, qtbot: QtBot) -> None:
    tab.head.kind.setFocus()
    press(Qt.Key.Key_Down)
    settled(tab, qtbot)
    assert [entry.row.number for entry in tab.model.rows()] == ["D1"]
    tab.take_focus()
    enter("9300")
    assert stored(community, "电表") == {"1-1-101": (Fraction(9300), "正常")}
    assert "1 只表全部抄完，1 只可出账" in tab.banner.accessibleName()


def test_at_the_end_it_says_how_many_are_left(tab: ReadingsTab) -> None:
    tab.table.choose_row(HOMES - 1)
    enter("474")
    assert here(tab) == "2-1-602"
    assert "还有 23 只表没抄" in tab.banner.accessibleName()


def test_a_reading_can_be_of_an_earlier_day_but_not_of_tomorrow(
    tab: ReadingsTab, community: SmallCommunity, qtbot: QtBot
) -> None:
    edit = tab.head.day_edit
    edit.setFocus()
    edit.selectAll()
    enter("2026-11-24")
    assert "今天是 2026-11-23" in tab.sentence.text()
    assert edit.text() == "2026-11-23"
    edit.setFocus()
    edit.selectAll()
    enter("20261120")
    settled(tab, qtbot)
    assert QApplication.focusWidget() is tab.table.field
    enter("451")
    readings = table_of(models.MeterReading)
    with community.database.reading() as connection:
        last = connection.execute(select(readings.c.read_on).order_by(readings.c.id.desc())).scalars().first()
    assert last == date(2026, 11, 20)


def test_the_row_is_copied_when_nothing_is_selected(tab: ReadingsTab) -> None:
    enter("451")
    press(Qt.Key.Key_Up)
    tab.table.field.deselect()
    press(Qt.Key.Key_C, CONTROL)
    lines = QApplication.clipboard().text().split("\n")
    assert len(lines) == 2
    assert lines[0].startswith("房屋\t住户\t表号")
    assert "1-1-101" in lines[1]
    assert "\t451\t" in lines[1]


def test_a_workbook_can_be_brought(tab: ReadingsTab) -> None:
    press(Qt.Key.Key_I, CONTROL)
    sheet = open_sheet(tab.window())
    assert isinstance(sheet, ImportSheet)
    sheet.close_sheet()


def test_the_list_is_exported_as_it_is_shown(tab: ReadingsTab, tmp_path: Path, qtbot: QtBot) -> None:
    enter("451")
    press(Qt.Key.Key_2, ALT)
    tab.export(tmp_path / "清单.xlsx")
    qtbot.waitUntil(lambda: "抄表单已保存在" in tab.banner.accessibleName())
    sheet = load_workbook(tmp_path / "清单.xlsx").active
    assert sheet is not None
    cells = {cell.value for line in sheet.iter_rows() for cell in line}
    assert {"1-1-102", "2-1-602", "水表抄表单 2026-11"} <= cells
    assert "1-1-101" not in cells
    tab.export(tmp_path / "清单.doc")
    qtbot.waitUntil(lambda: "清单.doc" in tab.banner.accessibleName())


def test_where_to_export_is_asked(tab: ReadingsTab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []
    answers = iter([("", ""), (str(tmp_path / "a.pdf"), "")])
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_facts: next(answers))
    monkeypatch.setattr(tab, "export", asked.append)
    press(Qt.Key.Key_E, CONTROL)
    press(Qt.Key.Key_E, CONTROL)
    assert asked == [tmp_path / "a.pdf"]


def test_somebody_else_read_it_meanwhile(tab: ReadingsTab, community: SmallCommunity) -> None:
    entry = tab.table.entry()
    assert entry is not None
    given = ReadingGiven(entry.row.meter, TODAY, Fraction(450))
    community.run(record_readings, readings=[given])
    enter("451")
    assert note(tab, "1-1-101") == "1-1-101 在 2026-11-23 已抄过（450）：请直接改正那次读数。"
    assert tab.tally().read == 1
    enter()
    assert stored(community) == {"1-1-101": (Fraction(451), "正常")}


def test_after_a_billed_reading_one_more_in_the_same_month(
    tab: ReadingsTab, community: SmallCommunity, qtbot: QtBot
) -> None:
    entry = tab.table.entry()
    assert entry is not None
    given = ReadingGiven(entry.row.meter, date(2026, 11, 5), Fraction(440))
    community.run(record_readings, readings=[given])
    bill(community, "1-1-101", last_reading(community, entry.row.meter), period="2026-11")
    tab.refresh()
    settled(tab, qtbot)
    tab.table.choose_row(0)
    type_text(tab.table.field, "452")
    assert (shown(tab, "1-1-101", "上次读数"), shown(tab, "1-1-101", "用量")) == ("440", "12")
    enter()
    assert (here(tab), shown(tab, "1-1-101", "本次")) == ("1-1-102", "452")
    assert tab.tally().locked == 0


def test_a_new_day_comes_while_the_window_stands(tab: ReadingsTab, community: SmallCommunity, qtbot: QtBot) -> None:
    assert tab.head.day() == TODAY
    tomorrow = TODAY + timedelta(days=1)
    tab.head.set_today(tomorrow)
    assert (tab.head.day(), tab.head.day_edit.text()) == (tomorrow, "2026-11-24")
    tab.head.set_day(TODAY)
    tab.head.set_today(tomorrow + timedelta(days=1))
    assert tab.head.day() == TODAY
    settled(tab, qtbot)


def test_a_click_leads_to_a_row(tab: ReadingsTab, community: SmallCommunity) -> None:
    type_text(tab.table.field, "451")
    place = tab.table.visualRect(tab.model.index(4, 0)).center()
    QTest.mouseClick(tab.table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert (here(tab), QApplication.focusWidget()) == ("1-1-301", tab.table.field)
    assert stored(community) == {"1-1-101": (Fraction(451), "正常")}


def test_headings_sort_and_escape_walks_again(tab: ReadingsTab) -> None:
    units = [entry.row.unit for entry in tab.model.rows()]
    for column in range(tab.model.columnCount()):
        tab.model.sort(column, Qt.SortOrder.DescendingOrder)
    tab.model.sort(0, Qt.SortOrder.DescendingOrder)
    assert [entry.row.unit for entry in tab.model.rows()] == sorted(units, reverse=True)
    press(Qt.Key.Key_Escape)
    assert [entry.row.unit for entry in tab.model.rows()] == units


def test_without_meters_it_says_what_to_do(sqlite_ledger: Database, worker: Worker, qtbot: QtBot) -> None:
    empty = small_community(sqlite_ledger)
    tab = ReadingsTab(ReadingsWork(lambda: empty.workplace, IMPORTING).functions(), worker)
    qtbot.addWidget(tab)
    tab.resize(1200, 700)
    tab.show()
    tab.refresh()
    assert "还没有表计" in words_of(tab)
    for act in (tab.submit, tab.estimate, tab.roll_over, tab.ask_swap, tab.remove, tab.undo):
        act()
    assert open_sheet(tab) is None


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize(
    ("width", "height", "type_size", "theme"),
    [
        (1366, 768, TypeSize.NORMAL, ThemeChoice.LIGHT),
        (1366, 768, TypeSize.LARGE, ThemeChoice.DARK),
        (1093, 614, TypeSize.NORMAL, ThemeChoice.DARK),
        (911, 512, TypeSize.NORMAL, ThemeChoice.LIGHT),
        (1920, 1080, TypeSize.LARGE, ThemeChoice.LIGHT),
    ],
)
def test_nothing_is_cut_off(
    window: MainWindow,
    tab: ReadingsTab,
    look: Appearance,
    width: int,
    height: int,
    type_size: TypeSize,
    theme: ThemeChoice,
    language: str,
) -> None:
    look.set_language(language)
    look.apply(type_size=type_size, theme=theme)
    window.setFixedSize(width, height)
    window.training.show()
    for figure in ("451", "477", "433"):
        enter(figure)
        press(Qt.Key.Key_Down)
    QApplication.processEvents()
    QApplication.processEvents()
    assert cut_off(window) == []
    assert not tab.table.horizontalScrollBar().isVisible()
    assert tab.table.field.isVisible()
    window.grab()
