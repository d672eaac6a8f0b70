"""The amount field: what people type, what they are told, and what never happens (a float, a lost digit)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from feedesk.money import Fen, format_amount
from feedesk.ui.widgets.amount_edit import AmountEdit, MoneyField
from tests.ui.keyboard import claims, type_text


@pytest.fixture
def edit(qtbot: QtBot) -> AmountEdit:
    made = AmountEdit()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("2000", 200000),
        ("2,000", 200000),
        ("2,000.5", 200050),
        ("0.05", 5),
        (".5", 50),
        ("2000.", 200000),
        ("２０００．５", 200050),
        ("12。5", 1250),
        ("￥1600", 160000),
        ("1600元", 160000),
        (" 7 ", 700),
        ("1.10000", 110),
    ],
)
def test_what_is_typed_is_an_amount(edit: AmountEdit, qtbot: QtBot, typed: str, amount: int) -> None:
    type_text(edit, typed)
    assert edit.amount() == amount
    assert type(edit.amount()) is int
    assert edit.problem() == ""


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("12a", "12a"),
        ("1.005", "1.005"),
        ("1,00", "1,00"),
        ("--5", "--5"),
        ("-5", "“-5”是负数"),
        ("-0.01", "“-0.01”是负数"),
        ("9" * 16, "9" * 16),
        (".", "."),
    ],
)
def test_what_is_none_gets_its_sentence(edit: AmountEdit, qtbot: QtBot, typed: str, part: str) -> None:
    problems: list[str] = []
    edit.problem_changed.connect(problems.append)
    type_text(edit, typed)
    assert edit.amount() is None
    assert part in edit.problem()
    assert problems[-1] == edit.problem()
    edit.clear()
    edit.textEdited.emit("")
    assert edit.problem() == ""


def test_each_change_is_told_once(edit: AmountEdit, qtbot: QtBot) -> None:
    amounts: list[object] = []
    edit.amount_changed.connect(amounts.append)
    type_text(edit, "20.00")
    assert amounts == [200, 2000]
    edit.set_amount(Fen(2000))
    assert amounts == [200, 2000]
    edit.set_amount(None)
    assert amounts == [200, 2000, None]


def test_leaving_writes_it_in_full_and_entering_selects_it(edit: AmountEdit, qtbot: QtBot) -> None:
    other = QLineEdit()
    qtbot.addWidget(other)
    other.show()
    edit.activateWindow()
    edit.setFocus()
    type_text(edit, "2000")
    edit.clearFocus()
    assert edit.text() == "2,000.00"
    edit.setFocus()
    assert edit.selectedText() == "2,000.00"
    type_text(edit, "5")
    assert edit.amount() == 500


@given(st.integers(min_value=0, max_value=10**12))
def test_shown_and_read_again_it_is_the_same(fen: int) -> None:
    edit = AmountEdit()
    edit.set_amount(Fen(fen))
    edit.textEdited.emit(edit.text())
    assert edit.amount() == fen
    assert edit.text() == format_amount(Fen(fen))


def test_a_slash_goes_on_to_the_search_box(edit: AmountEdit) -> None:
    none = Qt.KeyboardModifier.NoModifier
    assert claims(edit, Qt.Key.Key_5, none, "5")
    assert not claims(edit, Qt.Key.Key_Slash, none, "/")


def test_the_field_shows_the_sentence_below_and_says_it_to_readers(qtbot: QtBot) -> None:
    field = MoneyField("Amount received")
    qtbot.addWidget(field)
    field.show()
    assert field.edit.accessibleName() == "实收"
    type_text(field.edit, "1.005")
    assert field._sentence.isVisible()
    assert "1.005" in field._sentence.text() == field.edit.accessibleDescription()
    field.edit.set_amount(Fen(100))
    assert not field._sentence.isVisible()
    field.edit.refuse("还差 1.00")
    assert field._sentence.text() == "还差 1.00"
    assert field.edit.amount() == 100
