"""The row of keys at the foot of a page: as many as there is room for, the first ones before the last."""

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from feedesk.ui.appearance import follow_appearance, follow_language
from feedesk.ui.widgets.keycap import KeyHint

_SPACING, _MARGIN = 14, 14


class KeyRow(QWidget):
    """``hints`` stand at the left, ``last`` at the right end, which goes before the others where it is tight."""

    def __init__(self, hints: Sequence[KeyHint], last: KeyHint) -> None:
        super().__init__()
        self._hints, self._last = tuple(hints), last
        self._is_last_wanted = True
        row = QHBoxLayout(self)
        row.setContentsMargins(_MARGIN, 0, _MARGIN, 0)
        row.setSpacing(_SPACING)
        for hint in self._hints:
            row.addWidget(hint)
        row.addStretch(1)
        row.addWidget(last)
        follow_language(self, self.fit)
        follow_appearance(self, self.fit)

    def want_last(self, wanted: bool) -> None:
        """Whether the one at the right end means anything now."""
        self._is_last_wanted = wanted
        self.fit()

    def fit(self) -> None:
        """Shows what there is room for; a key that is not shown works all the same, and F1 lists it."""
        room = self.width() - 2 * _MARGIN
        order = [self._hints[0], *([self._last] if self._is_last_wanted else []), *self._hints[1:]]
        full = False
        for hint in order:
            room -= hint.sizeHint().width() + _SPACING
            full = full or room < 0
            hint.setVisible(not full)
        if not self._is_last_wanted:
            self._last.hide()

    def minimumSizeHint(self) -> QSize:
        return QSize(80, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()
