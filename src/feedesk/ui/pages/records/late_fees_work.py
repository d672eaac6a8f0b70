"""What the section of late fees really does: rules, LPR rates and the order of payment of the ledger."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from feedesk.ops.late_fee_rules import (
    RuleTerms,
    add_late_fee_rule,
    add_lpr_rate,
    agree_on_payment_order,
    change_late_fee_rule,
    end_late_fee_rule,
    load_published_lpr,
    remove_late_fee_rule,
    remove_lpr_rate,
)
from feedesk.ops.run import Workplace
from feedesk.queries.desk import AgreedOrder
from feedesk.queries.late_fee_list import LateFeeList, late_fee_list
from feedesk.rules.allocation import AllocationOrder
from feedesk.ui.pages.records.late_fee_sheets import LateFeeFunctions


@dataclass(frozen=True, slots=True)
class LateFeesWork:
    """The late fees of one ledger."""

    seat: Callable[[], Workplace]

    def functions(self) -> LateFeeFunctions:
        """What the section calls."""
        return LateFeeFunctions(
            listed=self.listed,
            add=self.add,
            change=self.change,
            remove=self.remove,
            end=self.end,
            add_rate=self.add_rate,
            remove_rate=self.remove_rate,
            load_rates=self.load_rates,
            agree=self.agree,
        )

    def listed(self) -> LateFeeList:
        """Everything on the business day."""
        seat = self.seat()
        return seat.read(late_fee_list, on=seat.business_date())

    def add(self, item: str, terms: RuleTerms, valid_from: date) -> int:
        """Begins a rule."""
        return self.seat().run_op(add_late_fee_rule, item=item, terms=terms, valid_from=valid_from)

    def change(self, rule: int, terms: RuleTerms) -> None:
        """Puts a rule right that nothing was collected by."""
        self.seat().run_op(change_late_fee_rule, rule=rule, terms=terms)

    def remove(self, rule: int) -> None:
        """Takes such a rule out."""
        self.seat().run_op(remove_late_fee_rule, rule=rule)

    def end(self, item: str, last_day: date) -> int:
        """Ends the rule of an item."""
        return self.seat().run_op(end_late_fee_rule, item=item, last_day=last_day)

    def add_rate(self, published_on: date, yearly: Fraction) -> None:
        """Adds an LPR."""
        self.seat().run_op(add_lpr_rate, published_on=published_on, yearly=yearly)

    def remove_rate(self, published_on: date) -> None:
        """Takes an LPR out."""
        self.seat().run_op(remove_lpr_rate, published_on=published_on)

    def load_rates(self) -> int:
        """Adds the rates that come with the program."""
        return self.seat().run_op(load_published_lpr)

    def agree(self, order: AllocationOrder, clause: str) -> AgreedOrder:
        """Sets the order of payment."""
        return self.seat().run_op(agree_on_payment_order, order=order, clause=clause)
