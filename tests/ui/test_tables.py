"""Tables: honest item models, sorting by value, filtering, the clipboard, and no work for rows nobody sees."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from feedesk.money import Fen, format_amount
from feedesk.texts import N_
from feedesk.ui.appearance import Appearance
from feedesk.ui.pages.desk.charges_model import ChargeColumn, ChargesModel, GroupHeading
from feedesk.ui.tables.columns import Cell, ColumnSpec, figure, words
from feedesk.ui.tables.model import RowsModel
from feedesk.ui.tables.view import TableView
from tests.ui.desk_case import DISPUTED, charge_lines

FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal


@dataclass(frozen=True, slots=True)
class Home:
    code: str
    resident: str
    due: Fen


COLUMNS: tuple[ColumnSpec[Home], ...] = (
    ColumnSpec(N_("Period"), lambda home: words(home.code), 90, sort=lambda home: home.code),
    ColumnSpec(N_("Fee item"), lambda home: words(home.resident), 0, least=120),
    ColumnSpec("", lambda home: words("x"), 300, spare=True),
    ColumnSpec(
        N_("To pay"),
        lambda home: figure(home.due),
        90,
        right=True,
        sort=lambda home: home.due,
        copies=lambda home: format_amount(home.due, grouped=False),
    ),
)
HOMES = (Home("1-1-101", "赵样", Fen(1000000)), Home("1-1-102", "钱样", Fen(99)), Home("1-1-103", "孙样", Fen(25000)))


@pytest.fixture
def model() -> RowsModel[Home]:
    made = RowsModel(COLUMNS)
    made.set_rows(HOMES)
    return made


def shown(model: RowsModel[Home]) -> list[str]:
    return [home.code for home in model.rows()]


def test_the_model_is_honest(model: RowsModel[Home]) -> None:
    tester = QAbstractItemModelTester(model, FATAL)
    model.sort(3, Qt.SortOrder.DescendingOrder)
    model.set_filter("样")
    model.set_rows(HOMES[:1])
    model.set_rows(())
    assert tester.model() is model


@given(st.lists(st.builds(Home, st.text(max_size=3), st.text(max_size=3), st.integers(-500, 500).map(Fen)), max_size=8))
def test_sorting_and_filtering_keep_every_row(homes: list[Home]) -> None:
    model = RowsModel(COLUMNS)
    QAbstractItemModelTester(model, FATAL)
    model.set_rows(homes)
    for column in (3, 0, 1, -1):
        model.sort(column)
        assert sorted(map(repr, model.rows())) == sorted(map(repr, homes))
    model.sort(3)
    assert [home.due for home in model.rows()] == sorted(home.due for home in homes)
    model.set_filter("no such words")
    model.set_filter("")
    assert model.rowCount() == len(homes)


def test_amounts_sort_as_amounts(model: RowsModel[Home]) -> None:
    model.sort(3)
    assert shown(model) == ["1-1-102", "1-1-103", "1-1-101"]
    model.sort(3, Qt.SortOrder.DescendingOrder)
    assert shown(model) == ["1-1-101", "1-1-103", "1-1-102"]
    model.sort(-1)
    assert shown(model) == ["1-1-101", "1-1-102", "1-1-103"]


def test_what_is_marked_moves_with_its_row(model: RowsModel[Home]) -> None:
    marked = QPersistentModelIndex(model.index(0, 3))
    model.sort(3)
    assert (marked.row(), marked.data()) == (2, "10,000.00")


@pytest.mark.parametrize(
    ("text", "found"), [("1-1-103", 1), ("样", 3), ("样 250", 1), ("１０，０００", 1), ("李", 0), ("", 3)]
)
def test_filter_finds_all_words_in_any_cell(model: RowsModel[Home], text: str, found: int) -> None:
    model.set_filter(text)
    assert model.rowCount() == found


def test_headings_follow_the_language(model: RowsModel[Home], look: Appearance) -> None:
    assert model.headerData(3, Qt.Orientation.Horizontal) == "应付合计"
    look.set_language("en")
    assert model.headerData(3, Qt.Orientation.Horizontal) == "To pay"
    assert model.headerData(9, Qt.Orientation.Horizontal) is None
    assert model.headerData(0, Qt.Orientation.Vertical) is None


def test_rows_are_copied_as_a_spreadsheet_reads_them(model: RowsModel[Home], qtbot: QtBot) -> None:
    view = TableView(model)
    qtbot.addWidget(view)
    view.show()
    view.selectAll()
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == (
        "所属期\t收费项目\t应付合计\n1-1-101\t赵样\t10000.00\n1-1-102\t钱样\t0.99\n1-1-103\t孙样\t250.00"
    )


def test_enter_opens_and_letters_go_elsewhere(model: RowsModel[Home], qtbot: QtBot) -> None:
    view = TableView(model)
    qtbot.addWidget(view)
    view.show()
    view.choose_row(1)
    with qtbot.waitSignal(view.opened) as opened:
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert opened.args == [1]
    with qtbot.waitSignal(view.typed) as typed:
        QTest.keyClicks(view, "z")
    assert typed.args == ["z"]
    assert view.chosen_rows() == [1]


def test_spare_columns_go_before_anything_scrolls_sideways(model: RowsModel[Home], qtbot: QtBot) -> None:
    view = TableView(model)
    qtbot.addWidget(view)
    view.resize(900, 300)
    view.show()
    assert not view.isColumnHidden(2)
    view.resize(400, 300)
    assert view.isColumnHidden(2)
    assert sum(view.columnWidth(column) for column in (0, 1, 3)) <= view.viewport().width()
    assert not view.horizontalScrollBar().isVisible()


def test_a_hundred_thousand_rows_cost_only_those_in_sight(qtbot: QtBot) -> None:
    asked: set[str] = set()

    def code(home: Home) -> Cell:
        asked.add(home.code)
        return words(home.code)

    model = RowsModel((ColumnSpec(N_("Period"), code, 0),))
    view = TableView(model)
    qtbot.addWidget(view)
    view.resize(600, 600)
    view.show()
    model.set_rows([Home(str(n), "样", Fen(n)) for n in range(100_000)])
    view.grab()
    assert 10 <= len(asked) <= 40
    view.scrollToBottom()
    view.grab()
    assert "99999" in asked
    assert len(asked) <= 80


@pytest.fixture
def charges() -> ChargesModel:
    made = ChargesModel()
    QAbstractItemModelTester(made, FATAL)
    lines = charge_lines()
    made.set_charges(lines, [line.id for line in lines if not line.frozen])
    return made


def test_charges_stand_under_their_periods(charges: ChargesModel) -> None:
    headings = [line for line in charges.rows() if isinstance(line, GroupHeading)]
    assert [(one.group, one.overdue_days, format_amount(one.due)) for one in headings] == [
        ("2026-08", 84, "349.45"),
        ("2026-09", 54, "606.00"),
        ("2026-10", 23, "552.25"),
        ("2026-11", 0, "548.47"),
    ]
    assert charges.cell(0, ChargeColumn.TICK).text == "2026-08 · 逾期 84 天"
    assert charges.cell(11, ChargeColumn.TICK).text == "2026-11 · 本期，11-30 到期"
    assert [charges.is_heading_row(row) for row in range(4)] == [True, False, False, False]


def test_ticking_follows_the_cashier(charges: ChargesModel) -> None:
    assert format_amount(charges.selection().total) == "1,998.41"
    assert format_amount(charges.selection().principal) == "1,979.48"
    assert format_amount(charges.selection().late_fees) == "18.93"
    assert format_amount(charges.selection().disputed) == "57.76"
    assert charges.state() is Qt.CheckState.PartiallyChecked
    charges.toggle(2)
    assert charges.is_ticked(DISPUTED)
    assert charges.state() is Qt.CheckState.Checked
    assert charges.selection().disputed == 0
    charges.toggle(2)
    charges.toggle(0)
    assert not {1, 2, 3} & {charge.id for charge in charges.selection().charges}
    charges.toggle(0)
    assert {charge.id for charge in charges.selection().charges} == set(range(1, 11)) - {DISPUTED}
    charges.tick_all()
    assert charges.state() is Qt.CheckState.Unchecked
    charges.tick_all()
    assert not charges.is_ticked(DISPUTED)


def test_views_of_the_charges_keep_the_ticks(charges: ChargesModel) -> None:
    charges.show_only([1, 3])
    assert charges.rowCount() == 3
    assert charges.state() is Qt.CheckState.Checked
    assert len(charges.selection().charges) == 9
    charges.show_only(None)
    assert charges.rowCount() == 14


def test_charges_copy_without_headings(charges: ChargesModel) -> None:
    row = [charges.copied_text(1, column) for column in ChargeColumn if column is not ChargeColumn.TICK]
    assert row == ["物业费", "2026-08", "98.60 ㎡ × 2.80", "276.08", "-27.61", "6.26", "254.73"]
    assert charges.data(charges.index(1, 0), int(Qt.ItemDataRole.CheckStateRole)) is Qt.CheckState.Checked
    assert QKeySequence("Ctrl+C").matches(QKeySequence(QKeySequence.StandardKey.Copy))
