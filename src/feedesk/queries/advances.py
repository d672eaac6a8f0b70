"""What an account can pay ahead (预缴): the bills of months to come, worked out by the very rules of the billing run.

An advance begins where the billed months end (`feedesk.rules.paid_through`), so it leaves no gap and overlaps nothing;
what it concedes is `feedesk.rules.advance_concessions`. It reaches no further than the ledger's limits.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count

from sqlalchemy import Connection

from feedesk.errors import UserError
from feedesk.money import Fen
from feedesk.periods import Period
from feedesk.queries.accounts import AccountRef
from feedesk.queries.billing import fee_items
from feedesk.queries.concessions import Concessions, charge_line, dated_policies
from feedesk.queries.desk import ledger_setting
from feedesk.queries.due_bills import DueBills, Trial, due_bills
from feedesk.queries.paid_through import rulers
from feedesk.rules.advance_concessions import concede_advance, met_by_payment
from feedesk.rules.bills import RUN, Bill
from feedesk.rules.paid_through import Ruler, first_unbilled
from feedesk.texts import N_

ADVANCE = "advance"
"""Where the charge of a month paid ahead comes from (应收来源)."""
ADVANCE_LIMITS = "advance_limits"
"""The setting of the ledger that holds the `AdvanceLimits`."""


class AdvanceOutOfBounds(UserError):
    message = N_("{months} months cannot be paid ahead: one advance is for 1 to {most} months.")


class AdvanceTooFar(UserError):
    message = N_(
        "{item} of {unit} would be paid through {until}, but an advance reaches no further than {limit}: "
        "take fewer months."
    )


class NotPayableAhead(UserError):
    message = N_("{item} of {unit} cannot be paid ahead for {month}: {reason}")


class NotWholeCycles(UserError):
    message = N_("{item} of {unit} is billed {cycle} months at a time: pay {fewer} or {more} months ahead.")


class OnlyTimedItemsAhead(UserError):
    message = N_("{item} of {unit} cannot be paid ahead: it is charged by meter, by shares, or not at all.")


@dataclass(frozen=True, slots=True)
class AdvanceLimits:
    """How far ahead may be paid: at most ``months`` at once and from now, and not beyond the service contract's end."""

    months: int = 12
    contract_end: date | None = None

    def last_day(self, today: date) -> date:
        """The last day that an advance may reach."""
        reach = Period.containing(today).shifted(self.months).last_day
        return reach if self.contract_end is None else min(reach, self.contract_end)


def advance_limits(connection: Connection) -> AdvanceLimits:
    """The ledger's limits: twelve months unless set otherwise."""
    stored = ledger_setting(connection, ADVANCE_LIMITS, {})
    months, end = (stored.get(name) for name in ("months", "contract_end")) if isinstance(stored, dict) else (12, None)
    months = months if type(months) is int and months > 0 else AdvanceLimits().months
    try:
        return AdvanceLimits(months, date.fromisoformat(end) if end else None)
    except (TypeError, ValueError):
        return AdvanceLimits(months)


@dataclass(frozen=True, slots=True)
class ItemAhead:
    """An item of an account paid ahead for ``months``: its bills, oldest first, net of what paying ahead concedes.

    ``refused`` names the policies that were met but lost to better ones.
    """

    account: AccountRef
    item: str
    nature: str
    months: int
    bills: tuple[Bill, ...]
    refused: tuple[str, ...] = ()

    @property
    def total(self) -> Fen:
        """What it costs."""
        return Fen(sum(bill.net for bill in self.bills))

    @property
    def until(self) -> date:
        """The last day it serves."""
        return max(bill.line.serves.last for bill in self.bills)


def item_ahead(
    connection: Connection, *, account: AccountRef, item: str, months: int, today: date, nothing_left: bool = False
) -> ItemAhead:
    """Works out an advance; nothing is stored. ``nothing_left``: the payment leaves nothing open (一次性付清).

    Raises `AdvanceOutOfBounds`, `AdvanceTooFar`, `OnlyTimedItemsAhead`, `NotPayableAhead`, `NotWholeCycles`,
    `UnknownFeeItem`.
    """
    limits = advance_limits(connection)
    if not 1 <= months <= limits.months:
        raise AdvanceOutOfBounds(months=months, most=limits.months)
    known = {one.item: one.ruler for one in rulers(connection, accounts=[account.id])}
    start = first_unbilled(known.get(item, Ruler()), today, account.from_date)
    search = _Search(connection, account, item, today, limits.last_day(today))
    bills = search.bills(start, months)
    nature = next(one.nature for one in fee_items(connection).values() if one.name == item)
    conceded, refused = _conceded(connection, bills, nature, today, months, nothing_left=nothing_left)
    return ItemAhead(account, item, nature, months, conceded, refused)


@dataclass(frozen=True, slots=True)
class ItemOffer:
    """An item that an account can pay ahead: how far it is billed and paid, and the months of its cycle.

    ``most`` is how many months may be paid now, 0 where it reaches as far as it may.
    """

    account: AccountRef
    item: str
    ruler: Ruler
    cycle: int
    most: int


def items_to_pay_ahead(connection: Connection, *, accounts: Sequence[AccountRef], today: date) -> tuple[ItemOffer, ...]:
    """What can be paid ahead for accounts, account by account, in the order in which fee items are shown."""
    limits = advance_limits(connection)
    order = [one.name for one in fee_items(connection).values()]
    offers = []
    for account in accounts:
        known = {one.item: one.ruler for one in rulers(connection, accounts=[account.id])}
        month = Period.containing(today).shifted(1)
        due = due_bills(connection, month=month, trial=Trial(account.unit_id))
        timed = {bill.tariff.item for bill in due.bills if bill.account == account.id and _is_timed(bill)}
        for item in sorted({*known, *timed}, key=order.index):
            offer = _offer(connection, account, item, known.get(item, Ruler()), limits, today)
            if offer is not None:
                offers.append(offer)
    return tuple(offers)


def _offer(
    connection: Connection, account: AccountRef, item: str, known: Ruler, limits: AdvanceLimits, today: date
) -> ItemOffer | None:
    cycle = 1
    try:
        item_ahead(connection, account=account, item=item, months=1, today=today)
    except NotWholeCycles as error:
        cycle = int(str(error.facts["cycle"]))
    except AdvanceTooFar:
        return ItemOffer(account, item, known, cycle, 0)
    except UserError:
        return None
    start = first_unbilled(known, today, account.from_date)
    reach = Period.containing(limits.last_day(today)).first_month - start.first_month + 1
    most = min(limits.months, reach)
    return ItemOffer(account, item, known, cycle, max(most - most % cycle, 0))


@dataclass(frozen=True, slots=True)
class _Search:
    """Looks month by month for what is not billed yet."""

    connection: Connection
    account: AccountRef
    item: str
    today: date
    limit: date

    def bills(self, start: Period, months: int) -> tuple[Bill, ...]:
        found: dict[tuple[int, Period], Bill] = {}
        covered: set[Period] = set()
        for month in map(start.shifted, count()):
            self._check_reach(month.last_day)
            for bill in self._month(month, begun=bool(covered)):
                found.setdefault((bill.tariff.id, bill.period), bill)
                covered.update(one for one in bill.period.each_month())
            if len(covered) >= months:
                break
        bills = sorted(found.values(), key=lambda bill: bill.period)
        self._check_cycles(bills, len(covered), months)
        self._check_reach(max(bill.line.serves.last for bill in bills))
        return tuple(bills)

    def _month(self, month: Period, *, begun: bool) -> Iterator[Bill]:
        """The bills of a month that is not billed; nothing for one that stands, or is past and cannot be billed."""
        due = due_bills(self.connection, month=month, item=self.item, trial=Trial(self.account.unit_id))
        bills = [bill for bill in due.bills if bill.account == self.account.id and _is_timed(bill)]
        if bills or due.already or month.last_day < self.today:
            return iter(bills)
        reason = next((one.reason for one in due.skipped if one.item in (self.item, "")), None)
        if begun or (reason is not None and _is_known(due)):
            raise NotPayableAhead(item=self.item, unit=self.account.unit, month=str(month), reason=reason or "")
        raise OnlyTimedItemsAhead(item=self.item, unit=self.account.unit)

    def _check_reach(self, until: date) -> None:
        if until > self.limit:
            unit, limit = self.account.unit, self.limit.isoformat()
            raise AdvanceTooFar(item=self.item, unit=unit, until=until.isoformat(), limit=limit)

    def _check_cycles(self, bills: Sequence[Bill], covered: int, months: int) -> None:
        if covered != months:
            last = bills[-1].period.months
            fewer = max(covered - last, last)
            raise NotWholeCycles(item=self.item, unit=self.account.unit, cycle=last, fewer=fewer, more=covered)


def _is_timed(bill: Bill) -> bool:
    return bill.source == RUN and bill.line.version is not None and bill.number is None and not bill.steps


def _is_known(due: DueBills) -> bool:
    return any(one.item for one in due.skipped)


def _conceded(
    connection: Connection, bills: tuple[Bill, ...], nature: str, today: date, months: int, *, nothing_left: bool
) -> tuple[tuple[Bill, ...], tuple[str, ...]]:
    """The bills as charges of an advance, lowered by what counts anyway and by what paying ahead concedes."""
    plain = tuple(
        bill._replace(source=ADVANCE, number=bill.tariff.id, discount=Fen(0), conceded=None) for bill in bills
    )
    item = bills[0].tariff.item_id
    granted = met_by_payment(
        dated_policies(connection), item=item, nature=nature, day=today, months=months, nothing_left=nothing_left
    )
    known = Concessions.read(connection, plain)
    standing = [known.policies_for(bill) if known is not None else () for bill in plain]
    found = concede_advance([charge_line(bill) for bill in plain], standing, granted)
    used = {part.policy for conceded in found if conceded is not None for part in conceded.parts}
    refused = tuple(policy.label for policy in granted if policy.id not in used)
    lowered = (
        bill if conceded is None else bill._replace(discount=conceded.discount, conceded=conceded)
        for bill, conceded in zip(plain, found, strict=True)
    )
    return tuple(lowered), refused
