"""Entering what is to be shared (公摊): added, changed and deleted while none of it is billed."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import Connection, delete, func, insert, select, update

from feedesk.db import inserted_key
from feedesk.errors import UserError
from feedesk.models import Charge, FeeItem, Setting, SharedCost, Unit, table_of
from feedesk.money import Fen, Mantissa, decimal_text, format_amount
from feedesk.ops.permissions import Permission, requires
from feedesk.ops.run import Act
from feedesk.ops.setting_up import record_audit
from feedesk.periods import Period
from feedesk.queries.shared_costs import VACANT_WEIGHT, UnknownSharedCost
from feedesk.rules.fee_items import usual_nature
from feedesk.rules.shared_bills import SHARED
from feedesk.rules.sharing import USUAL_DUE, MeterUnknown, ScopeReachesNothing, ShareBasis, meter_kinds_of
from feedesk.rules.tariffs import DueRule
from feedesk.rules.unit_patterns import matches
from feedesk.texts import N_, _

_cost, _charge, _item, _unit, _setting = (table_of(model) for model in (SharedCost, Charge, FeeItem, Unit, Setting))


class SharedCostUnnamed(UserError):
    message = N_("A shared cost needs a name and a fee item: type both. Nothing was changed.")


class SharedTotalMissing(UserError):
    message = N_("The total to be shared must be greater than zero. Nothing was changed.")


class SharedCostIsThere(UserError):
    message = N_("“{name}” of {period} is entered already: change that one, or choose another name.")


class SharedCostBilled(UserError):
    message = N_(
        "“{name}” of {period} is billed already ({amount}), so it stays as it is. "
        "Undo the billing run of {period} first."
    )


class VacantWeightOutOfRange(UserError):
    message = N_("An empty unit weighs from 0 to 1: type 0.5 for a half, or leave it blank for the whole.")


class DueDayUnclear(UserError):
    message = N_("“{text}” is no due date: type 当月末, 次月15 or a day such as 2026-12-15.")


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedCostFacts:
    """A shared cost as the form has it; ``total`` in fen, ``due`` a rule (当月末) or a day in ISO form.

    ``vacant_weight`` None: as the ledger's setting says.
    """

    name: str
    item: str
    period: Period
    total: Fen
    scope: tuple[str, ...]
    basis: ShareBasis
    due: str = USUAL_DUE
    vacant_weight: Fraction | None = None
    note: str = ""


@requires(Permission.BILL)
def add_shared_cost(act: Act, *, facts: SharedCostFacts) -> int:
    """Adds a shared cost and returns its key; its fee item is made where there is none of that name.

    Raises `SharedCostUnnamed`, `SharedTotalMissing`, `SharedCostIsThere`, `ScopeReachesNothing`, `MeterUnknown`,
    `VacantWeightOutOfRange` or `DueDayUnclear`.
    """
    _check(act.connection, facts, but=None)
    cost = inserted_key(act.connection.execute(insert(_cost), _values(act.connection, facts)))
    _note(act, "add_shared_cost", cost, facts)
    return cost


@requires(Permission.BILL)
def change_shared_cost(act: Act, *, cost: int, facts: SharedCostFacts) -> None:
    """Changes a shared cost that is not billed. Raises `UnknownSharedCost`, `SharedCostBilled`, or as for a new one."""
    _refuse_billed(act.connection, cost)
    _check(act.connection, facts, but=cost)
    act.connection.execute(update(_cost).where(_cost.c.id == cost).values(_values(act.connection, facts)))
    _note(act, "change_shared_cost", cost, facts)


@requires(Permission.BILL)
def delete_shared_cost(act: Act, *, cost: int) -> None:
    """Deletes a shared cost that is not billed. Raises `UnknownSharedCost` or `SharedCostBilled`."""
    name, period = _refuse_billed(act.connection, cost)
    act.connection.execute(delete(_cost).where(_cost.c.id == cost))
    record_audit(act, action="delete_shared_cost", subject=f"shared_cost:{cost}", detail=f"{name} {period}")


@requires(Permission.CHANGE_SETTINGS)
def set_vacant_weight(act: Act, *, weight: Fraction | None) -> None:
    """Says what an empty unit weighs where a shared cost does not say it itself; None: in full."""
    _check_vacant(weight)
    act.connection.execute(delete(_setting).where(_setting.c.key == VACANT_WEIGHT))
    if weight is not None:
        act.connection.execute(insert(_setting), {"key": VACANT_WEIGHT, "value": json.dumps(str(weight))})
    detail = "" if weight is None else decimal_text(weight)
    record_audit(act, action="set_vacant_weight", subject=f"setting:{VACANT_WEIGHT}", detail=detail)


def _check(connection: Connection, facts: SharedCostFacts, *, but: int | None) -> None:
    if not facts.name.strip() or not facts.item.strip():
        raise SharedCostUnnamed
    if facts.total <= 0:
        raise SharedTotalMissing
    same = select(_cost.c.id).where(_cost.c.name == facts.name.strip(), _cost.c.period == str(facts.period))
    if connection.execute(same).scalar() not in (None, but):
        raise SharedCostIsThere(name=facts.name.strip(), period=facts.period)
    _check_scope(connection, facts.name, facts.scope)
    if facts.basis is ShareBasis.USAGE and not meter_kinds_of(facts.item):
        raise MeterUnknown(name=facts.name, item=facts.item)
    _check_vacant(facts.vacant_weight)
    _check_due(facts.due)


def _check_scope(connection: Connection, name: str, scope: Sequence[str]) -> None:
    """Every part of the scope must reach a unit, or it is a slip of the pen."""
    codes = list(connection.execute(select(_unit.c.code)).scalars())
    idle = [pattern for pattern in scope if not any(matches(pattern, code) for code in codes)]
    if idle or not scope:
        raise ScopeReachesNothing(name=name, scope=_(", ").join(idle))


def _check_vacant(weight: Fraction | None) -> None:
    if weight is not None and not 0 <= weight <= 1:
        raise VacantWeightOutOfRange


def _check_due(text: str) -> None:
    try:
        if text[:1].isdigit():
            date.fromisoformat(text)
        else:
            DueRule.parse(text)
    except ValueError:
        raise DueDayUnclear(text=text) from None


def _values(connection: Connection, facts: SharedCostFacts) -> dict[str, object]:
    return {
        "name": facts.name.strip(),
        "fee_item_id": _fee_item(connection, facts.item.strip()),
        "period": str(facts.period),
        "total": int(facts.total),
        "scope": ";".join(facts.scope),
        "basis": facts.basis.value,
        "due_rule": facts.due,
        "vacant_weight": facts.vacant_weight,
        "note": facts.note.strip(),
    }


def _fee_item(connection: Connection, name: str) -> int:
    """The fee item of that name, made as the import would make it where there is none."""
    found: int | None = connection.execute(select(_item.c.id).where(_item.c.name == name)).scalar()
    if found is not None:
        return found
    last = connection.execute(select(func.max(_item.c.position))).scalar() or 0
    values = {
        "name": name,
        "nature": usual_nature(name),
        "position": last + 1,
        "mantissa": Mantissa.HALF_UP.value,
        "mantissa_step": 1,
    }
    return inserted_key(connection.execute(insert(_item), values))


def _refuse_billed(connection: Connection, cost: int) -> tuple[str, str]:
    """The name and period of a cost none of which is billed."""
    row = connection.execute(select(_cost.c.name, _cost.c.period).where(_cost.c.id == cost)).one_or_none()
    if row is None:
        raise UnknownSharedCost
    billed = connection.execute(
        select(func.count(), func.coalesce(func.sum(_charge.c.gross), 0)).where(
            _charge.c.period == row.period,
            _charge.c.source == SHARED,
            _charge.c.number == cost,
            _charge.c.status != "cancelled",
        )
    ).one()
    if billed[0]:
        raise SharedCostBilled(name=row.name, period=row.period, amount=format_amount(Fen(int(billed[1]))))
    return row.name, row.period


def _note(act: Act, action: str, cost: int, facts: SharedCostFacts) -> None:
    shown = {key: value if isinstance(value, int | tuple) else str(value or "") for key, value in asdict(facts).items()}
    shown["period"] = str(facts.period)
    record_audit(act, action=action, subject=f"shared_cost:{cost}", detail=json.dumps(shown, ensure_ascii=False))
