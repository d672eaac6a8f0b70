"""The small widgets by keys and clicks, in both themes and all sizes, each with a name for screen readers."""

from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from feedesk.config import ThemeChoice, TypeSize
from feedesk.money import Fen
from feedesk.texts import N_
from feedesk.ui.appearance import Appearance, appearance
from feedesk.ui.icons import icon
from feedesk.ui.widgets.amount_box import AmountBox
from feedesk.ui.widgets.banner import Banner
from feedesk.ui.widgets.blank_mask import MASK, MaskedLabel
from feedesk.ui.widgets.buttons import ActionButton, QuietButton
from feedesk.ui.widgets.card import Card, Rule
from feedesk.ui.widgets.check_box import CheckBox
from feedesk.ui.widgets.chip import ChipRow
from feedesk.ui.widgets.choice import Choice
from feedesk.ui.widgets.count_row import CountRow
from feedesk.ui.widgets.day_edit import DayEdit
from feedesk.ui.widgets.day_line import NotADay
from feedesk.ui.widgets.empty_state import EmptyState
from feedesk.ui.widgets.hint_strip import HintStrip
from feedesk.ui.widgets.keycap import KeyCap, KeyHint
from feedesk.ui.widgets.money_figure import MoneyFigure
from feedesk.ui.widgets.painting import Span, cap_size, paint_spans, span_width
from feedesk.ui.widgets.phrase import Phrase
from feedesk.ui.widgets.progress_strip import ProgressStrip
from feedesk.ui.widgets.segments import SegmentedTabs
from feedesk.ui.widgets.sidebar import Sidebar, SidebarEntry
from feedesk.ui.widgets.step_bar import StepBar
from feedesk.ui.widgets.tender_button import TenderButton
from feedesk.ui.widgets.training_band import TrainingBand
from feedesk.ui.words import key_words

STEPS = (N_("Charges"), N_("Reminders"), N_("Settings"))


def _tabs() -> QWidget:
    tabs = SegmentedTabs()
    tabs.set_words(["本期及往期 10", "只看欠费 8"])
    return tabs


def _action() -> QWidget:
    button = ActionButton("Return")
    button.set_words("收款并打印")
    return button


def _chips() -> QWidget:
    chips = ChipRow()
    chips.set_chips([("good", "自住"), ("danger", "欠费 3 个月")])
    return chips


def _amount_box() -> QWidget:
    box = AmountBox()
    box.tell("找零", "1.60", note="抹零 0.01")
    return box


def _hint_strip() -> QWidget:
    strip = HintStrip("wallet", "Alt+6")
    strip.set_words("可用预存 120.00 · ", "抵扣")
    return strip


def _figure() -> QWidget:
    figure = MoneyFigure()
    figure.set_text("¥ 1,998.41")
    return figure


def _banner() -> QWidget:
    banner = Banner()
    banner.tell("good", (Span("已收 1,998.40"),), figure="找零 1.60", hints=((N_("Reprint"), "Ctrl+P"),))
    return banner


MAKERS: dict[str, Callable[[], QWidget]] = {
    "key cap": lambda: KeyCap("Ctrl+H"),
    "key hint": lambda: KeyHint(N_("Payments"), "Ctrl+H"),
    "key hint, keys first": lambda: KeyHint(N_("Payments"), "Return", keys_first=True),
    "action": _action,
    "quiet": lambda: QuietButton("取消", "Escape"),
    "tender": lambda: TenderButton("现金", "Alt+1"),
    "check box": lambda: CheckBox(N_("Pay in several ways"), keys="F10"),
    "tabs": _tabs,
    "chips": _chips,
    "amount box": _amount_box,
    "hint strip": _hint_strip,
    "figure": _figure,
    "banner": _banner,
    "steps": lambda: StepBar(STEPS),
    "phrase": lambda: Phrase((Span("已选 "), Span("9", bold=True), Span("争议", chip="warn"))),
    "training": TrainingBand,
}


@pytest.mark.parametrize("compact", [False, True])
@pytest.mark.parametrize("theme", [ThemeChoice.LIGHT, ThemeChoice.DARK])
@pytest.mark.parametrize("kind", MAKERS)
def test_every_widget_draws_itself_and_has_a_name(
    look: Appearance, qtbot: QtBot, kind: str, theme: ThemeChoice, compact: bool
) -> None:
    widget = MAKERS[kind]()
    qtbot.addWidget(widget)
    widget.show()
    look.apply(theme=theme, compact=compact, type_size=TypeSize.LARGE)
    widget.adjustSize()
    picture = widget.grab().toImage()
    ground = picture.pixel(picture.width() - 1, 0)
    colours = {picture.pixel(x, y) for x in range(0, picture.width(), 2) for y in range(picture.height())}
    assert len(colours - {ground}) >= 2
    assert widget.accessibleName()
    if isinstance(widget, QAbstractButton):
        widget.setEnabled(False)
        widget.grab()
        widget.setEnabled(True)
        widget.setFocus()
        assert widget.grab().toImage() != picture or not widget.hasFocus()


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ("Ctrl+Delete", "Ctrl Del"),
        ("Space", "空格"),
        ("Alt+1", "Alt 1"),
        ("F10", "F10"),
        ("/", "/"),
        ("+", "+"),
    ],
)
def test_keys_are_written_as_on_the_keyboard(keys: str, words: str) -> None:
    assert key_words(keys) == words


def test_check_box_is_ticked_by_space_and_click(qtbot: QtBot) -> None:
    box = CheckBox(N_("Pay in several ways"))
    qtbot.addWidget(box)
    box.show()
    QTest.keyClick(box, Qt.Key.Key_Space)
    assert box.isChecked()
    QTest.mouseClick(box, Qt.MouseButton.LeftButton)
    assert not box.isChecked()
    box.set_words("物业费", "1,180 户")
    assert box.accessibleName() == "物业费 1,180 户"


def test_segments_are_chosen_by_arrows_and_clicks(qtbot: QtBot) -> None:
    tabs = SegmentedTabs()
    qtbot.addWidget(tabs)
    tabs.set_words(["一", "二", "三"])
    tabs.show()
    told: list[int] = []
    tabs.chosen.connect(told.append)
    QTest.keyClick(tabs, Qt.Key.Key_Left)
    QTest.keyClick(tabs, Qt.Key.Key_Right)
    QTest.keyClick(tabs, Qt.Key.Key_Right)
    QTest.keyClick(tabs, Qt.Key.Key_Right)
    assert (told, tabs.current(), tabs.accessibleName()) == ([1, 2], 2, "三")
    QTest.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
    assert tabs.current() == 0
    tabs.set_words(["一"])
    assert tabs.current() == 0


def test_counting_a_denomination(qtbot: QtBot) -> None:
    row = CountRow(Fen(10000))
    qtbot.addWidget(row)
    row.show()
    counts: list[int] = []
    row.count_changed.connect(counts.append)
    QTest.keyClicks(row.edit, "2x8")
    assert (row.count(), row.amount(), counts[-1]) == (28, 280000, 28)
    row.edit.set_pieces(None)
    assert (row.count(), row.amount(), row.edit.text()) == (0, 0, "")


def test_what_was_not_taken_stays_told_while_digits_go_on(qtbot: QtBot) -> None:
    row = CountRow(Fen(10000))
    qtbot.addWidget(row)
    edit = row.edit
    told: list[str] = []
    edit.refused.connect(told.append)
    QTest.keyClicks(edit, "1.5")
    assert (edit.text(), told[-1]) == ("15", "1.")
    QTest.keyClick(edit, Qt.Key.Key_Backspace)
    assert (edit.text(), told[-1]) == ("1", "")


@pytest.mark.parametrize(("fen", "face"), [(10000, "¥ 100"), (50, "¥ 0.5"), (10, "¥ 0.1"), (5, "¥ 0.05")])
def test_faces_are_written_as_on_the_note(qtbot: QtBot, fen: int, face: str) -> None:
    row = CountRow(Fen(fen))
    qtbot.addWidget(row)
    assert row.face.text() == face


def test_masked_figures_are_told_only_when_revealed(qtbot: QtBot) -> None:
    label = MaskedLabel()
    qtbot.addWidget(label)
    assert (label.text(), label.is_masked(), label.accessibleName()) == (MASK, True, "清点后显示")
    label.reveal("3,982.40")
    appearance().set_language("en")
    assert (label.text(), label.is_masked(), label.accessibleName()) == ("3,982.40", False, "3,982.40")
    label.hide_figure()
    assert (label.text(), label.accessibleName()) == (MASK, "Shown after counting")


def test_step_bar_says_where_one_is(qtbot: QtBot) -> None:
    bar = StepBar(STEPS)
    qtbot.addWidget(bar)
    bar.set_current(1)
    assert bar.accessibleName() == "第 2 步，共 3 步：提醒"
    bar.set_current(3)
    bar.resize(60, 24)
    bar.grab()
    assert bar.accessibleName().startswith("第 3 步")


def test_banner_tells_and_goes(qtbot: QtBot) -> None:
    banner = Banner()
    qtbot.addWidget(banner)
    assert not banner.isVisible()
    (hint,) = banner.tell("good", (Span("已收"),), figure="找零 1.60", hints=((N_("Reprint"), "Ctrl+P"),))
    assert banner.isVisible()
    assert banner.accessibleName() == "已收 找零 1.60"
    assert hint.accessibleName() == "补打 Ctrl P"
    assert banner.tell("danger", (Span("打印机缺纸"),)) == []
    with qtbot.waitSignal(banner.dismissed):
        banner._close.click()
    assert not banner.isVisible()


def test_progress_can_be_cancelled_once(qtbot: QtBot) -> None:
    strip = ProgressStrip()
    qtbot.addWidget(strip)
    asked: list[bool] = []
    strip.cancel_asked.connect(lambda: asked.append(True))
    strip.begin("正在导入…")
    strip.advance(3, 10)
    assert (strip._bar.value(), strip._bar.maximum()) == (3, 10)
    strip._cancel.click()
    strip._cancel.click()
    assert asked == [True]
    strip.begin("正在导出…", can_cancel=False)
    assert not strip._cancel.isVisible()
    strip.end()
    assert not strip.isVisible()


def test_choices_keep_their_values_when_the_language_changes(qtbot: QtBot) -> None:
    choice = Choice((("a", N_("Light")), ("b", N_("Dark"))), "b")
    qtbot.addWidget(choice)
    choice.show()
    told: list[object] = []
    choice.chosen.connect(told.append)
    assert (choice.value(), choice.currentText()) == ("b", "深色")
    appearance().set_language("en")
    assert (choice.value(), choice.currentText()) == ("b", "Dark")
    choice.set_value("no such")
    assert choice.value() == "b"
    assert told == []
    QTest.keyClick(choice, Qt.Key.Key_Up)
    assert (choice.value(), told) == ("a", ["a"])


def test_sidebar_asks_for_pages_and_greys_what_is_not_there(qtbot: QtBot) -> None:
    desk = SidebarEntry("desk", "banknote", N_("Desk"), "F2")
    bar = Sidebar((desk, SidebarEntry("settings", "settings", N_("Settings"))))
    qtbot.addWidget(bar)
    bar.show()
    asked: list[str] = []
    bar.page_asked.connect(asked.append)
    bar.set_usable(("settings",))
    for button in bar.findChildren(QAbstractButton):
        button.click()
    assert asked == ["settings"]
    bar.show_page("desk")
    assert [button.isChecked() for button in bar.findChildren(QAbstractButton)] == [True, False]
    bar.grab()


def test_a_long_line_ends_in_an_ellipsis_and_is_kept_as_tool_tip(qtbot: QtBot) -> None:
    phrase = Phrase((Span("钱箱现金 1,204.30（含备用金 500.00）"),))
    qtbot.addWidget(phrase)
    phrase.resize(80, 20)
    phrase.grab()
    assert phrase.toolTip() == "钱箱现金 1,204.30（含备用金 500.00）"
    phrase.resize(400, 20)
    phrase.grab()
    assert phrase.toolTip() == ""


def test_spans_never_leave_their_place(look: Appearance) -> None:
    spans = (Span("物业费"), Span("争议", chip="warn"), Span("2026-08", bold=True))
    picture = QImage(200, 30, QImage.Format.Format_RGB32)
    for width in (0, 10, 40, 60, 100, 190):
        for right in (False, True):
            picture.fill(0xFFFFFF)
            painter = QPainter(picture)
            paint_spans(painter, QRectF(5, 0, width, 30), spans, right=right)
            painter.end()
            left_over = {picture.pixel(x, y) & 0xFFFFFF for x in range(4) for y in range(30)}
            assert left_over == {0xFFFFFF}
    assert span_width(spans[1]) > 24
    assert cap_size("F2", slim=True) < cap_size("F2")


def test_the_total_shrinks_rather_than_lose_a_digit(qtbot: QtBot) -> None:
    figure = MoneyFigure()
    qtbot.addWidget(figure)
    figure.set_text("¥ 999,999,999,999.99")
    figure.resize(120, 50)
    picture = figure.grab().toImage()
    columns = [x for x in range(120) if any(picture.pixel(x, y) != picture.pixel(0, 0) for y in range(50))]
    assert max(columns) <= 119
    assert len(columns) > 40


def test_chips_wrap_and_cards_draw(qtbot: QtBot) -> None:
    chips = ChipRow()
    card = Card()
    card.body.addWidget(chips)
    card.body.addWidget(Rule())
    card.body.addWidget(EmptyState("search", N_("Reminders"), N_("Reminders")))
    qtbot.addWidget(card)
    chips.set_chips([("plain", f"标签 {n}") for n in range(8)])
    assert chips.heightForWidth(90) > chips.heightForWidth(900)
    card.resize(160, 300)
    card.show()
    card.grab()
    chips.set_chips([])
    assert chips.heightForWidth(90) == 0


def test_icons_are_sharp_at_any_density(look: Appearance) -> None:
    for density in (1.0, 1.5, 2.0):
        picture = icon("search", "ink", 16).pixmap(icon("search", "ink", 16).availableSizes()[0], density)
        assert not picture.isNull()


def test_a_narrow_main_button_writes_smaller_instead_of_cutting_off(qtbot: QtBot) -> None:
    button = ActionButton("Return")
    qtbot.addWidget(button)
    button.set_words("收款并打印")
    looks: list[str] = []
    for width in range(320, 80, -1):
        button.resize(width, 52)
        if button.fitting_look() not in looks:
            looks.append(button.fitting_look())
            button.grab()
    assert looks == ["button", "title", "body", "secondary"]


def test_a_long_name_in_the_sidebar_leaves_its_key_the_room_beside_the_icon(qtbot: QtBot) -> None:
    bar = Sidebar((SidebarEntry("settings", "settings", N_("Settings"), "F12"),))
    qtbot.addWidget(bar)
    bar.resize(76, 200)
    bar.show()
    assert bar._items["settings"].key_fits_beside()
    appearance().set_language("en")
    assert not bar._items["settings"].key_fits_beside()
    bar.grab()


def test_a_day_is_typed_or_stepped(qtbot: QtBot) -> None:
    edit = DayEdit(date(2026, 11, 30))
    qtbot.addWidget(edit)
    edit.show()
    QTest.keyClick(edit, Qt.Key.Key_Up)
    assert edit.text() == "2026-12-01"
    QTest.keyClick(edit, Qt.Key.Key_Down)
    assert edit.day() == date(2026, 11, 30)
    edit.setText("20261102")
    with qtbot.waitSignal(edit.submitted):
        QTest.keyClick(edit, Qt.Key.Key_Return)
    assert (edit.text(), edit.day()) == ("2026-11-02", date(2026, 11, 2))
    for text in ("", "2026-02-30", "abc"):
        edit.setText(text)
        edit.step(1)
        assert edit.text() == text
        with pytest.raises(NotADay):
            edit.day()
