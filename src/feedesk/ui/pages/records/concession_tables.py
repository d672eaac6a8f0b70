"""How concession policies and grants stand in their tables: what they take off, for whom, and how long still."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from feedesk.money import decimal_text
from feedesk.queries.concession_list import SOON, GrantRow, PolicyRow, ends_soon
from feedesk.rules.concessions import Reduction
from feedesk.texts import N_, _
from feedesk.ui.tables.columns import Cell, ColumnSpec, words
from feedesk.ui.tokens import Token
from feedesk.ui.widgets.painting import Span

_TAKES: Final = {
    Reduction.PERCENT: N_("{value}% off"),
    Reduction.AMOUNT: N_("{value} yuan a charge off"),
    Reduction.MONTHS: N_("months free: {value}"),
    Reduction.UNIT_PRICE: N_("unit price {value} yuan"),
}


@dataclass(frozen=True, slots=True)
class ShownPolicy:
    """A policy on a day."""

    policy: PolicyRow
    on: date

    @property
    def over(self) -> bool:
        """Whether it is no longer in force."""
        return self.policy.valid_to is not None and self.policy.valid_to < self.on


@dataclass(frozen=True, slots=True)
class ShownGrant:
    """A grant on a day."""

    grant: GrantRow
    on: date

    @property
    def over(self) -> bool:
        """Whether it no longer counts."""
        return self.grant.to_date is not None and self.grant.to_date < self.on


def takes_off(method: str, value: Fraction) -> str:
    """``减 10%``, ``每笔减 5.00 元``, ``免 1 个月``, ``单价 2.00 元``."""
    reduction = Reduction(method)
    places = 2 if reduction in (Reduction.AMOUNT, Reduction.UNIT_PRICE) else None
    return _(_TAKES[reduction]).format(value=decimal_text(value, places))


def _last_day(first: date, last: date | None, on: date) -> Cell:
    """The last day, and in words what that means today: red days are said, too."""
    shown = Span(last.isoformat() if last else _("no limit"), "ink_2")
    if on < first:
        return Cell((shown, Span(_("not yet"), chip="plain")))
    if last is None:
        return Cell((shown,))
    if last < on:
        return Cell((Span(last.isoformat(), "mute"), Span(_("ended"), chip="plain")))
    if ends_soon(last, on=on, within=SOON):
        days = (last - on).days
        said = _("ends today") if not days else _("{n} days left").format(n=days)
        return Cell((shown, Span(said, chip="warn")))
    return Cell((shown,))


def _ink(over: bool) -> Token:
    return "mute" if over else "ink"


def _policy_name(row: ShownPolicy) -> Cell:
    return words(row.policy.name, _ink(row.over), bold=not row.over)


def _policy_takes(row: ShownPolicy) -> Cell:
    return words(takes_off(row.policy.method, row.policy.value), _ink(row.over))


def _policy_stacks(row: ShownPolicy) -> Cell:
    return words(_("with others") if row.policy.stackable else _("alone"), "ink_2")


POLICY_COLUMNS: Final[tuple[ColumnSpec[ShownPolicy], ...]] = (
    ColumnSpec(N_("Policy"), _policy_name, 150),
    ColumnSpec(N_("Whom it is for"), lambda row: words(row.policy.condition, "ink_2"), 116),
    ColumnSpec(N_("Takes off"), _policy_takes, 140),
    ColumnSpec(N_("Fee items"), lambda row: words(row.policy.item_names, "ink_2"), 0, least=120),
    ColumnSpec(N_("Applies"), _policy_stacks, 88),
    ColumnSpec(N_("From"), lambda row: words(row.policy.valid_from.isoformat(), "ink_2"), 96),
    ColumnSpec(
        N_("Through"),
        lambda row: _last_day(row.policy.valid_from, row.policy.valid_to, row.on),
        176,
        sort=lambda row: row.policy.valid_to or date.max,
    ),
    ColumnSpec(N_("Legal basis"), lambda row: words(row.policy.basis_document, "ink_2"), 0, least=150, spare=True),
)

GRANT_COLUMNS: Final[tuple[ColumnSpec[ShownGrant], ...]] = (
    ColumnSpec(N_("Unit"), lambda row: words(row.grant.unit, _ink(row.over), bold=not row.over), 96),
    ColumnSpec(N_("Who pays"), lambda row: words(row.grant.resident, _ink(row.over)), 110),
    ColumnSpec(N_("Policy"), lambda row: words(row.grant.policy, _ink(row.over)), 150),
    ColumnSpec(N_("From"), lambda row: words(row.grant.from_date.isoformat(), "ink_2"), 96),
    ColumnSpec(
        N_("Through"),
        lambda row: _last_day(row.grant.from_date, row.grant.to_date, row.on),
        176,
        sort=lambda row: row.grant.to_date or date.max,
    ),
    ColumnSpec(N_("Evidence"), lambda row: words(row.grant.evidence, "ink_2"), 0, least=150),
    ColumnSpec(N_("Approver"), lambda row: words(row.grant.approved_by, "ink_2"), 100),
    ColumnSpec(N_("Remark"), lambda row: words(row.grant.note, "ink_2"), 0, least=100, spare=True),
)
