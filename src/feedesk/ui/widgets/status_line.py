"""The line at the bottom: printer, ledger, drawer, takings at a glance, and the page's keys at the right."""

import math
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from feedesk.ui.appearance import appearance, follow_appearance
from feedesk.ui.tokens import Token
from feedesk.ui.widgets.painting import paint_focus_ring

StatusTone = Literal["dot", "warn", "danger", "none"]


@dataclass(frozen=True, slots=True)
class StatusFact:
    """One fact in words; the dot's colour only underlines what the words say. ``usable``: a click asks for more.

    ``short`` says the same in fewer words for a small window.
    """

    key: str
    text: str
    tone: StatusTone = "none"
    usable: bool = False
    short: str = ""


class _FactButton(QAbstractButton):
    def __init__(self) -> None:
        super().__init__()
        self._tone: StatusTone = "none"
        self._fact: StatusFact | None = None
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Expanding)

    def show_fact(self, fact: StatusFact) -> None:
        self._tone = fact.tone
        self._fact = fact
        self.relayout()
        self.setAccessibleName(fact.text)
        self.setToolTip(fact.text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if fact.usable else Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor if fact.usable else Qt.CursorShape.ArrowCursor)
        self.update()

    def relayout(self) -> None:
        if self._fact is not None:
            self.setText(self._fact.short if appearance().is_compact and self._fact.short else self._fact.text)
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        width = QFontMetricsF(appearance().font("caption")).horizontalAdvance(self.text())
        return QSize(math.ceil(width) + (14 if self._tone != "none" else 0), appearance().size.status_line - 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(12, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left = 0
        if self._tone != "none":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(appearance().colour(self._tone))
            painter.drawEllipse(QRectF(0, self.height() / 2 - 4, 8, 8))
            left = 14
        font = appearance().font("caption")
        painter.setFont(font)
        tone: Token = "ink_2"
        if self._tone == "warn" or self._tone == "danger":
            tone = self._tone
        painter.setPen(appearance().colour(tone))
        box = QRectF(left, 0, self.width() - left, self.height())
        words = QFontMetricsF(font).elidedText(self.text(), Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, words)
        if self.hasFocus():
            paint_focus_ring(painter, QRectF(self.rect()), 3)
        painter.end()


class StatusLine(QWidget):
    """Facts by key at the left, in the order they first came; at the right what the page shown brings."""

    def __init__(self) -> None:
        super().__init__()
        self._facts: dict[str, _FactButton] = {}
        self._right: QWidget | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 1, 16, 0)
        self._row.setSpacing(20)
        self._row.addStretch(1)
        follow_appearance(self, self._relayout)

    def _relayout(self) -> None:
        self.setFixedHeight(appearance().size.status_line)
        self._row.setSpacing(14 if appearance().is_compact else 20)
        for button in self._facts.values():
            button.relayout()

    def set_fact(self, fact: StatusFact) -> QAbstractButton:
        """Shows a fact; the button returned tells when it is clicked."""
        button = self._facts.get(fact.key)
        if button is None:
            button = self._facts[fact.key] = _FactButton()
            self._row.insertWidget(len(self._facts) - 1, button)
        button.show_fact(fact)
        button.setVisible(bool(fact.text))
        return button

    def fact(self, key: str) -> str:
        """The words a fact shows now; empty when there is none."""
        button = self._facts.get(key)
        return button.text() if button is not None else ""

    def set_right(self, widget: QWidget | None) -> None:
        """What the page shown brings; the widget stays the page's own."""
        if self._right is not None and self._right is not widget:
            self._row.removeWidget(self._right)
            self._right.hide()
        if widget is not None and widget is not self._right:
            self._row.addWidget(widget)
            widget.show()
        self._right = widget

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), appearance().colour("card"))
        painter.fillRect(0, 0, self.width(), 1, appearance().colour("line"))
        painter.end()
