"""Accounts (户): found by unit code or number, with who pays and where."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, and_, bindparam, or_, select

from feedesk.errors import UserError
from feedesk.ledger.prepared import Prepared
from feedesk.models import Account, Resident, Unit, table_of
from feedesk.rules.unit_codes import compact_code, plain_code
from feedesk.texts import N_

_account, _resident, _unit = (table_of(model) for model in (Account, Resident, Unit))

_NUMBER = re.compile(r"[Hh]0*(\d+)")


class UnknownAccount(UserError):
    message = N_("There is no unit or account “{text}”: check the room code, for example 3-1-502.")


class AmbiguousAccount(UserError):
    message = N_("“{text}” fits several units ({units}): write the code with its hyphens.")


class UnitWithoutAccount(UserError):
    message = N_("Unit {unit} has no payer, so it has no account: name one in the records (住户, 缴费人).")


@dataclass(frozen=True, slots=True)
class AccountRef:
    """An account and the names people know it by; ``area`` is the billing area in m², else the built area."""

    id: int
    number: str
    unit_id: int
    unit: str
    unit_kind: str
    area: Fraction | None
    occupancy: str
    resident_id: int
    resident: str
    developer: bool
    from_date: date | None
    to_date: date | None


def account_number(account: int) -> str:
    """The number of an account for people: ``H000123``."""
    return f"H{account:06d}"


_REF = (
    select(
        _account.c.id,
        _account.c.unit_id,
        _unit.c.code,
        _unit.c.kind,
        _unit.c.built_area,
        _unit.c.billing_area,
        _unit.c.occupancy,
        _account.c.payer_id,
        _resident.c.name,
        _account.c.developer,
        _account.c.from_date,
        _account.c.to_date,
    )
    .join(_unit, _unit.c.id == _account.c.unit_id)
    .join(_resident, _resident.c.id == _account.c.payer_id)
)
_BY_ID = Prepared(_REF.where(_account.c.id == bindparam("account")))
_begun = or_(_account.c.from_date.is_(None), _account.c.from_date <= bindparam("on"))
_not_over = or_(_account.c.to_date.is_(None), _account.c.to_date >= bindparam("on"))
# Whoever holds it on the day first, a tenant whose lease has an end included; then whoever held it last; a payer of
# later on, and a developer, only where nobody else does.
_OF_UNIT = _REF.where(_unit.c.id == bindparam("unit")).order_by(
    ~and_(_begun, _not_over),
    _account.c.developer,
    ~_begun,
    _account.c.to_date.is_not(None),
    _account.c.to_date.desc(),
    _account.c.id.desc(),
)
_JOINED = Prepared(
    _REF.where(_unit.c.joined_to == bindparam("unit"), _begun, _not_over, ~_account.c.developer).order_by(
        _unit.c.sort_key, _account.c.id
    )
)
_UNIT_BY_CODE = select(_unit.c.id, _unit.c.code).where(_unit.c.code == bindparam("code"))
_UNIT_CODES = select(_unit.c.id, _unit.c.code).order_by(_unit.c.sort_key)


def _ref(row: Any) -> AccountRef:
    values = row._asdict()
    return AccountRef(
        id=values["id"],
        number=account_number(values["id"]),
        unit_id=values["unit_id"],
        unit=values["code"],
        unit_kind=values["kind"],
        area=values["billing_area"] if values["billing_area"] is not None else values["built_area"],
        occupancy=values["occupancy"],
        resident_id=values["payer_id"],
        resident=values["name"],
        developer=values["developer"],
        from_date=values["from_date"],
        to_date=values["to_date"],
    )


def account_by_id(connection: Connection, account: int) -> AccountRef:
    """The account of that key; `UnknownAccount` where there is none."""
    row = _BY_ID.one_or_none(connection, {"account": account})
    if row is None:
        raise UnknownAccount(text=account_number(account))
    return _ref(row)


def find_account(connection: Connection, text: str, *, on: date) -> AccountRef:
    """The account meant by a unit code in any spelling (the one that holds it on the day) or by an account number.

    Raises `UnknownAccount`, `AmbiguousAccount` or `UnitWithoutAccount`.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if match := _NUMBER.fullmatch(plain):
        return account_by_id(connection, int(match[1]))
    unit_id, code = _find_unit(connection, text)
    row = connection.execute(_OF_UNIT, {"unit": unit_id, "on": on}).first()
    if row is None:
        raise UnitWithoutAccount(unit=code)
    return _ref(row)


def _find_unit(connection: Connection, text: str) -> tuple[int, str]:
    for code in dict.fromkeys((text.strip(), plain_code(text))):
        row = connection.execute(_UNIT_BY_CODE, {"code": code}).one_or_none()
        if row is not None:
            return row.id, row.code
    compact = compact_code(text)
    fitting = [row for row in connection.execute(_UNIT_CODES) if compact and compact_code(row.code) == compact]
    if not fitting:
        raise UnknownAccount(text=text)
    if len(fitting) > 1:
        raise AmbiguousAccount(text=text, units="、".join(row.code for row in fitting[:5]))
    return fitting[0].id, fitting[0].code


def household(connection: Connection, account: AccountRef, on: date) -> tuple[AccountRef, ...]:
    """The account and the accounts of the units joined to its unit (关联房屋) that stand on a day."""
    joined = _JOINED.rows(connection, {"unit": account.unit_id, "on": on})
    return (account, *(_ref(row) for row in joined))


def household_of(connection: Connection, *, account: int, on: date) -> tuple[AccountRef, ...]:
    """The household of the account of that key. Raises `UnknownAccount`."""
    return household(connection, account_by_id(connection, account), on)
