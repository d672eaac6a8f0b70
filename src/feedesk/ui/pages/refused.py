"""The ledger cannot be opened: which one, why, and what to do next. Nothing was changed."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from feedesk.texts import N_, _
from feedesk.ui.pages.page import Page
from feedesk.ui.widgets.buttons import ActionButton
from feedesk.ui.widgets.card import Card
from feedesk.ui.widgets.choice import FormRow
from feedesk.ui.widgets.label import Label


class RefusedPage(Page):
    """`again_asked` when the reason may be gone: another program closed, the disk freed, the network back."""

    again_asked = Signal()

    def __init__(self, reason: str, ledger: str) -> None:
        super().__init__()
        card = Card()
        card.setMaximumWidth(620)
        column = QVBoxLayout()
        column.setContentsMargins(24, 20, 24, 22)
        column.setSpacing(14)
        column.addWidget(Label.saying(N_("The ledger could not be opened"), "button", bold=True))
        column.addWidget(Label(reason, "body", tone="danger", wraps=True))
        place = QLineEdit(ledger)
        place.setReadOnly(True)
        place.setProperty("form", True)
        column.addWidget(FormRow(N_("Where it lies"), place))
        self.button = ActionButton("Return")
        self.button.clicked.connect(self.again_asked)
        column.addWidget(self.button)
        card.body.addLayout(column)
        middle = QWidget()
        row = QHBoxLayout(middle)
        row.addStretch(1)
        row.addWidget(card, 10)
        row.addStretch(1)
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        outer.addWidget(middle)
        outer.addStretch(3)
        self.finish()

    def title(self) -> str:
        return _("Ledger")

    def take_focus(self) -> None:
        self.button.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        self.button.set_words(_("Try again"))
