"""A wrong change of hands undone (撤销过户): on its own day, while nothing has happened on the new account.

Each entry it made is reversed by one that mirrors it, so both accounts owe and hold what they did before; the unit's
people and the days of its accounts become what the change's trace says they were. The account that it made stays in the
ledger, since entries name it, but never held a day.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, bindparam, delete, select, update

from feedesk.errors import UserError
from feedesk.ledger import chart
from feedesk.models import Account, Charge, ChargeReplacement, Occupancy, table_of
from feedesk.ops.mirrored_entries import mirrored_postings
from feedesk.ops.permissions import PERMISSION_NAMES, NotPermitted, Permission, requires
from feedesk.ops.releasing import correct_releases
from feedesk.ops.run import Act
from feedesk.ops.setting_up import record_audit
from feedesk.ops.single_charges import begin_office_entry, required_approver, required_reason
from feedesk.queries.accounts import account_by_id
from feedesk.queries.hands_undone import ChangeToUndo, HandsTrace, change_to_undo
from feedesk.texts import N_, _

UNDONE = "hands_undone"
"""The kind of the entries that reverse a change of hands and what it split."""

_account, _charge, _replacement, _occupancy = (
    table_of(model) for model in (Account, Charge, ChargeReplacement, Occupancy)
)


class NoChangeToUndo(UserError):
    message = N_("{unit} did not change hands with this account: open the account before or after the change.")


class ChangeOfAnotherDay(UserError):
    message = N_("{unit} changed hands on {day}: only on that day can it be undone. Let it change hands once more.")


class TraceMissing(UserError):
    message = N_("{unit} changed hands with an earlier version of this program, which kept no trace to undo it by.")


class SomethingHappenedSince(UserError):
    message = N_(
        "Since {unit} changed hands there was {what} on the new account: take that back first, or let it change hands "
        "once more."
    )


@dataclass(frozen=True, slots=True)
class HandsChangedBack:
    """A change of hands undone: ``kept`` holds the unit again, ``gone`` not; ``entries`` are the reversing ones."""

    entries: tuple[int, ...]
    unit: str
    kept: int
    gone: int
    payer: str


@requires(Permission.CHANGE_HANDS)
def undo_change_of_hands(act: Act, *, account: int, reason: str) -> HandsChangedBack:
    """Undoes the change of hands that ``account`` came from or ended with, approved by somebody else.

    Raises `NoChangeToUndo`, `ChangeOfAnotherDay`, `TraceMissing`, `SomethingHappenedSince`, `ChangeReasonMissing`,
    `ChangeApproverMissing`, `NotPermitted`, `DayIsClosed`.
    """
    why = required_reason(reason, _("Undoing a change of hands"))
    required_approver(act, _("Undoing a change of hands"))
    if act.approver is not None and not act.approver.may(Permission.REVERSE):
        raise NotPermitted(name=act.approver.name, permission=_(PERMISSION_NAMES[Permission.REVERSE]))
    change, trace = undoable(act.connection, account=account, today=act.business_date)
    entries = [_undo_split(act, split, why) for split in reversed(trace.splits)]
    draft = begin_office_entry(act, UNDONE, why, reverses=change.entry)
    entries.append(draft.seal(mirrored_postings(act.connection, [change.entry])).id)
    _people_back(act.connection, change, trace)
    record_audit(act, action="undo_change_of_hands", subject=f"entry:{change.entry}", detail=why)
    return HandsChangedBack(tuple(entries), change.unit, change.left, change.taken, change.before)


def undoable(connection: Connection, *, account: int, today: date) -> tuple[ChangeToUndo, HandsTrace]:
    """The change and its trace, if it can be undone today. Raises what `undo_change_of_hands` does of it."""
    change = change_to_undo(connection, account=account)
    if change is None:
        raise NoChangeToUndo(unit=account_by_id(connection, account).unit)
    if change.booked_on != today:
        raise ChangeOfAnotherDay(unit=change.unit, day=change.booked_on.isoformat())
    if change.trace is None:
        raise TraceMissing(unit=change.unit)
    if change.happened:
        raise SomethingHappenedSince(unit=change.unit, what="、".join(change.happened))
    return change, change.trace


_REPLACED = select(_replacement.c.replaced_id).where(_replacement.c.entry_id == bindparam("entry")).distinct()
_OPEN_AGAIN = (
    update(_charge)
    .where(_charge.c.id.in_(bindparam("charges", expanding=True)))
    .values(status="open", cancelled_by=None)
)
_CANCEL = (
    update(_charge)
    .where(_charge.c.entry_id == bindparam("split"))
    .values(status="cancelled", cancelled_by=bindparam("by"))
)


def _undo_split(act: Act, split: int, why: str) -> int:
    """The parts are owed no more; the charge that was split is owed again as it was."""
    connection = act.connection
    draft = begin_office_entry(act, UNDONE, why, reverses=split)
    replaced = list(connection.execute(_REPLACED, {"entry": split}).scalars())
    connection.execute(_CANCEL, {"split": split, "by": draft.id})
    connection.execute(_OPEN_AGAIN, {"charges": replaced})
    lines = mirrored_postings(connection, [split])
    sealed = draft.seal(lines)
    if any(line.ledger_account.code.startswith(chart.deferred("").code) for line in lines):
        correct_releases(act)
    return sealed.id


def _people_back(connection: Connection, change: ChangeToUndo, trace: HandsTrace) -> None:
    """The days of the accounts, and who lives there, as before; the account that was made ends before it began."""
    known = {one[0] for one in trace.before.accounts}
    for key, _first, _last in trace.after.accounts:
        if key not in known:
            ended = change.first_day - timedelta(1)
            connection.execute(update(_account).where(_account.c.id == key).values(to_date=ended))
    # Those that ended stay ended before one of them is open again: of a unit only one may be.
    for key, first, last in sorted(trace.before.accounts, key=lambda one: one[2] is None):
        days = {"from_date": _day(first), "to_date": _day(last)}
        connection.execute(update(_account).where(_account.c.id == key).values(**days))
    lived = {one[0]: one for one in trace.before.occupancies}
    for key, *_facts in trace.after.occupancies:
        if key not in lived:
            connection.execute(delete(_occupancy).where(_occupancy.c.id == key))
    for key, _resident, _role, first, last, pays in lived.values():
        values = {"from_date": _day(first), "to_date": _day(last), "pays": pays}
        connection.execute(update(_occupancy).where(_occupancy.c.id == key).values(**values))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
