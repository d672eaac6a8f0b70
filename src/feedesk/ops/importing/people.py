"""Storing 住户: residents, who lives where, telephones, tags and plates.

A person is known by the customer number (客户编号), else only by name and role in one unit: never by a name alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table, delete, insert, update

from feedesk.models import Account, Occupancy, OccupancyTag, Plate, Resident, ResidentPhone, table_of
from feedesk.ops.importing.readings_of_names import reading_of_name
from feedesk.ops.importing.under_way import ImportUnderWay, TableWriter, Values, all_rows
from feedesk.rules import community_rows as rows
from feedesk.texts import _

_resident, _phone, _occupancy, _tag, _plate, _account = (
    table_of(model) for model in (Resident, ResidentPhone, Occupancy, OccupancyTag, Plate, Account)
)
_PERSONAL = ("kind", "invoice_title", "tax_number", "email", "identity_number")
_Key = tuple[int, str, str]


@dataclass(slots=True)
class _Register:
    """The residents and occupancies of the ledger, and which resident each row of the sheet is."""

    residents: dict[int, Values]
    by_code: dict[str, int]
    occupancies: dict[_Key, Values]
    of_row: dict[int, int] = field(default_factory=dict)
    new: set[int] = field(default_factory=set)


def store_residents(under_way: ImportUnderWay, units: Mapping[str, int]) -> None:
    """Stores the residents. Who changed may be several rows: each of them counts as changed."""
    found = list(under_way.good(rows.RESIDENTS, under_way.book.residents))
    if not found:
        return
    register = _register(under_way)
    writer = TableWriter(under_way.connection, _resident)
    new_ids = writer.new_ids(len(found))
    for row in found:
        resident = _who(under_way, register, units[row.unit], row)
        if resident is None:
            resident = next(new_ids)
            register.new.add(resident)
            if row.customer_code:
                register.by_code[row.customer_code] = resident
        register.of_row[row.row] = resident
    changed = _store_persons(under_way, register, writer, found)
    _store_occupancies(under_way, register, units, found, changed)


def _register(under_way: ImportUnderWay) -> _Register:
    residents = {row["id"]: row for row in all_rows(under_way.connection, _resident)}
    occupancies = {}
    for row in all_rows(under_way.connection, _occupancy):
        occupancies[row["unit_id"], residents[row["resident_id"]]["name"], row["role"]] = row
    by_code = {row["customer_code"]: key for key, row in residents.items() if row["customer_code"]}
    return _Register(residents, by_code, occupancies)


def _who(under_way: ImportUnderWay, register: _Register, unit: int, row: rows.ResidentRow) -> int | None:
    """The resident that a row speaks of; None for somebody new."""
    known = register.occupancies.get((unit, row.name, row.role))
    by_code = register.by_code.get(row.customer_code) if row.customer_code else None
    if known is None:
        return by_code
    resident = int(known["resident_id"])
    code = register.residents[resident]["customer_code"]
    if not row.customer_code or code == row.customer_code:
        return resident
    if code is not None:
        reason = _("In the ledger {name} has the number {code}.").format(name=row.name, code=code)
        under_way.fault(rows.RESIDENTS, row.row, "客户编号", row.customer_code, reason)
        return resident
    if by_code is None:
        register.by_code[row.customer_code] = resident
        return resident
    _become(under_way, register, known, by_code)
    return by_code


def _become(under_way: ImportUnderWay, register: _Register, occupancy: Values, resident: int) -> None:
    """Somebody known by name in one unit turns out to be a person known elsewhere: the unit is theirs now."""
    connection, before = under_way.connection, occupancy["resident_id"]
    connection.execute(update(_occupancy).where(_occupancy.c.id == occupancy["id"]).values(resident_id=resident))
    connection.execute(
        update(_account)
        .where(_account.c.payer_id == before, _account.c.unit_id == occupancy["unit_id"])
        .values(payer_id=resident)
    )
    occupancy["resident_id"] = resident
    if all(row["resident_id"] != before for row in register.occupancies.values()):
        connection.execute(delete(_phone).where(_phone.c.resident_id == before))
        connection.execute(delete(_resident).where(_resident.c.id == before))


def _store_persons(
    under_way: ImportUnderWay, register: _Register, writer: TableWriter, found: Sequence[rows.ResidentRow]
) -> set[int]:
    """Stores what is said about each person in any of their rows; returns those about whom something changed."""
    given = under_way.book.residents.fields
    of_person: dict[int, list[rows.ResidentRow]] = defaultdict(list)
    for row in found:
        of_person[register.of_row[row.row]].append(row)
    changed = set()
    for resident, said in of_person.items():
        code = next((row.customer_code for row in said if row.customer_code), None)
        values: Values = {name: _first_said(said, name) for name in _PERSONAL}
        if resident in register.new:
            pinyin, initials = reading_of_name(said[0].name)
            names = {"name": said[0].name, "pinyin": pinyin, "initials": initials}
            writer.insert({"id": resident, "customer_code": code} | names | values)
            continue
        before = register.residents[resident]
        values = {name: value for name, value in values.items() if name in given}
        if code is not None:
            values["customer_code"] = code
        if writer.update(resident, before, values):
            changed.add(resident)
    writer.flush()
    if "phones" in given:
        phones = {
            resident: list(dict.fromkeys(phone for row in said for phone in row.phones))
            for resident, said in of_person.items()
        }
        changed |= _sync_lists(under_way, _phone, "resident_id", "phone", phones) - register.new
    return changed


def _first_said(said: Iterable[rows.ResidentRow], name: str) -> Any:
    """What the rows of one person say; what is not the default in any of them counts."""
    values = [getattr(row, name) for row in said]
    default = "个人" if name == "kind" else ""
    return next((value for value in values if value != default), default)


def _store_occupancies(
    under_way: ImportUnderWay,
    register: _Register,
    units: Mapping[str, int],
    found: Sequence[rows.ResidentRow],
    changed_persons: set[int],
) -> None:
    given = under_way.book.residents.fields
    writer = TableWriter(under_way.connection, _occupancy)
    new_ids = writer.new_ids(len(found))
    keys, touched = {}, set()
    for row in found:
        unit, resident = units[row.unit], register.of_row[row.row]
        dates: Values = {"from_date": row.from_date, "to_date": row.to_date, "pays": row.pays}
        before = register.occupancies.get((unit, row.name, row.role))
        if before is None:
            keys[row.row] = next(new_ids)
            writer.insert({
                "id": keys[row.row], "unit_id": unit, "resident_id": resident, "role": row.role, **dates
            })  # fmt: skip
            continue
        keys[row.row] = before["id"]
        if writer.update(before["id"], before, {name: value for name, value in dates.items() if name in given}):
            touched.add(before["id"])
    writer.flush()
    for name, table, column in (("tags", _tag, "tag"), ("plates", _plate, "plate")):
        if name in given:
            lists = {keys[row.row]: list(getattr(row, name)) for row in found}
            touched |= _sync_lists(under_way, table, "occupancy_id", column, lists)
    for row in found:
        changed = keys[row.row] in touched or register.of_row[row.row] in changed_persons
        new = (units[row.unit], row.name, row.role) not in register.occupancies
        under_way.count(rows.RESIDENTS, new=new, changed=changed)


def _sync_lists(
    under_way: ImportUnderWay, table: Table, owner: str, column: str, wanted: Mapping[int, list[str]]
) -> set[int]:
    """Makes the lists of these owners what they should be; returns those whose list changed."""
    known: dict[int, list[str]] = defaultdict(list)
    for row in sorted(all_rows(under_way.connection, table), key=lambda row: row.get("position") or row["id"]):
        known[row[owner]].append(row[column])
    differing = {key for key, values in wanted.items() if known.get(key, []) != values}
    for key in differing & known.keys():
        under_way.connection.execute(delete(table).where(table.c[owner] == key))
    numbered = "position" in table.c
    fresh = [
        {owner: key, column: value} | ({"position": n} if numbered else {})
        for key in sorted(differing)
        for n, value in enumerate(wanted[key], 1)
    ]
    if fresh:
        under_way.connection.execute(insert(table), fresh)
    return differing
