"""What every page is to the window: a title or a widget for the top bar, keys for the status line, a first focus.

Pages are made when first shown. They get frozen rows and functions to call, and tell by signals; none of them knows
the window.
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from feedesk.ui.appearance import follow_appearance, follow_language


class Page(QWidget):
    """Base of all pages. `bars_changed` asks the window to show title and bar widgets anew."""

    bars_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")

    def finish(self) -> None:
        """To be called at the end of a page's ``__init__``: from then on it follows language and appearance."""
        follow_language(self, self.retranslate)
        follow_appearance(self, self.relayout)

    def title(self) -> str:
        """What the top bar says; empty where a widget stands there."""
        return ""

    def bar_middle(self) -> QWidget | None:
        """A widget for the middle of the top bar, the search box of the desk for instance."""
        return None

    def bar_right(self) -> QWidget | None:
        """A widget for the right end of the top bar; None leaves the session's words there."""
        return None

    def status_right(self) -> QWidget | None:
        """Keys or words for the right end of the status line."""
        return None

    def take_focus(self) -> None:
        """Puts the keyboard where work on this page begins."""
        self.setFocus()

    def refresh(self) -> None:
        """Reads anew what it shows; called when the page comes into sight after something changed."""

    def retranslate(self) -> None:
        """Writes all texts that are put together in code, in the language shown now."""

    def relayout(self) -> None:
        """Fits type size and density."""
