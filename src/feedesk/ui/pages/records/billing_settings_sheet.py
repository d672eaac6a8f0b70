"""How this office bills: from when the buyer of a unit pays, how far may be paid ahead. What is posted stays."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from feedesk.ops.billing_settings import MOST_MONTHS
from feedesk.queries.advances import AdvanceLimits
from feedesk.rules.spans import DeliveryRule
from feedesk.texts import N_, _
from feedesk.ui.dialogs.form_sheet import FormSheet
from feedesk.ui.tasks import Worker
from feedesk.ui.widgets.choice import Choice, FormRow
from feedesk.ui.widgets.day_line import DayLine
from feedesk.ui.widgets.label import Label

_RULES: Final = (
    (DeliveryRule.NEXT_MONTH, N_("From the month after delivery")),
    (DeliveryRule.BY_DAY, N_("From the day of delivery, by days")),
    (DeliveryRule.WHOLE_MONTH, N_("From the month of delivery, in full")),
    (DeliveryRule.HALF_MONTH, N_("From the month of delivery, half of it for 15 days or fewer")),
)


@dataclass(frozen=True, slots=True)
class BillingSettingsFunctions:
    """What the sheet calls: ``delivery`` and ``limits`` tell what is in force, ``change`` (from the worker) sets it."""

    delivery: Callable[[], DeliveryRule]
    limits: Callable[[], AdvanceLimits]
    change: Callable[[DeliveryRule, AdvanceLimits], object]


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
        limits = functions.limits()
        self.months = QLineEdit(str(limits.months))
        self.months.setValidator(QIntValidator(1, MOST_MONTHS, self.months))
        self.contract_end = DayLine(limits.contract_end)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(FormRow(N_("Months ahead, at most"), self.months), 1)
        row.addWidget(FormRow(N_("End of the service contract"), self.contract_end), 1)
        self.content.addLayout(row)
        note = N_("Nothing is paid ahead beyond either; empty: no end is set.")
        self.content.addWidget(Label.saying(note, "caption", tone="mute", wraps=True))
        self.add_end()

    def ask(self) -> None:
        """Opens the sheet."""
        self.open(self.delivery)

    def order(self) -> tuple[Callable[[], object], str]:
        rule = self.delivery.value()
        limits = AdvanceLimits(int(self.months.text() or 0), self.contract_end.day())
        return lambda: self._call.change(rule, limits), _("The settings are kept.")
