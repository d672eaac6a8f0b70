"""What is still open before a day is closed: slips not on paper, shifts at other tills, an earlier day not closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from feedesk.queries.closing_view import ClosingView
from feedesk.texts import N_, _, ngettext
from feedesk.ui.appearance import appearance
from feedesk.ui.tokens import Token
from feedesk.ui.widgets.empty_state import EmptyState
from feedesk.ui.widgets.painting import Span, paint_focus_ring, paint_outline_icon, paint_spans


class ItemKind(StrEnum):
    """What can be open."""

    EARLIER_DAY = "earlier_day"
    SHIFT = "shift"
    UNCERTAIN = "uncertain"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class OpenItem:
    """One thing that is open, in words; ``act`` says what Enter on it does, empty where it is done elsewhere."""

    kind: ItemKind
    words: str
    note: str
    act: str = ""
    day: date | None = None


def open_items(view: ClosingView) -> tuple[OpenItem, ...]:
    """What is open of a day, the most pressing first."""
    items: list[OpenItem] = []
    if view.earlier is not None:
        words = _("{day} is not closed yet").format(day=view.earlier.isoformat())
        note = _("Days are closed in order: close that one first.")
        items.append(OpenItem(ItemKind.EARLIER_DAY, words, note, _("Go to that day"), view.earlier))
    for shift in view.others_open:
        words = _("{cashier}'s shift at {till} is still open").format(cashier=shift.cashier, till=shift.till_name)
        note = _("since {time}; it is handed over at that till").format(time=f"{shift.opened_at:%H:%M}")
        items.append(OpenItem(ItemKind.SHIFT, words, note))
    undecided = [slip for slip in view.slips if slip.state in ("failed", "uncertain")]
    for slip in undecided:
        words = _("Nobody knows whether slip {receipt} came out").format(receipt=slip.receipt)
        if slip.state == "failed":
            words = _("Slip {receipt} was not printed").format(receipt=slip.receipt)
        items.append(OpenItem(ItemKind.UNCERTAIN, words, f"{slip.unit} {slip.message}".strip(), _("Say what is so")))
    waiting = len(view.slips) - len(undecided)
    if waiting:
        words = ngettext("{n} slip waits for the printer", "{n} slips wait for the printer", waiting).format(n=waiting)
        items.append(OpenItem(ItemKind.WAITING, words, _("They are printed as soon as the printer is ready.")))
    return tuple(items)


class _ItemButton(QAbstractButton):
    def __init__(self, item: OpenItem) -> None:
        super().__init__()
        self.item = item
        self.setText(item.words)
        self.setAccessibleName(f"{item.words} {item.note} {item.act}".strip())
        self.setEnabled(bool(item.act))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if item.act else Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor if item.act else Qt.CursorShape.ArrowCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(300, appearance().size.row * 2 - (10 if appearance().is_compact else 8))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        look = appearance()
        if self.underMouse() and self.isEnabled():
            painter.fillRect(self.rect(), look.colour("selected"))
        tone: Token = "ink_2" if self.item.kind is ItemKind.WAITING else "warn"
        paint_outline_icon(
            painter, "triangle-alert" if tone == "warn" else "printer", 16, self.height() / 2 - 9, 18, tone
        )
        act = QFontMetricsF(look.font("secondary", bold=True)).horizontalAdvance(self.item.act)
        middle = self.height() / 2
        room = QRectF(46, 4, self.width() - 46 - act - 34, middle - 4)
        paint_spans(painter, room, (Span(self.item.words, bold=True),))
        below = QRectF(46, middle, room.width(), middle - 4)
        paint_spans(painter, below, (Span(self.item.note, "mute", look="secondary"),))
        right = QRectF(0, 0, self.width() - 16, self.height())
        paint_spans(painter, right, (Span(self.item.act, "accent", bold=True, look="secondary"),), right=True)
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), look.colour("hair"))
        if self.hasFocus():
            paint_focus_ring(painter, QRectF(self.rect()).adjusted(2, 1, -2, -2))
        painter.end()

    def keyPressEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)


class OpenItemList(QScrollArea):
    """`asked` carries the item pressed."""

    asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[OpenItem, ...] = ()
        self.buttons: list[_ItemButton] = []
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
        """Shows other items."""
        if tuple(items) == self._shown and (self.buttons or not items):
            return
        self._shown = tuple(items)
        for button in self.buttons:
            self._column.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = [_ItemButton(item) for item in items]
        for place, button in enumerate(self.buttons):
            button.clicked.connect(lambda _on=False, item=button.item: self.asked.emit(item))
            self._column.insertWidget(place, button)
        self._empty.setVisible(not items)
