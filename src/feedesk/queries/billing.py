"""What a billing run needs to know, read in a few queries over all units at once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    type_coerce,
)

from feedesk.ledger.posting import OFFICE_CHAIN
from feedesk.models import (
    Account,
    Charge,
    Entry,
    FeeItem,
    Opening,
    Tariff,
    TariffScope,
    TariffVersion,
    Unit,
    table_of,
)
from feedesk.money import Fen, Mantissa
from feedesk.periods import Period
from feedesk.rules.bills import AccountFacts, TariffFacts, UnitFacts
from feedesk.rules.formula import Formula
from feedesk.rules.inheritance import nearest_tariffs
from feedesk.rules.pricing import Rounding
from feedesk.rules.spans import Days, ScopeDays
from feedesk.rules.tariffs import DueRule, Method, PartialMonth, PriceVersion
from feedesk.rules.tiers import TierTable
from feedesk.rules.unit_patterns import compiled_pattern, is_pattern, nearness

_account, _charge, _entry, _item, _opening, _tariff, _scope, _version, _unit = (
    table_of(model)
    for model in (
        Account, Charge, Entry, FeeItem, Opening, Tariff, TariffScope, TariffVersion, Unit,
    )
)  # fmt: skip

SPACES = frozenset({"车位", "储藏室"})
"""Units let by the piece: a fixed sum for one of them is called a rent."""

ItemOfUnit = tuple[int, int]
"""Unit and fee item."""


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """A fee item to be billed; ``nature`` says whose money it is (款项性质)."""

    id: int
    name: str
    nature: str


_ITEMS = select(_item.c.id, _item.c.name, _item.c.nature).order_by(_item.c.position, _item.c.id)
_VERSIONS = (
    select(
        *_version.c,
        _tariff.c.fee_item_id,
        _item.c.name.label("item"),
        _item.c.mantissa,
        _item.c.mantissa_step,
    )
    .select_from(
        _version.join(_tariff, _tariff.c.id == _version.c.tariff_id).join(_item, _item.c.id == _tariff.c.fee_item_id)
    )
    .order_by(_tariff.c.position, _tariff.c.id, _version.c.valid_from)
)
_ACCOUNTS = select(
    _account.c.unit_id, _account.c.id, _account.c.from_date, _account.c.to_date, _account.c.developer
).order_by(_account.c.unit_id, _account.c.from_date, _account.c.id)
_UNITS = select(
    _unit.c.id,
    _unit.c.code,
    _unit.c.kind,
    type_coerce(func.coalesce(_unit.c.billing_area, _unit.c.built_area), Integer).label("hundredths"),
    _unit.c.occupancy,
    _unit.c.delivered_on,
    _unit.c.floor,
    _unit.c.persons,
    _unit.c.coefficient,
).order_by(_unit.c.sort_key, _unit.c.id)
_SCOPES = select(
    _scope.c.unit_pattern, _scope.c.tariff_id, _scope.c.quantity, _scope.c.from_date, _scope.c.to_date
).order_by(_scope.c.id)
_CHARGED = select(
    _charge.c.account_id,
    _charge.c.unit_id,
    _charge.c.fee_item_id,
    _charge.c.period,
    _charge.c.source,
    _charge.c.number,
    _charge.c.serves_from,
    _charge.c.serves_to,
).where(
    _charge.c.period.in_(bindparam("periods", expanding=True)),
    _charge.c.status != "cancelled",
    _charge.c.source.in_(("run", "advance", "opening")),
)
_CHARGED_ONCE = select(_charge.c.account_id, _charge.c.number, _charge.c.period).where(
    _charge.c.source == literal_column("'one_off'"),
    _charge.c.status != literal_column("'cancelled'"),
    _charge.c.number.in_(bindparam("tariffs", expanding=True)),
)
_PAID_THROUGH = (
    select(_account.c.unit_id, _opening.c.fee_item_id, _opening.c.paid_through)
    .join(_account, _account.c.id == _opening.c.account_id)
    .where(
        _opening.c.kind == "paid_through",
        or_(
            _opening.c.paid_through >= bindparam("since"),
            _opening.c.fee_item_id.in_(bindparam("items", expanding=True)),
        ),
    )
)
# Arrears brought along are posted by the office: few entries, found by their chain.
_BROUGHT_ALONG = (
    select(_charge.c.unit_id, _charge.c.fee_item_id, func.max(_charge.c.serves_to))
    .join(_entry, _entry.c.id == _charge.c.entry_id)
    .where(
        _entry.c.chain_id == OFFICE_CHAIN,
        _entry.c.kind == "opening",
        _charge.c.source == "opening",
        _charge.c.status != "cancelled",
        _charge.c.fee_item_id.in_(bindparam("items", expanding=True)),
    )
    .group_by(_charge.c.unit_id, _charge.c.fee_item_id)
)


def fee_items(connection: Connection) -> dict[int, ItemFacts]:
    """All fee items by key, in the order they are shown."""
    return {row.id: ItemFacts(row.id, row.name, row.nature) for row in connection.execute(_ITEMS)}


def tariffs(connection: Connection) -> dict[int, TariffFacts]:
    """All tariffs with their versions, in the order of payment."""
    found: dict[int, TariffFacts] = {}
    for row in connection.execute(_VERSIONS):
        known = found.get(row.tariff_id)
        found[row.tariff_id] = TariffFacts(
            id=row.tariff_id,
            item_id=row.fee_item_id,
            item=row.item,
            versions=(*(known.versions if known else ()), price_version(row)),
            meter_kind=row.meter_kind or (known.meter_kind if known else ""),
            rounding=Rounding(Mantissa(row.mantissa), Fen(row.mantissa_step)),
        )
    return found


def price_version(row: Any) -> PriceVersion:
    """A stored price, or whatever has the same columns as attributes, as the rules reckon by it."""
    return PriceVersion(
        id=row.id,
        method=Method(row.method),
        unit_price=Fraction(0) if row.unit_price is None else row.unit_price,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        cycle_months=row.cycle_months,
        partial_month=PartialMonth(row.partial_month),
        due=DueRule.parse(row.due_rule),
        form=row.price_form,
        document=row.basis_document,
        prices=tuple((part[0], Fraction(part[1:])) for part in row.prices.split(";") if part),
        tiers=_tier_table(row) if row.method == Method.TIERED else None,
        formula=Formula.parse(row.formula or "") if row.method == Method.FORMULA else None,
    )


def _tier_table(row: Any) -> TierTable:
    return TierTable.parse(row.tiers, cycle=row.tier_cycle, restart=row.tier_restart, person_base=row.person_base)


def units_with_accounts(connection: Connection, *, only: int | None = None) -> list[UnitFacts]:
    """All units (or the ``only`` one) in the order of their codes, each with its accounts in the order of time."""
    accounts: dict[int, list[AccountFacts]] = {}
    of_accounts = _ACCOUNTS if only is None else _ACCOUNTS.where(_account.c.unit_id == only)
    of_units = _UNITS if only is None else _UNITS.where(_unit.c.id == only)
    for row in connection.execute(of_accounts).all():
        accounts.setdefault(row[0], []).append(AccountFacts(*row[1:]))
    areas: dict[int | None, Fraction | None] = {None: None}
    units = []
    for key, code, kind, hundredths, occupancy, delivered_on, *of_formula in connection.execute(of_units).all():
        if hundredths not in areas:
            areas[hundredths] = Fraction(hundredths, 100)
        units.append(
            UnitFacts(
                key,
                code,
                areas[hundredths],
                kind in SPACES,
                occupancy == "未售",
                delivered_on,
                tuple(accounts.get(key, ())),
                *of_formula,
            )
        )
    return units


@dataclass(frozen=True, slots=True)
class _ScopeRow:
    tariff: int
    pattern: str
    days: ScopeDays


def scopes_by_unit(
    connection: Connection, units: Iterable[UnitFacts], wanted: Mapping[int, TariffFacts]
) -> dict[int, dict[int, tuple[ScopeDays, ...]]]:
    """Unit → tariff (in the order of ``wanted``) → the scope rows that reach it, as far as no nearer one does.

    Units alike share one object.
    """
    units = list(units)
    exact: dict[str, list[_ScopeRow]] = {}
    patterns: list[_ScopeRow] = []
    reaching = _SCOPES if len(units) != 1 else _SCOPES.where(_may_reach(units[0].code))
    for pattern, tariff, quantity, from_date, to_date in connection.execute(reaching):
        if tariff in wanted:
            row = _ScopeRow(tariff, pattern, ScopeDays(nearness(pattern), quantity, from_date, to_date))
            (patterns if is_pattern(pattern) else exact.setdefault(pattern, [])).append(row)
    alike: dict[tuple[int, ...], dict[int, tuple[ScopeDays, ...]]] = {}
    order = {tariff: n for n, tariff in enumerate(wanted)}
    found = {}
    for unit in units:
        rows = [*_fitting(patterns, unit.code), *exact.get(unit.code, ())]
        key = tuple(map(id, rows))
        reach = alike.get(key)
        if reach is None:
            rows.sort(key=lambda row: order[row.tariff])
            reach = alike[key] = nearest_tariffs(_by_tariff(rows), wanted)
        found[unit.id] = reach
    return found


def _may_reach(code: str) -> ColumnElement[bool]:
    """Scope rows with this code or any pattern."""
    pattern = _scope.c.unit_pattern
    return or_(pattern == code, pattern.contains("*"), pattern.contains("?"))


def _fitting(patterns: Iterable[_ScopeRow], code: str) -> list[_ScopeRow]:
    return [row for row in patterns if row.pattern == "*" or compiled_pattern(row.pattern).fullmatch(code)]


def _by_tariff(rows: Iterable[_ScopeRow]) -> dict[int, tuple[ScopeDays, ...]]:
    found: dict[int, tuple[ScopeDays, ...]] = {}
    for row in rows:
        found[row.tariff] = (*found.get(row.tariff, ()), row.days)
    return found


@dataclass(frozen=True, slots=True)
class Charged:
    """What stands already: charges of runs and advances by (account, tariff, period), arrears by (unit, item, period).

    ``served`` tells by (unit, tariff, period) which account was charged for which days.
    """

    runs: frozenset[tuple[int, int, str]]
    arrears: frozenset[tuple[int, int, str]]
    served: Mapping[tuple[int, int, str], Sequence[tuple[int, Days]]]

    def account_served(self, unit: int, tariff: int, period: Period, days: Days) -> int | None:
        """The account of a unit that a tariff was charged to for a period and any of these days."""
        for account, served in self.served.get((unit, tariff, str(period)), ()):
            if served.within(days.first, days.last) is not None:
                return account
        return None


def _accounts_of(unit: int) -> Select[tuple[int]]:
    return select(_account.c.id).where(_account.c.unit_id == unit)


def charged(connection: Connection, periods: Collection[Period], *, only: int | None = None) -> Charged:
    """What stands for these periods, of all units or the ``only`` one: charges of runs, advances, opening arrears.

    What was paid ahead stands like a run's charge, so that no later run bills it again.
    """
    runs, arrears = set(), set()
    served: dict[tuple[int, int, str], list[tuple[int, Days]]] = {}
    query = _CHARGED if only is None else _CHARGED.where(_charge.c.account_id.in_(_accounts_of(only)))
    rows = connection.execute(query, {"periods": [str(period) for period in periods]})
    for account, unit, item, period, source, number, first, last in rows:
        if source != "opening":
            runs.add((account, number, period))
            served.setdefault((unit, number, period), []).append((account, Days(first, last)))
        else:
            arrears.add((unit, item, period))
    return Charged(frozenset(runs), frozenset(arrears), served)


def charged_once(connection: Connection, wanted: Collection[int]) -> dict[tuple[int, int], str]:
    """The accounts that a tariff was charged to once (一次性), by account and tariff, with the month of the charge."""
    if not wanted:
        return {}
    rows = connection.execute(_CHARGED_ONCE, {"tariffs": list(wanted)})
    return {(account, tariff): period for account, tariff, period in rows}


def paid_through(
    connection: Connection, *, since: date, metered: Collection[int], only: int | None = None
) -> dict[ItemOfUnit, date]:
    """Until when units (or the ``only`` one) were paid for when the books were opened (期初缴至), as far as it reaches
    beyond ``since``.

    For ``metered`` items however long ago, and arrears brought along count like it: what was billed elsewhere is not
    billed again.
    """
    found: dict[ItemOfUnit, date] = {}
    facts = {"since": since, "items": list(metered)}
    opened = _PAID_THROUGH if only is None else _PAID_THROUGH.where(_account.c.unit_id == only)
    for query in (opened, _BROUGHT_ALONG) if metered else (opened,):
        for unit, item, until in connection.execute(query, facts):
            known = found.get((unit, item))
            found[unit, item] = until if known is None else max(known, until)
    return found
