"""A sheet over the window: a card on a shade, for what must be answered before work goes on.

It is a child of the window, not a window of its own, so it can be neither lost behind another window nor dragged off
a small screen. While it is open the keyboard stays inside it.
"""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from feedesk.ui.appearance import appearance
from feedesk.ui.dialogs.room import ScrolledRows, lacks_room, let_scroll
from feedesk.ui.shortcuts import open_sheet
from feedesk.ui.widgets.card import Card
from feedesk.ui.widgets.held_enter import is_held_enter
from feedesk.ui.widgets.label import Label


class Sheet(QWidget):
    """Base of all sheets: ``content`` is the column of the card. Esc closes; `closed` when it is gone.

    Where the window is too low the content scrolls; what `add_foot` was given stays in sight below it.
    Enter held down acts once: the sheet never sees it repeated.
    """

    closed = Signal()

    def __init__(self, window: QWidget, *, width: int = 640) -> None:
        super().__init__(window)
        self._window = window
        # The window's own: while another program has the keyboard, as at a start in the background, Qt names none.
        self._before = window.focusWidget()
        self._under = open_sheet(window)
        self.card = Card()
        self.card.setMaximumWidth(width)
        self.card.setMinimumWidth(min(width, window.width() - 48))
        self.content = QVBoxLayout()
        self.content.setContentsMargins(22, 20, 22, 14)
        self.content.setSpacing(12)
        self.card.body.addLayout(self.content)
        self._foot: QVBoxLayout | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 24, 24, 24)
        row.addStretch(1)
        row.addWidget(self.card, 100, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch(1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._scrolled: ScrolledRows | None = None

    def add_title(self, title: Label, right: QWidget | None = None) -> None:
        """The first line of the card."""
        row = QHBoxLayout()
        row.addWidget(title)
        row.addStretch(1)
        if right is not None:
            row.addWidget(right)
        self.content.addLayout(row)

    def add_foot(self, *parts: QWidget | QLayout) -> None:
        """Below the content, never scrolled: the sentence of refusal, the buttons."""
        if self._foot is None:
            edges = self.content.contentsMargins()
            self._foot = QVBoxLayout()
            self._foot.setContentsMargins(edges.left(), self.content.spacing(), edges.right(), edges.bottom())
            self._foot.setSpacing(self.content.spacing())
            self.content.setContentsMargins(edges.left(), edges.top(), edges.right(), 0)
            self.card.body.addLayout(self._foot)
        for part in parts:
            if isinstance(part, QWidget):
                self._foot.addWidget(part)
            else:
                self._foot.addLayout(part)

    def open(self, first: QWidget | None = None) -> None:
        """Shows the sheet, with the keyboard at ``first``."""
        self._window.setProperty("open_sheet", self)
        self._window.installEventFilter(self)
        self.setGeometry(self._window.rect())
        self.show()
        self.raise_()
        (first or self).setFocus(Qt.FocusReason.PopupFocusReason)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus_changed)

    def close_sheet(self) -> None:
        """Takes the sheet away; the keyboard returns to where it was."""
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.disconnect(self._on_focus_changed)
        self._window.removeEventFilter(self)
        self._window.setProperty("open_sheet", self._under)
        self.hide()
        if self._before is not None and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.PopupFocusReason)
        self.closed.emit()
        self.deleteLater()

    def _on_focus_changed(self, old: QWidget | None, new: QWidget | None) -> None:
        outside = new is not None and new.window() is self._window and new is not self and not self.isAncestorOf(new)
        if outside and open_sheet(self._window) is self:
            self._call_back(old)
        elif self._scrolled is not None and new is not None and self._scrolled.isAncestorOf(new):
            self.bring_into_view(new)

    def _call_back(self, old: QWidget | None) -> None:
        """The keyboard left the open sheet, as when the desk behind it was read anew: it returns to where it was."""
        if old is not None and self.isAncestorOf(old) and old.isVisible():
            old.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.focusNextChild()
        if self.focusWidget() is None:
            self.setFocus()

    def bring_into_view(self, field: QWidget) -> None:
        """Scrolls to a field, where the card is higher than the window."""
        if self._scrolled is not None:
            self._scrolled.ensureWidgetVisible(field, 0, 24)

    def _make_room(self) -> None:
        if self._scrolled is None and self.isVisible() and lacks_room(self.card, self.height() - 48):
            here = self._window.focusWidget()
            self._scrolled = let_scroll(self.card, self.content)
            if here is not None and self.isAncestorOf(here):
                here.setFocus(Qt.FocusReason.OtherFocusReason)  # it was let go on its way
            self._scrolled.resized.connect(self._show_focus)
            self._show_focus()

    def _show_focus(self) -> None:
        """Where the keyboard is stays in sight, also after a sentence below took some of the room."""
        here = self._window.focusWidget()
        if self._scrolled is not None and here is not None and self._scrolled.isAncestorOf(here):
            self.bring_into_view(here)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes round inside the card."""
        fields = [w for w in self.findChildren(QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus and w.isVisible()]
        fields = [w for w in fields if w.isEnabled() and w.focusProxy() is None]
        if not fields:
            return True
        here = QApplication.focusWidget()
        place = fields.index(here) if here in fields else -1 if forward else 0
        fields[(place + (1 if forward else -1)) % len(fields)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._window:
            self.setGeometry(self._window.rect())
        return False

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and is_held_enter(event):
            return True
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            QTimer.singleShot(0, self, self._make_room)
        escape = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if escape and event.key() == Qt.Key.Key_Escape:  # type: ignore[attr-defined]
            event.accept()  # Esc closes the sheet, whatever it means behind it
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_sheet()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), appearance().colour("shade"))
        painter.end()
