"""The one search box: hits appear while typing in a list below that never takes the keyboard away.

Composition of an input method is left alone: only committed text is searched, and the arrow keys, Enter and Esc
belong to the method while it composes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QInputMethodEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from feedesk.texts import _
from feedesk.ui.appearance import appearance, follow_appearance, follow_language
from feedesk.ui.tokens import FOCUS, RADIUS_FIELD, Token
from feedesk.ui.widgets.keycap import KeyCap
from feedesk.ui.widgets.label import Label
from feedesk.ui.widgets.painting import Span, paint_outline_icon, paint_spans, spans_text

_ROWS: Final = 9
_HIT: Final = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One line of the list: the unit large, the resident, and at the right what matched. ``target`` is the page's."""

    target: object
    unit: str
    resident: str = ""
    note: str = ""
    dimmed: bool = False

    def left(self) -> tuple[Span, ...]:
        """The words at the left."""
        ink: Token = "mute" if self.dimmed else "ink"
        return (Span(self.unit, ink, bold=True), Span(f"  {self.resident}", ink))

    def right(self) -> tuple[Span, ...]:
        """The words at the right."""
        return (Span(self.note, "mute", look="caption"),)


class _Line(QLineEdit):
    """Passes the keys of the list on unless an input method composes."""

    list_key = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._composing = False
        self.setProperty("bare", True)
        self.setProperty("look", "search")

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Return,
                Qt.Key.Key_Enter, Qt.Key.Key_Escape)  # fmt: skip
        if event.key() in keys and not self._composing:
            self.list_key.emit(int(event.key()))
            return
        super().keyPressEvent(event)


class _HitDelegate(QStyledItemDelegate):
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        hit = index.data(_HIT)
        place = QRectF(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(place, appearance().colour("selected"))
            painter.fillRect(QRectF(place.left(), place.top(), 3, place.height()), appearance().colour("accent"))
        inner = place.adjusted(14, 0, -14, 0)
        note = QFontMetricsF(appearance().font("caption")).horizontalAdvance(hit.note)
        paint_spans(painter, inner.adjusted(0, 0, -note - 12, 0), hit.left())
        paint_spans(painter, inner, hit.right(), right=True)
        painter.fillRect(QRectF(place.left(), place.bottom() - 1, place.width(), 1), appearance().colour("hair"))

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(100, appearance().size.billing_row)


class _HitList(QFrame):
    """Lies over the window's content as a plain child, so that it cannot take the focus from the field."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.setObjectName("hits")
        self.list = QListWidget()
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setItemDelegate(_HitDelegate(self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.list.setMouseTracking(True)
        self.list.setUniformItemSizes(True)
        self.sentence = Label("", "secondary", tone="mute")
        self.sentence.setMargin(12)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 4, 1, 4)
        column.setSpacing(0)
        column.addWidget(self.list)
        column.addWidget(self.sentence)
        self.hide()

    def fill(self, hits: Sequence[SearchHit], sentence: str) -> None:
        """Shows hits, the first one marked, and a sentence below if there is one."""
        self.list.clear()
        for hit in hits:
            item = QListWidgetItem(spans_text((*hit.left(), *hit.right())))
            item.setData(_HIT, hit)
            self.list.addItem(item)
        self.list.setCurrentRow(0 if hits else -1)
        self.list.setVisible(bool(hits))
        self.sentence.setText(sentence)
        self.sentence.setVisible(bool(sentence))

    def place_below(self, field: QWidget) -> None:
        """Takes its place under the field, as high as its rows, inside the window."""
        corner = field.mapTo(self._window, QPoint(0, field.height() + 4))
        rows = min(self.list.count(), _ROWS)
        height = rows * appearance().size.billing_row + 10
        if self.sentence.text():
            height += self.sentence.sizeHint().height()
        room = self._window.height() - corner.y() - 8
        self.setGeometry(corner.x(), corner.y(), field.width(), min(height, room))
        self.raise_()


class SearchField(QWidget):
    """`query_changed` follows every committed change; the page answers with `show_hits`. `hit_chosen` carries the hit.

    `submitted` carries the text when Enter is pressed and there is no hit to choose; `left_by_escape` tells that Esc
    was pressed in an empty field.
    """

    query_changed = Signal(str)
    hit_chosen = Signal(object)
    submitted = Signal(str)
    left_by_escape = Signal()

    def __init__(self, hint: str, keys: str = "/") -> None:
        """``hint`` is an ``N_`` text naming what can be typed."""
        super().__init__()
        self._hint_message = hint
        self._line = _Line()
        self._hint = Label("", "caption", tone="mute")
        self._cap = KeyCap(keys)
        self._list: _HitList | None = None
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setMaximumWidth(560)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        row = QHBoxLayout(self)
        row.setContentsMargins(34, 0, 12, 0)
        row.setSpacing(8)
        row.addWidget(self._line, 1)
        row.addWidget(self._hint)
        row.addWidget(self._cap)
        self.setFocusProxy(self._line)
        self._line.installEventFilter(self)
        self._line.textChanged.connect(self._on_text_changed)
        self._line.list_key.connect(self._on_list_key)
        follow_language(self, self._retranslate)
        follow_appearance(self, self._relayout)

    def text(self) -> str:
        return self._line.text()

    def set_text(self, text: str) -> None:
        """Writes text as if typed."""
        self._line.setText(text)

    def clear(self) -> None:
        """Empties the field and closes the list."""
        self._line.clear()
        self.hide_hits()

    def take_key(self, text: str) -> None:
        """A letter or digit typed elsewhere goes on here."""
        self._line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._line.deselect()
        self._line.setText(text)

    def select_all(self) -> None:
        """Marks what is there, so that typing replaces it."""
        self._line.selectAll()

    def show_hits(self, hits: Sequence[SearchHit], sentence: str = "") -> None:
        """Opens the list below; a sentence says that nothing was found, or that there is more."""
        if not hits and not sentence:
            self.hide_hits()
            return
        if self._list is None:
            self._list = _HitList(self.window())
            self._list.list.itemClicked.connect(self._on_clicked)
            self._list.list.setAccessibleName(_("Search results"))
        self._list.fill(hits, sentence)
        self._list.place_below(self)
        self._list.show()

    def hide_hits(self) -> None:
        """Closes the list."""
        if self._list is not None:
            self._list.hide()

    def are_hits_shown(self) -> bool:
        return self._list is not None and self._list.isVisible()

    def hits_list(self) -> QListWidget | None:
        """The list itself, while it is open; for tests and for screen readers."""
        return self._list.list if self._list is not None and self.are_hits_shown() else None

    def _retranslate(self) -> None:
        self._hint.setText(_(self._hint_message))
        self._line.setAccessibleName(_("Search"))
        self._line.setAccessibleDescription(_(self._hint_message))

    def _relayout(self) -> None:
        self.setFixedHeight(appearance().size.field)
        self.setMinimumWidth(220 if appearance().is_compact else 420)
        self.setMaximumWidth(330 if appearance().is_compact else 560)
        self._hint.setVisible(not appearance().is_compact)

    def _on_text_changed(self, text: str) -> None:
        if not text:
            self.hide_hits()
        self.query_changed.emit(text)

    def _on_list_key(self, key: int) -> None:
        if key in (int(Qt.Key.Key_Return), int(Qt.Key.Key_Enter)):
            self._choose_current()
        elif key == int(Qt.Key.Key_Escape):
            if self.are_hits_shown():
                self.hide_hits()
            elif self.text():
                self.clear()
            else:
                self.left_by_escape.emit()
        elif self.are_hits_shown() and self._list is not None:
            self._move(self._list.list, key)

    def _move(self, hits: QListWidget, key: int) -> None:
        step = {int(Qt.Key.Key_Up): -1, int(Qt.Key.Key_Down): 1}.get(key) or (
            -_ROWS if key == int(Qt.Key.Key_PageUp) else _ROWS
        )
        row = min(max(hits.currentRow() + step, 0), hits.count() - 1)
        hits.setCurrentRow(row)

    def _choose_current(self) -> None:
        item = self._list.list.currentItem() if self._list is not None and self.are_hits_shown() else None
        if item is None:
            self.submitted.emit(self.text())
        else:
            self._on_clicked(item)

    def _on_clicked(self, item: QListWidgetItem) -> None:
        hit = item.data(_HIT)
        self.hide_hits()
        self.hit_chosen.emit(hit)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.hide_hits()
            self.update()
        elif event.type() == QEvent.Type.FocusIn:
            self.update()
        return False

    def sizeHint(self) -> QSize:
        return QSize(560, appearance().size.field)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focused = self._line.hasFocus()
        width = FOCUS if focused else 1
        painter.setPen(QPen(appearance().colour("accent" if focused else "field_line"), width))
        painter.setBrush(appearance().colour("field"))
        inset = width / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), RADIUS_FIELD, RADIUS_FIELD)
        paint_outline_icon(painter, "search", 12, (self.height() - 16) / 2, 16, "mute")
        painter.end()
