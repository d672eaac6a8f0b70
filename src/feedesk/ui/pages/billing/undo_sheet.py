"""Taking a month's bills back while nothing of it is paid: how many, how much, and why."""

from PySide6.QtWidgets import QWidget

from feedesk.money import Fen, format_amount
from feedesk.texts import _
from feedesk.ui.dialogs.reason_sheet import ReasonSheet
from feedesk.ui.widgets.money_figure import MoneyFigure


class UndoSheet(ReasonSheet):
    """The question names the month and the number of bills, the figure their sum."""

    def __init__(self, window: QWidget, *, month: str, charges: int, total: Fen) -> None:
        figure = MoneyFigure("figure", tone="danger")
        figure.set_text(f"¥ {format_amount(total)}")
        super().__init__(
            window,
            question=_("Take back all {n} bills of {month}?").format(n=f"{charges:,}", month=month),
            words=_("They are cancelled by a reversing entry; it is refused once anything of them is paid."),
            example=_("Why: for example a wrong price"),
            act=_("Take the bills back"),
            width=480,
            figures=(figure,),
        )
