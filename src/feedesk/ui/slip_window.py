"""The built-in printer's paper beside the desk: the latest slip as a picture, for training and demonstration.

It never takes the keyboard: the cashier goes on typing while the paper comes.
"""

from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from feedesk.texts import N_, _
from feedesk.ui.appearance import follow_language
from feedesk.ui.widgets.label import Label

_WIDTH: Final = 360
_GAP: Final = 8


class SlipWindow(QWidget):
    """`dismissed` when somebody closes it by hand."""

    dismissed = Signal()

    def __init__(self, desk: QWidget) -> None:
        super().__init__(desk, Qt.WindowType.Tool | Qt.WindowType.WindowDoesNotAcceptFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._desk = desk
        self._picture = QPixmap()
        self._empty = Label.saying(N_("The next slip will be shown here."), "secondary", tone="mute", wraps=True)
        self._paper = QLabel()
        self._paper.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._paper.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll = QScrollArea()
        scroll.setWidget(self._paper)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._empty)
        column.addWidget(scroll, 1)
        follow_language(self, self._retranslate)

    def place(self) -> None:
        """Stands at the right of the desk, or over its right edge where the screen ends."""
        frame, room = self._desk.frameGeometry(), self._desk.screen().availableGeometry()
        left = min(frame.right() + _GAP, room.right() - _WIDTH)
        self.setGeometry(left, frame.top() + 60, _WIDTH, max(320, min(frame.height() - 90, room.height() - 90)))

    def show_slip(self, picture: Path) -> None:
        """Shows the slip that has just come out; its name holds the receipt's number."""
        self._picture = QPixmap(str(picture))
        self._empty.setVisible(self._picture.isNull())
        self._paper.setAccessibleName(picture.stem)
        self.setWindowTitle(f"{_('Built-in printer')} · {picture.stem}")
        self._fit()

    def shown_slip(self) -> str:
        """The name of the slip shown, empty before the first."""
        return self._paper.accessibleName()

    def _fit(self) -> None:
        if self._picture.isNull():
            return
        ratio = self.devicePixelRatioF()
        width = round((self.width() - 18) * ratio)
        fitted = self._picture.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)
        fitted.setDevicePixelRatio(ratio)
        self._paper.setPixmap(fitted)

    def _retranslate(self) -> None:
        if not self.shown_slip():
            self.setWindowTitle(_("Built-in printer"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.dismissed.emit()
