"""Icons drawn from Lucide's outlines (ISC licence, see resources/icons) in any colour, size and pixel density."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from feedesk.resources import resource_path
from feedesk.ui.appearance import appearance
from feedesk.ui.tokens import Token


@lru_cache(maxsize=256)
def _outline(name: str, colour: str) -> QSvgRenderer:
    source = resource_path(f"icons/{name}.svg").read_text("utf-8")
    return QSvgRenderer(QByteArray(source.replace("currentColor", colour).encode()))


def paint_icon(painter: QPainter, name: str, place: QRectF, colour: QColor) -> None:
    """Draws an icon into a square; sharp at any scaling since it is drawn, not copied."""
    _outline(name, colour.name()).render(painter, place)


def icon(name: str, token: Token = "ink_2", pixels: int = 16) -> QIcon:
    """A `QIcon` of an outline in a colour of the theme shown now, for Qt's own buttons and actions."""
    made = QIcon()
    for density in (1.0, 1.25, 1.5, 2.0):
        picture = QPixmap(QSize(pixels, pixels) * density)
        picture.setDevicePixelRatio(density)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        paint_icon(painter, name, QRectF(0, 0, pixels, pixels), appearance().colour(token))
        painter.end()
        made.addPixmap(picture)
    return made
