"""What of a window cannot be seen or is squeezed: asked of every page at the smallest screens."""

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QScrollArea, QWidget

from feedesk.ui.main_window import MainWindow


def cut_off(window: MainWindow) -> list[str]:
    """Visible widgets that reach beyond the window, or beyond a parent that does not scroll, or get too little."""
    found = []
    whole = QRect(QPoint(0, 0), window.size())
    for widget in window.findChildren(QWidget):
        parent = widget.parentWidget()
        if not widget.isVisible() or parent is None or _scrolls(widget):
            continue
        place = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())
        name = f"{type(parent).__name__}/{type(widget).__name__} {widget.accessibleName()}"
        if not whole.contains(place):
            found.append(f"{name} lies at {place.getRect()}")
        elif widget.width() < min(widget.minimumSizeHint().width(), widget.maximumWidth()):
            found.append(f"{name} is {widget.width()} wide, needs {widget.minimumSizeHint().width()}")
        elif widget.height() < min(_height_needed(widget), widget.maximumHeight()):
            found.append(f"{name} is {widget.height()} high, needs {_height_needed(widget)}")
    return found


def _height_needed(widget: QWidget) -> int:
    """What it asks for at least; wrapped words ask for what they take at their narrowest, but need less if wider."""
    least = widget.minimumSizeHint().height()
    layout = widget.layout()
    wraps = layout is not None and layout.hasHeightForWidth()
    return min(least, widget.heightForWidth(widget.width())) if wraps else least


def _scrolls(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea) or parent.inherits("QAbstractItemView"):
            return True
        parent = parent.parentWidget()
    return False
