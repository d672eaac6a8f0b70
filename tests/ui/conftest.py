"""Every window test begins in the light theme at normal type in Chinese, whatever the test before did."""

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from feedesk.config import ThemeChoice, TypeSize
from feedesk.ui.appearance import Appearance, appearance
from feedesk.ui.crash_dialog import CrashDialog


@pytest.fixture
def qtbot(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> QtBot:
    """pytest-qt knows widgets weakly only; a window that nobody names would be collected in the middle of a test."""
    kept: list[QWidget] = []
    add = qtbot.addWidget

    def keep(widget: QWidget, **facts: Any) -> None:
        kept.append(widget)
        add(widget, **facts)

    monkeypatch.setattr(qtbot, "addWidget", keep)
    return qtbot


@pytest.fixture(autouse=True)
def no_window_left(qapp: QApplication) -> Iterator[None]:
    """Deletes what a test opened: whatever is left is styled anew with each change of the look, by all later tests."""
    before = set(map(id, qapp.topLevelWidgets()))
    yield
    for widget in qapp.topLevelWidgets():
        if id(widget) not in before and widget.parent() is None:
            widget.deleteLater()


@pytest.fixture(autouse=True)
def no_crash_dialog_waits(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A bug in the window fails its test; the dialog it would open has nobody here to close it."""
    opened: list[str] = []

    def note(dialog: CrashDialog) -> int:
        opened.append(dialog.windowTitle())
        return 0

    monkeypatch.setattr(CrashDialog, "exec", note)
    yield
    assert not opened, "a bug went to the crash dialog"


@pytest.fixture(autouse=True)
def look(qtbot: QtBot) -> Iterator[Appearance]:
    # Widgets of the test before are deleted only now: processEvents alone never does it.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    shared = appearance()
    shared.set_language("zh_CN")
    shared.apply(theme=ThemeChoice.LIGHT, type_size=TypeSize.NORMAL, compact=False)
    yield shared
    shared.set_language("zh_CN")
