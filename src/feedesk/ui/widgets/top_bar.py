"""The line on top: which community, which page or the search box, who sits here since when, and the time."""

from collections.abc import Sequence

from PySide6.QtCore import QTime, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from feedesk.texts import N_
from feedesk.ui.appearance import appearance, follow_appearance
from feedesk.ui.widgets.keycap import KeyHint
from feedesk.ui.widgets.label import Label
from feedesk.ui.widgets.painting import Span
from feedesk.ui.widgets.phrase import Phrase


class TopBar(QWidget):
    """Holds what the page shown brings: a title or a widget in the middle, and perhaps a widget at the right."""

    def __init__(self) -> None:
        super().__init__()
        self._community = Label("", "title", bold=True)
        self._title = Label("", "body", tone="ink_2")
        self._session = Phrase(right=True)
        self._clock = Label("", "body", bold=True)
        self.lock = KeyHint(N_("Lock"), "Ctrl+Shift+L")
        self.lock.hide()
        self._middle: QWidget | None = None
        self._right: QWidget | None = None
        self._has_session = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 0, 16, 0)
        self._row.setSpacing(16)
        self._row.addWidget(self._community)
        self._row.addWidget(self._title)
        self._row.addStretch(1)
        self._row.addWidget(self._session)
        self._row.addWidget(self._clock)
        self._row.addWidget(self.lock)
        self._community.hide()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._on_tick)
        self._timer.start(1000)
        self._on_tick()
        follow_appearance(self, self._relayout)

    def set_community(self, name: str) -> None:
        """The community the ledger is of."""
        self._community.setText(name)
        self._community.setVisible(bool(name))

    def set_session(self, spans: Sequence[Span]) -> None:
        """Who sits here: cashier, till, shift since."""
        self._session.set_spans(spans)
        self._has_session = bool(spans)
        self._relayout()

    def _relayout(self) -> None:
        self.setFixedHeight(appearance().size.top_bar)
        self.lock.setVisible(self._has_session and self._right is None and not appearance().is_compact)

    def set_page(self, title: str, middle: QWidget | None, right: QWidget | None) -> None:
        """What the page shown brings; the widgets stay the page's own and are only shown here."""
        self._title.setText(title)
        self._title.setVisible(bool(title))
        self._middle = self._swap(self._middle, middle, 2)
        self._right = self._swap(self._right, right, 4 if middle else 3)
        self._session.setVisible(right is None)
        self._relayout()
        self._clock.setVisible(right is None)

    def _swap(self, old: QWidget | None, new: QWidget | None, place: int) -> QWidget | None:
        if old is not None and old is not new:
            self._row.removeWidget(old)
            old.hide()
        if new is not None and old is not new:
            self._row.insertWidget(place, new)
            new.show()
        return new

    def _on_tick(self) -> None:
        self._clock.setText(QTime.currentTime().toString("HH:mm"))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), appearance().colour("card"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, appearance().colour("line"))
        painter.end()
