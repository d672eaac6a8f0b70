"""The pages, one under another, each with its icon, its name and its key; a mark stands at the one shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QSizePolicy, QVBoxLayout, QWidget

from feedesk.texts import _
from feedesk.ui.appearance import appearance, follow_appearance, follow_language
from feedesk.ui.tokens import Token
from feedesk.ui.widgets.painting import CapColours, cap_size, paint_cap, paint_outline_icon
from feedesk.ui.words import key_words

_ICON: Final = 20
_REST: Final = CapColours("sidebar_ink", "sidebar_cap_line", None)
_ON: Final = CapColours("sidebar_ink", "mark", None)


@dataclass(frozen=True, slots=True)
class SidebarEntry:
    """A page as the sidebar shows it: its key in the program, icon, name (``N_``) and shortcut."""

    page: str
    icon: str
    message: str
    keys: str = ""
    at_end: bool = False


class _Item(QAbstractButton):
    def __init__(self, entry: SidebarEntry) -> None:
        super().__init__()
        self._entry = entry
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        follow_language(self, self._retranslate)

    def _retranslate(self) -> None:
        self.setText(_(self._entry.message))
        self.setAccessibleName(f"{self.text()} {key_words(self._entry.keys)}".strip())
        self.setToolTip(f"{self.text()} {key_words(self._entry.keys)}".strip() if appearance().is_compact else "")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(appearance().size.sidebar, 46 if appearance().is_compact else 58)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()
        super().enterEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on, compact = self.isChecked(), appearance().is_compact
        if not self.isEnabled():
            painter.setOpacity(0.45)
        if on or (self.underMouse() and self.isEnabled()):
            painter.fillRect(self.rect(), appearance().colour("sidebar_on"))
        if on:
            painter.fillRect(QRectF(0, 0, 3, self.height()), appearance().colour("mark"))
        ink: Token = "sidebar_on_ink" if on else "sidebar_ink"
        top = 4 if compact else 9
        paint_outline_icon(painter, self._entry.icon, (self.width() - _ICON) / 2, top, _ICON, ink)
        self._paint_name(painter, on=on, top=top, middle=top + _ICON + (9 if compact else 13))
        if self.hasFocus():
            painter.setPen(QPen(appearance().colour("mark"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(5, 3, -4, -3), 4, 4)
        painter.end()

    def key_fits_beside(self) -> bool:
        """Whether the name leaves room for the key."""
        name = QFontMetricsF(appearance().font("caption", bold=True)).horizontalAdvance(self.text())
        return name + cap_size(self._entry.keys, slim=True)[0] + 8 <= self.width()

    def _paint_name(self, painter: QPainter, *, on: bool, top: float, middle: float) -> None:
        """Name and key side by side; a name too long for that has the key beside the icon above it."""
        font = appearance().font("caption", bold=on)
        metrics = QFontMetricsF(font)
        words = self.text()
        shows_cap = bool(self._entry.keys) and not appearance().is_compact
        cap_width, cap_height = cap_size(self._entry.keys, slim=True) if shows_cap else (0.0, 0.0)
        beside = shows_cap and self.key_fits_beside()
        words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, self.width() - 4)
        width = metrics.horizontalAdvance(words)
        left = round((self.width() - width - (cap_width + 4 if beside else 0)) / 2)
        painter.setFont(font)
        painter.setPen(appearance().colour("sidebar_on_ink" if on else "sidebar_ink"))
        box = QRectF(left, middle - metrics.height() / 2, width + 2, metrics.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, words)
        if shows_cap:
            at = QPointF(left + width + 4, round(middle - cap_height / 2))
            if not beside:
                at = QPointF(min((self.width() + _ICON) / 2 + 4, self.width() - cap_width - 1), top)
            paint_cap(painter, at, self._entry.keys, _ON if on else _REST)


class Sidebar(QWidget):
    """`page_asked` carries the key of the page clicked; the window decides whether to show it."""

    page_asked = Signal(str)

    def __init__(self, entries: Sequence[SidebarEntry]) -> None:
        super().__init__()
        self._items: dict[str, _Item] = {}
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 2)
        column.setSpacing(0)
        stretched = False
        for entry in entries:
            if entry.at_end and not stretched:
                column.addStretch(1)
                stretched = True
            item = _Item(entry)
            self._items[entry.page] = item
            self._group.addButton(item)
            item.clicked.connect(lambda _on=False, page=entry.page: self.page_asked.emit(page))
            column.addWidget(item)
        if not stretched:
            column.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        follow_language(self, lambda: self.setAccessibleName(_("Pages")))
        follow_appearance(self, lambda: self.setFixedWidth(appearance().size.sidebar))

    def show_page(self, page: str) -> None:
        """Moves the mark to a page."""
        if page in self._items:
            self._items[page].setChecked(True)

    def set_usable(self, pages: Sequence[str]) -> None:
        """Leaves only these pages open to a click (before there is a ledger, only the settings are)."""
        for page, item in self._items.items():
            item.setEnabled(page in pages)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), appearance().colour("sidebar"))
        painter.end()
