"""Where tariffs apply (适用范围): to the community, a building, or a unit, from a day to a day.

The nearest assignment wins when bills are reckoned (`feedesk.rules.inheritance`); here it is only noted and ended.
"""

from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from feedesk.db import inserted_key
from feedesk.errors import UserError
from feedesk.models import Tariff, TariffScope, Unit, table_of
from feedesk.ops.permissions import Permission, requires
from feedesk.ops.pricing import EndsTooEarly, PriceChanged, UnknownTariff, note_change, shown_value, tariff_name
from feedesk.ops.run import Act
from feedesk.queries.price_use import is_scope_used
from feedesk.rules.unit_patterns import is_pattern, matches
from feedesk.texts import N_, _

_tariff, _scope, _unit = table_of(Tariff), table_of(TariffScope), table_of(Unit)


class UnknownUnit(UserError):
    message = N_("There is no unit {code}: check the code, or write a pattern such as 3-*. Nothing was changed.")


class ScopeIsThere(UserError):
    message = N_("{name} applies to {pattern} from {day} already: change that row, or choose another day.")


class ScopeInUse(UserError):
    message = N_("{name} was billed to units of {pattern}: end it on a day instead of taking it back.")


class QuantityTooSmall(UserError):
    message = N_("The quantity must be greater than zero. Nothing was changed.")


@requires(Permission.CHANGE_PRICES)
def assign_tariff(
    act: Act,
    *,
    tariff: int,
    pattern: str,
    from_date: date,
    to_date: date | None = None,
    quantity: Fraction = Fraction(1),
) -> PriceChanged:
    """Lets a tariff apply to the community (``*``), a building (``3-*``) or a unit, ``quantity`` times.

    Raises `UnknownTariff`, `UnknownUnit`, `ScopeIsThere`, `EndsTooEarly` or `QuantityTooSmall`. That a pattern
    reaches no unit yet is a warning.
    """
    name, _item = tariff_name(act.connection, tariff)
    if quantity <= 0:
        raise QuantityTooSmall
    if to_date is not None and to_date < from_date:
        raise EndsTooEarly(last=to_date, first=from_date)
    warnings = _pattern_warnings(act.connection, pattern)
    known = select(_scope.c.id).where(
        _scope.c.tariff_id == tariff, _scope.c.unit_pattern == pattern, _scope.c.from_date == from_date
    )
    if act.connection.execute(known).first() is not None:
        raise ScopeIsThere(name=name, pattern=pattern, day=from_date)
    values = {
        "unit_pattern": pattern,
        "tariff_id": tariff,
        "quantity": quantity,
        "from_date": from_date,
        "to_date": to_date,
    }
    scope = inserted_key(act.connection.execute(insert(_scope), values))
    note_change(
        act, "assign_tariff", f"tariff_scope:{scope}", {key: shown_value(value) for key, value in values.items()}
    )
    return PriceChanged(tariff, scope=scope, warnings=warnings)


@requires(Permission.CHANGE_PRICES)
def end_scope(act: Act, *, scope: int, last_day: date) -> PriceChanged:
    """Lets a tariff cease to apply after a day. Raises `UnknownTariff` or `EndsTooEarly`."""
    before = _scope_row(act.connection, scope)
    if before["from_date"] is not None and last_day < before["from_date"]:
        raise EndsTooEarly(last=last_day, first=before["from_date"])
    act.connection.execute(update(_scope).where(_scope.c.id == scope), {"to_date": last_day})
    note_change(act, "end_scope", f"tariff_scope:{scope}", {"to_date": [shown_value(before["to_date"]), str(last_day)]})
    return PriceChanged(before["tariff_id"], scope=scope)


@requires(Permission.CHANGE_PRICES)
def withdraw_scope(act: Act, *, scope: int) -> PriceChanged:
    """Takes back where a tariff applies, as long as nothing was billed for it. Raises `ScopeInUse`."""
    before = _scope_row(act.connection, scope)
    days = (before["from_date"] or date.min, before["to_date"])
    facts = {"pattern": before["unit_pattern"], "tariff": before["tariff_id"], "item": before["fee_item_id"]}
    if is_scope_used(act.connection, days=days, **facts):
        raise ScopeInUse(name=before["name"], pattern=before["unit_pattern"])
    act.connection.execute(delete(_scope).where(_scope.c.id == scope))
    note_change(act, "withdraw_scope", f"tariff_scope:{scope}", {"unit_pattern": before["unit_pattern"]})
    return PriceChanged(before["tariff_id"])


def _scope_row(connection: Connection, scope: int) -> Any:
    statement = (
        select(_scope, _tariff.c.name, _tariff.c.fee_item_id)
        .join(_tariff, _tariff.c.id == _scope.c.tariff_id)
        .where(_scope.c.id == scope)
    )
    found = connection.execute(statement).mappings().one_or_none()
    if found is None:
        raise UnknownTariff
    return found


def _pattern_warnings(connection: Connection, pattern: str) -> tuple[str, ...]:
    codes = connection.execute(select(_unit.c.code)).scalars()
    if any(matches(pattern, code) for code in codes):
        return ()
    if not is_pattern(pattern):
        raise UnknownUnit(code=pattern)
    return (_("No unit fits the pattern {pattern} yet.").format(pattern=pattern),)
