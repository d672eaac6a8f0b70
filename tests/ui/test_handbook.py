"""The cashiers' handbook against the window: every key it names is bound, every key that does something is in it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from pytestqt.qtbot import QtBot

from feedesk.app import Composition
from feedesk.config import Config
from feedesk.ui.main_window import ENTRIES, MainWindow
from feedesk.ui.pages.desk.void_sheet import VoidFunctions, VoidSheet
from feedesk.ui.pages.records.page import RecordsPage
from feedesk.ui.shortcuts import listed_shortcuts
from tests.community import TODAY
from tests.databases import copied

HANDBOOK = (Path(__file__).parents[2] / "docs" / "handbook.zh-CN.md").read_text(encoding="utf-8")

WRITTEN = {"Enter": "Return", "Esc": "Escape", "空格": "Space", "↑": "Up", "↓": "Down", "←": "Left", "→": "Right"}
# Keys that the focused field or list takes itself, so that they are no shortcuts.
OF_FIELDS = {"Return", "Tab", "Space", "Up", "Down", "PgUp", "PgDn", *"123456"}
SECTIONS = ("tariffs", "concessions", "late_fees", "staff")
PAGES = ("billing", "meters", "dayclose", "records", "settings", "desk")


@pytest.fixture
def window(
    sqlite_template: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MainWindow]:
    """The program's own window on a ledger, every page of it made."""
    monkeypatch.setenv("FEEDESK_HOME", str(tmp_path / "home"))
    database = copied(sqlite_template, tmp_path / "ledger.sqlite")
    composition = Composition(Config(), str(database.url), TODAY)
    composition.window.show()
    qtbot.waitUntil(lambda: composition.window.current_page() == "desk", timeout=20_000)
    for page in PAGES:
        composition.window.show_page(page)
    records = composition.window.pages()["records"]
    assert isinstance(records, RecordsPage)
    for section in SECTIONS:
        records.show_section(section)
    yield composition.window
    composition.window.close()
    composition.close()
    database.dispose()


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
    away = {entry.keys for entry in ENTRIES if entry.page not in PAGES}  # pages still to come
    assert _bound(window) - away <= _in_handbook()


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
