"""One way of paying: its name and its key; the chosen one is outlined, tinted and bold."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from feedesk.ui.appearance import appearance
from feedesk.ui.tokens import FOCUS, RADIUS_FIELD, Token
from feedesk.ui.widgets.painting import cap_size, paint_cap
from feedesk.ui.words import key_words


class TenderButton(QAbstractButton):
    """Checkable; belongs into an exclusive group. ``name`` is data of the ledger, not a text of the catalogue."""

    def __init__(self, name: str, keys: str) -> None:
        super().__init__()
        self._keys = keys
        self.setText(name)
        self.setAccessibleName(f"{name} {key_words(keys)}".strip())
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        if appearance().is_compact:
            return QSize(64, 34)
        words = QFontMetricsF(appearance().font("title")).height()
        return QSize(88, round(words + cap_size("Alt+1")[1]) + 14)

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self.sizeHint().height())

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()
        super().enterEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = self.isChecked()
        self._paint_ground(painter, chosen)
        font = appearance().font("title", bold=chosen)
        painter.setFont(font)
        ink: Token = "accent" if chosen else "ink" if self.isEnabled() else "mute"
        painter.setPen(appearance().colour(ink))
        if appearance().is_compact or not self._keys:
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        else:
            cap_width, cap_height = cap_size(self._keys)
            words = QFontMetricsF(font).height()
            top = (self.height() - words - cap_height + 1) / 2 - 1
            painter.drawText(QRectF(0, top - 1, self.width(), words), Qt.AlignmentFlag.AlignCenter, self.text())
            paint_cap(painter, QPointF((self.width() - cap_width) / 2, top + words + 1), self._keys)
        painter.end()

    def _paint_ground(self, painter: QPainter, chosen: bool) -> None:
        ring = chosen or self.hasFocus()
        width = FOCUS if ring else 1
        inset = width / 2
        painter.setPen(QPen(appearance().colour("accent" if ring else "field_line"), width))
        hot = self.underMouse() and self.isEnabled()
        painter.setBrush(appearance().colour("accent_soft" if chosen else "selected" if hot else "field"))
        box = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(box, RADIUS_FIELD, RADIUS_FIELD)
        if chosen and self.hasFocus():
            painter.setPen(QPen(appearance().colour("accent"), 1, Qt.PenStyle.DotLine))
            painter.drawRoundedRect(box.adjusted(3, 3, -3, -3), RADIUS_FIELD - 2, RADIUS_FIELD - 2)
