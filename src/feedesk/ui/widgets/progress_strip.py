"""Long work: what is being done, how far it is, and a button to stop it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from feedesk.texts import _
from feedesk.ui.appearance import follow_language
from feedesk.ui.widgets.buttons import QuietButton
from feedesk.ui.widgets.label import Label


class ProgressStrip(QWidget):
    """Hidden until `begin`; `cancel_asked` once, then the button waits for the work to notice."""

    cancel_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._words = Label("", "secondary", tone="ink_2")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(6)
        self._cancel = QuietButton()
        self._cancel.clicked.connect(self._on_cancel)
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addWidget(self._words)
        column.addWidget(self._bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addLayout(column, 1)
        row.addWidget(self._cancel)
        self.hide()
        follow_language(self, lambda: self._cancel.set_words(_("Cancel")))

    def begin(self, words: str, *, can_cancel: bool = True) -> None:
        """Shows the strip, at first without a known end."""
        self._words.setText(words)
        self._bar.setAccessibleName(words)
        self._bar.setRange(0, 0)
        self._cancel.setEnabled(True)
        self._cancel.setVisible(can_cancel)
        self.show()

    def advance(self, done: int, total: int) -> None:
        """So many of so many; ``total`` 0: not known."""
        self._bar.setRange(0, total)
        self._bar.setValue(done)

    def end(self) -> None:
        """Hides the strip."""
        self.hide()

    def _on_cancel(self) -> None:
        self._cancel.setEnabled(False)
        self.cancel_asked.emit()
