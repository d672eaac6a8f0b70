"""The window: sidebar, top bar, pages, status line. It holds pages and knows how to change between them, nothing else.

It can be shown empty before anything heavy is imported; pages come later by `add_pages` and are made when first
shown. No page knows the window: what they want they tell by signals, what they show of the frame the window asks.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from feedesk.config import WindowPlace
from feedesk.texts import N_, _
from feedesk.ui.appearance import appearance, follow_language
from feedesk.ui.icons import icon
from feedesk.ui.pages.page import Page
from feedesk.ui.shortcuts import bind, listed_shortcuts
from feedesk.ui.widgets.sidebar import Sidebar, SidebarEntry
from feedesk.ui.widgets.status_line import StatusLine
from feedesk.ui.widgets.top_bar import TopBar
from feedesk.ui.widgets.training_band import TrainingBand

GROUP: Final = N_("Pages")

ENTRIES: Final = (
    SidebarEntry("desk", "banknote", N_("Desk"), "F2"),
    SidebarEntry("billing", "receipt-text", N_("Billing"), "F3"),
    SidebarEntry("meters", "gauge", N_("Meters"), "F4"),
    SidebarEntry("dunning", "bell-ring", N_("Dunning"), "F5"),
    SidebarEntry("service", "headset", N_("Service"), "F6"),
    SidebarEntry("reports", "chart-column", N_("Reports"), "F7"),
    SidebarEntry("dayclose", "calendar-check", N_("Closing"), "F8"),
    SidebarEntry("records", "archive", N_("Records"), "F11"),
    SidebarEntry("settings", "settings", N_("Settings"), "F12", at_end=True),
)

# Below either, the layout is compact: 1366×768 at 125 % and 150 % scaling.
_ROOMY: Final = QSize(1240, 680)
_SMALLEST: Final = QSize(880, 470)


@dataclass(frozen=True, slots=True)
class PageFactory:
    """How a page is made when it is first shown; without one its sidebar entry is greyed."""

    page: str
    make: Callable[[], Page]


class MainWindow(QMainWindow):
    """`first_painted` once, when the empty frame stands; `closing` carries the window's place when it closes."""

    first_painted = Signal()
    closing = Signal(object)
    page_shown = Signal(str)

    def __init__(self, place: WindowPlace | None = None) -> None:
        super().__init__()
        self._factories: dict[str, Callable[[], Page]] = {}
        self._pages: dict[str, Page] = {}
        self._current = ""
        self._was_painted = False
        self.sidebar = Sidebar(ENTRIES)
        self.top_bar = TopBar()
        self.status_line = StatusLine()
        self.training = TrainingBand()
        self._stack = QStackedWidget()
        self._build()
        self._bind()
        self.setMinimumSize(_SMALLEST)
        self._take_place(place or WindowPlace())
        self.sidebar.page_asked.connect(self.show_page)
        appearance().language_changed.connect(self._show_bars)

    def _build(self) -> None:
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.training)
        right.addWidget(self.top_bar)
        right.addWidget(self._stack, 1)
        right.addWidget(self.status_line)
        centre = QWidget()
        centre.setObjectName("page")
        row = QHBoxLayout(centre)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.sidebar)
        row.addLayout(right, 1)
        self.setCentralWidget(centre)
        self.sidebar.set_usable(())
        follow_language(self, lambda: self.setWindowTitle(_("feedesk cashier desk")))

    def _bind(self) -> None:
        here = Qt.ShortcutContext.WindowShortcut
        bind(self, "F1", N_("All shortcuts"), self.show_shortcuts, group=GROUP, context=here)
        for entry in ENTRIES:
            if entry.keys:
                bind(self, entry.keys, entry.message, self._shower(entry.page), group=GROUP, context=here)

    def _shower(self, page: str) -> Callable[[], None]:
        return lambda: self.show_page(page)

    def add_pages(self, factories: Sequence[PageFactory]) -> None:
        """The pages there are now; they are made when first shown."""
        for factory in factories:
            self._factories[factory.page] = factory.make
        self.sidebar.set_usable(tuple(self._factories))

    def pages(self) -> Mapping[str, Page]:
        """The pages made so far."""
        return self._pages

    def current_page(self) -> str:
        """The key of the page shown, empty before the first."""
        return self._current

    def show_page(self, page: str) -> None:
        """Shows a page, making it if this is the first time; a page without a factory is not shown."""
        if page not in self._factories:
            return
        if page not in self._pages:
            made = self._pages[page] = self._factories[page]()
            made.bars_changed.connect(self._show_bars)
            self._stack.addWidget(made)
        shown = self._pages[page]
        is_new = page != self._current
        self._current = page
        self._stack.setCurrentWidget(shown)
        self.sidebar.show_page(page)
        self._show_bars()
        if is_new:
            shown.refresh()
        shown.take_focus()
        self.page_shown.emit(page)

    def drop_pages(self) -> None:
        """Forgets all pages, for instance when another ledger is opened."""
        for page in self._pages.values():
            self._stack.removeWidget(page)
            page.deleteLater()
        self._pages.clear()
        self._factories.clear()
        self._current = ""
        self.top_bar.set_page("", None, None)
        self.status_line.set_right(None)
        self.sidebar.set_usable(())

    def show_shortcuts(self) -> None:
        """F1."""
        from feedesk.ui.dialogs.shortcut_sheet import ShortcutSheet

        if self.property("open_sheet") is None:
            away = {entry.keys for entry in ENTRIES if entry.keys and entry.page not in self._factories}
            listed = listed_shortcuts(self, page=self._pages.get(self._current))
            ShortcutSheet(self, [one for one in listed if one.keys not in away]).open()

    def come_forward(self) -> None:
        """A second start on the same ledger shows this window instead."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def place(self) -> WindowPlace:
        """Where the window stands, for the settings."""
        box = self.normalGeometry()
        return WindowPlace(box.x(), box.y(), box.width(), box.height(), self.isMaximized())

    def _take_place(self, place: WindowPlace) -> None:
        self.setWindowIcon(icon("banknote", "accent", 32))
        if QGuiApplication.platformName() == "offscreen":  # its screen of 800×800 is nobody's
            self.resize(place.width or 1366, place.height or 768)
            return
        screen = self.screen().availableGeometry()
        if not place.width:
            self.resize(min(1366, screen.width()), min(768, screen.height()))
            if screen.width() <= 1440:
                self.setWindowState(Qt.WindowState.WindowMaximized)
            return
        self.resize(min(place.width, screen.width()), min(place.height, screen.height()))
        if screen.contains(place.x, place.y):
            self.move(place.x, place.y)
        if place.maximised:
            self.setWindowState(Qt.WindowState.WindowMaximized)

    def _show_bars(self) -> None:
        page = self._pages.get(self._current)
        if page is not None:
            self.top_bar.set_page(page.title(), page.bar_middle(), page.bar_right())
            self.status_line.set_right(page.status_right())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        compact = self.width() < _ROOMY.width() or self.height() < _ROOMY.height()
        if compact != appearance().is_compact:
            appearance().apply(compact=compact)

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if not self._was_painted and event.type() == QEvent.Type.UpdateRequest:
            self._was_painted = True
            self.first_painted.emit()
        return handled

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit(self.place())
        super().closeEvent(event)
