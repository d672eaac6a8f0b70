"""A tariff's form: a new tariff, a new price from a day on, or a price put right; tried on a unit before it is kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QWidget

from feedesk.errors import FeedeskError, UserError
from feedesk.exchange.forms import FormRefused, TariffForm, read_tariff_form
from feedesk.ops.pricing import PriceDoesNotFit
from feedesk.rules.tariff_words import days_words, price_words
from feedesk.texts import N_, _
from feedesk.ui.dialogs.form_sheet import FormSheet
from feedesk.ui.pages.records.tariff_fields import OF_ITEM, TariffFields
from feedesk.ui.shortcuts import bind
from feedesk.ui.tasks import Worker
from feedesk.ui.widgets.buttons import QuietButton
from feedesk.ui.widgets.label import Label

GROUP: Final = N_("Prices")


@dataclass(frozen=True, slots=True)
class TariffOrder:
    """What the sheet begins with and what becomes of it.

    ``keep`` stores what the form says or raises a `UserError`, ``attempt`` opens the calculator on it.
    ``fixed`` fields are shown and not changed; ``with_item``: also what belongs to the fee item.
    """

    title: str
    act: str
    said: str
    texts: Mapping[str, str]
    keep: Callable[[TariffForm], object]
    attempt: Callable[[TariffForm], object]
    first: str = "name"
    fixed: tuple[str, ...] = ()
    with_item: bool = True


class TariffSheet(FormSheet):
    """Enter keeps the price, Ctrl+K tries it on a unit."""

    def __init__(self, window: QWidget, worker: Worker, order: TariffOrder) -> None:
        super().__init__(window, worker, order.title, order.act, width=980)
        self._order = order
        self.fields = TariffFields(away=() if order.with_item else OF_ITEM, fixed=order.fixed)
        self.fields.fill(order.texts)
        self.fields.changed.connect(self._on_changed)
        self._area = QScrollArea()
        self._area.setWidget(self.fields)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.content.addWidget(self._area)
        self.reads = Label("", "secondary", tone="accent", wraps=True)
        self.content.addWidget(self.reads)
        self.attempt_button = QuietButton(_("Try it on a unit"), "Ctrl+K")
        self.attempt_button.clicked.connect(self.attempt)
        self.add_end(self.attempt_button)
        bind(self, "Ctrl+K", N_("Try the price on a unit"), self.attempt, group=GROUP, shown="")
        self._fit()
        self._on_changed()

    def ask(self) -> None:
        """Opens the sheet."""
        self.open(self.fields.fields[self._order.first])

    def form(self) -> TariffForm:
        """What the fields say. Raises `FormRefused`."""
        return read_tariff_form(self.fields.texts())

    def order(self) -> tuple[Callable[[], object], str]:
        form = self.form()
        return lambda: self._order.keep(form), self._order.said

    def attempt(self) -> None:
        """Ctrl+K: the calculator, with what is typed."""
        try:
            form = self.form()
        except UserError as error:
            self.tell(error)
            return
        self.say("", "danger")
        self._order.attempt(form)

    def tell(self, error: FeedeskError) -> None:
        super().tell(error)
        if isinstance(error, FormRefused | PriceDoesNotFit):
            self.fields.focus_field(error.field)

    def _on_changed(self) -> None:
        """The price as it will be read, as soon as it makes sense."""
        try:
            terms = self.form().terms
        except UserError:
            self.reads.setText(_("Enter keeps it once all that it needs is typed."))
            self.reads.set_tone("mute")
        else:
            self.reads.setText(f"{price_words(terms)} · {days_words(terms.valid_from, terms.valid_to)}")
            self.reads.set_tone("accent")
        self._fit()

    def _fit(self) -> None:
        """As tall as the fields, as long as the window is."""
        wanted = self.fields.wanted_height() + 4
        self._area.setFixedHeight(min(wanted, self._window.height() - 240))
