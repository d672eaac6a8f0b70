"""The closing statement of an account at a change of hands (过户), and who is known by a name."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, bindparam, select

from feedesk.models import Account, CarriedBalance, ChangeOfHands, Entry, Resident, ResidentPhone, Unit, table_of
from feedesk.money import Fen, split_by_weight
from feedesk.queries.accounts import AccountRef
from feedesk.queries.corrections import deposits_held
from feedesk.queries.paid_through import rulers
from feedesk.queries.statement import StatementCharge, statement

_account, _carried, _change, _resident, _phone, _unit = (
    table_of(model) for model in (Account, CarriedBalance, ChangeOfHands, Resident, ResidentPhone, Unit)
)


@dataclass(frozen=True, slots=True)
class ReachingCharge:
    """A charge that serves days of the next account. ``share`` of its unpaid principal falls on those days.

    ``movable``: nothing of it is paid, waived of its late fee or disputed, so that the share can be charged over there.
    """

    charge: StatementCharge
    days_after: int
    days: int
    share: Fen
    movable: bool


@dataclass(frozen=True, slots=True)
class UnbilledItem:
    """A fee item of the account that is billed only through a day before its last one."""

    item: str
    billed_through: date


@dataclass(frozen=True, slots=True)
class ClosingStatement:
    """How an account stands that ends on ``last_day``: what it owes, what reaches beyond, what is not billed yet.

    Late fees are reckoned to ``on``: today, or the last day where that is still to come.
    """

    account: AccountRef
    last_day: date
    on: date
    owed: tuple[StatementCharge, ...]
    reaching: tuple[ReachingCharge, ...]
    unbilled: tuple[UnbilledItem, ...]
    prepaid: Fen
    deposits: dict[str, Fen]

    @property
    def total_due(self) -> Fen:
        return Fen(sum(charge.due for charge in self.owed))


def closing_statement(connection: Connection, *, account: int, last_day: date, today: date) -> ClosingStatement:
    """The closing statement of an account to its last day. Raises `UnknownAccount`."""
    on = max(last_day, today)
    found = statement(connection, account=account, on=on, everything=True)
    reach = tuple(_reaching(one, last_day) for one in found.charges if one.principal or one.paid)
    unbilled = tuple(
        UnbilledItem(one.item, one.ruler.billed)
        for one in rulers(connection, accounts=[account])
        if one.ruler.billed is not None and not one.ruler.loose and one.ruler.billed < last_day
    )
    return ClosingStatement(
        account=found.account,
        last_day=last_day,
        on=on,
        owed=tuple(charge for charge in found.charges if charge.due),
        reaching=tuple(one for one in reach if one.days_after),
        unbilled=unbilled,
        prepaid=found.prepaid,
        deposits={name: held for name, held in deposits_held(connection, account).items() if held > 0},
    )


def _reaching(charge: StatementCharge, last_day: date) -> ReachingCharge:
    days = (charge.serves_to - charge.serves_from).days + 1
    after = min(days, max(0, (charge.serves_to - last_day).days))
    share = split_by_weight(charge.principal, [days - after, after])[1] if days > 0 else Fen(0)
    movable = charge.status == "open" and not charge.paid and not charge.late_fee_waived and not charge.frozen
    return ReachingCharge(charge, after, days, share, movable and share > 0)


@dataclass(frozen=True, slots=True)
class Namesake:
    """A resident known by a name: the key, the customer number, where they pay, the telephone's last four digits."""

    resident: int
    name: str
    customer_code: str
    units: tuple[str, ...]
    phone_ending: str


_NAMESAKES = select(_resident.c.id, _resident.c.customer_code).where(_resident.c.name == bindparam("name"))
_UNITS = (
    select(_unit.c.code)
    .join(_account, _account.c.unit_id == _unit.c.id)
    .where(_account.c.payer_id == bindparam("resident"))
    .order_by(_unit.c.sort_key)
)
_PHONE = (
    select(_phone.c.phone).where(_phone.c.resident_id == bindparam("resident")).order_by(_phone.c.position).limit(1)
)


def namesakes(connection: Connection, *, name: str) -> tuple[Namesake, ...]:
    """Everybody of just that name; whether one of them is meant is for a person to say, never for the name."""
    found = []
    for row in connection.execute(_NAMESAKES.order_by(_resident.c.id), {"name": name.strip()}).all():
        of = {"resident": row.id}
        units = tuple(dict.fromkeys(connection.execute(_UNITS, of).scalars()))
        phone = connection.execute(_PHONE, of).scalar() or ""
        found.append(Namesake(row.id, name.strip(), row.customer_code or "", units, phone[-4:]))
    return tuple(found)


_undone = table_of(Entry).alias("undone")
_CARRIED_FROM = (
    select(_change.c.from_account_id)
    .join(_carried, _carried.c.entry_id == _change.c.entry_id)
    .outerjoin(_undone, _undone.c.reverses_id == _change.c.entry_id)
    .where(
        _undone.c.id.is_(None),
        _change.c.to_account_id == bindparam("account"),
        _carried.c.kind == "deposit",
        _carried.c.name == bindparam("name"),
    )
)
_CHANGES = (
    select(
        _change.c.first_day,
        _change.c.from_account_id,
        _change.c.to_account_id,
        _account.c.unit_id,
    )
    .join(_account, _account.c.id == _change.c.from_account_id)
    .outerjoin(_undone, _undone.c.reverses_id == _change.c.entry_id)
    .where(_undone.c.id.is_(None))
    .order_by(_change.c.id)
)


def deposit_accounts(connection: Connection, account: int, name: str) -> tuple[int, ...]:
    """The account itself and those from which a deposit of that name went over to it, the nearest first."""
    found = [account]
    while True:
        before = connection.execute(_CARRIED_FROM, {"account": found[-1], "name": name}).scalar()
        if before is None or before in found:
            return tuple(found)
        found.append(int(before))


@dataclass(frozen=True, slots=True)
class HandsChanged:
    """A change of hands on record: the accounts, and the first day of the new one."""

    unit: int
    left: int
    taken: int
    first_day: date

    @property
    def last_day(self) -> date:
        """The last day of the old account."""
        return self.first_day - timedelta(1)


def changes_of_hands(connection: Connection) -> tuple[HandsChanged, ...]:
    """All changes of hands on record that were not undone, the oldest first."""
    return tuple(
        HandsChanged(row.unit_id, row.from_account_id, row.to_account_id, row.first_day)
        for row in connection.execute(_CHANGES)
    )
