"""What the person at the counter sees of a void: the receipt and what goes back, once there is a reason."""

from feedesk.queries.issued_receipts import IssuedReceipt
from feedesk.texts import _
from feedesk.ui.pages.desk.page import DeskPage
from feedesk.ui.pages.desk.payer_view import ActDone, ActLine, ActShown, PayerView
from feedesk.ui.pages.desk.void_sheet import VoidSheet
from feedesk.ui.words import listed


class VoidView(PayerView):
    """Follows the sheet of receipts."""

    def __init__(self, sheet: VoidSheet, page: DeskPage) -> None:
        self._sheet = sheet
        super().__init__(sheet, page, self._in_hand)
        sheet.reasons.chosen.connect(self._on_reason)
        self._page_shown = page

    def told(self, row: IssuedReceipt) -> None:
        """It was voided."""
        self._page_shown.act_shown.emit(ActDone(row.payer, row.number, row.moved, back=True))

    def _on_reason(self, _place: int) -> None:
        self.look_again()

    def _in_hand(self) -> ActShown:
        row, reason = self._sheet.in_hand() or (None, "")
        if row is None or not reason:
            return ActShown(())
        line = ActLine(_("Payment taken back"), row.moved, row.number)
        return ActShown((line,), who=row.payer, unit=row.unit, back=True, tender=listed(row.tenders))
