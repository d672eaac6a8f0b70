"""What an account owes on a date: its charges with paid, late fee and due, its prepayments and deposits.

A late fee (`feedesk.rules.late_fees`) is reckoned to the date asked for, past or ahead; what was paid counts by its
business date. Once the principal is settled it stands still, and the charge stays open until it is paid or waived.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Connection, and_, bindparam, case, func, or_, select, text

from feedesk.ledger.prepared import Prepared
from feedesk.models import Charge, Entry, FeeItem, LedgerAccount, Posting, Tariff, TariffVersion, Unit, table_of
from feedesk.money import ZERO, Fen
from feedesk.periods import Period
from feedesk.queries.accounts import AccountRef, account_by_id, household
from feedesk.queries.late_fees import (
    ChargeHistory,
    Histories,
    LateFeeBook,
    LateFeeState,
    ReckonedCharge,
    accrued,
    charge_histories,
    late_fee_book,
)

_charge, _item, _unit, _posting, _ledger_account, _entry, _tariff, _version = (
    table_of(model) for model in (Charge, FeeItem, Unit, Posting, LedgerAccount, Entry, Tariff, TariffVersion)
)


@dataclass(frozen=True, slots=True)
class StatementCharge:
    """A charge on a statement. ``amount`` gross, ``discount`` positive, what was waived of the principal included,
    ``late_fee`` accrued and not waived with its paid part, ``due`` = amount − discount + late_fee − paid.

    ``principal`` and ``late_fee_due`` are unpaid, ``late_fee_waived`` was given up.
    """

    id: int
    account: int
    unit: str
    item: str
    item_id: int
    nature: str
    order: int
    period: str
    serves_from: date
    serves_to: date
    basis: str
    snapshot: str
    amount: Fen
    discount: Fen
    late_fee: Fen
    late_fee_waived: Fen
    paid: Fen
    principal: Fen
    late_fee_due: Fen
    due_date: date
    frozen: bool
    status: str

    @property
    def due(self) -> Fen:
        return Fen(self.principal + self.late_fee_due)

    @property
    def late_fee_accrued(self) -> Fen:
        """The late fee before any waiver."""
        return Fen(self.late_fee + self.late_fee_waived)

    def overdue_days(self, on: date) -> int:
        """Days since the due date, 0 on it and before."""
        return max(0, (on - self.due_date).days)


@dataclass(frozen=True, slots=True)
class Statement:
    """What an account, or a household, owes on a date, oldest due first."""

    account: AccountRef
    on: date
    charges: tuple[StatementCharge, ...]
    prepaid: Fen
    deposits: Fen
    accounts: tuple[AccountRef, ...]

    @property
    def principal(self) -> Fen:
        return Fen(sum(charge.principal for charge in self.charges))

    @property
    def late_fees(self) -> Fen:
        return Fen(sum(charge.late_fee_due for charge in self.charges))

    @property
    def total_due(self) -> Fen:
        return Fen(self.principal + self.late_fees)


_COLUMNS = (
    _charge.c.id,
    _charge.c.account_id,
    _unit.c.code.label("unit"),
    _item.c.name.label("item"),
    _item.c.id.label("item_id"),
    _item.c.nature,
    func.coalesce(_tariff.c.position, _item.c.position).label("position"),
    _charge.c.period,
    _charge.c.serves_from,
    _charge.c.serves_to,
    _charge.c.basis,
    _charge.c.snapshot,
    _charge.c.gross,
    _charge.c.discount,
    _charge.c.paid,
    _charge.c.waived,
    _charge.c.late_fee_paid,
    _charge.c.late_fee_waived,
    _charge.c.due_date,
    _charge.c.status,
)
_FROM = (
    _charge.join(_item, _item.c.id == _charge.c.fee_item_id)
    .join(_unit, _unit.c.id == _charge.c.unit_id)
    .outerjoin(_version, _version.c.id == _charge.c.tariff_version_id)
    .outerjoin(_tariff, _tariff.c.id == _version.c.tariff_id)
)
_OPEN_OF = (
    select(*_COLUMNS)
    .select_from(_FROM)
    .where(_charge.c.account_id.in_(bindparam("accounts", expanding=True)), _charge.c.status == text("'open'"))
)
_OPEN = Prepared(_OPEN_OF)
_OPEN_LOCKED = Prepared(_OPEN_OF.with_for_update(of=_charge))

# Every period that has charges, found by jumping from one to the next in the index that begins with it.
_standing = _charge.c.status != text("'cancelled'")
_periods = select(func.min(_charge.c.period).label("period")).where(_standing).cte("periods", recursive=True)
_next_period = (
    select(func.min(_charge.c.period))
    .where(_standing, _charge.c.period > _periods.c.period)
    .correlate(_periods)
    .scalar_subquery()
)
_periods = _periods.union_all(select(_next_period).where(_periods.c.period.is_not(None)))
_ALL = Prepared(
    select(*_COLUMNS)
    .select_from(_periods.join(_FROM, _charge.c.period == _periods.c.period))
    .where(
        _charge.c.account_id.in_(bindparam("accounts", expanding=True)),
        _standing,
        _charge.c.status != "replaced",  # those that took its place are shown
    )
)
_POSTED_BY = Prepared(
    select(_charge.c.id)
    .join(_entry, _entry.c.id == _charge.c.entry_id)
    .where(
        _charge.c.id.in_(bindparam("charges", expanding=True)),
        or_(_entry.c.business_date <= bindparam("on"), _charge.c.serves_from <= bindparam("on")),
    )
)
_prepaid_account = _ledger_account.c.code == "2203.预存"
_deposit_account = _ledger_account.c.code.like("2241.押金.%")
_BALANCES_OF = (
    select(
        func.coalesce(func.sum(case((_prepaid_account, -_posting.c.amount), else_=0)), 0).label("prepaid"),
        func.coalesce(func.sum(case((_deposit_account, -_posting.c.amount), else_=0)), 0).label("deposits"),
    )
    .select_from(_posting.join(_ledger_account, _ledger_account.c.id == _posting.c.ledger_account_id))
    .where(_posting.c.account_id.in_(bindparam("accounts", expanding=True)), or_(_prepaid_account, _deposit_account))
)
_BALANCES = Prepared(_BALANCES_OF)
_BALANCES_BY = Prepared(
    select(*_BALANCES_OF.selected_columns)
    .select_from(
        _posting.join(_ledger_account, _ledger_account.c.id == _posting.c.ledger_account_id).join(
            _entry, _entry.c.id == _posting.c.entry_id
        )
    )
    .where(
        and_(
            _posting.c.account_id.in_(bindparam("accounts", expanding=True)),
            or_(_prepaid_account, _deposit_account),
            _entry.c.business_date <= bindparam("on"),
        )
    )
)
_LATEST = Prepared(select(func.max(_entry.c.business_date)))


def statement(
    connection: Connection,
    *,
    account: int,
    on: date,
    everything: bool = False,
    household_too: bool = False,
) -> Statement:
    """What an account owes on ``on``, past or ahead: all charges not fully paid then, due or not.

    A past date leaves out what was paid after it, and charges that were neither posted nor begun by then.
    ``everything`` adds the settled and the wholly conceded; ``household_too`` the units joined to it (关联房屋).
    """
    ref = account_by_id(connection, account)
    accounts = household(connection, ref, on) if household_too else (ref,)
    ids = [one.id for one in accounts]
    latest = _LATEST.scalar(connection)
    past = latest is not None and on < latest
    if past:
        charges = _past_charges(connection, ids, on)
    elif everything:
        charges = _all_charges(connection, ids, on)
    else:
        charges = open_charges(connection, accounts=ids, on=on)
    if not everything:
        charges = [charge for charge in charges if charge.due]
    prepaid, deposits = _balances(connection, ids, on if past else None)
    return Statement(ref, on, tuple(charges), prepaid, deposits, accounts)


def open_charges(
    connection: Connection, *, accounts: Sequence[int], on: date, locked: bool = False
) -> list[StatementCharge]:
    """All open charges of accounts, oldest due first, with their late fees to ``on``.

    ``locked`` keeps other desks off them until the commit.
    """
    rows = (_OPEN_LOCKED if locked else _OPEN).rows(connection, {"accounts": list(accounts)})
    return _present(connection, rows, on)


def owed_by_household(connection: Connection, *, account: int, also: Iterable[int] = (), on: date) -> Fen:
    """What an account, its joined units and the accounts ``also`` owe on a day: what a paper calls 尚欠."""
    everybody = {one.id for one in household(connection, account_by_id(connection, account), on)}
    return Fen(sum(charge.due for charge in open_charges(connection, accounts=sorted({*everybody, *also}), on=on)))


def payment_order(charge: StatementCharge) -> tuple[date, int, int, int]:
    """Oldest due first; equal due dates: earlier period, then the order of the tariffs, then the charge's number."""
    return (charge.due_date, _first_month(charge.period), charge.order, charge.id)


@cache
def _first_month(period: str) -> int:
    return Period.parse(period).first_month


def _all_charges(connection: Connection, accounts: list[int], on: date) -> list[StatementCharge]:
    rows = _ALL.rows(connection, {"accounts": accounts})
    return _present(connection, rows, on)


def _present(connection: Connection, rows: Sequence[Any], on: date) -> list[StatementCharge]:
    """Charges as they stand; only of such as are open, and were paid or waived in part, the history is read."""
    book = late_fee_book(connection)
    still_open = [row for row in rows if row.status == "open"]
    late = [row for row in still_open if book and row.due_date < on]
    histories = charge_histories(
        connection,
        on=on,
        frozen=[row.id for row in still_open],
        paid=[row.id for row in late if row.paid and _owed(row)],
        waived=[row.id for row in late if row.waived],
        stopped=[row.id for row in still_open if not _owed(row)],
    )
    return _in_order(
        _statement_charge(row, _state(book, row, histories, on), row.paid, row.waived)
        if row.status == "open"
        else _statement_charge(row, _nothing_left(row), row.paid, row.waived)
        for row in rows
    )


def _owed(row: Any) -> int:
    return int(row.gross - row.discount - row.waived - row.paid)


_NO_LATE_FEE = LateFeeState(ZERO, ZERO, ZERO, frozen=False)


def _state(book: LateFeeBook, row: Any, histories: Histories, on: date) -> LateFeeState:
    moved = row.id in histories or row.late_fee_waived or row.late_fee_paid
    if not moved and (not book or on <= row.due_date):
        return _NO_LATE_FEE  # most charges of most ledgers
    history = histories[row.id]
    history.settle(_owed(row) == 0)
    charge = ReckonedCharge(row.item_id, row.item, row.nature, Fen(row.gross - row.discount), row.due_date)
    return LateFeeState(
        accrued(book, charge, history, on), Fen(row.late_fee_waived), Fen(row.late_fee_paid), history.is_frozen
    )


def _nothing_left(row: Any) -> LateFeeState:
    """Of a settled charge: what was paid and waived is all there was."""
    paid, waived = Fen(row.late_fee_paid), Fen(row.late_fee_waived)
    return LateFeeState(Fen(paid + waived), waived, paid, frozen=False)


def _past_charges(connection: Connection, accounts: list[int], on: date) -> list[StatementCharge]:
    """Charges as they stood at the end of a past day, from all that had happened to them by then."""
    rows = _ALL.rows(connection, {"accounts": accounts})
    ids = [row.id for row in rows]
    known = set(_POSTED_BY.scalars(connection, {"charges": ids, "on": on})) if ids else set()
    book = late_fee_book(connection)
    histories = charge_histories(connection, on=on, frozen=ids, paid=ids, waived=ids, stopped=ids)
    return _in_order(_past_charge(book, row, histories[row.id], on) for row in rows if row.id in known)


def _past_charge(book: LateFeeBook, row: Any, history: ChargeHistory, on: date) -> StatementCharge:
    waived = history.principal_waived + history.reduced
    history.settle(row.gross - row.discount - waived - history.paid == 0)
    charge = ReckonedCharge(row.item_id, row.item, row.nature, Fen(row.gross - row.discount), row.due_date)
    state = LateFeeState(
        accrued(book, charge, history, on),
        Fen(history.late_fee_waived),
        Fen(history.late_fee_paid),
        history.is_frozen,
    )
    return _statement_charge(row, state, history.paid, waived)


def _in_order(charges: Iterable[StatementCharge]) -> list[StatementCharge]:
    return sorted(charges, key=payment_order)


def _balances(connection: Connection, accounts: list[int], on: date | None) -> tuple[Fen, Fen]:
    if on is None:
        row = _BALANCES.one_or_none(connection, {"accounts": accounts})
    else:
        row = _BALANCES_BY.one_or_none(connection, {"accounts": accounts, "on": on})
    return Fen(int(row.prepaid)), Fen(int(row.deposits))


def prepaid_balance(connection: Connection, account: int) -> Fen:
    """What an account has prepaid and not used."""
    return _balances(connection, [account], None)[0]


def _statement_charge(row: Any, state: LateFeeState, paid: int, waived: int) -> StatementCharge:
    return StatementCharge(
        id=row.id,
        account=row.account_id,
        unit=row.unit,
        item=row.item,
        item_id=row.item_id,
        nature=row.nature,
        order=row.position,
        period=row.period,
        serves_from=row.serves_from,
        serves_to=row.serves_to,
        basis=row.basis,
        snapshot=row.snapshot,
        amount=Fen(row.gross),
        discount=Fen(row.discount + waived),
        late_fee=state.charged,
        late_fee_waived=state.waived,
        paid=Fen(paid + state.paid),
        principal=Fen(row.gross - row.discount - waived - paid),
        late_fee_due=state.due,
        due_date=row.due_date,
        frozen=state.frozen,
        status=row.status,
    )
