"""A change of hands (过户): from a day on a unit has another payer, with an account of its own.

The old account ends the day before and keeps what it owes. The prepayment and the deposits stay with it too, unless
both sides agree that they go over. Accounts follow from who lives in the unit, by the very rules of the import.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from feedesk.db import inserted_key
from feedesk.errors import UserError
from feedesk.ledger import chart
from feedesk.ledger.posting import EntryDraft, PostingLine
from feedesk.ledger.verify_hands import KIND
from feedesk.models import Account, CarriedBalance, ChangeOfHands, Entry, Occupancy, Resident, ResidentPhone, table_of
from feedesk.money import ZERO, Fen, format_amount
from feedesk.ops.importing.accounts import AccountChanges
from feedesk.ops.importing.readings_of_names import reading_of_name
from feedesk.ops.permissions import PERMISSION_NAMES, NotPermitted, Permission, requires
from feedesk.ops.replacing import charge_days_elsewhere
from feedesk.ops.run import Act
from feedesk.ops.setting_up import record_audit
from feedesk.ops.single_charges import begin_office_entry, required_approver
from feedesk.queries.accounts import AccountRef, account_by_id, account_number
from feedesk.queries.hands import closing_statement
from feedesk.queries.hands_undone import CHANGE, HandsTrace, people_of
from feedesk.rules.account_spans import Occupant, PayersCollide, account_spans
from feedesk.rules.community_rows import OWNER, TENANT
from feedesk.texts import N_, _

_account, _occupancy, _resident, _phone = (table_of(model) for model in (Account, Occupancy, Resident, ResidentPhone))
_change, _carried = table_of(ChangeOfHands), table_of(CarriedBalance)


class NewcomerNameMissing(UserError):
    message = N_("Type the name of the new payer.")


class UnknownResident(UserError):
    message = N_("There is no resident number {resident}: look for the person again.")


class DeveloperStays(UserError):
    message = N_("{unit} is still the developer's: enter its delivery and its buyer in the workbook and import it.")


class HandsChangedAlready(UserError):
    message = N_("Account {account} of {unit} ended on {day}: open the account that holds the unit now.")


class FirstDayTooEarly(UserError):
    message = N_("Account {account} began on {day}: the new payer can begin on a later day only.")


class SamePayer(UserError):
    message = N_("{name} pays for {unit} already: nothing changes hands.")


class LivedThereBefore(UserError):
    message = N_(
        "{name} is or was entered as {role} of {unit} already: correct the days in the workbook and import it."
    )


class HandsCollide(UserError):
    message = N_(
        "{name} would still pay for {unit} on the same days: correct 缴费人 and 截止日期 in the workbook first."
    )


class CarriedTooMuch(UserError):
    message = N_("{name}: {held} is held for {unit}, so {amount} cannot go over.")


class CarryingPaperMissing(UserError):
    message = N_("Say which paper both signed: only with it does money go over to the new payer.")


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who pays from now on: somebody new, or a ``resident`` known already; as 业主 or 租户."""

    name: str
    role: str = OWNER
    resident: int | None = None
    kind: str = "个人"
    phone: str = ""
    identity_number: str = ""


@dataclass(frozen=True, slots=True)
class Carried:
    """What goes over to the new account, in fen: of the prepayment, and deposits by name."""

    prepayment: Fen = ZERO
    deposits: tuple[tuple[str, Fen], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.prepayment or self.deposits)


NOTHING_CARRIED = Carried()


@dataclass(frozen=True, slots=True)
class HandsWereChanged:
    """A unit that changed hands. ``stays`` is still owed on the old account, ``charges`` were made on the new one."""

    entry: int
    left: int
    taken: int
    last_day: date
    stays: Fen
    carried: Fen
    charges: tuple[int, ...]


_OCCUPANTS = select(_occupancy).where(_occupancy.c.unit_id == bindparam("unit")).order_by(_occupancy.c.id)
_OF_UNIT = select(_account).where(_account.c.unit_id == bindparam("unit")).order_by(_account.c.id)
_NAME = select(_resident.c.name).where(_resident.c.id == bindparam("resident"))
_undone = table_of(Entry).alias("undone")
_CHANGED = (
    select(_change.c.id)
    .outerjoin(_undone, _undone.c.reverses_id == _change.c.entry_id)
    .where(_change.c.from_account_id == bindparam("account"), _undone.c.id.is_(None))
)


@requires(Permission.CHANGE_HANDS)
def change_hands(
    act: Act,
    *,
    account: int,
    first_day: date,
    newcomer: Newcomer,
    paper: str = "",
    carried: Carried = NOTHING_CARRIED,
    split_running: bool = True,
) -> HandsWereChanged:
    """Ends an account on the day before ``first_day`` and opens the newcomer's.

    ``carried`` goes over with a paper and an approver; ``split_running`` charges the newcomer with his days of what was
    billed beyond and is unpaid. Raises `HandsChangedAlready`, `FirstDayTooEarly`, `DeveloperStays`, `SamePayer`,
    `LivedThereBefore`, `HandsCollide`, `CarriedTooMuch`, `CarryingPaperMissing`, `ChangeApproverMissing` …
    """
    ref = account_by_id(act.connection, account)
    _check_account(act.connection, ref, first_day)
    if carried:
        _check_approval(act, paper)
    last_day = first_day - timedelta(1)
    closing = closing_statement(act.connection, account=account, last_day=last_day, today=act.business_date)
    _check_carried(ref, carried, closing.prepaid, closing.deposits)
    before = people_of(act.connection, ref.unit_id)
    _move_in(act.connection, ref, newcomer, first_day)
    taken = _settle_accounts(act, ref, first_day)
    draft = begin_office_entry(act, KIND, paper.strip())
    draft.add(
        _change,
        {"from_account_id": account, "to_account_id": taken, "first_day": first_day, "paper": paper.strip()},
    )
    sealed = draft.seal(_carry(draft, account, taken, carried))
    why = _("change of hands on {day}").format(day=first_day.isoformat())
    splits = []
    for one in closing.reaching if split_running else ():
        if one.movable:
            facts: dict[str, Any] = {"charge": one.charge.id, "share": one.share, "account": taken}
            splits.append(charge_days_elsewhere(act, first_day=first_day, reason=why, **facts))
    trace = HandsTrace(before, people_of(act.connection, ref.unit_id), tuple(one.entry for one in splits))
    record_audit(act, action=CHANGE, subject=f"entry:{sealed.id}", detail=trace.as_json())
    still = closing_statement(act.connection, account=account, last_day=last_day, today=act.business_date)
    total = Fen(carried.prepayment + sum(amount for _name, amount in carried.deposits))
    return HandsWereChanged(
        sealed.id, account, taken, last_day, still.total_due, total, tuple(one.by[-1] for one in splits)
    )


def _check_approval(act: Act, paper: str) -> None:
    required_approver(act, _("Money that goes over to another payer"))
    if act.approver is not None and not act.approver.may(Permission.REVERSE):
        raise NotPermitted(name=act.approver.name, permission=_(PERMISSION_NAMES[Permission.REVERSE]))
    if not paper.strip():
        raise CarryingPaperMissing


def _check_account(connection: Connection, ref: AccountRef, first_day: date) -> None:
    number = account_number(ref.id)
    if ref.developer:
        raise DeveloperStays(unit=ref.unit)
    changed = connection.execute(_CHANGED, {"account": ref.id}).scalar() is not None
    if ref.to_date is not None and (changed or ref.to_date < first_day - timedelta(1)):
        raise HandsChangedAlready(account=number, unit=ref.unit, day=ref.to_date.isoformat())
    if ref.from_date is not None and first_day <= ref.from_date:
        raise FirstDayTooEarly(account=number, day=ref.from_date.isoformat())


def _check_carried(ref: AccountRef, carried: Carried, prepaid: Fen, deposits: dict[str, Fen]) -> None:
    asked = [(_("Prepayment"), carried.prepayment, prepaid)]
    asked += [(name, amount, deposits.get(name, ZERO)) for name, amount in carried.deposits]
    for place, (name, amount, held) in enumerate(asked):
        if not 0 <= amount <= held or (place and not amount):
            facts: dict[str, Any] = {"held": format_amount(held), "amount": format_amount(amount)}
            raise CarriedTooMuch(name=name, unit=ref.unit, **facts)


def _move_in(connection: Connection, ref: AccountRef, newcomer: Newcomer, first_day: date) -> None:
    """Ends who left and enters who came. An owner whose tenant pays from now on stays the owner."""
    resident = _resident_of(connection, newcomer)
    name = str(connection.execute(_NAME, {"resident": resident}).scalar_one())
    if resident == ref.resident_id:
        raise SamePayer(name=name, unit=ref.unit)
    last_day = first_day - timedelta(1)
    rows = [row._mapping for row in connection.execute(_OCCUPANTS, {"unit": ref.unit_id})]
    owner_again = False
    for row in rows:
        standing = row["to_date"] is None or row["to_date"] >= first_day
        here = row["resident_id"] == resident and row["role"] == newcomer.role
        if here and newcomer.role == OWNER and standing:
            owner_again = True  # the tenant leaves, and the owner, who never left, pays again
            continue
        known = str(connection.execute(_NAME, {"resident": row["resident_id"]}).scalar_one())
        if (known, row["role"]) == (name, newcomer.role):
            raise LivedThereBefore(name=name, role=newcomer.role, unit=ref.unit)
        _end_occupancy(connection, row, ref, newcomer.role, last_day)
    if not owner_again:
        values = {"unit_id": ref.unit_id, "resident_id": resident, "role": newcomer.role, "from_date": first_day}
        pays = True if newcomer.role == TENANT else None
        connection.execute(insert(_occupancy), {**values, "to_date": None, "pays": pays})


def _end_occupancy(connection: Connection, row: Any, ref: AccountRef, role: str, last_day: date) -> None:
    """Owners go when an owner comes; who paid goes too, unless he owns the unit and lets it."""
    if row["to_date"] is not None and row["to_date"] <= last_day:
        return
    was_payer = row["resident_id"] == ref.resident_id
    leaves = was_payer and (row["role"] != OWNER or role == OWNER)
    sold = row["role"] == OWNER and role == OWNER
    which = _occupancy.c.id == row["id"]
    if leaves or sold:
        connection.execute(update(_occupancy).where(which).values(to_date=last_day))
    elif was_payer and row["pays"]:
        connection.execute(update(_occupancy).where(which).values(pays=None))


def _resident_of(connection: Connection, newcomer: Newcomer) -> int:
    if newcomer.resident is not None:
        if connection.execute(_NAME, {"resident": newcomer.resident}).scalar() is None:
            raise UnknownResident(resident=newcomer.resident)
        return newcomer.resident
    name = newcomer.name.strip()
    if not name:
        raise NewcomerNameMissing
    pinyin, initials = reading_of_name(name)
    values = {"name": name, "kind": newcomer.kind, "pinyin": pinyin, "initials": initials}
    row = {**values, "identity_number": newcomer.identity_number.strip()}
    key = inserted_key(connection.execute(insert(_resident), row))
    if newcomer.phone.strip():
        connection.execute(insert(_phone), {"resident_id": key, "position": 1, "phone": newcomer.phone.strip()})
    return key


def _settle_accounts(act: Act, ref: AccountRef, first_day: date) -> int:
    """Makes the accounts of the unit what follows from who lives there, as an import would; the new one's key."""
    connection = act.connection
    occupants = [
        Occupant(row.resident_id, row.role == OWNER, row.from_date, row.to_date, row.pays)
        for row in connection.execute(_OCCUPANTS, {"unit": ref.unit_id})
    ]
    try:
        spans = account_spans(occupants, developer_owes=False)
    except PayersCollide as collision:
        name = connection.execute(_NAME, {"resident": collision.first}).scalar_one()
        raise HandsCollide(name=name, unit=ref.unit) from collision
    wanted = [
        {"payer_id": span.resident, "developer": False, "from_date": span.from_date, "to_date": span.to_date}
        for span in spans
    ]
    known = [dict(row._mapping) for row in connection.execute(_OF_UNIT, {"unit": ref.unit_id})]
    changes = AccountChanges(connection, act.business_date)
    changes.unit(ref.unit_id, wanted, [row for row in known if not row["developer"]])
    changes.write()
    after = [row._mapping for row in connection.execute(_OF_UNIT, {"unit": ref.unit_id})]
    ended = [row for row in after if row["id"] == ref.id and row["to_date"] == first_day - timedelta(1)]
    taken = [
        row
        for row in after
        if row["from_date"] == first_day and not row["developer"] and (row["to_date"] or first_day) >= first_day
    ]
    if not ended or len(taken) != 1:
        raise HandsCollide(name=ref.resident, unit=ref.unit)
    return int(taken[0]["id"])


def _carry(draft: EntryDraft, left: int, taken: int, carried: Carried) -> Sequence[PostingLine]:
    balances: list[tuple[str, str, Fen]] = [("deposit", name, amount) for name, amount in carried.deposits]
    if carried.prepayment:
        balances.insert(0, ("prepayment", "", carried.prepayment))
    lines = []
    for place, (kind, name, amount) in enumerate(balances):
        draft.add(_carried, {"sequence": place, "kind": kind, "name": name, "amount": amount})
        held = chart.PREPAYMENTS if kind == "prepayment" else chart.deposits(name)
        lines += [PostingLine(held, amount, left), PostingLine(held, Fen(-amount), taken)]
    return lines
