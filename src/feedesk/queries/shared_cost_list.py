"""Shared costs as people look at them: the list by period, and of one cost what every unit bears, and who pays it.

Before a cost is billed its shares are worked out; afterwards they are what was posted, whatever the units weigh now.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, select

from feedesk.errors import UserError
from feedesk.models import Account, Charge, FeeItem, Resident, SharedCost, Unit, table_of
from feedesk.money import ZERO, Fen
from feedesk.periods import Period
from feedesk.queries.billing import units_with_accounts
from feedesk.queries.due_bills import due_bills
from feedesk.queries.shared_costs import CostsToShare, shared_cost
from feedesk.rules.bills import Bill
from feedesk.rules.shared_bills import SHARED, BornePlan
from feedesk.rules.sharing import Cost, ShareBasis
from feedesk.rules.sharing_words import ShareWords
from feedesk.rules.spans import Days
from feedesk.rules.unit_codes import sort_key
from feedesk.texts import N_, _

_account, _charge, _cost, _item, _resident, _unit = (
    table_of(model) for model in (Account, Charge, SharedCost, FeeItem, Resident, Unit)
)
_STANDING = and_(
    _charge.c.period == _cost.c.period,
    _charge.c.source == SHARED,
    _charge.c.number == _cost.c.id,
    _charge.c.status != "cancelled",
)
_LIST = (
    select(
        *_cost.c,
        _item.c.name.label("item"),
        func.count(_charge.c.id).label("charges"),
        func.coalesce(func.sum(_charge.c.gross), 0).label("billed"),
    )
    .select_from(_cost.join(_item, _item.c.id == _cost.c.fee_item_id).outerjoin(_charge, _STANDING))
    .group_by(*_cost.c, _item.c.name)
)
_POSTED = (
    select(
        _charge.c.account_id,
        _unit.c.code,
        _resident.c.name.label("resident"),
        _charge.c.serves_from,
        _charge.c.serves_to,
        _charge.c.gross,
        _charge.c.basis,
        _charge.c.snapshot,
    )
    .join(_account, _account.c.id == _charge.c.account_id)
    .join(_resident, _resident.c.id == _account.c.payer_id)
    .join(_unit, _unit.c.id == _charge.c.unit_id)
    .join(_cost, _cost.c.id == bindparam("cost"))
    .where(_STANDING)
    .order_by(_unit.c.sort_key, _charge.c.serves_from)
)
_PAYERS = select(_account.c.id, _resident.c.name).join(_resident, _resident.c.id == _account.c.payer_id)

NOT_BILLED_THEN = N_("not billed when this was posted")
BROUGHT_ALONG = N_("brought along as arrears")


@dataclass(frozen=True, slots=True)
class SharedCostRow:
    """A shared cost; ``charges`` and ``billed`` (gross, in fen) are what stands of it. ``scope`` as entered."""

    id: int
    name: str
    item: str
    period: Period
    total: Fen
    scope: tuple[str, ...]
    basis: ShareBasis
    due: str
    vacant_weight: Fraction | None
    note: str
    charges: int
    billed: Fen


@dataclass(frozen=True, slots=True)
class ShareRow:
    """The part of a unit's share that one account bears, in fen; ``reason`` says why nobody is charged for it.

    ``basis`` is the arithmetic: ``6,837.60 × 98.60 ÷ 18,240 ㎡``.
    """

    unit: str
    account: int | None
    resident: str
    weight: Fraction
    days: Days
    amount: Fen
    reason: str = ""
    vacant: bool = False
    basis: str = ""


@dataclass(frozen=True, slots=True)
class ShareTable:
    """Every unit of a shared cost with its weight and share; ``refusal`` is why it cannot be shared out."""

    cost: Cost
    posted: bool
    weights: Fraction
    rows: tuple[ShareRow, ...]
    refusal: str = ""

    @property
    def billed(self) -> Fen:
        """What is, or would be, charged."""
        return Fen(sum(row.amount for row in self.rows if not row.reason))

    @property
    def not_billed(self) -> Fen:
        """What nobody is charged for: named, and never laid on the others."""
        return Fen(sum(row.amount for row in self.rows if row.reason))

    @property
    def sums(self) -> bool:
        """Whether what is billed and what is not come to the total."""
        return self.billed + self.not_billed == self.cost.total


def shared_cost_list(connection: Connection) -> list[SharedCostRow]:
    """All shared costs, the latest period first, within it in the order in which they were entered."""
    rows = [_as_row(row) for row in connection.execute(_LIST)]
    return sorted(rows, key=lambda row: (-row.period.first_month, row.id))


def _as_row(row: Any) -> SharedCostRow:
    return SharedCostRow(
        id=row.id,
        name=row.name,
        item=row.item,
        period=Period.parse(row.period),
        total=Fen(row.total),
        scope=tuple(filter(None, row.scope.split(";"))),
        basis=ShareBasis(row.basis),
        due=row.due_rule,
        vacant_weight=row.vacant_weight,
        note=row.note,
        charges=row.charges,
        billed=Fen(int(row.billed)),
    )


def share_table(connection: Connection, *, cost: int) -> ShareTable:
    """What every unit bears of a shared cost. Raises `UnknownSharedCost`."""
    found = shared_cost(connection, cost)
    facts = CostsToShare.read(connection, [found], units_with_accounts(connection))
    posted = list(_posted(connection, cost))
    try:
        plan = facts.plan(found, () if posted else _metered(connection, found))
    except UserError as refusal:
        return _posted_alone(found, posted) if posted else ShareTable(found, False, Fraction(0), (), str(refusal))
    if posted:
        return _posted_table(found, posted, plan, facts)
    payers: dict[int, str] = {row.id: row.name for row in connection.execute(_PAYERS)}
    return ShareTable(found, False, plan.out.weights, tuple(_rows(plan, facts, payers)))


def _metered(connection: Connection, cost: Cost) -> Sequence[Bill]:
    """The bills by usage that would be posted with the cost, and weigh with it."""
    if not cost.meter_kinds:
        return ()
    month = Period.containing(cost.period.last_day)
    return [bill for bill in due_bills(connection, month=month).bills if bill.steps]


def _rows(plan: BornePlan, facts: CostsToShare, payers: dict[int, str]) -> Iterator[ShareRow]:
    cost, words = plan.out.cost, ShareWords(plan.out)
    for unit, share, part in plan.borne:
        along = _(BROUGHT_ALONG) if facts.is_brought_along(unit.id, cost) else ""
        reason = _(part.reason.message).format(fact=part.reason.fact) if part.reason is not None else along
        account = part.account and part.account.id
        yield ShareRow(
            unit=unit.code,
            account=account,
            resident=payers.get(account or 0, ""),
            weight=share.weight,
            days=part.days,
            amount=part.amount,
            reason=reason,
            vacant=facts.is_vacant(unit.id),
            basis=words.basis(share, part, vacant=facts.is_vacant(unit.id)),
        )


@dataclass(frozen=True, slots=True)
class _Posted:
    row: ShareRow
    weights: Fraction


def _posted(connection: Connection, cost: int) -> Iterator[_Posted]:
    for row in connection.execute(_POSTED, {"cost": cost}):
        snapshot = json.loads(row.snapshot)
        share = ShareRow(
            unit=row.code,
            account=row.account_id,
            resident=row.resident,
            weight=Fraction(snapshot["weight"]),
            days=Days(row.serves_from, row.serves_to),
            amount=Fen(row.gross),
            basis=row.basis,
        )
        yield _Posted(share, Fraction(snapshot["weights"]))


def _posted_table(cost: Cost, posted: Sequence[_Posted], plan: BornePlan, facts: CostsToShare) -> ShareTable:
    """What was posted, and beside it what was not, as long as the units still weigh what they weighed then."""
    not_billed = [row for row in _rows(plan, facts, {}) if row.reason and row.amount]
    table = _posted_alone(cost, posted)
    left = cost.total - table.billed
    if plan.out.weights != table.weights or sum(row.amount for row in not_billed) != left:
        return table
    rows = sorted((*(one.row for one in posted), *not_billed), key=lambda row: (sort_key(row.unit), row.days))
    return ShareTable(cost, True, table.weights, tuple(rows))


def _posted_alone(cost: Cost, posted: Sequence[_Posted]) -> ShareTable:
    rows = tuple(one.row for one in posted)
    left = Fen(cost.total - sum(row.amount for row in rows))
    if left != ZERO:
        whole = Days(cost.period.first_day, cost.period.last_day)
        rows = (*rows, ShareRow("", None, "", Fraction(0), whole, left, _(NOT_BILLED_THEN)))
    return ShareTable(cost, True, posted[0].weights, rows)
