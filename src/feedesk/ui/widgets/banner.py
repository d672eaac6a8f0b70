"""What just happened, in words, until the next customer: receipt number, change due, the key for a reprint."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from feedesk.texts import _
from feedesk.ui.appearance import appearance, follow_appearance, follow_language
from feedesk.ui.icons import icon
from feedesk.ui.tokens import RADIUS_CARD, Token
from feedesk.ui.widgets.keycap import KeyHint
from feedesk.ui.widgets.money_figure import MoneyFigure
from feedesk.ui.widgets.painting import Span, Tone, paint_outline_icon
from feedesk.ui.widgets.phrase import Phrase

_LOOKS: Final[dict[Tone, tuple[str, Token, Token]]] = {
    "good": ("circle-check", "good", "good_soft"),
    "warn": ("triangle-alert", "warn", "warn_soft"),
    "danger": ("triangle-alert", "danger", "danger_soft"),
    "plain": ("info", "ink_2", "panel"),
}


class Banner(QWidget):
    """Hidden until `tell` is called; `dismissed` when closed by hand."""

    dismissed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._tone: Tone = "good"
        self._shown_figure = ""
        self._words = Phrase()
        self._figure = MoneyFigure("figure", tone="good", right=True)
        self._figure.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._hints: list[KeyHint] = []
        self._close = QToolButton()
        self._close.setObjectName("quiet")
        self._close.clicked.connect(self._on_closed)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(44, 8, 8, 8)
        self._row.setSpacing(14)
        self._row.addWidget(self._words, 1)
        self._row.addWidget(self._figure)
        self._row.addWidget(self._close)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.hide()
        self._say: Callable[[], Sequence[Span]] = tuple
        follow_language(self, self._retranslate)
        follow_appearance(self, lambda: self._close.setIcon(icon("x", "mute")))

    def _retranslate(self) -> None:
        self._close.setAccessibleName(_("Close this message"))
        spans = self._say()
        if spans:
            self._words.set_spans(spans)
            self.setAccessibleName(f"{self._words.text()} {self._shown_figure}".strip())

    def tell(
        self,
        tone: Tone,
        spans: Sequence[Span] | Callable[[], Sequence[Span]],
        *,
        figure: str = "",
        hints: Sequence[tuple[str, str]] = (),
    ) -> list[KeyHint]:
        """Shows words, perhaps an amount in large figures, and keys (``N_`` text, shortcut); returns the hints made.

        Words given as a function are asked for anew when the language changes.
        """
        self._tone = tone
        self._say = spans if callable(spans) else tuple
        self._shown_figure = figure
        self._words.set_spans(self._say() if callable(spans) else spans)
        self._figure.set_text(figure, _LOOKS[tone][1])
        self._figure.setVisible(bool(figure))
        for old in self._hints:
            self._row.removeWidget(old)
            old.hide()  # it goes only later, and would be seen under the new words until then
            old.deleteLater()
        self._hints = [KeyHint(message, keys) for message, keys in hints]
        for hint in self._hints:
            self._row.insertWidget(self._row.count() - 1, hint)
        self.setAccessibleName(f"{self._words.text()} {figure}".strip())
        self.show()
        self.update()
        return self._hints

    def words(self) -> str:
        """What it says, the figure included."""
        return f"{self._words.text()} {self._shown_figure}".strip()

    def tells_of_money(self) -> bool:
        """Whether it says what was done, or what is to be given back: worth keeping when the customer has gone."""
        return self._tone == "good" or (self._tone == "warn" and bool(self._shown_figure))

    def _on_closed(self) -> None:
        self.hide()
        self.dismissed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        name, ink, soft = _LOOKS[self._tone]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(appearance().colour(soft))
        painter.drawRoundedRect(QRectF(self.rect()), RADIUS_CARD, RADIUS_CARD)
        paint_outline_icon(painter, name, 14, (self.height() - 20) / 2, 20, ink)
        painter.end()
