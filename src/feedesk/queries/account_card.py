"""The account's card at the desk: who lives there and how to reach them, vehicles, deposits, the latest payment."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, bindparam, or_, select

from feedesk.models import Occupancy, OccupancyTag, Payment, Plate, Receipt, ResidentPhone, Unit, table_of
from feedesk.money import Fen
from feedesk.queries.accounts import AccountRef, account_by_id, find_account, household
from feedesk.queries.concessions import VACANT, StandingConcession, standing_concessions
from feedesk.queries.issued_receipts import PAYMENTS_FOR_ACCOUNTS
from feedesk.queries.other_units import other_units
from feedesk.queries.statement import Statement, statement

_occupancy, _tag, _plate, _phone, _payment, _unit, _receipt = (
    table_of(model) for model in (Occupancy, OccupancyTag, Plate, ResidentPhone, Payment, Unit, Receipt)
)


@dataclass(frozen=True, slots=True)
class LatestPayment:
    """The payment taken last and not taken back."""

    on: date
    total: Fen
    receipt: str


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What is known of an account beside what it owes. ``spaces``: codes of joined parking spaces and storerooms.

    ``elsewhere``: what each of the same person's other units owes, in fen, where it owes anything.
    """

    phones: tuple[str, ...]
    tags: tuple[str, ...]
    spaces: tuple[str, ...]
    plates: tuple[str, ...]
    latest_payment: LatestPayment | None
    concessions: tuple[StandingConcession, ...] = ()
    elsewhere: tuple[Fen, ...] = ()


_PHONES = select(_phone.c.phone).where(_phone.c.resident_id == bindparam("resident")).order_by(_phone.c.position)
_TAGS = (
    select(_tag.c.tag)
    .join(_occupancy, _occupancy.c.id == _tag.c.occupancy_id)
    .where(
        _occupancy.c.unit_id == bindparam("unit"),
        _occupancy.c.resident_id == bindparam("resident"),
        or_(_occupancy.c.to_date.is_(None), _occupancy.c.to_date >= bindparam("on")),
    )
    .order_by(_tag.c.id)
)
_PLATES = (
    select(_plate.c.plate)
    .join(_occupancy, _occupancy.c.id == _plate.c.occupancy_id)
    .where(
        _occupancy.c.unit_id.in_(bindparam("units", expanding=True)),
        or_(_occupancy.c.to_date.is_(None), _occupancy.c.to_date >= bindparam("on")),
    )
    .order_by(_plate.c.id)
)
_reversal = _payment.alias("reversal")
_LATEST = (
    select(_payment.c.business_date, _payment.c.total, _receipt.c.code)
    .join(_receipt, _receipt.c.payment_id == _payment.c.id)
    .outerjoin(_reversal, _reversal.c.reverses_id == _payment.c.id)
    .where(
        _payment.c.id.in_(PAYMENTS_FOR_ACCOUNTS),
        _payment.c.kind == "payment",
        _reversal.c.id.is_(None),
    )
    .order_by(_payment.c.business_date.desc(), _payment.c.id.desc())
    .limit(1)
)


def account_facts(connection: Connection, *, account: AccountRef, on: date) -> AccountFacts:
    """The card of an account on a day."""
    home = household(connection, account, on)
    facts = {"unit": account.unit_id, "resident": account.resident_id, "on": on}
    latest = connection.execute(_LATEST, {"accounts": [one.id for one in home]}).one_or_none()
    tags = tuple(connection.execute(_TAGS, facts).scalars())
    others = other_units(connection, account=account, home={one.id for one in home}, on=on)
    return AccountFacts(
        phones=tuple(connection.execute(_PHONES, {"resident": account.resident_id}).scalars()),
        tags=tags,
        spaces=tuple(one.unit for one in home[1:]),
        plates=tuple(connection.execute(_PLATES, {"units": [one.unit_id for one in home], "on": on}).scalars()),
        latest_payment=LatestPayment(latest.business_date, Fen(latest.total), latest.code) if latest else None,
        concessions=standing_concessions(
            connection, account=account.id, tags=tags, vacant=account.occupancy == VACANT, on=on
        ),
        elsewhere=tuple(one.due for one in others if one.due),
    )


@dataclass(frozen=True, slots=True)
class DeskView:
    """What the desk shows of an account: what its household owes, and its card."""

    statement: Statement
    facts: AccountFacts


def desk_view(connection: Connection, *, target: object, on: date) -> DeskView:
    """The desk's view of an account, named by its key or by a text that `find_account` understands."""
    if isinstance(target, int):
        account = account_by_id(connection, target)
    else:
        account = find_account(connection, str(target), on=on)
    return DeskView(
        statement(connection, account=account.id, on=on, household_too=True),
        account_facts(connection, account=account, on=on),
    )
