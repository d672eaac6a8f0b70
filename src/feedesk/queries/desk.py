"""What the desk needs beside the charges: tills and their open shifts, ways of paying, settings of the ledger."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from feedesk.errors import UserError
from feedesk.ledger.prepared import Prepared
from feedesk.models import Community, Setting, Shift, Staff, Tender, Till, table_of
from feedesk.rules.allocation import AllocationOrder
from feedesk.texts import DEFAULT_LANGUAGE, LANGUAGES, N_

_till, _shift, _staff, _tender, _setting, _community = (
    table_of(model) for model in (Till, Shift, Staff, Tender, Setting, Community)
)


class UnknownTill(UserError):
    message = N_("There is no till {till}: the ledger has {tills}.")


class ShiftNotOpen(UserError):
    message = N_("No shift is open at till {till}, so no money can be taken there: open a shift first.")


@dataclass(frozen=True, slots=True)
class OpenShift:
    """A shift that is open, and whose it is. Its business date holds for all its payments, past midnight too."""

    id: int
    till_id: int
    till_number: int
    till_name: str
    cashier_id: int
    cashier: str
    business_date: date
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class TenderRow:
    """A way of paying. ``kind``: cash, channel, bank, prepaid; unclaimed for claims, which no desk offers."""

    id: int
    code: str
    name: str
    kind: str
    asks_reference: bool
    gives_change: bool


_TILL = select(_till.c.id, _till.c.number, _till.c.name).where(_till.c.number == bindparam("till"))
_OPEN_SHIFT = Prepared(
    select(
        _shift.c.id,
        _till.c.id.label("till_id"),
        _till.c.number.label("till_number"),
        _till.c.name.label("till_name"),
        _shift.c.cashier_id,
        _staff.c.name.label("cashier"),
        _shift.c.business_date,
        _shift.c.opened_at,
    )
    .join(_till, _till.c.id == _shift.c.till_id)
    .join(_staff, _staff.c.id == _shift.c.cashier_id)
    .where(_till.c.number == bindparam("till"), _shift.c.is_open)
)
_TENDERS = Prepared(
    select(
        _tender.c.id,
        _tender.c.code,
        _tender.c.name,
        _tender.c.kind,
        _tender.c.asks_reference,
        _tender.c.gives_change,
    )
    .where(_tender.c.active)
    .order_by(_tender.c.position, _tender.c.id)
)
_SETTING = Prepared(select(_setting.c.value).where(_setting.c.key == bindparam("key")))


def till_id(connection: Connection, till: int) -> int:
    """The key of the till with that number; `UnknownTill` where there is none."""
    row = connection.execute(_TILL, {"till": till}).one_or_none()
    if row is None:
        numbers = connection.execute(select(_till.c.number).order_by(_till.c.number)).scalars()
        raise UnknownTill(till=till, tills="、".join(map(str, numbers)))
    return int(row.id)


def open_shift_at(connection: Connection, till: int) -> OpenShift | None:
    """The shift open at a till; None when there is none. Raises `UnknownTill`."""
    row = _OPEN_SHIFT.one_or_none(connection, {"till": till})
    if row is None:
        till_id(connection, till)
        return None
    return OpenShift(**row._asdict())


def required_shift(connection: Connection, till: int) -> OpenShift:
    """The shift open at a till; `ShiftNotOpen` when there is none."""
    shift = open_shift_at(connection, till)
    if shift is None:
        raise ShiftNotOpen(till=till)
    return shift


def tenders(connection: Connection) -> dict[str, TenderRow]:
    """The ways of paying in use, by code, in the order of their keys."""
    return {row.code: TenderRow(**row._asdict()) for row in _TENDERS.rows(connection)}


def community_name(connection: Connection) -> str:
    """The community's name, empty before one is named."""
    return connection.execute(select(_community.c.name).limit(1)).scalar() or ""


def ledger_language(connection: Connection) -> str:
    """The language of the ledger's window, papers and workbooks."""
    language = str(ledger_setting(connection, "language", DEFAULT_LANGUAGE))
    return language if language in LANGUAGES else DEFAULT_LANGUAGE


def ledger_setting(connection: Connection, key: str, default: Any) -> Any:
    """A setting of the ledger, or its default: also where somebody spoilt it by hand."""
    value = _SETTING.scalar(connection, {"key": key})
    try:
        return default if value is None else json.loads(value)
    except ValueError:
        return default


ALLOCATION_ORDER = "allocation_order"
"""The setting that holds the agreed order of payment and the contract clause it rests on."""


@dataclass(frozen=True, slots=True)
class AgreedOrder:
    """Which of several debts a payment settles first, as agreed (约定抵充), and the clause that says so."""

    order: AllocationOrder = AllocationOrder.PRINCIPAL_FIRST
    clause: str = ""


def allocation_order(connection: Connection) -> AgreedOrder:
    """The ledger's order of payment: all principal first unless another was agreed."""
    value = ledger_setting(connection, ALLOCATION_ORDER, {})
    if not isinstance(value, dict) or value.get("order") not in set(AllocationOrder):
        return AgreedOrder()
    return AgreedOrder(AllocationOrder(value["order"]), str(value.get("clause", "")))
