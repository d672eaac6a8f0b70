"""The price list of the desk (价目表): what is charged once only, at the price in force, to whoever asks for it.

What a billing run charges the account by itself (适用范围 covers its unit) is not on its list, so that nobody pays
twice for it. By area a price is offered only where an account gives the area.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, or_, select

from feedesk.models import FeeItem, Tariff, TariffScope, TariffVersion, table_of
from feedesk.money import Fen, Mantissa
from feedesk.queries.accounts import AccountRef
from feedesk.rules.selling import Article
from feedesk.rules.tariffs import ONCE, Method
from feedesk.rules.unit_patterns import matches

_item, _tariff, _version, _scope = (table_of(model) for model in (FeeItem, Tariff, TariffVersion, TariffScope))

_ON: BindParameter[date] = bindparam("on")
_IN_FORCE = (
    select(
        _tariff.c.id.label("tariff"),
        _tariff.c.name,
        _item.c.id.label("item_id"),
        _item.c.name.label("item"),
        _item.c.nature,
        _item.c.mantissa,
        _item.c.mantissa_step,
        _version.c.id.label("version"),
        _version.c.method,
        _version.c.cycle_months,
        _version.c.unit_price,
        _version.c.price_form,
        _version.c.basis_document,
    )
    .join(_tariff, _tariff.c.id == _version.c.tariff_id)
    .join(_item, _item.c.id == _tariff.c.fee_item_id)
    .where(_version.c.valid_from <= _ON, or_(_version.c.valid_to.is_(None), _version.c.valid_to >= _ON))
    .order_by(_item.c.position, _tariff.c.position, _tariff.c.id, _version.c.valid_from.desc())
)
_SCOPES = select(_scope.c.tariff_id, _scope.c.unit_pattern).where(
    or_(_scope.c.to_date.is_(None), _scope.c.to_date >= _ON)
)


def price_list(connection: Connection, *, on: date, account: AccountRef | None = None) -> tuple[Article, ...]:
    """The articles on sale on a day, in the order of fee items and tariffs; to ``account``, or to a passer-by."""
    billed = _billed(connection, on, account.unit) if account is not None else frozenset()
    area = account.area if account is not None else None
    return tuple(
        Article(
            tariff=row.tariff,
            version=row.version,
            name=row.name,
            item_id=row.item_id,
            item=row.item,
            nature=row.nature,
            price=row.unit_price,
            area=area if row.method == Method.AREA else None,
            form=row.price_form,
            document=row.basis_document,
            mantissa=Mantissa(row.mantissa),
            step=Fen(row.mantissa_step),
        )
        for row in _newest(connection, on)
        if row.tariff not in billed
        and row.cycle_months == ONCE
        and row.unit_price
        and (row.method == Method.FIXED or (row.method == Method.AREA and area))
    )


def _newest(connection: Connection, on: date) -> Iterator[Any]:
    """Of the prices of a tariff in force that overlap, the one begun last."""
    seen: set[int] = set()
    for row in connection.execute(_IN_FORCE, {"on": on}).all():
        if row.tariff not in seen:
            seen.add(row.tariff)
            yield row


def _billed(connection: Connection, on: date, unit: str) -> frozenset[int]:
    """The tariffs whose 适用范围 reaches a unit, today or later."""
    rows = connection.execute(_SCOPES, {"on": on})
    return frozenset(row.tariff_id for row in rows if matches(row.unit_pattern, unit))
