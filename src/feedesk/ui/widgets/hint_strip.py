"""A quiet strip with an icon and words around a key: 可用预存 120.00 · [Alt 6] 抵扣."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from feedesk.ui.appearance import appearance
from feedesk.ui.tokens import RADIUS_CAP
from feedesk.ui.widgets.painting import cap_size, paint_cap, paint_focus_ring, paint_outline_icon


class HintStrip(QAbstractButton):
    """Pressing it does what the key does."""

    def __init__(self, icon_name: str, keys: str) -> None:
        super().__init__()
        self._icon = icon_name
        self._keys = keys
        self._before = ""
        self._after = ""
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_words(self, before: str, after: str) -> None:
        """The words at both sides of the key."""
        self._before, self._after = before, after
        self.setAccessibleName(f"{before} {after}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, 28)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look = appearance()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("panel"))
        painter.drawRoundedRect(QRectF(self.rect()), RADIUS_CAP, RADIUS_CAP)
        paint_outline_icon(painter, self._icon, 8, (self.height() - 15) / 2, 15, "ink_2")
        font = look.font("caption")
        painter.setFont(font)
        painter.setPen(look.colour("ink_2"))
        width = QFontMetricsF(font).horizontalAdvance(self._before)
        painter.drawText(QRectF(28, 0, width + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, self._before)
        cap_width, cap_height = cap_size(self._keys)
        paint_cap(painter, QPointF(28 + width + 3, (self.height() - cap_height) / 2), self._keys)
        painter.setFont(font)
        painter.setPen(look.colour("ink_2"))
        after = QRectF(28 + width + cap_width + 7, 0, self.width(), self.height())
        painter.drawText(after, Qt.AlignmentFlag.AlignVCenter, self._after)
        if self.hasFocus():
            paint_focus_ring(painter, QRectF(self.rect()), RADIUS_CAP)
        painter.end()
