"""Whether a change of hands (过户) can still be undone: of today, and nothing on the new account stands since.

A change leaves a trace in the audit trail, which is never altered: who lived in the unit before and after it, the days
of its accounts, and which charges were split by it. Undoing puts just that back.
"""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from sqlalchemy import Connection, bindparam, func, or_, select

from feedesk.models import (
    Account,
    AuditRecord,
    CarriedBalance,
    ChangeOfHands,
    Charge,
    ChargeFreeze,
    ChargeReplacement,
    ConcessionGrant,
    Correction,
    Entry,
    Occupancy,
    OccupancyTag,
    Payment,
    Posting,
    Resident,
    Unit,
    Waiver,
    table_of,
)
from feedesk.money import Fen
from feedesk.texts import N_, _

CHANGE = "change_hands"
"""The action of the audit record that keeps the trace; its subject is ``entry:`` and the entry's number."""

_account, _audit, _carried, _change, _charge, _freeze, _replacement, _grant, _correction, _entry = (
    table_of(model)
    for model in (
        Account, AuditRecord, CarriedBalance, ChangeOfHands, Charge, ChargeFreeze, ChargeReplacement, ConcessionGrant,
        Correction, Entry,
    )
)  # fmt: skip
_occupancy, _tag, _payment, _posting, _resident, _unit, _waiver = (
    table_of(model) for model in (Occupancy, OccupancyTag, Payment, Posting, Resident, Unit, Waiver)
)

Person = tuple[int, int, str, str | None, str | None, bool | None]
"""An occupancy: its key, resident, role, days as ISO text, and whether it pays."""
Held = tuple[int, str | None, str | None]
"""An account and its days, as ISO text."""


@dataclass(frozen=True, slots=True)
class People:
    """Who lived in a unit, and the days of its accounts."""

    occupancies: tuple[Person, ...]
    accounts: tuple[Held, ...]

    @classmethod
    def from_lists(cls, stored: Any) -> Self:
        return cls(tuple(tuple(one) for one in stored[0]), tuple(tuple(one) for one in stored[1]))


@dataclass(frozen=True, slots=True)
class HandsTrace:
    """What a change of hands altered beside the journal, and the entries by which it split charges."""

    before: People
    after: People
    splits: tuple[int, ...]

    def as_json(self) -> str:
        """For the audit trail."""
        people = {
            name: (one.occupancies, one.accounts) for name, one in (("before", self.before), ("after", self.after))
        }
        return json.dumps({**people, "splits": self.splits}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """As `as_json` wrote it."""
        facts = json.loads(text)
        before, after = (People.from_lists(facts[name]) for name in ("before", "after"))
        return cls(before, after, tuple(facts["splits"]))


_OCCUPANCIES = select(_occupancy).where(_occupancy.c.unit_id == bindparam("unit")).order_by(_occupancy.c.id)
_ACCOUNTS = select(_account).where(_account.c.unit_id == bindparam("unit")).order_by(_account.c.id)


def people_of(connection: Connection, unit: int) -> People:
    """Who lives in a unit now, and its accounts."""
    occupancies = tuple(
        (row.id, row.resident_id, row.role, _iso(row.from_date), _iso(row.to_date), row.pays)
        for row in connection.execute(_OCCUPANCIES, {"unit": unit})
    )
    accounts = tuple(
        (row.id, _iso(row.from_date), _iso(row.to_date)) for row in connection.execute(_ACCOUNTS, {"unit": unit})
    )
    return People(occupancies, accounts)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


@dataclass(frozen=True, slots=True)
class ChangeToUndo:
    """The last change of hands of an account that was not undone; ``happened`` says what stands in the way.

    ``carried`` went over, ``split`` charges were divided by days. ``trace`` is None where none was kept.
    """

    entry: int
    unit_id: int
    unit: str
    left: int
    taken: int
    before: str
    after: str
    first_day: date
    booked_on: date
    carried: Fen
    split: int
    trace: HandsTrace | None
    happened: tuple[str, ...]


_undone, _left, _taken = _entry.alias("undone"), _account.alias("left_one"), _account.alias("taken_one")
_before, _after = _resident.alias("before_one"), _resident.alias("after_one")
_LAST = (
    select(
        _change.c.entry_id,
        _left.c.unit_id,
        _unit.c.code.label("unit"),
        _change.c.from_account_id,
        _change.c.to_account_id,
        _before.c.name.label("before"),
        _after.c.name.label("after"),
        _change.c.first_day,
        _entry.c.business_date,
    )
    .join(_entry, _entry.c.id == _change.c.entry_id)
    .outerjoin(_undone, _undone.c.reverses_id == _change.c.entry_id)
    .join(_left, _left.c.id == _change.c.from_account_id)
    .join(_taken, _taken.c.id == _change.c.to_account_id)
    .join(_before, _before.c.id == _left.c.payer_id)
    .join(_after, _after.c.id == _taken.c.payer_id)
    .join(_unit, _unit.c.id == _left.c.unit_id)
    .where(
        _undone.c.id.is_(None),
        or_(_change.c.from_account_id == bindparam("account"), _change.c.to_account_id == bindparam("account")),
    )
    .order_by(_change.c.id.desc())
    .limit(1)
)
_TRACE = select(_audit.c.detail).where(_audit.c.action == CHANGE, _audit.c.subject == bindparam("subject"))
_CARRIED = select(func.coalesce(func.sum(_carried.c.amount), 0)).where(_carried.c.entry_id == bindparam("entry"))


def change_to_undo(connection: Connection, *, account: int) -> ChangeToUndo | None:
    """The change of hands that an account came from or ended with; None where there is none."""
    row = connection.execute(_LAST, {"account": account}).one_or_none()
    if row is None:
        return None
    stored = connection.execute(_TRACE, {"subject": f"entry:{row.entry_id}"}).scalar()
    trace = HandsTrace.from_json(stored) if stored else None
    carried = connection.execute(_CARRIED, {"entry": row.entry_id}).scalar_one()
    return ChangeToUndo(
        entry=row.entry_id,
        unit_id=row.unit_id,
        unit=row.unit,
        left=row.from_account_id,
        taken=row.to_account_id,
        before=row.before,
        after=row.after,
        first_day=row.first_day,
        booked_on=row.business_date,
        carried=Fen(int(carried)),
        split=len(trace.splits) if trace else 0,
        trace=trace,
        happened=tuple(_happened(connection, row, trace)) if trace else (),
    )


_of_new: Any = bindparam("account")
_CAME_OF_IT: Any = bindparam("entries", expanding=True)
# A payment that was voided, reversed or moved to another account as a whole is as if it had never been, with all that
# changed its tender before; its papers stay, marked. What was refunded stands in the way: money came and went.
_mirror = _payment.alias("mirror")
_TAKEN_BACK = or_(
    _payment.c.reverses_id.is_not(None),
    select(_mirror.c.id).where(_mirror.c.reverses_id == _payment.c.id).exists(),
    select(_mirror.c.id)
    .join(_correction, _correction.c.corrects_id == _mirror.c.reverses_id)
    .where(_payment.c.kind == "tender_change", _correction.c.entry_id == _payment.c.entry_id)
    .exists(),
)
_SPLIT = select(_charge.c.id).where(_charge.c.entry_id.in_(_CAME_OF_IT))
_SINCE = (
    (N_("a payment"), select(_payment.c.id).where(_payment.c.account_id == _of_new, ~_TAKEN_BACK)),
    (
        N_("a charge"),
        select(_charge.c.id).where(
            _charge.c.account_id == _of_new, _charge.c.entry_id.not_in(_CAME_OF_IT), _charge.c.status != "cancelled"
        ),
    ),
    (
        N_("a booking"),
        select(_posting.c.id)
        .join(_entry, _entry.c.id == _posting.c.entry_id)
        .outerjoin(_undone, _undone.c.reverses_id == _entry.c.id)
        .where(
            _posting.c.account_id == _of_new,
            _posting.c.entry_id.not_in(_CAME_OF_IT),
            _entry.c.reverses_id.is_(None),
            _undone.c.id.is_(None),
        ),
    ),
    (N_("a concession granted"), select(_grant.c.id).where(_grant.c.account_id == _of_new)),
    (
        N_("another change of hands"),
        select(_change.c.id)
        .outerjoin(_undone, _undone.c.reverses_id == _change.c.entry_id)
        .where(_change.c.from_account_id == _of_new, _undone.c.id.is_(None)),
    ),
    (
        N_("a payment or change of a charge that it split"),
        _SPLIT.where(
            or_(
                _charge.c.status != "open",
                _charge.c.paid != 0,
                _charge.c.waived != 0,
                _charge.c.late_fee_paid != 0,
                _charge.c.late_fee_waived != 0,
                select(_freeze.c.id).where(_freeze.c.charge_id == _charge.c.id).exists(),
                select(_waiver.c.charge_id)
                .where(_waiver.c.charge_id == _charge.c.id)
                .group_by(_waiver.c.charge_id, _waiver.c.kind)
                .having(func.sum(_waiver.c.amount) != 0)
                .exists(),
            )
        ),
    ),
    (
        N_("a tag of the new payer"),
        select(_tag.c.id)
        .join(_occupancy, _occupancy.c.id == _tag.c.occupancy_id)
        .where(_occupancy.c.id.in_(bindparam("came", expanding=True))),
    ),
)


def _happened(connection: Connection, row: Any, trace: HandsTrace) -> list[str]:
    """What has happened since, in words."""
    known = {one[0] for one in trace.before.occupancies}
    facts = {
        "account": row.to_account_id,
        "entries": [row.entry_id, *trace.splits],
        "came": [one[0] for one in trace.after.occupancies if one[0] not in known],
    }
    found = [_(words) for words, statement in _SINCE if connection.execute(statement.limit(1), facts).first()]
    if people_of(connection, row.unit_id) != trace.after:
        found.append(_("a change of who lives there"))
    return found
