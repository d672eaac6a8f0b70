"""Every window test begins in the light theme at normal type in Chinese, whatever the test before did."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot

from feedesk.config import ThemeChoice, TypeSize
from feedesk.ui.appearance import Appearance, appearance


@pytest.fixture(autouse=True)
def look(qtbot: QtBot) -> Iterator[Appearance]:
    # Widgets of the test before are deleted only now: processEvents alone never does it.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    shared = appearance()
    shared.set_language("zh_CN")
    shared.apply(theme=ThemeChoice.LIGHT, type_size=TypeSize.NORMAL, compact=False)
    yield shared
    shared.set_language("zh_CN")
