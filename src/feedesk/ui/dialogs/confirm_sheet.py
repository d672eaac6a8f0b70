"""Asking once before what cannot be undone, with the amount named."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from feedesk.texts import _
from feedesk.ui.appearance import follow_language
from feedesk.ui.dialogs.sheet import Sheet
from feedesk.ui.widgets.buttons import ActionButton, QuietButton
from feedesk.ui.widgets.label import Label
from feedesk.ui.widgets.money_figure import MoneyFigure


class ConfirmSheet(Sheet):
    """``question`` and ``act`` are ready words; ``amount`` is shown large. `confirmed` when Enter says yes."""

    confirmed = Signal()

    def __init__(self, window: QWidget, *, question: str, act: str, amount: str = "", explanation: str = "") -> None:
        super().__init__(window, width=460)
        self.add_title(Label(question, "title", bold=True, wraps=True))
        if amount:
            figure = MoneyFigure("figure")
            figure.set_text(amount)
            self.content.addWidget(figure)
        if explanation:
            self.content.addWidget(Label(explanation, "secondary", tone="ink_2", wraps=True))
        self.button = ActionButton("Return")
        self.button.set_words(act)
        self.button.clicked.connect(self._on_confirmed)
        cancel = QuietButton(keys="Escape")
        cancel.clicked.connect(self.close_sheet)
        follow_language(cancel, lambda: cancel.set_words(_("Back")))
        row = QHBoxLayout()
        row.addWidget(cancel)
        row.addWidget(self.button, 1)
        self.add_foot(row)

    def ask(self) -> None:
        """Opens the sheet."""
        self.open(self.button)

    def _on_confirmed(self) -> None:
        self.close_sheet()
        self.confirmed.emit()
