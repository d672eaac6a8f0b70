"""Meters (抄表): the round of readings, shared costs, and what suppliers invoice, each a tab with a key.

The page holds its tabs and changes between them, nothing else; the tabs stand in the top bar, where other pages have
their title, so that every line below is theirs.
"""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from feedesk.texts import N_, _
from feedesk.ui.appearance import appearance
from feedesk.ui.pages.meters.tab import MetersTab
from feedesk.ui.pages.page import Page
from feedesk.ui.shortcuts import bind
from feedesk.ui.widgets.keycap import KeyCap
from feedesk.ui.widgets.segments import SegmentedTabs

GROUP: Final = N_("Meters")


class MetersPage(Page):
    """Shows the first tab to begin with. `stored` carries what a tab stored or posted."""

    stored = Signal(object)

    def __init__(self, tabs: Sequence[MetersTab]) -> None:
        super().__init__()
        self.tabs = tuple(tabs)
        self._bar = QWidget(self)
        self._bar.hide()
        self.switch = SegmentedTabs()
        self._cap = KeyCap(f"Ctrl+1 … {len(self.tabs)}" if len(self.tabs) > 1 else "Ctrl+1")
        row = QHBoxLayout(self._bar)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.switch)
        row.addWidget(self._cap)
        self._stack = QStackedWidget()
        for tab in self.tabs:
            self._stack.addWidget(tab)
            tab.stored.connect(self.stored)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self.switch.chosen.connect(self._on_chosen)
        self._bind()
        self.finish()

    def _bind(self) -> None:
        # Of the window, since the switch stands in the top bar; a page that is not shown hears no keys.
        here = Qt.ShortcutContext.WindowShortcut
        for place, tab in enumerate(self.tabs):
            bind(self, f"Ctrl+{place + 1}", tab.name, self._shower(place), group=GROUP, context=here)

    def _shower(self, place: int) -> Callable[[], None]:
        return lambda: self.show_tab(place)

    def show_tab(self, place: int) -> None:
        """Brings a tab into sight, with the keyboard in it."""
        if place == self.switch.current():
            self.take_focus()
        else:
            self.switch.choose(place)

    def current_tab(self) -> MetersTab:
        """The tab in sight."""
        return self.tabs[self.switch.current()]

    def _on_chosen(self, place: int) -> None:
        self._stack.setCurrentIndex(place)
        self.refresh()
        self.take_focus()
        self.bars_changed.emit()

    # ---- the frame -----------------------------------------------------------------------------------------------

    def bar_middle(self) -> QWidget | None:
        return self._bar

    def status_right(self) -> QWidget | None:
        return self.current_tab().status_right()

    def take_focus(self) -> None:
        self.current_tab().take_focus()

    def refresh(self) -> None:
        self.current_tab().refresh()

    def retranslate(self) -> None:
        self.switch.set_words([_(tab.name) for tab in self.tabs])
        self.switch.setAccessibleDescription(_(GROUP))
        self.bars_changed.emit()

    def relayout(self) -> None:
        self._cap.setVisible(len(self.tabs) > 1 and not appearance().is_compact)
