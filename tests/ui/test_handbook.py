"""The cashiers' handbook against the window: every key it names is bound, every key that does something is in it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from pytestqt.qtbot import QtBot

from feedesk.ui.main_window import MainWindow, PageFactory
from feedesk.ui.pages.dayclose.page import DayClosePage
from feedesk.ui.pages.desk.void_sheet import VoidFunctions, VoidSheet
from feedesk.ui.shortcuts import listed_shortcuts
from feedesk.ui.tasks import Worker
from tests.ui.closing_case import ClosingCase
from tests.ui.desk_case import DeskCase

HANDBOOK = (Path(__file__).parents[2] / "docs" / "handbook.zh-CN.md").read_text(encoding="utf-8")

WRITTEN = {"Enter": "Return", "Esc": "Escape", "空格": "Space", "↑": "Up", "↓": "Down"}
# Keys that the focused field or list takes itself, so that they are no shortcuts.
OF_FIELDS = {"Return", "Space", "Up", "Down", "PgUp", "PgDn", *"123456"}
# Keys of pages and acts that this version does not have yet.
LATER = {"F3", "F4", "F5", "F6", "F7"}


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    worker = Worker()
    made = MainWindow()
    qtbot.addWidget(made)
    made.add_pages(
        [
            PageFactory("desk", DeskCase().page),
            PageFactory("dayclose", lambda: DayClosePage(ClosingCase().functions(), worker)),
        ]
    )
    made.show_page("dayclose")
    made.show_page("desk")
    yield made
    worker.stop()


def _in_handbook() -> set[str]:
    keys = re.findall(r"<kbd>(.+?)</kbd>", HANDBOOK)
    return {"+".join(WRITTEN.get(part, part) for part in key.split("+")) for key in keys}


def _bound(window: MainWindow) -> set[str]:
    sheet = VoidSheet(window, VoidFunctions(lambda: (), lambda receipt, reason: None, lambda receipt: ""))
    keys = {facts.keys for facts in listed_shortcuts(window)}
    sheet.deleteLater()
    several = {f"Alt+{digit}" for digit in "123456"} if "Alt+1 … 6" in keys else set()
    return keys - {"Alt+1 … 6"} | several


def test_every_key_in_the_handbook_is_bound(window: MainWindow) -> None:
    assert _in_handbook() - OF_FIELDS <= _bound(window)


def test_every_key_is_in_the_handbook(window: MainWindow) -> None:
    assert _bound(window) - LATER <= _in_handbook()


def _chinese_texts() -> list[str]:
    path = Path(__file__).parents[2] / "resources" / "locale" / "zh_CN" / "LC_MESSAGES" / "feedesk.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale="zh_CN")
    texts = []
    for message in catalogue:
        texts += [message.string] if isinstance(message.string, str) else list(message.string or ())
    return texts


def test_words_of_the_window_are_quoted_as_they_are() -> None:
    texts = set(_chinese_texts())
    quoted = re.findall(r"【(.+?)】", HANDBOOK)
    assert len(quoted) > 20
    assert not [words for words in quoted if words not in texts]


def test_sentences_of_the_program_are_quoted_as_they_are() -> None:
    """The first columns of the tables of messages; ``…`` stands for what is filled in."""
    known = [re.sub(r"{\w*}", "…", text).replace("“…”", "…") for text in _chinese_texts()]
    heads = ("屏幕上说", "提示")
    quoted = []
    for table in re.findall(r"(?:^\|.*\n)+", HANDBOOK, re.MULTILINE):
        rows = [row.split(" | ")[0].strip("| ") for row in table.splitlines()]
        quoted += rows[2:] if rows[0] in heads else []
    assert len(quoted) > 15
    assert not [words for words in quoted if not any(words.replace("“…”", "…") in text for text in known)]
