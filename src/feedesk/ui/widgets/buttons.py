"""Buttons: the one main act of a page, and quiet ones beside it, each with its key on it."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from feedesk.ui.appearance import appearance
from feedesk.ui.tokens import RADIUS_CARD, RADIUS_FIELD, Look
from feedesk.ui.widgets.painting import CapColours, cap_size, paint_cap, paint_focus_ring
from feedesk.ui.words import key_words


class EnterButton(QAbstractButton):
    """Enter presses it like Space: Qt leaves that to the desktop, and not every desktop does it."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)


class ActionButton(EnterButton):
    """The main button of a page: 收款并打印 [Enter]. Its words may carry an amount, so the page sets them."""

    def __init__(self, keys: str) -> None:
        super().__init__()
        self._keys = keys
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_words(self, words: str) -> None:
        """What pressing it does, in the language shown."""
        self.setText(words)
        self.setAccessibleName(f"{words} {key_words(self._keys)}")
        self.update()

    def sizeHint(self) -> QSize:
        words = QFontMetricsF(appearance().font("button", bold=True)).horizontalAdvance(self.text())
        return QSize(round(words + cap_size(self._keys, "caption")[0]) + 40, appearance().size.main_button)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()
        super().enterEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        usable = self.isEnabled()
        pressed = usable and (self.isDown() or self.underMouse())
        painter.setBrush(appearance().colour("button_cap" if pressed else "button" if usable else "panel"))
        painter.drawRoundedRect(QRectF(self.rect()), RADIUS_CARD, RADIUS_CARD)
        self._paint_words(painter)
        if self.hasFocus():
            ring = QRectF(self.rect()).adjusted(2, 2, -2, -2)
            painter.setPen(QPen(appearance().colour("button_ink"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(ring, RADIUS_CARD - 2, RADIUS_CARD - 2)
        painter.end()

    def fitting_look(self) -> Look:
        """The largest type in which words and key stand side by side in the room there is."""
        gaps = 12 + cap_size(self._keys, "caption")[0] + 16
        looks: tuple[Look, ...] = ("button", "title", "body")
        for look in looks:
            if QFontMetricsF(appearance().font(look, bold=True)).horizontalAdvance(self.text()) + gaps <= self.width():
                return look
        return "secondary"

    def _paint_words(self, painter: QPainter) -> None:
        usable = self.isEnabled()
        font = appearance().font(self.fitting_look(), bold=True)
        cap_width, cap_height = cap_size(self._keys, "caption")
        metrics = QFontMetricsF(font)
        shown = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width() - 16 - cap_width)
        words = metrics.horizontalAdvance(shown)
        left = (self.width() - words - 12 - cap_width) / 2
        painter.setFont(font)
        painter.setPen(appearance().colour("button_ink" if usable else "mute"))
        painter.drawText(QRectF(left, 0, words + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, shown)
        colours = CapColours("button_ink", "mark", "button_cap") if usable else CapColours("mute", "line", "panel")
        cap_at = QPointF(left + words + 12, (self.height() - cap_height) / 2)
        paint_cap(painter, cap_at, self._keys, colours, "caption")


class QuietButton(EnterButton):
    """A second choice: outlined, with its key if it has one."""

    def __init__(self, words: str = "", keys: str = "") -> None:
        super().__init__()
        self._keys = keys
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_words(words)

    def set_words(self, words: str) -> None:
        """What pressing it does, in the language shown."""
        self.setText(words)
        self.setAccessibleName(f"{words} {key_words(self._keys)}".strip())
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        width = QFontMetricsF(appearance().font("body")).horizontalAdvance(self.text())
        if self._keys:
            width += cap_size(self._keys)[0] + 8
        return QSize(round(width) + 28, appearance().size.field)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()
        super().enterEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        hot = self.isEnabled() and (self.underMouse() or self.isDown())
        painter.setPen(QPen(appearance().colour("field_line"), 1))
        painter.setBrush(appearance().colour("selected" if hot else "field"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_FIELD, RADIUS_FIELD)
        cap_width, cap_height = cap_size(self._keys) if self._keys else (0.0, 0.0)
        words = QFontMetricsF(appearance().font("body")).horizontalAdvance(self.text())
        left = (self.width() - words - (cap_width + 8 if self._keys else 0)) / 2
        painter.setFont(appearance().font("body"))
        painter.setPen(appearance().colour("ink" if self.isEnabled() else "mute"))
        painter.drawText(QRectF(left, 0, words + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, self.text())
        if self._keys:
            paint_cap(painter, QPointF(left + words + 8, (self.height() - cap_height) / 2), self._keys)
        if self.hasFocus():
            paint_focus_ring(painter, QRectF(self.rect()))
        painter.end()
