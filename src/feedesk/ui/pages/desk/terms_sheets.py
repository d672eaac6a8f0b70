"""Who pays, if not the resident (N), and which part of the debts alone is settled (G): said before the money is taken,
it stands above the charges until then.
"""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from feedesk.texts import N_, _
from feedesk.ui.pages.desk.act_sheet import ActSheet
from feedesk.ui.pages.desk.acts import DeskPlace
from feedesk.ui.pages.desk.terms_strip import ONLY
from feedesk.ui.widgets.choice import Choice


class PayerSheet(ActSheet):
    """The name that stands on the receipt; empty, it is the resident's again."""

    def __init__(self, place: DeskPlace) -> None:
        shown = place.page.statement()
        words = _("The receipt and the records name whoever pays; what is owed stays the resident's.")
        super().__init__(place.window, _("Who pays?"), _("So it shall be"), words=words)
        self._page = place.page
        self.payer = QLineEdit(self._page.terms.terms().payer)
        self.payer.setProperty("form", True)
        self.payer.setPlaceholderText(shown.card.resident if shown else "")
        self.payer.selectAll()
        self.add_row((N_("Payer"), self.payer))
        self.add_end()

    def decide(self) -> str:
        self._page.terms.set_terms(replace(self._page.terms.terms(), payer=self.payer.text().strip()))
        return ""

    def ask(self) -> None:
        """Opens the sheet; afterwards the keyboard is at the money."""
        self.decided.connect(self._page.tender.focus_money)
        self.open(self.payer)


class DesignationSheet(ActSheet):
    """Both parts of every debt, or just one; single charges are designated by their ticks."""

    def __init__(self, place: DeskPlace) -> None:
        words = _(
            "Who designates what a payment settles (Civil Code, art. 560) has it recorded. Single charges: tick just "
            "those, or type less than the sum and press Ctrl+Enter."
        )
        super().__init__(place.window, _("What does the payment settle?"), _("So it shall be"), words=words)
        self._page = place.page
        choices = [("", N_("principal and late fees, in the order agreed")), *ONLY.items()]
        self.only: Choice[str] = Choice(choices, self._page.terms.terms().only)
        self.add_row((N_("As designated by the payer"), self.only))
        self.add_end()

    def decide(self) -> str:
        self._page.terms.set_terms(replace(self._page.terms.terms(), only=self.only.value()))
        return ""

    def ask(self) -> None:
        """Opens the sheet; afterwards the keyboard is at the money."""
        self.decided.connect(self._page.tender.focus_money)
        self.open(self.only)
        self.only.setFocus(Qt.FocusReason.PopupFocusReason)


def ask_payer(place: DeskPlace) -> None:
    """N: somebody else pays."""
    PayerSheet(place).ask()


def ask_designation(place: DeskPlace) -> None:
    """G: the payer names what is settled."""
    DesignationSheet(place).ask()
