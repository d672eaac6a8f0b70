"""Labels whose look comes from the design (``caption``, ``title`` …) and whose words follow the language."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy

from feedesk.texts import _
from feedesk.ui.appearance import follow_language
from feedesk.ui.tokens import Look, Token


class Label(QLabel):
    """Plain words in one look; ``wraps`` lets them take several lines."""

    def __init__(
        self, text: str = "", look: Look = "body", *, tone: Token = "ink", bold: bool = False, wraps: bool = False
    ) -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("look", look)
        self.setProperty("tone", tone)
        self.setProperty("strong", bold)
        self.setWordWrap(wraps)
        if wraps:
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    @classmethod
    def saying(
        cls, message: str, look: Look = "body", *, tone: Token = "ink", bold: bool = False, wraps: bool = False
    ) -> "Label":
        """A label of a text marked with ``N_``, shown in whatever language the window is in."""
        label = cls("", look, tone=tone, bold=bold, wraps=wraps)
        follow_language(label, lambda: label.setText(_(message)))
        return label

    def set_tone(self, tone: Token) -> None:
        """Another colour of the theme."""
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            self.style().unpolish(self)
            self.style().polish(self)
