"""The card of the round: head, grid, a sentence about the row at hand, and the keys that can also be clicked."""

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from feedesk.texts import N_
from feedesk.ui.appearance import appearance
from feedesk.ui.pages.meters.round_head import RoundHead
from feedesk.ui.pages.meters.round_table import RoundModel, RoundTable
from feedesk.ui.tokens import Token
from feedesk.ui.widgets.card import Card, Rule
from feedesk.ui.widgets.empty_state import EmptyState
from feedesk.ui.widgets.keycap import KeyHint
from feedesk.ui.widgets.label import Label

_KEYS = (
    (N_("store, next row"), "Return"),
    (N_("Estimate"), "Ctrl+G"),
    (N_("Swap"), "Ctrl+H"),
    (N_("Rolled over"), "Ctrl+R"),
    (N_("Remove"), "Ctrl+D"),
    (N_("Take back"), "Ctrl+U"),
    (N_("Import"), "Ctrl+I"),
    (N_("Export"), "Ctrl+E"),
)


class RoundCard(Card):
    """``acts`` are what a click on the keys does, in their order."""

    def __init__(self, today: date, acts: Sequence[Callable[[], object]]) -> None:
        super().__init__()
        self.head = RoundHead(today)
        self.model = RoundModel(self)
        self.table = RoundTable(self.model)
        self.sentence = Label("", "secondary", tone="ink_2", wraps=True)
        self._empty = EmptyState(
            "gauge", N_("No meters yet"), N_("Bring a workbook with a sheet of readings (Ctrl+I): it makes the meters.")
        )
        self._empty.hide()
        self._below = QVBoxLayout()
        self._below.addWidget(self.sentence)
        self.body.addWidget(self.head)
        self.body.addWidget(self._empty, 1)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(Rule("line"))
        self.body.addLayout(self._below)
        self.body.addWidget(Rule("line"))
        self.body.addWidget(self._build_foot(acts))

    def _build_foot(self, acts: Sequence[Callable[[], object]]) -> QWidget:
        self._foot = QWidget()
        self._foot_row = QHBoxLayout(self._foot)
        for (message, keys), act in zip(_KEYS, acts, strict=True):
            hint = KeyHint(message, keys, keys_first=True)
            hint.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keyboard stays in the grid
            hint.clicked.connect(act)
            self._foot_row.addWidget(hint)
        self._foot_row.addStretch(1)
        return self._foot

    def show_empty(self, empty: bool) -> None:
        """Says that there are no meters, in place of the grid."""
        self._empty.setVisible(empty)
        self.table.setVisible(not empty)

    def say(self, words: str, tone: Token = "ink_2") -> None:
        """A sentence under the grid."""
        self.sentence.set_tone(tone)
        self.sentence.setText(words)
        self.table.field.setAccessibleDescription(words)

    def relayout(self) -> None:
        """Fits type size and density."""
        compact = appearance().is_compact
        side = 10 if compact else 14
        self._below.setContentsMargins(side, 3 if compact else 6, side, 3 if compact else 6)
        self._foot.setFixedHeight(30 if compact else 41)
        self._foot_row.setContentsMargins(side, 0, side, 0)
        self._foot_row.setSpacing(10 if compact else 16)
        self.head.relayout()
