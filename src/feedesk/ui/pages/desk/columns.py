"""How an open desk is laid out: account, charges and money side by side; in a small window the account lies on top."""

from PySide6.QtWidgets import QGridLayout, QWidget

from feedesk.ui.pages.desk.account_card import AccountCard
from feedesk.ui.pages.desk.charges_table import ChargesCard
from feedesk.ui.pages.desk.tender_panel import TenderPanel


class DeskColumns(QWidget):
    """Holds the three cards; the charges take what space there is."""

    def __init__(self, account: AccountCard, charges: ChargesCard, tender: TenderPanel) -> None:
        super().__init__()
        self._account, self._charges, self._tender = account, charges, tender
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)

    def arrange(self, *, compact: bool, gap: int) -> None:
        """Puts the cards where they belong now, ``gap`` pixels apart."""
        cards = (self._account, self._charges, self._tender)
        for card in cards:
            self._grid.removeWidget(card)
        self._grid.setSpacing(gap)
        if compact:
            self._grid.addWidget(self._account, 0, 0)
            self._grid.addWidget(self._charges, 1, 0)
            self._grid.addWidget(self._tender, 0, 1, 2, 1)
        else:
            self._grid.addWidget(self._account, 0, 0)
            self._grid.addWidget(self._charges, 0, 1)
            self._grid.addWidget(self._tender, 0, 2)
        self._grid.setColumnStretch(0, 1 if compact else 0)
        self._grid.setColumnStretch(1, 0 if compact else 1)
        self._grid.setRowStretch(0, 0 if compact else 1)
        self._grid.setRowStretch(1, 1 if compact else 0)
        for card in cards:
            card.relayout()
