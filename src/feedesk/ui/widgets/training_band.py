"""培训: a band nobody can overlook while the ledger is one for practice."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from feedesk.texts import _
from feedesk.ui.appearance import appearance, follow_language


class TrainingBand(QWidget):
    """Hidden on a real ledger."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(18)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.hide()
        follow_language(self, self._retranslate)

    def _words(self) -> str:
        return _("Training — sample data, no real money")

    def _retranslate(self) -> None:
        self.setAccessibleName(self._words())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), appearance().colour("training"))
        painter.setFont(appearance().font("keycap", bold=True))
        painter.setPen(appearance().colour("training_ink"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._words())
        painter.end()
