"""The charges a billing preview compares: those a month's runs posted, those of the period before, and their facts.

What a charge's snapshot says is read only where it is asked for: of a hundred thousand charges few are looked at.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, func, or_, select

from feedesk.models import (
    Account,
    BillingRun,
    Charge,
    ConcessionGrant,
    ConcessionPolicy,
    Entry,
    FeeItem,
    Resident,
    TariffVersion,
    Unit,
    table_of,
)
from feedesk.money import Fen
from feedesk.periods import Period
from feedesk.queries.billing import SPACES
from feedesk.rules.bill_changes import BilledFacts, ConcessionDays
from feedesk.rules.bills import ONE_OFF, RUN, Bill
from feedesk.rules.price_words import of_unit
from feedesk.rules.shared_bills import SHARED
from feedesk.rules.tariffs import METERED

BILLED = (RUN, ONE_OFF, SHARED)
"""Where the charges of a run come from (应收来源)."""

_account, _run, _charge, _entry, _grant, _item, _policy, _resident, _unit, _version = (
    table_of(model)
    for model in (
        Account, BillingRun, Charge, Entry, ConcessionGrant, FeeItem, ConcessionPolicy, Resident, Unit, TariffVersion,
    )
)  # fmt: skip
_reversal = _entry.alias("reversal")

_CHARGES = (
    select(
        _charge.c.id,
        _charge.c.account_id,
        _charge.c.unit_id,
        _unit.c.code,
        _unit.c.kind,
        _item.c.name,
        _charge.c.period,
        _charge.c.serves_from,
        _charge.c.serves_to,
        _charge.c.basis,
        _charge.c.snapshot,
        _charge.c.gross,
        _charge.c.discount,
        _charge.c.status,
        _version.c.method,
    )
    .join(_unit, _unit.c.id == _charge.c.unit_id)
    .join(_item, _item.c.id == _charge.c.fee_item_id)
    .outerjoin(_version, _version.c.id == _charge.c.tariff_version_id)
    .where(_charge.c.status != "cancelled")
    .order_by(_charge.c.id)
)
_OF_RUNS = _CHARGES.join(_run, _run.c.entry_id == _charge.c.entry_id).where(_run.c.period == bindparam("period"))
_OF_PERIODS = _CHARGES.where(
    _charge.c.period.in_(bindparam("periods", expanding=True)),
    _charge.c.source.in_(bindparam("sources", expanding=True)),
)
_OF_ACCOUNTS = _OF_PERIODS.where(_charge.c.account_id.in_(bindparam("accounts", expanding=True)))
_RUNS = (
    select(func.count(), func.coalesce(func.sum(_run.c.count), 0), func.coalesce(func.sum(_run.c.total), 0))
    .outerjoin(_reversal, _reversal.c.reverses_id == _run.c.entry_id)
    .where(_run.c.period == bindparam("period"), _reversal.c.id.is_(None))
)
_PEOPLE = (
    select(
        _account.c.id,
        _resident.c.name,
        _account.c.from_date,
        _account.c.to_date,
        _unit.c.delivered_on,
        _unit.c.building_id,
        _account.c.unit_id,
    )
    .join(_unit, _unit.c.id == _account.c.unit_id)
    .outerjoin(_resident, _resident.c.id == _account.c.payer_id)
)
_GRANTS = (
    select(_grant.c.account_id, _policy.c.name, _grant.c.from_date, _grant.c.to_date)
    .join(_policy, _policy.c.id == _grant.c.policy_id)
    .where(or_(_grant.c.to_date.is_(None), _grant.c.to_date >= bindparam("since")))
)


@dataclass(frozen=True, slots=True)
class Holder:
    """An account as a preview needs it: who pays, from when to when, and when the unit was delivered."""

    name: str
    from_date: date | None
    to_date: date | None
    delivered_on: date | None
    building: int
    unit: int


@dataclass(frozen=True, slots=True)
class ComparedCharge:
    """A charge that stands or would be posted. ``charge`` is its number, None for a bill that is not posted yet."""

    charge: int | None
    account: int
    unit_id: int
    unit: str
    is_space: bool
    item: str
    period: Period
    first: date
    last: date
    basis: str
    gross: Fen
    discount: Fen
    metered: bool
    status: str
    source: "str | Bill"

    @property
    def net(self) -> Fen:
        return Fen(self.gross - self.discount)

    @property
    def key(self) -> tuple[int, str, int]:
        """What is compared with what: account, fee item, and how many months a charge serves."""
        return (self.account, self.item, self.period.months)

    def words(self) -> tuple[str, ...]:
        """The arithmetic in sentences that can be read out."""
        if isinstance(self.source, Bill):
            conceded = self.source.conceded
            return (*self.source.line.explanation, *(conceded.words if conceded is not None else ()))
        return tuple(str(line) for line in _snapshot(self.source).get("words", ()))

    def facts(self) -> BilledFacts:
        """What explains a change."""
        quantity: Fraction | None
        price: Fraction | None
        if isinstance(self.source, Bill):
            line, conceded = self.source.line, self.source.conceded
            quantity, price = line.quantity, line.version.unit_price if line.version is not None else None
            names = tuple(part.name for part in conceded.parts) if conceded is not None else ()
        else:
            stored = _snapshot(self.source)
            quantity, price = _number(stored.get("quantity")), _number(stored.get("price"))
            names = tuple(str(part.get("name", "")) for part in stored.get("concessions", ()))
        return BilledFacts(self.net, self.first, self.last, quantity, price, names, self.metered, self.basis)


def _snapshot(text: str) -> dict[str, Any]:
    found = json.loads(text) if text else {}
    return found if isinstance(found, dict) else {}


def _number(text: object) -> Fraction | None:
    return Fraction(str(text)) if text not in (None, "") else None


def charges_of_runs(connection: Connection, month: Period) -> list[ComparedCharge]:
    """The charges that a month's runs posted and that were not cancelled; split and merged ones as they were billed."""
    return [_compared(row) for row in connection.execute(_OF_RUNS, {"period": str(month)})]


def charges_of_periods(
    connection: Connection, periods: Iterable[Period], sources: Collection[str] = BILLED
) -> list[ComparedCharge]:
    """The charges of some periods that were not cancelled."""
    facts = {"periods": [str(period) for period in periods], "sources": list(sources)}
    return [_compared(row) for row in connection.execute(_OF_PERIODS, facts)]


def usages_before(
    connection: Connection, periods: Collection[Period], accounts: Collection[int]
) -> Mapping[tuple[int, str], tuple[Fraction, ...]]:
    """What accounts used by fee item in earlier periods, oldest first."""
    found: defaultdict[tuple[int, str], list[Fraction]] = defaultdict(list)
    chosen = list(accounts)
    for start in range(0, len(chosen), 10_000):
        part = {"accounts": chosen[start : start + 10_000], "sources": list(BILLED)}
        for period in sorted(periods):
            for row in connection.execute(_OF_ACCOUNTS, {"periods": [str(period)], **part}):
                one = _compared(row)
                quantity = one.facts().quantity if one.metered else None
                if quantity is not None:
                    found[one.account, one.item].append(quantity)
    return {key: tuple(usages) for key, usages in found.items()}


def standing_runs(connection: Connection, month: Period) -> tuple[int, int, Fen]:
    """How many runs of a month stand, with how many charges, and their gross sum."""
    runs, charges, total = connection.execute(_RUNS, {"period": str(month)}).one()
    return int(runs), int(charges), Fen(int(total))


def holders(connection: Connection) -> dict[int, Holder]:
    """All accounts."""
    return {
        row.id: Holder(row.name or "", row.from_date, row.to_date, row.delivered_on, row.building_id, row.unit_id)
        for row in connection.execute(_PEOPLE)
    }


def grants_since(connection: Connection, since: date) -> Mapping[int, tuple[ConcessionDays, ...]]:
    """The concessions granted to accounts that reach to a day or beyond."""
    found: defaultdict[int, list[ConcessionDays]] = defaultdict(list)
    for account, name, from_date, to_date in connection.execute(_GRANTS, {"since": since}):
        found[account].append(ConcessionDays(name, from_date, to_date))
    return {account: tuple(days) for account, days in found.items()}


def compared_bill(bill: Bill) -> ComparedCharge:
    """A bill that would be posted."""
    line = bill.line
    return ComparedCharge(
        charge=None,
        account=bill.account,
        unit_id=bill.unit.id,
        unit=bill.unit.code,
        is_space=bill.unit.space,
        item=bill.tariff.item,
        period=bill.period,
        first=line.serves.first,
        last=line.serves.last,
        basis=of_unit(bill.unit.code, line.basis) if bill.is_rent else line.basis,
        gross=line.gross,
        discount=bill.discount,
        metered=bool(bill.steps),
        status="",
        source=bill,
    )


def _compared(row: Any) -> ComparedCharge:
    charge, account, unit_id, code, kind, item, period, first, last, basis, snapshot, *amounts = row
    gross, discount, status, method = amounts
    return ComparedCharge(
        charge=charge,
        account=account,
        unit_id=unit_id,
        unit=code,
        is_space=kind in SPACES,
        item=item,
        period=_period(period),
        first=first,
        last=last,
        basis=basis,
        gross=Fen(gross),
        discount=Fen(discount),
        metered=method in METERED,
        status=status,
        source=snapshot or "",
    )


@cache
def _period(text: str) -> Period:
    return Period.parse(text)
