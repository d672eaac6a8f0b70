"""The records (档案) as one list: every unit with its accounts, who pays, and how to reach them."""

from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import Connection, func, select

from feedesk.models import Account, Resident, ResidentPhone, Unit, table_of
from feedesk.queries.accounts import account_number

_account, _resident, _phone, _unit = (table_of(model) for model in (Account, Resident, ResidentPhone, Unit))
_home = _unit.alias("home")

_ROWS = (
    select(
        _unit.c.code,
        _unit.c.kind,
        func.coalesce(_unit.c.billing_area, _unit.c.built_area, type_=_unit.c.built_area.type).label("area"),
        _unit.c.occupancy,
        _home.c.code.label("joined_to"),
        _account.c.id.label("account"),
        _account.c.payer_id,
        _account.c.to_date,
        _account.c.developer,
        _resident.c.name,
    )
    .outerjoin(_home, _home.c.id == _unit.c.joined_to)
    .outerjoin(_account, _account.c.unit_id == _unit.c.id)
    .outerjoin(_resident, _resident.c.id == _account.c.payer_id)
    .order_by(_unit.c.sort_key, _account.c.to_date.is_not(None), _account.c.developer, _account.c.id.desc())
)
_PHONES = select(_phone.c.resident_id, _phone.c.phone).order_by(_phone.c.resident_id, _phone.c.position)


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A unit and one of its accounts (empty where nobody pays). ``ended``: the account is closed; ``area`` in m²."""

    unit: str
    kind: str
    area: Fraction | None
    occupancy: str
    joined_to: str
    account: int | None
    number: str
    resident: str
    phones: tuple[str, ...]
    developer: bool
    ended: bool


@dataclass(frozen=True, slots=True)
class RecordList:
    """All records, and how many units, residents who pay, and open accounts there are."""

    rows: tuple[RecordRow, ...]
    units: int
    payers: int
    accounts: int


def record_list(connection: Connection) -> RecordList:
    """Every unit in the order of the codes, the account that is open before those that ended."""
    phones: dict[int, list[str]] = {}
    for resident, phone in connection.execute(_PHONES):
        phones.setdefault(resident, []).append(phone)
    rows, units, payers, accounts = [], set(), set(), 0
    for row in connection.execute(_ROWS):
        units.add(row.code)
        is_open = row.account is not None and row.to_date is None
        if is_open:
            payers.add(row.payer_id)
            accounts += 1
        rows.append(
            RecordRow(
                unit=row.code,
                kind=row.kind,
                area=row.area,
                occupancy=row.occupancy,
                joined_to=row.joined_to or "",
                account=row.account,
                number="" if row.account is None else account_number(row.account),
                resident=row.name or "",
                phones=tuple(phones.get(row.payer_id, ())),
                developer=bool(row.developer),
                ended=row.to_date is not None,
            )
        )
    return RecordList(tuple(rows), len(units), len(payers), accounts)
