"""How this office bills: from when the buyer of a unit pays. It holds for the next run; what is posted stays."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtWidgets import QWidget

from feedesk.rules.spans import DeliveryRule
from feedesk.texts import N_, _
from feedesk.ui.dialogs.form_sheet import FormSheet
from feedesk.ui.tasks import Worker
from feedesk.ui.widgets.choice import Choice, FormRow
from feedesk.ui.widgets.label import Label

_RULES: Final = (
    (DeliveryRule.NEXT_MONTH, N_("From the month after delivery")),
    (DeliveryRule.BY_DAY, N_("From the day of delivery, by days")),
    (DeliveryRule.WHOLE_MONTH, N_("From the month of delivery, in full")),
    (DeliveryRule.HALF_MONTH, N_("From the month of delivery, half of it for 15 days or fewer")),
)


@dataclass(frozen=True, slots=True)
class BillingSettingsFunctions:
    """What the sheet calls: ``delivery`` tells the rule in force, ``change`` (from the worker) sets another."""

    delivery: Callable[[], DeliveryRule]
    change: Callable[[DeliveryRule], object]


class BillingSettingsSheet(FormSheet):
    """Enter keeps the settings."""

    def __init__(self, window: QWidget, worker: Worker, functions: BillingSettingsFunctions) -> None:
        super().__init__(window, worker, _("Billing settings"), _("Keep the settings"), width=560)
        self._call = functions
        self.delivery: Choice[DeliveryRule] = Choice(_RULES, functions.delivery())
        self.content.addWidget(FormRow(N_("From when the buyer of a unit pays"), self.delivery))
        note = N_(
            "Before that the developer pays (art. 41 of the regulations on property management). This concerns what is "
            "charged by area or as a fixed sum; bills posted stay as they are."
        )
        self.content.addWidget(Label.saying(note, "caption", tone="mute", wraps=True))
        self.add_end()

    def ask(self) -> None:
        """Opens the sheet."""
        self.open(self.delivery)

    def order(self) -> tuple[Callable[[], object], str]:
        rule = self.delivery.value()
        return lambda: self._call.change(rule), _("The settings are kept.")
