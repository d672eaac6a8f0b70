"""The accounts (户), derived from who lives in the units, and the days on which units were or are undelivered."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, or_, select, update

from feedesk.models import (
    Account,
    ChangeOfHands,
    Charge,
    Community,
    ConcessionGrant,
    Occupancy,
    Opening,
    Payment,
    Posting,
    Resident,
    SharedCost,
    TariffVersion,
    Unit,
    table_of,
)
from feedesk.ops.importing.readings_of_names import reading_of_name
from feedesk.ops.importing.under_way import ImportUnderWay, Values, all_rows
from feedesk.periods import Period
from feedesk.queries.hands import changes_of_hands
from feedesk.rules import community_rows as rows
from feedesk.rules.account_spans import AccountSpan, Occupant, PayersCollide, account_spans
from feedesk.texts import _

(
    _account, _change, _charge, _community, _cost, _grant, _occupancy, _opening, _payment, _posting, _resident,
    _version, _unit,
) = (
    table_of(model)
    for model in (
        Account, ChangeOfHands, Charge, Community, SharedCost, ConcessionGrant, Occupancy, Opening, Payment, Posting,
        Resident, TariffVersion, Unit,
    )
)  # fmt: skip
_UNSOLD = "未售"
_USED = select(
    or_(
        *(
            select(table.c.id).where(table.c.account_id == bindparam("account")).exists()
            for table in (_charge, _opening, _payment, _posting, _grant)
        ),
        *(
            select(_change.c.id).where(account == bindparam("account")).exists()
            for account in (_change.c.from_account_id, _change.c.to_account_id)
        ),
    )
)


def derive_accounts(under_way: ImportUnderWay) -> None:
    """Makes the accounts of all units what the occupancies and deliveries now say."""
    connection = under_way.connection
    developer = _developer(under_way)
    since = _billing_since(connection)
    occupants: dict[int, list[Occupant]] = defaultdict(list)
    for row in all_rows(connection, _occupancy):
        occupants[row["unit_id"]].append(
            Occupant(row["resident_id"], row["role"] == rows.OWNER, row["from_date"], row["to_date"], row["pays"])
        )
    known: dict[int, list[Values]] = defaultdict(list)
    for row in all_rows(connection, _account):
        known[row["unit_id"]].append(row)
    changes = AccountChanges(connection, under_way.act.business_date)
    for unit in all_rows(connection, _unit):
        unsold = unit["occupancy"] == _UNSOLD
        undelivered = since is not None and unit["delivered_on"] is not None and unit["delivered_on"] > since
        owes = developer is not None and (unsold or undelivered)
        try:
            spans = account_spans(occupants[unit["id"]], developer_owes=owes)
        except PayersCollide as collision:
            _tell(under_way, unit["code"], collision)
            continue
        changes.unit(unit["id"], [_wanted(span, developer) for span in spans], known[unit["id"]])
    changes.write()
    _keep_changes_of_hands(under_way)


def _billing_since(connection: Connection) -> date | None:
    """The first day that anything is charged for: of the earliest price, or of the earliest shared cost."""
    priced: date | None = connection.execute(select(func.min(_version.c.valid_from))).scalar()
    shared = [Period.parse(period).first_day for period in connection.execute(select(_cost.c.period)).scalars()]
    return min((day for day in (priced, *shared) if day is not None), default=None)


def _wanted(span: AccountSpan, developer: int | None) -> Values:
    payer = span.resident if span.resident is not None else developer
    dates = {"from_date": span.from_date, "to_date": span.to_date}
    return {"payer_id": payer, "developer": span.resident is None, **dates}


@dataclass(slots=True)
class AccountChanges:
    """New, moved and left-over accounts. One that nothing was ever booked on or granted goes; another one only ends."""

    connection: Connection
    today: date
    _new: list[Values] = field(default_factory=list)
    _ending: list[tuple[int, Values]] = field(default_factory=list)
    _moving: list[tuple[int, Values]] = field(default_factory=list)

    def unit(self, unit: int, wanted: Sequence[Values], known: Sequence[Values]) -> None:
        """Notes what makes the accounts of a unit what is wanted."""
        left = list(known)
        for values in wanted:
            before = _same_account(values, left)
            if before is None:
                self._new.append({"unit_id": unit, **values})
                continue
            left.remove(before)
            if any(before[name] != value for name, value in values.items()):
                (self._moving if values["to_date"] is None else self._ending).append((before["id"], values))
        for row in left:
            self._leave(row)

    def _leave(self, account: Values) -> None:
        connection = self.connection
        if not connection.execute(_USED, {"account": account["id"]}).scalar():
            connection.execute(delete(_account).where(_account.c.id == account["id"]))
        elif account["to_date"] is None and not account["developer"]:
            self._ending.append((account["id"], {"to_date": self.today}))

    def write(self) -> None:
        """Ends accounts before others begin: of a unit only one may be open."""
        for key, values in (*self._ending, *self._moving):
            self.connection.execute(update(_account).where(_account.c.id == key).values(**values))
        if self._new:
            self.connection.execute(insert(_account), self._new)


def _keep_changes_of_hands(under_way: ImportUnderWay) -> None:
    """A workbook that does not know of a change of hands may not undo it: it is told what to write."""
    accounts = {row["id"]: row for row in all_rows(under_way.connection, _account)}
    for change in changes_of_hands(under_way.connection):
        left, taken = accounts[change.left], accounts.get(change.taken)
        if taken and (left["to_date"], taken["from_date"]) == (change.last_day, change.first_day):
            continue
        code = under_way.connection.execute(select(_unit.c.code).where(_unit.c.id == change.unit)).scalar_one()
        payers = [account["payer_id"] for account in (left, taken) if account]
        names = _names(under_way, payers)
        reason = _(
            "{unit} changed hands on {day}, {before} left and {after} came: write 截止日期 {last_day} for the one and "
            "起始日期 {day} for the other."
        ).format(
            unit=code,
            day=change.first_day.isoformat(),
            last_day=change.last_day.isoformat(),
            before=names[payers[0]],
            after=names[payers[-1]],
        )
        said = max((row.row for row in under_way.book.residents.rows if row.unit == code), default=1)
        under_way.fault(rows.RESIDENTS, said, "截止日期", names[payers[0]], reason)


def _same_account(values: Values, known: Sequence[Values]) -> Values | None:
    """The account of the same payer that fits best: the one that begins, or ends, on the same day."""
    same = [
        row
        for row in known
        if row["developer"] == values["developer"] and (row["developer"] or row["payer_id"] == values["payer_id"])
    ]
    return max(
        same,
        key=lambda row: (row["from_date"] == values["from_date"], row["to_date"] == values["to_date"]),
        default=None,
    )


def _developer(under_way: ImportUnderWay) -> int | None:
    """The resident who stands for the developer named on 小区; None where none is named."""
    connection = under_way.connection
    name = connection.execute(select(_community.c.developer)).scalar() or ""
    known = connection.execute(
        select(_resident.c.id, _resident.c.name)
        .join(_account, _account.c.payer_id == _resident.c.id)
        .where(_account.c.developer)
        .limit(1)
    ).one_or_none()
    if not name:
        return int(known.id) if known else None
    pinyin, initials = reading_of_name(name)
    values = {"name": name, "kind": "单位", "pinyin": pinyin, "initials": initials}
    if known is None:
        return int(connection.execute(insert(_resident).returning(_resident.c.id), values).scalar_one())
    if known.name != name:
        connection.execute(update(_resident).where(_resident.c.id == known.id).values(**values))
    return int(known.id)


def _tell(under_way: ImportUnderWay, unit: str, collision: PayersCollide) -> None:
    """Two payers on the same days: told at the last row of the unit, the first to be mended."""
    names = _names(under_way, (collision.first, collision.second))
    reason = _(
        "{first} and {second} would both pay for {unit} on the same days: "
        "give the earlier one 截止日期, or write 否 in 缴费人."
    ).format(first=names[collision.first], second=names[collision.second], unit=unit)
    said = max((row.row for row in under_way.book.residents.rows if row.unit == unit), default=1)
    under_way.fault(rows.RESIDENTS, said, "缴费人", names[collision.second], reason)


def _names(under_way: ImportUnderWay, residents: Sequence[int]) -> dict[int, str]:
    found: Mapping[int, Any] = dict(
        under_way.connection.execute(
            select(_resident.c.id, _resident.c.name).where(_resident.c.id.in_(residents))
        ).all()
    )
    return {resident: str(found[resident]) for resident in residents}
