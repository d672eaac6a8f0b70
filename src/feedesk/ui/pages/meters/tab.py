"""What every tab of the meters page is to the page: a name, a first focus, and `refresh` when it comes into sight.

A tab is given its functions as pages are (see `ui.pages.page`), knows neither page nor database, and stands in
`ui.pages.meters.tabs`.
"""

from typing import ClassVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from feedesk.ui.appearance import follow_appearance, follow_language


class MetersTab(QWidget):
    """Base of the tabs; ``name`` is an ``N_`` text. `stored` tells that something was stored or posted."""

    name: ClassVar[str]

    stored = Signal(object)

    def finish(self) -> None:
        """To be called at the end of a tab's ``__init__``: from then on it follows language and appearance."""
        follow_language(self, self.retranslate)
        follow_appearance(self, self.relayout)

    def status_right(self) -> QWidget | None:
        """Keys or words for the right end of the status line."""
        return None

    def take_focus(self) -> None:
        """Puts the keyboard where work on this tab begins."""
        self.setFocus()

    def refresh(self) -> None:
        """Reads anew what it shows; called each time the tab comes into sight."""

    def retranslate(self) -> None:
        """Writes all texts that are put together in code, in the language shown now."""

    def relayout(self) -> None:
        """Fits type size and density."""
