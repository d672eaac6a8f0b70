"""Handing a counted shift over is asked about once; a difference from the ledger's limit on goes only with a reason."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from feedesk.money import format_amount
from feedesk.ops.drawer_count import DrawerCounted
from feedesk.texts import _
from feedesk.ui.dialogs.confirm_sheet import ConfirmSheet
from feedesk.ui.dialogs.reason_sheet import ReasonSheet
from feedesk.ui.pages.dayclose.count_panel import over_short_words
from feedesk.ui.widgets.money_figure import MoneyFigure


def ask_to_close(window: QWidget, seen: DrawerCounted, confirmed: Callable[[str], object]) -> None:
    """Asks, naming the cash counted; ``confirmed`` is told the reason, empty where none is needed."""
    difference, _tone = over_short_words(seen.over_short)
    words = _("Expected {expected} · {difference}").format(expected=format_amount(seen.expected), difference=difference)
    after = _("After that nothing more can be taken or voided in this shift.")
    question, act = _("Hand over this shift with the cash counted?"), _("Hand over the shift")
    amount = f"¥ {format_amount(seen.counted)}"
    if not seen.needs_reason:
        sheet = ConfirmSheet(window, question=question, act=act, amount=amount, explanation=f"{words}\n{after}")
        sheet.confirmed.connect(lambda: confirmed(""))
        sheet.ask()
        return
    figure = MoneyFigure("figure", tone="danger")
    figure.set_text(amount)
    why = _("Such a difference is handed over with its reason only; it stands on the day summary.")
    asked = ReasonSheet(
        window,
        question=question,
        words=f"{words}\n{why}\n{after}",
        example=_("for example: one note of 100 too much given as change"),
        act=act,
        width=520,
        figures=(figure,),
    )
    asked.confirmed.connect(confirmed)
    asked.ask()
