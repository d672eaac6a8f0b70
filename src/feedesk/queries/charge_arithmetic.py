"""How one charge was reckoned, for whoever asks at the desk: its own words as billed, and its late fee day by day."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, select

from feedesk.errors import UserError
from feedesk.models import Charge, ChargeFreeze, Entry, FeeItem, TariffVersion, Unit, table_of
from feedesk.money import Fen
from feedesk.queries.late_fees import (
    ChargeHistory,
    LateFeeState,
    ReckonedCharge,
    accrued,
    charge_histories,
    late_fee_book,
    reckon,
)
from feedesk.rules.late_fees import LateFee
from feedesk.texts import N_

_charge, _item, _unit, _version, _freeze, _entry = (
    table_of(model) for model in (Charge, FeeItem, Unit, TariffVersion, ChargeFreeze, Entry)
)


class NoSuchCharge(UserError):
    message = N_("There is no charge {charge}: look at the statement again.")


_CHARGE = (
    select(
        _charge,
        _unit.c.code.label("unit"),
        _item.c.name.label("item"),
        _item.c.nature,
        _version.c.price_form,
        _version.c.basis_document,
        _version.c.valid_from,
    )
    .join(_unit, _unit.c.id == _charge.c.unit_id)
    .join(_item, _item.c.id == _charge.c.fee_item_id)
    .outerjoin(_version, _version.c.id == _charge.c.tariff_version_id)
    .where(_charge.c.id == bindparam("charge"))
)
_HOLD = (
    select(_entry.c.reason)
    .join(_freeze, _freeze.c.entry_id == _entry.c.id)
    .where(_freeze.c.charge_id == bindparam("charge"), _freeze.c.on_date <= bindparam("on"))
    .order_by(_freeze.c.id.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class ChargeArithmetic:
    """A charge and all that explains it, on a day; amounts in fen.

    ``words`` are the sentences stored with it when it was billed; ``price_basis`` is the price form and document it
    rests on. ``fee`` is the late fee with its segments to the day, ``state`` what of it was waived and paid.
    ``dispute`` is why a dispute holds it, empty where none does.
    """

    id: int
    account: int
    unit: str
    item: str
    period: str
    basis: str
    words: tuple[str, ...]
    price_basis: str
    price_since: date | None
    gross: Fen
    discount: Fen
    waived: Fen
    paid: Fen
    due_date: date
    fee: LateFee
    state: LateFeeState
    dispute: str
    status: str

    @property
    def principal(self) -> Fen:
        """What is unpaid of it."""
        return Fen(self.gross - self.discount - self.waived - self.paid)

    @property
    def due(self) -> Fen:
        return Fen(self.principal + self.state.due)


def charge_arithmetic(connection: Connection, *, charge: int, on: date) -> ChargeArithmetic:
    """Everything that explains a charge to a day. Raises `NoSuchCharge`."""
    row = _row(connection, charge)
    history = _history(connection, row, on)
    book = late_fee_book(connection)
    reckoned = _reckoned(row)
    fee = reckon(book, reckoned, history, on)
    state = LateFeeState(
        accrued(book, reckoned, history, on), Fen(row.late_fee_waived), Fen(row.late_fee_paid), history.is_frozen
    )
    dispute = connection.execute(_HOLD, {"charge": charge, "on": on}).scalar() if history.is_frozen else ""
    return ChargeArithmetic(
        id=row.id,
        account=row.account_id,
        unit=row.unit,
        item=row.item,
        period=row.period,
        basis=row.basis,
        words=_words(row.snapshot),
        price_basis=" · ".join(filter(None, (row.price_form, row.basis_document))),
        price_since=row.valid_from,
        gross=Fen(row.gross),
        discount=Fen(row.discount),
        waived=Fen(row.waived),
        paid=Fen(row.paid),
        due_date=row.due_date,
        fee=fee,
        state=state,
        dispute=str(dispute or ""),
        status=row.status,
    )


def _row(connection: Connection, charge: int) -> Any:
    row = connection.execute(_CHARGE, {"charge": charge}).one_or_none()
    if row is None:
        raise NoSuchCharge(charge=charge)
    return row


def _reckoned(row: Any) -> ReckonedCharge:
    return ReckonedCharge(row.fee_item_id, row.item, row.nature, Fen(row.gross - row.discount), row.due_date)


def _history(connection: Connection, row: Any, on: date) -> ChargeHistory:
    of = [row.id]
    history = charge_histories(connection, on=on, frozen=of, paid=of, waived=of, stopped=of)[row.id]
    history.settle(row.gross - row.discount - row.waived - row.paid == 0)
    return history


def _words(snapshot: str) -> tuple[str, ...]:
    try:
        words = json.loads(snapshot).get("words", ()) if snapshot else ()
    except (ValueError, AttributeError):
        return ()
    return tuple(str(line) for line in words) if isinstance(words, list) else ()
