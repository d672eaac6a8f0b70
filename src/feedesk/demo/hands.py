"""The cashier's hands: key presses at whatever has the keyboard, and waiting until the window shows what they caused.

Nothing here knows what a page means. A wait has a condition and an end; a key pressed in vain ends the demo with a
sentence that says what was awaited.
"""

import sys
from collections.abc import Callable
from types import TracebackType
from typing import Any, Final

from PySide6.QtCore import QCoreApplication, QEvent, QKeyCombination, QThread
from PySide6.QtGui import QInputMethodEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from feedesk.errors import EnvironmentFault
from feedesk.texts import N_

_SECONDS: Final = 20.0
_POLL_MS: Final = 2


class DemoStuck(EnvironmentFault):
    """The window did not do what the demo waited for: too slow a machine, or somebody else's hands at the keyboard."""

    message = N_("The demo is stuck: after {seconds} s the window has not got as far as “{what}”. {shown}")


class Hands:
    """Types into one window. While in use, what a bug raises inside the window ends the demo instead of a dialog."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._hook = sys.excepthook
        self._raised: BaseException | None = None

    def watch_for_bugs(self) -> None:
        """From now on an exception inside the window is raised where the demo waits next."""
        sys.excepthook = self._on_raised

    def let_go(self) -> None:
        """Gives the hook for exceptions back."""
        sys.excepthook = self._hook

    def press(self, *keys: str) -> None:
        """Presses keys as shortcuts name them, one after the other: ``press("Down", "Ctrl+P")``."""
        for key in keys:
            strokes: Any = QKeySequence(key)  # a sequence of strokes, which the stubs do not say
            stroke: QKeyCombination = strokes[0]
            QTest.keyClick(self._keyboard(), stroke.key(), stroke.keyboardModifiers())
            self.settle()

    def write(self, text: str) -> None:
        """Types a text, character by character; what is not Latin is committed as an input method does."""
        for character in text:
            target = self._keyboard()
            if character.isascii():
                QTest.keyClicks(target, character)
            else:
                event = QInputMethodEvent("", [])
                event.setCommitString(character)
                QApplication.sendEvent(target, event)
            self.settle()

    def wait(self, what: str, condition: Callable[[], bool], seconds: float = _SECONDS) -> None:
        """Lets the window work until the condition holds; raises `DemoStuck`, naming ``what``, when it never does."""
        rounds = int(seconds * 1000 / _POLL_MS)
        for _round in range(rounds):
            self.settle()
            if condition():
                self.settle()  # what has just been changed is laid out and painted, too
                return
            QThread.msleep(_POLL_MS)
        raise DemoStuck(seconds=round(seconds), what=what, shown=self._shown())

    def keyboard_is_within(self, widget: QWidget) -> bool:
        """Whether something inside that widget has the keyboard."""
        here = QApplication.focusWidget()
        return here is not None and widget.isAncestorOf(here)

    def keyboard_is_in(self, widget: QWidget | None) -> bool:
        """Whether that widget has the keyboard."""
        here = QApplication.focusWidget()
        return here is not None and here is (widget.focusProxy() or widget if widget else None)

    def _keyboard(self) -> QWidget:
        here = QApplication.focusWidget()
        if here is None:
            self._window.activateWindow()
            self.wait("the window has the keyboard", lambda: QApplication.focusWidget() is not None)
            here = QApplication.focusWidget()
            assert here is not None
        return here

    def settle(self) -> None:
        """Lets the window do what is due; raises what went wrong in it."""
        QCoreApplication.processEvents()
        # Outside a running event loop this is not done by itself.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        if self._raised is not None:
            raised, self._raised = self._raised, None
            raise raised

    def _shown(self) -> str:
        here = QApplication.focusWidget()
        return f"({type(here).__name__} “{here.accessibleName()}”)" if here is not None else ""

    def _on_raised(self, _kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        self._raised = error
