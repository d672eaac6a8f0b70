"""The payments of a business day with all their lines and tenders, and what they add up to."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, case, func, literal, select

from feedesk.ledger.prepared import Prepared
from feedesk.models import (
    Account,
    Allocation,
    Charge,
    Correction,
    Entry,
    FeeItem,
    Payment,
    PaymentLine,
    PaymentTender,
    Receipt,
    Shift,
    Staff,
    Tender,
    Till,
    Unit,
    table_of,
)
from feedesk.money import Fen
from feedesk.queries.references import reference_typed_later
from feedesk.rules.takings import (
    NAMED,
    TENDER_CHANGE,
    Group,
    LineKind,
    Paid,
    PaidLine,
    PaidPayment,
    PaidTender,
    PaidTogether,
    Takings,
    add_up_takings,
    changed_lines,
)

_account, _allocation, _charge, _entry, _item, _payment, _line, _payment_tender = (
    table_of(model) for model in (Account, Allocation, Charge, Entry, FeeItem, Payment, PaymentLine, PaymentTender)
)
_receipt, _shift, _staff, _tender, _till, _unit = (
    table_of(model) for model in (Receipt, Shift, Staff, Tender, Till, Unit)
)
_original, _original_receipt = _payment.alias("original"), _receipt.alias("original_receipt")
_correction = table_of(Correction)
_corrected, _corrected_receipt = _payment.alias("corrected"), _receipt.alias("corrected_receipt")
_later = _payment.alias("later")
_approver = _staff.alias("approver")
_ON_DAY = _payment.c.business_date == bindparam("day")

_PAYMENTS = (
    select(
        _payment.c.id,
        _payment.c.kind,
        func.coalesce(_receipt.c.code, "").label("receipt"),
        _entry.c.recorded_at,
        _staff.c.name.label("cashier"),
        func.coalesce(_till.c.name, "").label("till"),
        _payment.c.shift_id,
        func.coalesce(_unit.c.code, "").label("unit"),
        _payment.c.payer,
        _payment.c.rounding,
        _later.c.kind.label("later_kind"),
        func.coalesce(_original_receipt.c.code, "").label("reverses"),
        func.coalesce(_corrected_receipt.c.code, "").label("corrects"),
        func.coalesce(_original.c.business_date, _corrected.c.business_date).label("reverses_day"),
        _correction.c.corrects_id,
        func.coalesce(_corrected.c.rounding, 0).label("corrected_rounding"),
        _entry.c.reason,
        func.coalesce(_approver.c.name, "").label("approver"),
    )
    .join(_entry, _entry.c.id == _payment.c.entry_id)
    .join(_staff, _staff.c.id == _entry.c.actor_id)
    # An offset (自动冲抵) is made by the office, in no shift.
    .outerjoin(_shift, _shift.c.id == _payment.c.shift_id)
    .outerjoin(_till, _till.c.id == _shift.c.till_id)
    .outerjoin(_approver, _approver.c.id == _entry.c.approver_id)
    .outerjoin(_account, _account.c.id == _payment.c.account_id)
    .outerjoin(_unit, _unit.c.id == _account.c.unit_id)
    .outerjoin(_receipt, _receipt.c.payment_id == _payment.c.id)
    .outerjoin(_original, _original.c.id == _payment.c.reverses_id)
    .outerjoin(_original_receipt, _original_receipt.c.payment_id == _original.c.id)
    .outerjoin(_correction, _correction.c.entry_id == _payment.c.entry_id)
    .outerjoin(_corrected, _corrected.c.id == _correction.c.corrects_id)
    .outerjoin(_corrected_receipt, _corrected_receipt.c.payment_id == _corrected.c.id)
    # What came of it later is no matter of this day's summary.
    .outerjoin(_later, and_(_later.c.reverses_id == _payment.c.id, _later.c.business_date == _payment.c.business_date))
    .where(_ON_DAY)
    .order_by(_payment.c.id)
)
_TENDERS = (
    select(
        _payment_tender.c.payment_id,
        _tender.c.code,
        _tender.c.kind,
        _payment_tender.c.kept,
        func.coalesce(_payment_tender.c.reference, reference_typed_later(), "").label("reference"),
    )
    .join(_payment, _payment.c.id == _payment_tender.c.payment_id)
    .join(_tender, _tender.c.id == _payment_tender.c.tender_id)
    .where(_ON_DAY)
    .order_by(_payment_tender.c.payment_id, _payment_tender.c.sequence)
)
_ALLOCATIONS = (
    select(
        _allocation.c.payment_id,
        _allocation.c.kind,
        _allocation.c.amount,
        _item.c.name.label("item"),
        _item.c.nature,
        _charge.c.period,
        _unit.c.code.label("unit"),
    )
    .join(_payment, _payment.c.id == _allocation.c.payment_id)
    .join(_charge, _charge.c.id == _allocation.c.charge_id)
    .join(_item, _item.c.id == _charge.c.fee_item_id)
    .join(_unit, _unit.c.id == _charge.c.unit_id)
    .where(_ON_DAY)
    .order_by(_allocation.c.payment_id, _allocation.c.sequence)
)
_LINES = (
    select(
        _line.c.payment_id,
        _line.c.kind,
        _line.c.amount,
        case((_line.c.name != "", _line.c.name), else_=func.coalesce(_item.c.name, "")).label("item"),
        func.coalesce(_item.c.nature, "").label("nature"),
        literal("").label("period"),
        func.coalesce(_unit.c.code, "").label("unit"),
    )
    .join(_payment, _payment.c.id == _line.c.payment_id)
    .outerjoin(_item, _item.c.id == _line.c.fee_item_id)
    .outerjoin(_account, _account.c.id == _line.c.account_id)
    .outerjoin(_unit, _unit.c.id == _account.c.unit_id)
    .where(_ON_DAY)
    .order_by(_line.c.payment_id, _line.c.sequence)
)
# For sums: only what they need, in whole numbers, payment by payment.
_HEADS = Prepared(
    select(
        _payment.c.id,
        _payment.c.kind,
        _payment.c.rounding,
        _payment.c.shift_id,
        _later.c.id.label("later"),
        _tender.c.code,
        _tender.c.kind.label("tender_kind"),
        _payment_tender.c.kept,
    )
    .outerjoin(_payment_tender, _payment_tender.c.payment_id == _payment.c.id)
    .outerjoin(_tender, _tender.c.id == _payment_tender.c.tender_id)
    .outerjoin(_later, and_(_later.c.reverses_id == _payment.c.id, _later.c.business_date == _payment.c.business_date))
    .where(_ON_DAY)
    .order_by(_payment.c.id)
)
_PARTS = Prepared(
    select(_allocation.c.payment_id, _allocation.c.kind, _charge.c.fee_item_id, _charge.c.period, _allocation.c.amount)
    .select_from(
        _payment.join(_allocation, _allocation.c.payment_id == _payment.c.id).join(
            _charge, _charge.c.id == _allocation.c.charge_id
        )
    )
    .where(_ON_DAY)
    .order_by(_payment.c.id)
)
_ITEMS = select(_item.c.id, _item.c.name, _item.c.nature)
_SHIFTS_OF_DAY = select(_shift.c.id).where(_shift.c.business_date == bindparam("day")).order_by(_shift.c.id)
_KINDS = {kind.value: kind for kind in LineKind}
_ITEM_ORDER = select(_item.c.name, _item.c.position)


def shift_numbers(connection: Connection, day: date) -> dict[int, int]:
    """The shifts of a business day, each with its place in the day from 1 (第几班)."""
    shifts = connection.execute(_SHIFTS_OF_DAY, {"day": day}).scalars()
    return {shift: number for number, shift in enumerate(shifts, 1)}


def day_payments(connection: Connection, day: date, chosen: Collection[int] | None = None) -> tuple[PaidPayment, ...]:
    """All payments, voids, reversals, refunds and offsets of a business day, in the order they were posted.

    ``chosen`` restricts them to these keys.
    """
    facts = {"day": day}
    numbers = shift_numbers(connection, day)

    def read(statement: Select[Any], payment: Any, more: Collection[int] = ()) -> Sequence[Any]:
        some = statement if chosen is None else statement.where(payment.in_((*chosen, *more)))
        return connection.execute(some, facts).all()

    rows = read(_PAYMENTS, _payment.c.id)
    # Of the same day, since a tender is changed within its shift.
    changed = {row.id: row for row in rows if row.kind == TENDER_CHANGE}
    concerned = [row.corrects_id for row in changed.values()]
    lines: defaultdict[int, list[PaidLine]] = defaultdict(list)
    for statement, key in ((_ALLOCATIONS, _allocation.c.payment_id), (_LINES, _line.c.payment_id)):
        for payment, kind, amount, item, nature, period, unit in read(statement, key, concerned):
            lines[payment].append(PaidLine(_KINDS[kind], Fen(amount), item, nature, period, unit))
    tenders: defaultdict[int, list[PaidTender]] = defaultdict(list)
    for payment, code, kind, kept, reference in read(_TENDERS, _payment_tender.c.payment_id):
        tenders[payment].append(PaidTender(code, kind, Fen(kept), reference))
    for row in changed.values():
        lines[row.id] = list(changed_lines(lines[row.corrects_id], Fen(row.corrected_rounding)))
    return tuple(_paid(row, numbers, tuple(lines[row.id]), tuple(tenders[row.id])) for row in rows)


def day_sums(connection: Connection, day: date) -> tuple[Paid, ...]:
    """A business day's payments for adding up: those in one way of paying, without 抹零 and not taken back together.

    The others, and all that takes back or gives back, as `day_payments` tells them.
    """
    alike, others = _sorted_out(connection, day)
    together = _together(connection, day, alike) if alike else ()
    return (*together, *(day_payments(connection, day, others) if others else ()))


def _sorted_out(connection: Connection, day: date) -> tuple[dict[int, tuple[str, str, int]], list[int]]:
    """Which payments can be added up, with their tender (code, kind, fen), and which need a look each."""
    alike: dict[int, tuple[str, str, int]] = {}
    others: dict[int, None] = {}
    for payment, kind, rounding, shift, later, code, tender_kind, kept in _HEADS.tuples(connection, {"day": day}):
        plain = kind == "payment" and not rounding and shift is not None and later is None and code is not None
        if plain and payment not in alike:
            alike[payment] = (code, tender_kind, kept)
        else:
            others[payment] = None
    for payment in others:
        alike.pop(payment, None)
    return alike, list(others)


_Key = tuple[str, str, int | str, str]
"""Tender, kind of line, fee item (its key, a deposit's name) and period."""
_Row = tuple[str, str, int | str]
"""Tender, kind of line, and the item where it has a row of its own."""
_BY_ITEM = frozenset(kind.value for kind in NAMED)
_SALE = LineKind.SALE.value


def _together(connection: Connection, day: date, alike: Mapping[int, tuple[str, str, int]]) -> Iterator[PaidTogether]:
    """The payments of ``alike`` added up by their tender."""
    items: dict[int | str, tuple[str, str]] = {row.id: (row.name, row.nature) for row in connection.execute(_ITEMS)}
    rows = [row for row in _PARTS.tuples(connection, {"day": day}) if row[0] in alike]
    keys = {name: key for key, (name, _nature) in items.items()}
    has_sales = False
    for payment, kind, amount, name, nature, period, _unit in connection.execute(_LINES, {"day": day}).all():
        if payment in alike:
            items[name] = (name, nature)
            has_sales = has_sales or kind == _SALE
            rows.append((payment, kind, keys[name] if kind == _SALE else name, period, amount))
    if has_sales:  # of an item that is billed too; each payment counts once in their row
        rows.sort(key=itemgetter(0))
    sums, counts = _added_up(rows, alike)
    kept: defaultdict[tuple[str, str], int] = defaultdict(int)
    for code, tender_kind, amount in alike.values():
        kept[code, tender_kind] += amount
    for (code, tender_kind), total in kept.items():
        own = {key: amount for key, amount in sums.items() if key[0] == code}
        yield _bundle(own, counts, items, PaidTender(code, tender_kind, Fen(total)))


def _added_up(
    rows: Iterable[Sequence[Any]], alike: Mapping[int, tuple[str, str, int]]
) -> tuple[dict[_Key, int], dict[_Row, int]]:
    """Sums of rows that come payment by payment, and how many payments stand behind each row of takings."""
    sums: dict[_Key, int] = {}
    counts: dict[_Row, int] = {}
    counted: dict[_Row, int] = {}
    for payment, kind, item, period, amount in rows:
        code = alike[payment][0]
        key = (code, kind, item, period)
        sums[key] = sums.get(key, 0) + amount
        row = _row_of(code, kind, item)
        if amount and counted.get(row) != payment:
            counted[row] = payment
            counts[row] = counts.get(row, 0) + 1
    return sums, counts


def _row_of(code: str, kind: str, item: int | str) -> _Row:
    """Which row of takings a line counts in; what is sold in that of its item."""
    return (code, LineKind.PRINCIPAL.value if kind == _SALE else kind, item if kind in _BY_ITEM else "")


def _bundle(
    sums: Mapping[_Key, int], counts: Mapping[_Row, int], items: Mapping[int | str, tuple[str, str]], tender: PaidTender
) -> PaidTogether:
    lines = []
    receipts: dict[tuple[Group, str], int] = {}
    for (code, kind, item, period), amount in sums.items():
        line = PaidLine(_KINDS[kind], Fen(amount), *items[item], period)
        lines.append(line)
        receipts[line.group, line.row] = counts.get(_row_of(code, kind, item), 0)
    return PaidTogether(tuple(lines), tender, receipts)


def _paid(
    row: Any, numbers: dict[int, int], lines: tuple[PaidLine, ...], tenders: tuple[PaidTender, ...]
) -> PaidPayment:
    at: datetime = row.recorded_at
    return PaidPayment(
        id=row.id,
        kind=row.kind,
        receipt=row.receipt or row.reverses or row.corrects,
        at=at,
        cashier=row.cashier,
        till=row.till,
        shift=numbers.get(row.shift_id, 0),
        unit=row.unit,
        payer=row.payer,
        lines=lines,
        tenders=tenders,
        rounding=Fen(row.rounding),
        voided=row.later_kind == "void",
        moved=row.later_kind == "transfer_out",
        reversed=row.later_kind == "reversal",
        reverses=row.reverses or row.corrects,
        reverses_day=row.reverses_day,
        reason=row.reason,
        approver=row.approver,
    )


def item_order(connection: Connection) -> dict[str, int]:
    """Fee items with their position, by which papers order them."""
    return {row.name: row.position for row in connection.execute(_ITEM_ORDER)}


def day_takings(connection: Connection, day: date) -> Takings:
    """What a business day took so far, cash included: screens before the count show it `without_cash` only."""
    return add_up_takings(day_sums(connection, day), day, item_order(connection))
