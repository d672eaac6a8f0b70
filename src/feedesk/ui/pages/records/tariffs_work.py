"""What the section of prices really does on a ledger."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from feedesk.config import data_folder
from feedesk.exchange.forms import TariffForm
from feedesk.ops import pricing, scoping
from feedesk.ops.billing_settings import change_advance_limits, change_delivery_rule
from feedesk.ops.pricing import PriceChanged
from feedesk.ops.run import Workplace
from feedesk.periods import Period
from feedesk.queries.advances import AdvanceLimits, advance_limits
from feedesk.queries.due_bills import delivery_rule
from feedesk.queries.price_trial import Draft, NoSuchUnit, PriceTrial, price_trial
from feedesk.queries.search import search_accounts
from feedesk.queries.tariff_list import TariffList, tariff_list
from feedesk.rules.community_rows import ScopeRow
from feedesk.rules.spans import DeliveryRule
from feedesk.ui.pages.records.billing_settings_sheet import BillingSettingsFunctions
from feedesk.ui.pages.records.fee_board_sheet import BoardFunctions
from feedesk.ui.pages.records.tariff_sheets import TariffsFunctions


@dataclass(slots=True)
class TariffsWork:
    """The prices of one ledger. ``folder`` is where the fee board is offered to be written."""

    seat: Callable[[], Workplace]
    open_path: Callable[[Path], object] = lambda path: None
    folder: Path = field(default_factory=lambda: data_folder() / "exports")
    training: bool = False

    def functions(self) -> TariffsFunctions:
        """What section and sheets call."""
        return TariffsFunctions(
            listed=self.listed,
            add=self.add,
            begin=self.begin,
            change=self.change,
            end_price=lambda version, day: self.seat().run_op(pricing.end_price, version=version, last_day=day),
            withdraw_price=lambda version: self.seat().run_op(pricing.withdraw_price, version=version),
            assign=self.assign,
            end_scope=lambda scope, day: self.seat().run_op(scoping.end_scope, scope=scope, last_day=day),
            withdraw_scope=lambda scope: self.seat().run_op(scoping.withdraw_scope, scope=scope),
            reckon=self.reckon,
            board=BoardFunctions(self.missing, self.write_board, self.open_path),
            settings=BillingSettingsFunctions(
                lambda: self.seat().read(delivery_rule),
                lambda: self.seat().read(advance_limits),
                self.keep_settings,
            ),
            folder=lambda: self.folder,
        )

    def keep_settings(self, rule: DeliveryRule, limits: AdvanceLimits) -> None:
        """The billing settings; only what is different is set."""
        seat = self.seat()
        if limits != seat.read(advance_limits):
            seat.run_op(change_advance_limits, limits=limits)
        if rule is not seat.read(delivery_rule):
            seat.run_op(change_delivery_rule, rule=rule)

    def listed(self) -> TariffList:
        """All tariffs as they stand today."""
        seat = self.seat()
        return seat.read(tariff_list, on=seat.business_date())

    def add(self, form: TariffForm) -> PriceChanged:
        """A new tariff."""
        return self.seat().run_op(pricing.add_tariff, name=form.name, item=form.item, terms=form.terms)

    def begin(self, tariff: int, form: TariffForm) -> PriceChanged:
        """A new price."""
        return self.seat().run_op(pricing.begin_price, tariff=tariff, terms=form.terms)

    def change(self, version: int, form: TariffForm) -> PriceChanged:
        """A price put right, and its fee item with it."""
        return self.seat().run_op(pricing.change_price, version=version, terms=form.terms, item=form.item)

    def assign(self, tariff: int, row: ScopeRow) -> PriceChanged:
        """Where a tariff applies."""
        return self.seat().run_op(
            scoping.assign_tariff,
            tariff=tariff,
            pattern=row.pattern,
            from_date=row.from_date,
            to_date=row.to_date,
            quantity=row.quantity,
        )

    def reckon(self, unit: str, month: Period, tariff: int | None, draft: Draft | None) -> PriceTrial:
        """A unit's month; what is no code is looked for as the search box does."""
        seat = self.seat()
        try:
            return seat.read(price_trial, unit=unit.upper(), month=month, tariff=tariff, draft=draft)
        except NoSuchUnit:
            hits = seat.read(search_accounts, text=unit, on=seat.business_date())
            if not hits:
                raise
        return seat.read(price_trial, unit=hits[0].unit, month=month, tariff=tariff, draft=draft)

    def missing(self) -> tuple[str, ...]:
        """What the fee board lacks."""
        from feedesk.queries.fee_board import fee_board

        seat = self.seat()
        return seat.read(fee_board, on=seat.business_date()).missing

    def write_board(self, path: Path) -> Path:
        """Writes the fee board."""
        from feedesk.reports.files import write_report
        from feedesk.reports.registry import FEE_BOARD, find_report
        from feedesk.reports.report import Wanted

        seat, report = self.seat(), find_report(FEE_BOARD)
        wanted = Wanted(seat.business_date(), training=self.training)
        return write_report(report.table(seat.read(report.query, wanted=wanted), wanted), path)
