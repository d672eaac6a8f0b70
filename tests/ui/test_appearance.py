"""Colours can be read, no colour stands outside the tokens, themes and languages change live."""

import re
from dataclasses import asdict
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QFontMetricsF
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

import feedesk.ui
from feedesk.config import ThemeChoice, TypeSize
from feedesk.texts import _
from feedesk.ui.appearance import Appearance, follow_appearance, follow_language, stylesheet
from feedesk.ui.fonts import load_family, load_rare_han, type_face
from feedesk.ui.tokens import COMPACT_SIZES, DARK, LARGE_SIZES, LIGHT, NORMAL_SIZES, Palette, Sizes, Token
from feedesk.ui.widgets.label import Label

TEXT_ON: dict[Token, tuple[Token, ...]] = {
    "ink": ("bg", "card", "panel", "selected", "field", "map_paid", "map_1", "map_2", "map_4", "map_empty"),
    "ink_2": ("bg", "card", "panel", "selected", "field"),
    "mute": ("bg", "card", "panel", "selected", "field"),
    "accent": ("card", "panel", "accent_soft", "selected", "field"),
    "danger": ("card", "panel", "danger_soft", "selected", "field"),
    "warn": ("card", "panel", "warn_soft", "selected"),
    "good": ("card", "panel", "good_soft", "selected", "field"),
    "button_ink": ("button", "button_cap"),
    "cap_ink": ("cap",),
    "sidebar_ink": ("sidebar", "sidebar_on"),
    "sidebar_on_ink": ("sidebar_on",),
    "map_12_ink": ("map_12",),
    "training_ink": ("training",),
}


def luminance(colour: str) -> float:
    """Relative luminance after WCAG 2."""
    channels = QColor(colour)
    linear = [
        c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4
        for c in (channels.redF(), channels.greenF(), channels.blueF())
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_can_be_read(palette: Palette) -> None:
    colours = asdict(palette)
    weak = {
        f"{ink} on {ground}": round(contrast(colours[ink], colours[ground]), 2)
        for ink, grounds in TEXT_ON.items()
        for ground in grounds
        if contrast(colours[ink], colours[ground]) < 4.5
    }
    assert not weak


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_focus_ring_and_tick_box_stand_out(palette: Palette) -> None:
    for token in (palette.accent, palette.tick_line):
        assert contrast(token, palette.card) >= 3
        assert contrast(token, palette.field) >= 3


def test_no_colour_outside_the_tokens() -> None:
    folder = Path(feedesk.ui.__file__).parent
    literal = re.compile(r"""["']#[0-9a-fA-F]{3,8}["']|QColor\(\s*\d|GlobalColor\.(?!transparent)""")
    guilty = [
        f"{path.relative_to(folder)}: {match}"
        for path in folder.rglob("*.py")
        if path.name != "tokens.py"
        for match in literal.findall(path.read_text(encoding="utf-8"))
    ]
    assert not guilty


@pytest.mark.parametrize("sizes", [NORMAL_SIZES, LARGE_SIZES, COMPACT_SIZES])
@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_stylesheet_is_filled_completely(palette: Palette, sizes: Sizes) -> None:
    filled = stylesheet(palette, sizes)
    rules = re.sub(r"/\*.*?\*/", "", filled, flags=re.DOTALL)
    assert "$" not in rules
    assert palette.accent in rules
    assert rules.count("{") == rules.count("}")


def test_theme_changes_live(look: Appearance, qtbot: QtBot) -> None:
    label = Label("预存余额", tone="mute")
    qtbot.addWidget(label)
    label.show()
    with qtbot.waitSignal(look.changed):
        look.apply(theme=ThemeChoice.DARK)
    assert look.is_dark
    assert label.palette().windowText().color() == QColor(DARK.mute)
    look.apply(theme=ThemeChoice.LIGHT)
    assert label.palette().windowText().color() == QColor(LIGHT.mute)


def test_system_theme_is_followed(look: Appearance, monkeypatch: pytest.MonkeyPatch) -> None:
    scheme = Qt.ColorScheme
    shown = {"scheme": scheme.Light}

    class Hints:
        def colorScheme(self) -> object:
            return shown["scheme"]

    monkeypatch.setattr("feedesk.ui.appearance.QGuiApplication.styleHints", Hints)
    look.apply(theme=ThemeChoice.SYSTEM)
    assert not look.is_dark
    shown["scheme"] = scheme.Dark
    look._on_system_changed()
    assert look.is_dark
    look.apply(theme=ThemeChoice.LIGHT)
    look._on_system_changed()
    assert not look.is_dark


def test_large_type_enlarges_everything(look: Appearance) -> None:
    normal = look.font("total").pixelSize()
    look.apply(type_size=TypeSize.LARGE)
    assert look.font("total").pixelSize() > normal
    assert all(
        large >= small for large, small in zip(asdict(LARGE_SIZES).values(), asdict(NORMAL_SIZES).values(), strict=True)
    )


def test_followers_end_with_their_widget(look: Appearance, qtbot: QtBot) -> None:
    owner = QWidget()
    heard: list[str] = []
    follow_language(owner, lambda: heard.append("language"))
    follow_appearance(owner, lambda: heard.append("look"))
    assert heard == ["language", "look"]
    look.set_language("en")
    look.apply(theme=ThemeChoice.DARK)
    assert heard == ["language", "look", "language", "look"]
    with qtbot.waitSignal(owner.destroyed):
        owner.deleteLater()
    look.set_language("zh_CN")
    look.apply(theme=ThemeChoice.LIGHT)
    assert len(heard) == 4


def test_labels_follow_the_language(look: Appearance, qtbot: QtBot) -> None:
    label = Label.saying("Reminders")
    qtbot.addWidget(label)
    assert label.text() == "提醒"
    look.set_language("en")
    assert label.text() == "Reminders" == _("Reminders")


def test_figures_are_of_equal_width(look: Appearance) -> None:
    for bold in (False, True):
        metrics = QFontMetricsF(look.font("figure", bold=bold))
        assert len({metrics.horizontalAdvance(digit) for digit in "0123456789"}) == 1


def test_chinese_is_not_drawn_as_boxes(look: Appearance) -> None:
    load_rare_han()
    family = QFont(load_family())
    metrics = QFontMetrics(family)
    missing = [character for character in "收款并打印㎡¥−→÷×·…–↑↓" if not metrics.inFont(character)]
    assert not missing
    assert type_face(14, bold=True).bold()


def test_qss_takes_the_features_along(look: Appearance, qtbot: QtBot) -> None:
    label = Label("（1）", "caption")
    plain = QLabel("（1）")
    for widget in (label, plain):
        qtbot.addWidget(widget)
        widget.show()
    assert label.font().pixelSize() < plain.font().pixelSize()
    assert {bytes(tag.toString().data()) for tag in label.font().featureTags()} == {b"tnum", b"palt"}
