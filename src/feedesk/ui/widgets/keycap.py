"""Visible shortcuts: a key cap alone, and words with their key cap that can also be clicked."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from feedesk.texts import _
from feedesk.ui.appearance import appearance, follow_language
from feedesk.ui.tokens import Look, Token
from feedesk.ui.widgets.painting import CapColours, cap_size, paint_cap, paint_focus_ring
from feedesk.ui.words import key_words


class KeyCap(QWidget):
    """The picture of a key; the widget it explains carries the accessible name."""

    def __init__(self, keys: str, colours: CapColours = CapColours()) -> None:
        super().__init__()
        self._keys = keys
        self._colours = colours
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        follow_language(self, self._retranslate)

    def _retranslate(self) -> None:
        self.setAccessibleName(key_words(self._keys))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        width, height = cap_size(self._keys)
        return QSize(round(width), round(height))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_cap(painter, QPointF(0, 0), self._keys, self._colours)
        painter.end()


class KeyHint(QAbstractButton):
    """Words and the key that does it, 历史缴费 [Ctrl H]. A click does the same; the key is bound elsewhere."""

    def __init__(
        self, message: str, keys: str, *, tone: Token = "ink_2", look: Look = "caption", keys_first: bool = False
    ) -> None:
        super().__init__()
        self._keys = keys
        self._tone: Token = tone
        self._look: Look = look
        self._keys_first = keys_first
        self._message = message
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        follow_language(self, self._retranslate)

    def _retranslate(self) -> None:
        self.setText(_(self._message))
        self.setAccessibleName(f"{self.text()} {key_words(self._keys)}".strip())
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        words = QFontMetricsF(appearance().font(self._look))
        width = words.horizontalAdvance(self.text())
        height = words.height()
        if self._keys:
            cap_width, cap_height = cap_size(self._keys)
            width, height = width + 5 + round(cap_width), max(height, cap_height)
        return QSize(int(width + 0.99), round(height))

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()
        super().enterEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        cap_width, cap_height = cap_size(self._keys) if self._keys else (0.0, 0.0)
        middle = self.height() / 2
        words = QRectF(0, 0, self.width() - cap_width - 4, self.height())
        cap_at = QPointF(self.width() - round(cap_width), middle - cap_height / 2)
        if self._keys_first and self._keys:
            cap_at = QPointF(0, middle - cap_height / 2)
            words = QRectF(round(cap_width) + 5, 0, self.width() - cap_width - 5, self.height())
        painter.setFont(appearance().font(self._look))
        hot = self.underMouse() and self.isEnabled()
        painter.setPen(appearance().colour("accent" if hot else self._tone if self.isEnabled() else "mute"))
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
        if self._keys:
            paint_cap(painter, cap_at, self._keys)
        if self.hasFocus():
            paint_focus_ring(painter, QRectF(self.rect()), 3)
        painter.end()
