"""What late fees are reckoned from: the rules and LPR rates of the ledger, and what happened to charges by a day.

Rules and rates are few and read once for a statement. Of a charge only what may change its late fee is read: when its
principal was paid or given up, and when a dispute held it. A payment taken back counts as if it had never been, a
bounced transfer too; money given back later (退款) raises the debt again from the day after; money that came for
another account counts from the day it came.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, select

from feedesk.ledger.prepared import Prepared
from feedesk.models import (
    Allocation,
    ChargeFreeze,
    Correction,
    Entry,
    LateFeeRule,
    LateFeeStop,
    LprRate,
    Payment,
    Waiver,
    table_of,
)
from feedesk.money import ZERO, Fen
from feedesk.rules import late_fees as rules
from feedesk.rules.late_fee_words import short_rate_words
from feedesk.rules.late_fees import Debt, ItemRules, LateFee, LateFeeStart, late_fee, late_fee_amount

_rule, _lpr, _allocation, _payment, _waiver, _freeze, _stop, _entry = (
    table_of(model) for model in (LateFeeRule, LprRate, Allocation, Payment, Waiver, ChargeFreeze, LateFeeStop, Entry)
)
_correction = table_of(Correction)

_RULES = Prepared(select(_rule).order_by(_rule.c.valid_from, _rule.c.id))
_LPR = select(_lpr.c.published_on, _lpr.c.yearly).order_by(_lpr.c.published_on)
_OF_CHARGES: Any = bindparam("charges", expanding=True)
_taken_back, _undone = _payment.alias("taken_back"), _entry.alias("undone")
_MIRRORS = ("void", "reversal", "transfer_out")
_VALUE_DATE = func.coalesce(_correction.c.value_date, _payment.c.business_date)
_PAID = Prepared(
    select(_allocation.c.charge_id, _allocation.c.kind, _VALUE_DATE.label("business_date"), _allocation.c.amount)
    .join(_payment, _payment.c.id == _allocation.c.payment_id)
    .outerjoin(_correction, _correction.c.entry_id == _payment.c.entry_id)
    .outerjoin(
        _taken_back,
        and_(
            _taken_back.c.reverses_id == _payment.c.id,
            _taken_back.c.kind.in_(_MIRRORS),
            _taken_back.c.business_date <= bindparam("on"),
        ),
    )
    .where(
        _allocation.c.charge_id.in_(_OF_CHARGES),
        _payment.c.business_date <= bindparam("on"),
        _payment.c.kind.not_in(_MIRRORS),
        _taken_back.c.id.is_(None),
    )
    .order_by(_VALUE_DATE, _allocation.c.id)
)
_WAIVED = Prepared(
    select(_waiver.c.charge_id, _waiver.c.kind, _entry.c.business_date, _waiver.c.amount)
    .join(_entry, _entry.c.id == _waiver.c.entry_id)
    .outerjoin(_undone, and_(_undone.c.reverses_id == _waiver.c.entry_id, _undone.c.business_date <= bindparam("on")))
    # A concession that was taken back again counts as if it had never been.
    .where(
        _waiver.c.charge_id.in_(_OF_CHARGES),
        _entry.c.business_date <= bindparam("on"),
        _entry.c.reverses_id.is_(None),
        _undone.c.id.is_(None),
    )
    .order_by(_entry.c.business_date, _waiver.c.id)
)
_FROZEN = Prepared(
    select(_freeze.c.charge_id, _freeze.c.begins, _freeze.c.on_date)
    .where(_freeze.c.charge_id.in_(_OF_CHARGES), _freeze.c.on_date <= bindparam("on"))
    .order_by(_freeze.c.charge_id, _freeze.c.id)
)
_STOPPED = Prepared(
    select(_stop.c.charge_id, func.sum(_stop.c.amount).label("amount"))
    .outerjoin(_entry, _entry.c.id == _stop.c.entry_id)  # the entry of the act under way is written last
    .where(
        _stop.c.charge_id.in_(_OF_CHARGES), func.coalesce(_entry.c.business_date, bindparam("on")) <= bindparam("on")
    )
    .group_by(_stop.c.charge_id)
)


@dataclass(slots=True)
class LateFeeBook:
    """The rules of the ledger by fee item, those for 全部, and the LPR rates."""

    own: Mapping[int, Sequence[rules.LateFeeRule]]
    general: Sequence[rules.LateFeeRule]
    lpr: Sequence[rules.LprRate]
    _of_item: dict[int, ItemRules] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.own or self.general)

    def of(self, item_id: int, item: str, nature: str) -> ItemRules:
        """The rules a fee item is reckoned by."""
        found = self._of_item.get(item_id)
        if found is None:
            own = self.own.get(item_id, ())
            found = self._of_item[item_id] = ItemRules(item, nature, own=own, general=self.general, lpr=self.lpr)
        return found


def late_fee_book(connection: Connection) -> LateFeeBook:
    """Reads the rules, and the LPR rates where a rule needs them."""
    own: defaultdict[int, list[rules.LateFeeRule]] = defaultdict(list)
    general: list[rules.LateFeeRule] = []
    for row in _RULES.rows(connection):
        (general if row.fee_item_id is None else own[row.fee_item_id]).append(rule_of(row))
    needs_lpr = any(rule.lpr_multiple is not None for each in (general, *own.values()) for rule in each)
    return LateFeeBook(own, general, lpr_rates(connection) if needs_lpr else ())


def rule_of(row: Any) -> rules.LateFeeRule:
    """A stored rule."""
    return rules.LateFeeRule(
        valid_from=row.valid_from,
        daily_rate=row.daily_rate,
        lpr_multiple=row.lpr_multiple,
        grace_days=row.grace_days,
        cap=row.cap,
        minimum=Fen(row.minimum),
        start=LateFeeStart(row.starts),
        clause=row.clause,
        named=row.fee_item_id is not None,
    )


def lpr_rates(connection: Connection) -> tuple[rules.LprRate, ...]:
    """The LPR rates of the ledger, oldest first."""
    return tuple(rules.LprRate(row.published_on, row.yearly) for row in connection.execute(_LPR))


@dataclass(slots=True)
class ChargeHistory:
    """What happened to one charge by a day, in fen. ``lowered``: principal paid or given up, by day.

    ``reduced`` (调减) was never owed, so it lowers the debt from its beginning. ``stopped`` is what the late fee had
    come to when the last of the principal was settled, None while some is owed or nothing is known of it.
    """

    paid: int = 0
    late_fee_paid: int = 0
    principal_waived: int = 0
    reduced: int = 0
    late_fee_waived: int = 0
    stopped: int | None = None
    lowered: list[tuple[date, Fen]] = field(default_factory=list)
    frozen: list[tuple[date, date | None]] = field(default_factory=list)

    @property
    def is_frozen(self) -> bool:
        """Whether a dispute holds the charge at the end of the day."""
        return bool(self.frozen) and self.frozen[-1][1] is None

    def settle(self, nothing_owed: bool) -> None:
        """The late fee stands still just while no principal is owed; where no stop was noted, there was none."""
        self.stopped = (self.stopped or 0) if nothing_owed else None

    def debt(self, net: int, due_date: date) -> Debt:
        """The charge as its late fee sees it; ``net`` is gross less concession."""
        return Debt(Fen(net - self.reduced), due_date, tuple(self.lowered), tuple(self.frozen))


Histories = defaultdict[int, ChargeHistory]


def charge_histories(
    connection: Connection,
    *,
    on: date,
    frozen: Sequence[int] = (),
    paid: Sequence[int] = (),
    waived: Sequence[int] = (),
    stopped: Sequence[int] = (),
) -> Histories:
    """What happened by a day (included) to the charges named for each kind of event; no charges, no query."""
    histories: Histories = defaultdict(ChargeHistory)
    for row in _read(connection, _PAID, paid, on):
        _note_paid(histories[row.charge_id], row)
    for row in _read(connection, _WAIVED, waived, on):
        _note_waived(histories[row.charge_id], row)
    for row in _read(connection, _FROZEN, frozen, on):
        _note_freeze(histories[row.charge_id], row.begins, row.on_date)
    for row in _read(connection, _STOPPED, stopped, on):
        histories[row.charge_id].stopped = int(row.amount)
    return histories


def _read(connection: Connection, statement: Prepared, charges: Sequence[int], on: date) -> Iterable[Any]:
    return statement.rows(connection, {"charges": charges, "on": on}) if charges else ()


def _note_paid(history: ChargeHistory, row: Any) -> None:
    if row.kind == "late_fee":
        history.late_fee_paid += row.amount
        return
    history.paid += row.amount
    history.lowered.append((row.business_date, Fen(row.amount)))


def _note_waived(history: ChargeHistory, row: Any) -> None:
    match row.kind:
        case "late_fee":
            history.late_fee_waived += row.amount
        case "principal" | "concession":
            history.principal_waived += row.amount
            history.lowered.append((row.business_date, Fen(row.amount)))
        case _:
            history.reduced += row.amount


def _note_freeze(history: ChargeHistory, begins: bool, day: date) -> None:
    if begins and not history.is_frozen:
        history.frozen.append((day, None))
    elif not begins and history.is_frozen:
        history.frozen[-1] = (history.frozen[-1][0], day)


@dataclass(frozen=True, slots=True)
class LateFeeState:
    """Of a charge on a day, in fen: what the late fee has come to in all, and what of it was waived and paid."""

    accrued: Fen
    waived: Fen
    paid: Fen
    frozen: bool

    @property
    def charged(self) -> Fen:
        """Accrued and not waived, its paid part included."""
        return Fen(max(self.accrued - self.waived, self.paid))

    @property
    def due(self) -> Fen:
        return Fen(self.charged - self.paid)


@dataclass(frozen=True, slots=True)
class ReckonedCharge:
    """What of a charge the late fee depends on: its item, net principal (gross − concession) and due date."""

    item_id: int
    item: str
    nature: str
    net: Fen
    due_date: date


def reckon(book: LateFeeBook, charge: ReckonedCharge, history: ChargeHistory, on: date) -> LateFee:
    """A charge's late fee to a day, with its segments."""
    rules_of_item = book.of(charge.item_id, charge.item, charge.nature)
    return late_fee(history.debt(charge.net, charge.due_date), rules_of_item, on)


def accrued(book: LateFeeBook, charge: ReckonedCharge, history: ChargeHistory, on: date) -> Fen:
    """What a charge's late fee has come to by a day; where the principal is settled, what it stood still at."""
    if history.stopped is not None:
        return Fen(history.stopped)
    if not book or on <= charge.due_date:
        return ZERO
    debt = history.debt(charge.net, charge.due_date)
    return late_fee_amount(debt, book.of(charge.item_id, charge.item, charge.nature), on)


def rate_note(rules_of_item: ItemRules, due_date: date, on: date) -> str:
    """The rate for a receipt (万分之三/日); empty where it changed between the due date and the day of payment."""
    days = (due_date, *rules_of_item.changes(due_date, on))
    spans = [span for span in map(rules_of_item.span_on, days) if span is not None and span.daily]
    words = {short_rate_words(span) for span in spans}
    return words.pop() if len(words) == 1 else ""
