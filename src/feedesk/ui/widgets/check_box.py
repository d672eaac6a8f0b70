"""A tick box with its words and, if it has one, its key at the right end."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from feedesk.texts import _
from feedesk.ui.appearance import appearance, follow_language
from feedesk.ui.widgets.painting import cap_size, paint_cap, paint_focus_ring, paint_tick
from feedesk.ui.words import key_words

_TICK = 16


class CheckBox(QAbstractButton):
    """``note`` stands at the right end, as the number of homes beside a fee item does."""

    def __init__(self, message: str = "", *, keys: str = "", note: str = "") -> None:
        super().__init__()
        self._message = message
        self._keys = keys
        self._note = note
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        follow_language(self, self._retranslate)

    def set_words(self, words: str, note: str = "") -> None:
        """Words that are data rather than a text of the catalogue."""
        self._message, self._note = "", note
        self.setText(words)
        self.setAccessibleName(f"{words} {note}".strip())
        self.update()

    def _retranslate(self) -> None:
        if self._message:
            self.setText(_(self._message))
            self.setAccessibleName(f"{self.text()} {key_words(self._keys)}".strip())

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(appearance().font("body"))
        width = _TICK + 8 + metrics.horizontalAdvance(self.text() + self._note)
        if self._keys:
            width += 12 + cap_size(self._keys)[0]
        return QSize(round(width) + 2, max(_TICK + 4, round(metrics.height())))

    def minimumSizeHint(self) -> QSize:
        return QSize(_TICK + 40, self.sizeHint().height())

    def hitButton(self, place) -> bool:  # type: ignore[no-untyped-def]
        return bool(self.rect().contains(place))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        state = Qt.CheckState.Checked if self.isChecked() else Qt.CheckState.Unchecked
        paint_tick(painter, QRectF(0, (self.height() - _TICK) // 2, _TICK, _TICK), state)
        words = QRectF(_TICK + 8, 0, self.width() - _TICK - 8, self.height())
        if self._keys:
            cap_width, cap_height = cap_size(self._keys)
            paint_cap(painter, QPointF(self.width() - round(cap_width), (self.height() - cap_height) / 2), self._keys)
            words.setRight(self.width() - cap_width - 6)
        painter.setFont(appearance().font("body"))
        painter.setPen(appearance().colour("ink" if self.isEnabled() else "mute"))
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.text())
        if self._note:
            painter.setPen(appearance().colour("mute"))
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, self._note)
        if self.hasFocus():
            paint_focus_ring(painter, QRectF(-2, (self.height() - _TICK) // 2 - 2, _TICK + 4, _TICK + 4), 5)
        painter.end()
