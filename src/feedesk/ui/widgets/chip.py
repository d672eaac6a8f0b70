"""A chip: a fact in a word or two on a soft ground (自住 · 老年减免 10% · 欠费 3 个月)."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from feedesk.ui.widgets.painting import Tone, chip_size, paint_chip


class ChipRow(QWidget):
    """Chips one after another, on as many lines as the width asks for."""

    def __init__(self) -> None:
        super().__init__()
        self._chips: tuple[tuple[Tone, str], ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_chips(self, chips: Sequence[tuple[Tone, str]]) -> None:
        """Shows other chips, each a tone and its words."""
        self._chips = tuple(chips)
        self.setAccessibleName("，".join(text for _tone, text in self._chips))
        self.setVisible(bool(self._chips))
        self.updateGeometry()
        self.update()

    def _places(self, width: float) -> list[QPointF]:
        places: list[QPointF] = []
        x = y = 0.0
        for _tone, text in self._chips:
            chip_width, chip_height = chip_size(text)
            if x and x + chip_width > width:
                x, y = 0.0, y + chip_height + 4
            places.append(QPointF(x, y))
            x += chip_width + 4
        return places

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        places = self._places(width)
        return round(places[-1].y() + chip_size("字")[1]) if places else 0

    def sizeHint(self) -> QSize:
        width = sum(chip_size(text)[0] + 4 for _tone, text in self._chips)
        return QSize(round(width), round(chip_size("字")[1]))

    def minimumSizeHint(self) -> QSize:
        widest = max((chip_size(text)[0] for _tone, text in self._chips), default=0)
        return QSize(round(widest), round(chip_size("字")[1]))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for (tone, text), place in zip(self._chips, self._places(self.width()), strict=True):
            paint_chip(painter, place, text, tone)
        painter.end()
