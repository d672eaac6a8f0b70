"""The sheets about prices, each begun with what is usual: next month, the price there is."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from feedesk.errors import FeedeskError
from feedesk.exchange.forms import USUAL_TEXTS, TariffForm, price_texts, rounding_text
from feedesk.periods import Period
from feedesk.queries.price_trial import Draft
from feedesk.queries.tariff_list import ScopeRow, TariffList, TariffRow, VersionRow
from feedesk.rules.community_rows import ScopeRow as ScopeForm
from feedesk.texts import _
from feedesk.ui.pages.records.billing_settings_sheet import BillingSettingsFunctions, BillingSettingsSheet
from feedesk.ui.pages.records.calculator_sheet import CalculatorOrder, CalculatorSheet, Reckon
from feedesk.ui.pages.records.ending_sheet import EndingOrder, EndingSheet
from feedesk.ui.pages.records.fee_board_sheet import BoardFunctions, FeeBoardSheet
from feedesk.ui.pages.records.scope_sheet import ScopeOrder, ScopeSheet
from feedesk.ui.pages.records.tariff_sheet import TariffOrder, TariffSheet
from feedesk.ui.tasks import Progress, Worker

_Asking = TariffSheet | ScopeSheet | EndingSheet | BillingSettingsSheet | FeeBoardSheet


@dataclass(frozen=True, slots=True)
class TariffsFunctions:
    """What section and sheets call, from the worker. Those that act may raise a `UserError`."""

    listed: Callable[[], TariffList]
    add: Callable[[TariffForm], object]
    begin: Callable[[int, TariffForm], object]
    change: Callable[[int, TariffForm], object]
    end_price: Callable[[int, date], object]
    withdraw_price: Callable[[int], object]
    assign: Callable[[int, ScopeForm], object]
    end_scope: Callable[[int, date], object]
    withdraw_scope: Callable[[int], object]
    reckon: Reckon
    board: BoardFunctions
    settings: BillingSettingsFunctions
    folder: Callable[[], Path]


class TariffSheets(QObject):
    """Opens the sheets over the window of ``owner``.

    `kept` tells what was done and carries the outcome, `refused` why nothing was.
    """

    kept = Signal(str, object)
    refused = Signal(str)

    def __init__(self, owner: QWidget, functions: TariffsFunctions, worker: Worker) -> None:
        super().__init__(owner)
        self._owner = owner
        self._call = functions
        self._worker = worker
        self._unit = ""

    # ---- prices --------------------------------------------------------------------------------------------------

    def add(self, found: TariffList) -> None:
        """A new tariff, in force from next month on."""
        texts = USUAL_TEXTS | {"valid_from": _next_month(found.on).isoformat()}
        order = TariffOrder(
            title=_("A new tariff"),
            act=_("Add the tariff"),
            texts=texts,
            said=_("The tariff is added."),
            keep=self._call.add,
            attempt=lambda form: self._attempt(found, Draft(form.terms, form.item.name, form.name)),
        )
        self._open(TariffSheet(self._window(), self._worker, order))

    def begin(self, found: TariffList, tariff: TariffRow) -> None:
        """Another price from next month on; the one so far ends the day before."""
        version = tariff.shown_on(found.on)
        if version is None:
            return
        begin = max(_next_month(found.on), version.terms.valid_from)
        terms = replace(version.terms, valid_from=begin, valid_to=None)
        order = TariffOrder(
            title=_("New price: {name}").format(name=tariff.name),
            act=_("Begin the new price"),
            said=_("The new price is kept."),
            texts=_texts(tariff, price_texts(terms)),
            keep=lambda form: self._call.begin(tariff.id, form),
            attempt=lambda form: self._attempt(
                found, Draft(form.terms, tariff.item.name, tariff.name, tariff.id), form.terms.valid_from
            ),
            first="price",
            fixed=("name", "item"),
            with_item=False,
        )
        self._open(TariffSheet(self._window(), self._worker, order))

    def change(self, tariff: TariffRow, version: VersionRow) -> None:
        """Puts a price right."""
        order = TariffOrder(
            title=_("Put right: {name}").format(name=tariff.name),
            act=_("Keep the change"),
            said=_("The change is kept."),
            texts=_texts(tariff, price_texts(version.terms)),
            keep=lambda form: self._call.change(version.id, form),
            attempt=lambda form: self._attempt(
                None, Draft(form.terms, tariff.item.name, tariff.name, tariff.id, version.id), form.terms.valid_from
            ),
            first="price",
            fixed=("name", "item"),
        )
        self._open(TariffSheet(self._window(), self._worker, order))

    def end_price(self, found: TariffList, tariff: TariffRow, version: VersionRow) -> None:
        """The last day of a price."""
        order = EndingOrder(
            title=_("End the price of {name}").format(name=tariff.name),
            note=_("Nothing is charged after that day unless another price holds. Bills posted stay as they are."),
            act=_("End the price"),
            said=_("The price of {name} ends on {{day}}.").format(name=tariff.name),
            last_day=Period.containing(found.on).last_day,
            end=lambda day, _reason: self._call.end_price(version.id, day),
        )
        self._open(EndingSheet(self._window(), self._worker, order))

    def withdraw_price(self, version: VersionRow) -> None:
        """Takes a price back that nothing was billed by."""
        self._act(lambda: self._call.withdraw_price(version.id), _("The price is taken back."))

    # ---- where they apply ----------------------------------------------------------------------------------------

    def assign(self, found: TariffList, tariff: TariffRow) -> None:
        """Lets a tariff apply somewhere, from this month on."""
        order = ScopeOrder(
            tariff=tariff.name,
            from_date=Period.containing(found.on).first_day,
            keep=lambda row: self._call.assign(tariff.id, row),
        )
        self._open(ScopeSheet(self._window(), self._worker, order))

    def end_scope(self, found: TariffList, tariff: TariffRow, scope: ScopeRow) -> None:
        """The last day on which a tariff applies somewhere."""
        order = EndingOrder(
            title=_("{name} no longer applies to {place}").format(name=tariff.name, place=scope.place),
            note=_("It is charged for the last time for that day. Bills posted stay as they are."),
            act=_("Let it end"),
            said=_("{name} applies there through {{day}}.").format(name=tariff.name),
            last_day=Period.containing(found.on).last_day,
            end=lambda day, _reason: self._call.end_scope(scope.id, day),
        )
        self._open(EndingSheet(self._window(), self._worker, order))

    def withdraw_scope(self, scope: ScopeRow) -> None:
        """Takes back where a tariff applies."""
        self._act(lambda: self._call.withdraw_scope(scope.id), _("The tariff no longer applies there."))

    # ---- calculator and fee board --------------------------------------------------------------------------------

    def calculate(self, found: TariffList, tariff: TariffRow | None) -> None:
        """The calculator on what is stored; the unit of last time is there again."""
        choices = [(one.id, one.name) for one in found.tariffs]
        self._calculator(CalculatorOrder(Period.containing(found.on), choices, None, None, self._unit))

    def _attempt(self, found: TariffList | None, draft: Draft, day: date | None = None) -> None:
        month = Period.containing(day or draft.terms.valid_from)
        if found is not None and month < Period.containing(found.on):
            month = Period.containing(found.on)
        self._calculator(CalculatorOrder(month, draft=draft, unit=self._unit))

    def _calculator(self, order: CalculatorOrder) -> None:
        sheet = CalculatorSheet(self._window(), self._worker, self._call.reckon, order)
        sheet.closed.connect(lambda: self._note_unit(sheet.unit.text().strip()))
        sheet.ask()

    def _note_unit(self, unit: str) -> None:
        self._unit = unit

    def settings(self) -> None:
        """From when the buyer of a unit pays."""
        self._open(BillingSettingsSheet(self._window(), self._worker, self._call.settings))

    def board(self, found: TariffList) -> None:
        """Where to write the fee board, and what it still lacks."""
        path = self._call.folder() / _("Fee board {day}.pdf").format(day=found.on)
        self._open(FeeBoardSheet(self._window(), self._worker, self._call.board, path))

    def _open(self, sheet: _Asking) -> None:
        sheet.kept.connect(self.kept)
        sheet.ask()

    def _act(self, act: Callable[[], object], said: str) -> None:
        def work(_progress: Progress) -> object:
            return act()

        def done(result: object) -> None:
            self.kept.emit(said, result)

        self._worker.start(work, done=done, failed=self._on_refused)

    def _on_refused(self, error: FeedeskError) -> None:
        self.refused.emit(str(error))

    def _window(self) -> QWidget:
        return self._owner.window()


def _next_month(day: date) -> date:
    return Period.containing(day).shifted(1).first_day


def _texts(tariff: TariffRow, texts: dict[str, str]) -> dict[str, str]:
    item = tariff.item
    of_item = {
        "name": tariff.name,
        "item": item.name,
        "nature": item.nature,
        "rounding": rounding_text(item.mantissa, item.mantissa_step),
        "covers": item.covers,
    }
    return of_item | texts
