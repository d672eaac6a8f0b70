"""What billing a month would do, row by row: bills due, charges that stand, units left out and why, last month beside.

Shown before anything is posted; the bills are worked out by the very function the run uses.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

from sqlalchemy import Connection, select

from feedesk.models import FeeItem, table_of
from feedesk.money import Fen
from feedesk.periods import Period
from feedesk.queries.desk import ledger_setting
from feedesk.queries.due_bills import DELIVERY_RULE, Progress, due_bills
from feedesk.queries.offsets import accounts_to_offset, offset_rule, prepaid_accounts
from feedesk.queries.preview_charges import (
    ComparedCharge,
    Holder,
    charges_of_periods,
    charges_of_runs,
    compared_bill,
    grants_since,
    holders,
    standing_runs,
    usages_before,
)
from feedesk.queries.run_scope import EVERYTHING, RunScope, buildings
from feedesk.rules.bill_changes import Background, ConcessionDays, is_worth_a_look, why_changed, why_gone, why_new
from feedesk.rules.bills import Skipped
from feedesk.rules.offsetting import OffsetRule
from feedesk.rules.spans import DeliveryRule
from feedesk.rules.unit_codes import sort_key

_item = table_of(FeeItem)
_ITEM_NAMES = select(_item.c.name).order_by(_item.c.position, _item.c.id)


class RowState(StrEnum):
    """What becomes of a row: it would be posted, it stands already, it is left out, or it was there last month only."""

    DUE = "due"
    STANDING = "standing"
    SKIPPED = "skipped"
    STOPPED = "stopped"


class Counted(StrEnum):
    """What the charges of a fee item are counted as: homes (户), spaces (位) or meters (表)."""

    HOMES = "homes"
    SPACES = "spaces"
    METERS = "meters"


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A unit's charge for one fee item. ``now`` and ``before`` are net, in fen, None where there is none.

    ``note`` says why a unit is left out, or why the amount is another than last month; ``is_changed`` whether it is
    worth a look. ``account`` and ``charge`` are keys, None where there is none (yet).
    """

    state: RowState
    unit: str
    resident: str
    item: str
    basis: str
    before: Fen | None
    now: Fen | None
    note: str = ""
    is_changed: bool = False
    account: int | None = None
    charge: int | None = None
    source: ComparedCharge | None = field(default=None, compare=False, repr=False)

    @property
    def words(self) -> tuple[str, ...]:
        """The arithmetic sentence by sentence."""
        return self.source.words() if self.source is not None else ()


@dataclass(frozen=True, slots=True)
class ItemCount:
    """A fee item and how many charges it has in the month, counted as homes, spaces or meters."""

    item: str
    charges: int
    due: int
    counted: Counted


@dataclass(frozen=True, slots=True)
class BillingPreview:
    """A month before it is billed, or after. ``due`` counts what would be posted now; sums are of all its charges.

    ``before_total`` is the last month's net sum, None where it was never billed; ``runs`` what can be undone.
    ``to_offset`` counts the accounts whose prepayment would settle something by ``rule`` after the run.
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
    to_offset: int
    rule: OffsetRule
    buildings: tuple[tuple[int, str], ...]

    @property
    def net(self) -> Fen:
        return Fen(self.gross - self.discount)

    @property
    def skipped(self) -> int:
        """How many units are left out, counted by item."""
        return sum(row.state is RowState.SKIPPED for row in self.rows)

    @property
    def changed(self) -> int:
        """How many rows are worth a look; none where last month was not billed."""
        return sum(row.is_changed for row in self.rows)


def billing_preview(
    connection: Connection,
    *,
    month: Period,
    day: date,
    scope: RunScope = EVERYTHING,
    progress: Progress | None = None,
) -> BillingPreview:
    """A month with all its fee items and buildings, or some; nothing is stored. Raises `UnknownFeeItem`."""
    every = RunScope(buildings=scope.buildings)
    due = due_bills(connection, month=month, scope=every, progress=progress)
    comparing = _Comparing.read(connection, month, scope, [compared_bill(bill) for bill in due.bills])
    rows = _ordered(connection, comparing.rows(due.skipped))
    shown = tuple(row for row in rows if scope.covers(row.item) or not row.item)
    there = [row.source for row in shown if row.source is not None and row.now is not None]
    last = [one.net for one in comparing.before if scope.covers(one.item)]
    runs, run_charges, run_total = standing_runs(connection, month)
    return BillingPreview(
        month=month,
        rows=shown,
        items=_counts(connection, rows),
        due=sum(row.state is RowState.DUE for row in shown),
        gross=Fen(sum(one.gross for one in there)),
        discount=Fen(sum(one.discount for one in there)),
        before_total=Fen(sum(last)) if last else None,
        runs=runs,
        run_charges=run_charges,
        run_total=run_total,
        day=day,
        to_offset=_to_offset(connection, day, [row for row in shown if row.state is RowState.DUE]),
        rule=offset_rule(connection),
        buildings=tuple(buildings(connection)),
    )


_Key = tuple[int, str, int]


@dataclass(slots=True)
class _Comparing:
    """What there is this month beside what there was; ``now`` holds the standing ones first, then the bills due."""

    month: Period
    now: list[ComparedCharge]
    before: list[ComparedCharge]
    holders: Mapping[int, Holder]
    grants: Mapping[int, tuple[ConcessionDays, ...]]
    from_next: bool
    usages: Mapping[tuple[int, str], tuple[Fraction, ...]]
    arrears: frozenset[_Key]

    @classmethod
    def read(cls, connection: Connection, month: Period, scope: RunScope, due: list[ComparedCharge]) -> "_Comparing":
        known = holders(connection)
        standing = [*charges_of_runs(connection, month), *charges_of_periods(connection, [month], ["opening"])]
        # A quarter is compared with the quarter before, a month with the month before.
        periods = {month, *(one.period for one in (*standing, *due))}
        earlier = {period.shifted(-1) for period in periods}
        before = charges_of_periods(connection, earlier)
        chosen = scope.buildings
        if chosen is not None:
            standing, before = (
                [one for one in charges if known[one.account].building in chosen] for charges in (standing, before)
            )
        now = [*standing, *due]
        return cls(
            month=month,
            now=now,
            before=before,
            holders=known,
            grants=grants_since(connection, month.shifted(-2).first_day),
            from_next=ledger_setting(connection, DELIVERY_RULE, DeliveryRule.NEXT_MONTH) == DeliveryRule.NEXT_MONTH,
            usages=_usages(connection, month, now, before),
            arrears=frozenset(one.key for one in charges_of_periods(connection, earlier, ["opening"])),
        )

    def rows(self, skipped: Iterable[Skipped]) -> list[PreviewRow]:
        """All rows, in no order yet."""
        left_out = {(one.unit, one.item): one for one in skipped}
        was = _by_key(self.before)
        # A month before the first one billed here says nothing, nor do arrears brought along as to their own item.
        compared = bool(self.before)
        bearing = {(one.unit, one.item): one.account for one in self.now}
        bore = {(one.unit, one.item): one.account for one in self.before}
        made = [
            self._row(one, was.get(one.key), bore, compared=compared and one.key not in self.arrears)
            for one in self.now
        ]
        seen = {one.key for one in self.now}
        for key, (net, one) in was.items():
            if key not in seen:
                reason = left_out.pop((one.unit, one.item), None)
                made.append(self._gone(one, net, reason, bearing))
        made += [PreviewRow(RowState.SKIPPED, s.unit, "", s.item, "", None, None, s.reason) for s in left_out.values()]
        return made

    def _row(
        self,
        one: ComparedCharge,
        was: "tuple[Fen, ComparedCharge] | None",
        bore: Mapping[tuple[str, str], int],
        *,
        compared: bool,
    ) -> PreviewRow:
        state = RowState.DUE if one.charge is None else RowState.STANDING
        note, changed = "", False
        if compared and was is None:
            other = bore.get((one.unit, one.item))
            note, changed = why_new(one.facts(), self.month, self._background(one, other)), True
        elif was is not None and (was[0] != one.net or one.discount or was[1].discount):
            before, now = was[1].facts(), one.facts()
            changed = is_worth_a_look(before, now)
            note = why_changed(before, now, self._background(one, None))
        return PreviewRow(
            state=state,
            unit=one.unit,
            resident=self._name(one.account),
            item=one.item,
            basis=one.basis,
            before=was[0] if was is not None else None,
            now=one.net,
            note=note,
            is_changed=changed,
            account=one.account,
            charge=one.charge if one.status != "replaced" else None,
            source=one,
        )

    def _gone(
        self, one: ComparedCharge, net: Fen, reason: Skipped | None, bearing: Mapping[tuple[str, str], int]
    ) -> PreviewRow:
        other = bearing.get((one.unit, one.item))
        note = reason.reason if reason is not None else why_gone(self.month, self._background(one, other))
        return PreviewRow(
            state=RowState.SKIPPED if reason is not None else RowState.STOPPED,
            unit=one.unit,
            resident=self._name(one.account),
            item=one.item,
            basis="",
            before=net,
            now=None,
            note=note,
            is_changed=True,
            account=one.account,
        )

    def _name(self, account: int) -> str:
        holder = self.holders.get(account)
        return holder.name if holder is not None else ""

    def _background(self, one: ComparedCharge, other: int | None) -> Background:
        holder = self.holders[one.account]
        return Background(
            delivered_on=holder.delivered_on,
            from_date=holder.from_date,
            to_date=holder.to_date,
            bearer=self._name(other) if other is not None and other != one.account else "",
            is_space=one.is_space,
            from_next=self.from_next,
            usages=self.usages.get((one.account, one.item), ()),
            grants=self.grants.get(one.account, ()),
        )


def _by_key(charges: Iterable[ComparedCharge]) -> dict[_Key, tuple[Fen, ComparedCharge]]:
    """The sums of charges that are compared as one (shared costs of one item, say), with the last of them."""
    found: dict[_Key, tuple[Fen, ComparedCharge]] = {}
    for one in charges:
        known = found.get(one.key)
        found[one.key] = (one.net if known is None else Fen(known[0] + one.net), one)
    return found


def _usages(
    connection: Connection, month: Period, now: Iterable[ComparedCharge], before: Iterable[ComparedCharge]
) -> Mapping[tuple[int, str], tuple[Fraction, ...]]:
    """What was used in the two periods before, where the usage makes a difference worth explaining."""
    was = _by_key(before)
    accounts = {one.account for one in now if one.metered and one.key in was and was[one.key][0] != one.net}
    return usages_before(connection, (month.shifted(-2), month.shifted(-1)), accounts)


def _ordered(connection: Connection, rows: Iterable[PreviewRow]) -> list[PreviewRow]:
    """By unit, then by fee item, as they stand on a bill."""
    order = {name: place for place, name in enumerate(connection.execute(_ITEM_NAMES).scalars())}
    keys: dict[str, str] = {}

    def place(row: PreviewRow) -> tuple[str, int]:
        key = keys.get(row.unit)
        if key is None:
            key = keys[row.unit] = sort_key(row.unit)
        return (key, order.get(row.item, -1))

    return sorted(rows, key=place)


def _counts(connection: Connection, rows: Iterable[PreviewRow]) -> tuple[ItemCount, ...]:
    charges: dict[str, int] = {}
    due: dict[str, int] = {}
    kinds: dict[str, set[Counted]] = {}
    for row in rows:
        charges[row.item] = charges.get(row.item, 0) + (row.now is not None)
        due[row.item] = due.get(row.item, 0) + (row.state is RowState.DUE)
        if row.source is not None:
            kinds.setdefault(row.item, set()).add(_kind(row.source))
    names = connection.execute(_ITEM_NAMES).scalars()
    return tuple(
        ItemCount(name, charges[name], due[name], _counted(kinds.get(name))) for name in names if name in charges
    )


def _kind(one: ComparedCharge) -> Counted:
    if one.metered:
        return Counted.METERS
    return Counted.SPACES if one.is_space else Counted.HOMES


def _counted(kinds: set[Counted] | None) -> Counted:
    return next(iter(kinds)) if kinds and len(kinds) == 1 else Counted.HOMES


def _to_offset(connection: Connection, day: date, due: Iterable[PreviewRow]) -> int:
    """How many accounts' prepayments settle something once these bills are posted."""
    prepaid = prepaid_accounts(connection)
    if not prepaid:
        return 0
    rule = offset_rule(connection)
    will = {
        row.account
        for row in due
        if row.account in prepaid
        and rule.covers(row.item)
        and row.source is not None
        and row.source.period.first_day <= day
    }
    return len(will | set(accounts_to_offset(connection, on=day)))
