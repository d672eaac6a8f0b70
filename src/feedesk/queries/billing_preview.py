"""What billing a month would do, row by row: bills due, charges that stand, units left out and why, last month beside.

Shown before anything is posted; the bills are worked out by the very function the run uses.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from sqlalchemy import Connection, bindparam, func, select

from feedesk.models import Account, BillingRun, Charge, Entry, FeeItem, Resident, Unit, table_of
from feedesk.money import Fen
from feedesk.periods import Period
from feedesk.queries.due_bills import DueBills, due_bills
from feedesk.rules.bills import ONE_OFF, RUN, Bill, Skipped
from feedesk.rules.price_words import of_unit
from feedesk.rules.shared_bills import SHARED
from feedesk.rules.unit_codes import sort_key

BILLED = (RUN, ONE_OFF, SHARED)
"""Where the charges of a run come from (应收来源)."""

_account, _run, _charge, _entry, _item, _resident, _unit = (
    table_of(model) for model in (Account, BillingRun, Charge, Entry, FeeItem, Resident, Unit)
)
_reversal = _entry.alias("reversal")

_PAYERS = select(_account.c.id, _resident.c.name).outerjoin(_resident, _resident.c.id == _account.c.payer_id)
_STANDING = (
    select(
        _charge.c.account_id,
        _unit.c.code,
        _unit.c.sort_key,
        _item.c.name.label("item"),
        _item.c.position,
        _charge.c.period,
        _charge.c.basis,
        _charge.c.snapshot,
        _charge.c.gross,
        _charge.c.discount,
    )
    .join(_unit, _unit.c.id == _charge.c.unit_id)
    .join(_item, _item.c.id == _charge.c.fee_item_id)
    .where(
        _charge.c.period == bindparam("period"),
        _charge.c.source.in_(bindparam("sources", expanding=True)),
        _charge.c.status != "cancelled",
    )
    .order_by(_unit.c.sort_key, _item.c.position, _charge.c.id)
)
_RUNS = (
    select(func.count(), func.coalesce(func.sum(_run.c.count), 0), func.coalesce(func.sum(_run.c.total), 0))
    .outerjoin(_reversal, _reversal.c.reverses_id == _run.c.entry_id)
    .where(_run.c.period == bindparam("period"), _reversal.c.id.is_(None))
)
_ITEM_NAMES = select(_item.c.name).order_by(_item.c.position, _item.c.id)


class RowState(StrEnum):
    """What becomes of a row: it would be posted, it stands already, it is left out, or it was there last month only."""

    DUE = "due"
    STANDING = "standing"
    SKIPPED = "skipped"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A unit's charge for one fee item. ``now`` and ``before`` are net, in fen, None where there is none.

    ``words`` explain the arithmetic sentence by sentence; ``note`` says why a unit is left out, or how it was reckoned
    last month where the amount is another; ``other`` who bears it in the month where this one does not.
    """

    state: RowState
    unit: str
    resident: str
    item: str
    basis: str
    before: Fen | None
    now: Fen | None
    note: str = ""
    words: tuple[str, ...] = ()
    other: str = ""

    @property
    def is_changed(self) -> bool:
        """Whether it differs from last month: new, stopped, or another amount."""
        return self.state is RowState.STOPPED or (self.now is not None and self.now != self.before)


@dataclass(frozen=True, slots=True)
class ItemCount:
    """A fee item and how many charges it has in the month."""

    item: str
    charges: int
    due: int


@dataclass(frozen=True, slots=True)
class BillingPreview:
    """A month before it is billed, or after. ``due`` counts what would be posted now; sums are of all its charges.

    ``before_total`` is the last month's net sum, None where it was never billed; ``runs`` what can be undone.
    """

    month: Period
    rows: tuple[PreviewRow, ...]
    items: tuple[ItemCount, ...]
    due: int
    gross: Fen
    discount: Fen
    before_total: Fen | None
    runs: int
    run_charges: int
    run_total: Fen
    day: date

    @property
    def net(self) -> Fen:
        return Fen(self.gross - self.discount)

    @property
    def skipped(self) -> int:
        """How many units are left out, counted by item."""
        return sum(row.state is RowState.SKIPPED for row in self.rows)

    @property
    def changed(self) -> int:
        """How many rows differ from last month; none where that was not billed."""
        return 0 if self.before_total is None else sum(row.is_changed for row in self.rows)


@dataclass(frozen=True, slots=True)
class _Standing:
    """Charges of a month that stand, each with the key that finds it the month after."""

    rows: tuple[tuple[tuple[int, str], "PreviewRow"], ...]
    sums: Mapping[tuple[int, str], int]
    bases: Mapping[tuple[int, str], str]


def billing_preview(
    connection: Connection, *, month: Period, day: date, items: Iterable[str] | None = None
) -> BillingPreview:
    """A month with all its fee items, or some; nothing is stored. Raises `UnknownFeeItem`."""
    wanted = None if items is None else frozenset(items)
    payers = {row.id: row.name or "" for row in connection.execute(_PAYERS)}
    # Arrears brought along say nothing about a month as a whole: only a month billed here can be compared with.
    before = _standing(connection, month.shifted(-1), payers, BILLED)
    standing = _standing(connection, month, payers, (*BILLED, "opening"))
    due = due_bills(connection, month=month)
    rows = _ordered(connection, _rows(due, standing, before, payers))
    shown = tuple(row for row in rows if wanted is None or row.item in wanted or not row.item)
    posted = [row for row in shown if row.state is RowState.STANDING]
    bills = [row for row in shown if row.state is RowState.DUE]
    gross = sum(row.now or 0 for row in (*posted, *bills))
    runs, run_charges, run_total = connection.execute(_RUNS, {"period": str(month)}).one()
    last = [amount for key, amount in before.sums.items() if wanted is None or key[1] in wanted]
    return BillingPreview(
        month=month,
        rows=shown,
        items=_counts(connection, rows),
        due=len(bills),
        gross=Fen(gross),
        discount=Fen(0),
        before_total=Fen(sum(last)) if last else None,
        runs=int(runs),
        run_charges=int(run_charges),
        run_total=Fen(int(run_total)),
        day=day,
    )


def _standing(connection: Connection, month: Period, payers: Mapping[int, str], sources: tuple[str, ...]) -> _Standing:
    rows: list[tuple[tuple[int, str], PreviewRow]] = []
    sums: dict[tuple[int, str], int] = {}
    bases: dict[tuple[int, str], str] = {}
    for row in connection.execute(_STANDING, {"period": str(month), "sources": list(sources)}):
        key = (row.account_id, row.item)
        net = Fen(row.gross - row.discount)
        sums[key] = sums.get(key, 0) + net
        bases[key] = row.basis
        words = tuple(json.loads(row.snapshot).get("words", ())) if row.snapshot else ()
        resident = payers.get(row.account_id, "")
        made = PreviewRow(RowState.STANDING, row.code, resident, row.item, row.basis, None, net, words=words)
        rows.append((key, made))
    return _Standing(tuple(rows), sums, bases)


def _rows(due: DueBills, standing: _Standing, before: _Standing, payers: Mapping[int, str]) -> list[PreviewRow]:
    made: list[PreviewRow] = []
    seen: set[tuple[int, str]] = set()
    for key, row in standing.rows:
        seen.add(key)
        made.append(_beside(row, key, before))
    for bill in due.bills:
        key = (bill.account, bill.tariff.item)
        seen.add(key)
        made.append(_beside(_bill_row(bill, payers), key, before))
    left_out = {(one.unit, one.item): one for one in due.skipped}
    for key, row in before.rows:
        if key not in seen:
            seen.add(key)
            skipped = left_out.pop((row.unit, row.item), None)
            state = RowState.SKIPPED if skipped else RowState.STOPPED
            reason = skipped.reason if skipped else ""
            made.append(
                PreviewRow(state, row.unit, row.resident, row.item, "", Fen(before.sums[key]), None, note=reason)
            )
    made += [_skipped_row(one) for one in left_out.values()]
    bearers = _bearers(made, before)
    return [_with_other(row, bearers) for row in made]


_Bearers = tuple[dict[tuple[str, str], str], dict[tuple[str, str], str]]


def _bearers(rows: Iterable[PreviewRow], before: _Standing) -> _Bearers:
    """Who bears a unit's fee item this month, and who did last month."""
    now = {(row.unit, row.item): row.resident for row in rows if row.now is not None}
    was = {(row.unit, row.item): row.resident for _key, row in before.rows}
    return now, was


def _with_other(row: PreviewRow, bearers: _Bearers) -> PreviewRow:
    """A row that is new or stopped because somebody else bore the unit names that person."""
    now, was = bearers
    if row.state is RowState.STOPPED:
        return replace(row, other=now.get((row.unit, row.item), ""))
    if row.now is not None and row.before is None:
        return replace(row, other=was.get((row.unit, row.item), ""))
    return row


def _ordered(connection: Connection, rows: Iterable[PreviewRow]) -> list[PreviewRow]:
    """By unit, then by fee item, as they stand on a bill."""
    order = {name: place for place, name in enumerate(connection.execute(_ITEM_NAMES).scalars())}
    return sorted(rows, key=lambda row: (sort_key(row.unit), order.get(row.item, -1)))


def _beside(row: PreviewRow, key: tuple[int, str], before: _Standing) -> PreviewRow:
    """The row with what the same account was charged last month."""
    was = before.sums.get(key)
    if was is None:
        return row
    note = before.bases[key] if was != row.now else ""
    return PreviewRow(
        row.state, row.unit, row.resident, row.item, row.basis, Fen(was), row.now, note=note, words=row.words
    )


def _bill_row(bill: Bill, payers: Mapping[int, str]) -> PreviewRow:
    line = bill.line
    return PreviewRow(
        state=RowState.DUE,
        unit=bill.unit.code,
        resident=payers.get(bill.account, ""),
        item=bill.tariff.item,
        basis=of_unit(bill.unit.code, line.basis) if bill.is_rent else line.basis,
        before=None,
        now=line.gross,
        words=line.explanation,
    )


def _skipped_row(one: Skipped) -> PreviewRow:
    return PreviewRow(RowState.SKIPPED, one.unit, "", one.item, "", None, None, note=one.reason)


def _counts(connection: Connection, rows: Iterable[PreviewRow]) -> tuple[ItemCount, ...]:
    charges: dict[str, int] = {}
    due: dict[str, int] = {}
    for row in rows:
        charges[row.item] = charges.get(row.item, 0) + (row.now is not None)
        due[row.item] = due.get(row.item, 0) + (row.state is RowState.DUE)
    names = connection.execute(_ITEM_NAMES).scalars()
    return tuple(ItemCount(name, charges[name], due[name]) for name in names if name in charges)
