"""The ready-to-close board: every open item in one list, whether it blocks closing, and Enter to its cure."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from feedesk.rules.ready_to_close import Matter
from feedesk.texts import N_, _
from feedesk.ui.appearance import appearance
from feedesk.ui.pages.dayclose.open_items import OpenItem
from feedesk.ui.tokens import Token
from feedesk.ui.widgets.empty_state import EmptyState
from feedesk.ui.widgets.painting import Span, paint_focus_ring, paint_outline_icon, paint_spans

_QUIET: Final = frozenset({Matter.WAITING_SLIP, Matter.UNCLAIMED, Matter.CASH_IN_TRANSIT, Matter.NOT_REVIEWED})
_GRAVE: Final = frozenset({Matter.NUMBER_GAP, Matter.NEGATIVE_PREPAYMENT})


class ItemButton(QAbstractButton):
    """One item; Enter or a click asks for its cure, ↑ ↓ go through the list, Esc leaves it."""

    moved = Signal(int)
    left = Signal()

    def __init__(self, item: OpenItem) -> None:
        super().__init__()
        self.item = item
        self.setText(item.words)
        self.setAccessibleName(f"{item.words} {self.standing()} {item.note} {item.act}".strip())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def standing(self) -> str:
        """Whether it blocks closing, in words."""
        return _("Blocks closing") if self.item.blocks else _("Only a reminder")

    def _tone(self) -> Token:
        if self.item.blocks or self.item.matter in _GRAVE:
            return "danger"
        return "ink_2" if self.item.matter in _QUIET else "warn"

    def sizeHint(self) -> QSize:
        return QSize(300, appearance().size.row * 2 - (10 if appearance().is_compact else 8))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        look = appearance()
        if self.underMouse() or self.hasFocus():
            painter.fillRect(self.rect(), look.colour("selected"))
        tone = self._tone()
        icon = "printer" if self.item.matter is Matter.WAITING_SLIP else "triangle-alert"
        paint_outline_icon(painter, icon, 16, self.height() / 2 - 9, 18, tone)
        act = QFontMetricsF(look.font("secondary", bold=True)).horizontalAdvance(self.item.act)
        middle = self.height() / 2
        room = QRectF(46, 4, self.width() - 46 - act - 34, middle - 4)
        paint_spans(painter, room, (Span(self.item.words, bold=True),))
        below = QRectF(46, middle, room.width(), middle - 4)
        standing = Span(self.standing(), "danger" if self.item.blocks else "ink_2", bold=True, look="secondary")
        note = f"\N{EN SPACE}{self.item.note}" if self.item.note else ""
        paint_spans(painter, below, (standing, Span(note, "mute", look="secondary")))
        right = QRectF(0, 0, self.width() - 16, self.height())
        paint_spans(painter, right, (Span(self.item.act, "accent", bold=True, look="secondary"),), right=True)
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), look.colour("hair"))
        if self.hasFocus():
            paint_focus_ring(painter, QRectF(self.rect()).adjusted(2, 1, -2, -2))
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.moved.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class OpenItemList(QScrollArea):
    """`asked` carries the item pressed; `left` when the keyboard goes on from the list."""

    asked = Signal(object)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[OpenItem, ...] = ()
        self.buttons: list[ItemButton] = []
        inner = QWidget()
        inner.setObjectName("scrolled")
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._empty = EmptyState("circle-check", N_("Nothing is open"), N_("Go on and count the drawer."))
        self._column.addWidget(self._empty)
        self._column.addStretch(1)
        self.setWidget(inner)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_items(self, items: Sequence[OpenItem]) -> None:
        """Shows other items; the keyboard stays in the list where it was there."""
        if tuple(items) == self._shown and (self.buttons or not items):
            return
        place = next((n for n, button in enumerate(self.buttons) if button.hasFocus()), None)
        self._shown = tuple(items)
        old = self.buttons
        self.buttons = [ItemButton(item) for item in items]
        for n, button in enumerate(self.buttons):
            button.clicked.connect(lambda _on=False, item=button.item: self.asked.emit(item))
            button.moved.connect(partial(self._move, n))
            button.left.connect(self.left)
            self._column.insertWidget(n, button)
        if place is not None and self.buttons:
            self.focus_item(min(place, len(self.buttons) - 1))
        for button in old:
            self._column.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._empty.setVisible(not items)

    def _move(self, place: int, step: int) -> None:
        """Up and down; below the last one the keyboard goes on to what is beside the list."""
        if place + step >= len(self.buttons):
            self.left.emit()
        elif place + step >= 0:
            self.focus_item(place + step)

    def focus_item(self, place: int) -> None:
        """Puts the keyboard on an item."""
        button = self.buttons[place]
        button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.ensureWidgetVisible(button, 0, 0)
