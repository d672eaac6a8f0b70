"""Counting the drawer: one row per denomination, ¥ 100 × 28 = 2,800.00."""

from PySide6.QtCore import QRegularExpression, Qt, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from feedesk.money import Fen, format_amount
from feedesk.texts import _
from feedesk.ui.appearance import appearance, follow_appearance, follow_language
from feedesk.ui.widgets.label import Label


class CountRow(QWidget):
    """The pieces of one denomination. `count_changed` carries the number; an empty field counts as none."""

    count_changed = Signal(int)

    def __init__(self, denomination: Fen, note: str = "") -> None:
        super().__init__()
        self._denomination = denomination
        yuan = format_amount(denomination).removesuffix(".00").removesuffix("0")
        self._note = note
        self.face = Label(f"¥ {yuan}{note}", "body")
        self.edit = QLineEdit()
        self.edit.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.edit.setValidator(QRegularExpressionValidator(QRegularExpression(r"\d{0,6}"), self))
        self.edit.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self.edit.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._amount = Label("0.00", "body")
        self._amount.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.face, 2)
        row.addWidget(Label("×", "title", tone="ink_2"))
        row.addWidget(self.edit)
        row.addWidget(self._amount, 4)
        self.setFocusProxy(self.edit)
        self.edit.textChanged.connect(self._on_text_changed)
        follow_language(self, self._retranslate)
        follow_appearance(self, self._relayout)

    def count(self) -> int:
        """How many pieces."""
        return int(self.edit.text() or "0")

    def set_count(self, count: int) -> None:
        """Writes a number of pieces; 0 leaves the field empty."""
        self.edit.setText(str(count) if count else "")

    def amount(self) -> Fen:
        """Pieces × face value."""
        return Fen(self.count() * self._denomination)

    def denomination(self) -> Fen:
        return self._denomination

    def _on_text_changed(self) -> None:
        self._amount.setText(format_amount(self.amount()))
        self.count_changed.emit(self.count())

    def _retranslate(self) -> None:
        self.edit.setAccessibleName(_("Pieces of {face}").format(face=self.face.text()))

    def _relayout(self) -> None:
        compact = appearance().is_compact
        self.edit.setFixedSize(72 if compact else 110, appearance().size.field - (6 if compact else 4))
