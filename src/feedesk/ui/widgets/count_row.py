"""Counting the drawer: one row per denomination, ¥ 100 × 28 = 2,800.00."""

import unicodedata
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from feedesk.money import Fen, format_amount
from feedesk.texts import N_, _
from feedesk.ui.appearance import appearance, follow_appearance, follow_language
from feedesk.ui.widgets.label import Label

NOT_PIECES: Final = N_("Type how many pieces there are, in digits; “{text}” was not taken.")
_MOST_DIGITS: Final = 6


class PiecesEdit(QLineEdit):
    """Takes digits, full width too. `refused` carries what was typed instead, empty when all is well again.

    Digits typed on do not make it well: whoever types 1.5 must see why 15 stands there.
    """

    refused = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setProperty("slim", True)
        self._taken = ""
        self._was_refused = False
        self.textEdited.connect(self._on_edited)

    def pieces(self) -> int:
        """How many; an empty field counts as none."""
        return int(self._taken or "0")

    def is_blank(self) -> bool:
        return not self._taken

    def set_pieces(self, pieces: int | None) -> None:
        """Writes a number; None empties the field."""
        self._taken = "" if pieces is None else str(pieces)
        self.setText(self._taken)

    def _on_edited(self, text: str) -> None:
        plain = unicodedata.normalize("NFKC", text).strip()
        good = not plain or (plain.isascii() and plain.isdigit() and len(plain) <= _MOST_DIGITS)
        if not good:
            place = max(self.cursorPosition() - (len(text) - len(self._taken)), 0)
            self.setText(self._taken)
            self.setCursorPosition(place)
            self._was_refused = True
            self.refused.emit(text)
            return
        self._was_refused = self._was_refused and len(plain) > len(self._taken) > 0
        self._taken = plain
        if plain != text:
            self.setText(plain)
        if not self._was_refused:
            self.refused.emit("")

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._was_refused = False


class CountRow(QWidget):
    """The pieces of one denomination, a note or a coin. `count_changed` carries the number."""

    count_changed = Signal(int)

    def __init__(self, denomination: Fen, *, coin: bool = False) -> None:
        super().__init__()
        self._denomination = denomination
        self._coin = coin
        self._narrow = False
        self.face = Label("", "body")
        self.edit = PiecesEdit()
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
        return self.edit.pieces()

    def amount(self) -> Fen:
        """Pieces × face value."""
        return Fen(self.count() * self._denomination)

    def set_narrow(self, narrow: bool) -> None:
        """Two rows side by side have no room for what the pieces are worth: only the pieces are shown."""
        self._narrow = narrow
        self._relayout()

    def _on_text_changed(self) -> None:
        self._amount.setText(format_amount(self.amount()))
        self.count_changed.emit(self.count())

    def _retranslate(self) -> None:
        text = format_amount(self._denomination)
        yuan = text.removesuffix(".00") if text.endswith(".00") else text.removesuffix("0")
        self.face.setText(_("¥ {face} coin").format(face=yuan) if self._coin else f"¥ {yuan}")
        self.edit.setAccessibleName(_("Pieces of {face}").format(face=self.face.text()))

    def _relayout(self) -> None:
        compact = appearance().is_compact
        self.edit.setFixedWidth(46 if compact else 72 if self._narrow else 110)
        self._amount.setVisible(not compact and not self._narrow)
