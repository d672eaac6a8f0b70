"""What was billed for suppliers in a period, the common share, and their invoices, fee item by fee item."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from sqlalchemy import BigInteger, Connection, Date, and_, bindparam, exists, func, select, type_coerce

from feedesk.models import (
    Charge,
    ChargeUsage,
    FeeItem,
    Meter,
    MeterReading,
    SupplierInvoice,
    Tariff,
    TariffVersion,
    Unit,
    Waiver,
    table_of,
)
from feedesk.money import Fen
from feedesk.periods import Period
from feedesk.queries.desk import ledger_setting
from feedesk.queries.shared_cost_list import shared_cost_list
from feedesk.rules.community_rows import METER_OF_ITEM
from feedesk.rules.fee_items import AGENCY_ITEMS
from feedesk.rules.price_words import measure_of
from feedesk.rules.reconciliation import CommonShare, Invoice, Reconciliation
from feedesk.rules.shared_bills import SHARED

_charge, _usage, _item, _meter, _reading, _invoice, _tariff, _version, _unit, _waiver = (
    table_of(model)
    for model in (
        Charge, ChargeUsage, FeeItem, Meter, MeterReading, SupplierInvoice, Tariff, TariffVersion, Unit, Waiver,
    )
)  # fmt: skip

COMMON_ITEMS = "common_items"
"""The setting of the ledger that says which fee items are the common share of another: ``{"电费": ["公摊电费"]}``."""

COMMON_PREFIX = "公摊"
"""Where nothing is set, the common share of 电费 is billed as 公摊电费."""

# What is split or merged was billed before: the charge it replaced counts.
_BILLED = and_(
    _charge.c.period.in_(bindparam("periods", expanding=True)),
    _charge.c.status != "cancelled",
    _charge.c.source.not_in(("split", "merge")),
)
_AMOUNTS = (
    select(_charge.c.fee_item_id, func.count(), func.sum(_charge.c.gross))
    .where(_BILLED)
    .group_by(_charge.c.fee_item_id)
)
_BY_TARIFF = (
    select(_item.c.name, func.sum(_charge.c.gross))
    .join(_charge, _charge.c.fee_item_id == _item.c.id)
    .where(_BILLED, _charge.c.source != SHARED)
    .group_by(_item.c.id, _item.c.name, _item.c.position)
    .order_by(_item.c.position, _item.c.id)
)
_LOWERED = (
    select(_charge.c.fee_item_id, func.sum(_waiver.c.amount))
    .join(_charge, _charge.c.id == _waiver.c.charge_id)
    .where(_charge.c.period.in_(bindparam("periods", expanding=True)), _waiver.c.kind.in_(("reduction", "concession")))
    .where(_charge.c.status != "cancelled")
    .group_by(_charge.c.fee_item_id)
)
_USAGE = (
    select(_charge.c.fee_item_id, func.sum(type_coerce(_usage.c.usage, BigInteger)))
    .join(_charge, _charge.c.id == _usage.c.charge_id)
    .where(_BILLED)
    .group_by(_charge.c.fee_item_id)
)
_INVOICES = (
    select(_invoice)
    .where(_invoice.c.period == bindparam("period"))
    .order_by(_invoice.c.fee_item_id, _invoice.c.number, _invoice.c.id)
)
_ITEMS = select(_item.c.id, _item.c.name).order_by(_item.c.position, _item.c.id)
_METERED_BY = (
    select(_tariff.c.fee_item_id, _version.c.meter_kind)
    .join(_version, _version.c.tariff_id == _tariff.c.id)
    .where(_version.c.meter_kind != "")
    .distinct()
)
_METERS = (
    select(
        _meter.c.kind,
        _unit.c.code,
        exists()
        .where(
            _reading.c.meter_id == _meter.c.id,
            _reading.c.read_on.between(bindparam("first", type_=Date), bindparam("last", type_=Date)),
        )
        .label("read"),
        exists()
        .where(
            _usage.c.meter_id == _meter.c.id,
            _charge.c.id == _usage.c.charge_id,
            _charge.c.period.in_(bindparam("periods", expanding=True)),
            _charge.c.status != "cancelled",
        )
        .label("billed"),
        exists()
        .where(
            _reading.c.meter_id == _meter.c.id,
            _reading.c.read_on < bindparam("first", type_=Date),
        )
        .label("read_before"),
    )
    .join(_unit, _unit.c.id == _meter.c.unit_id)
    .order_by(_unit.c.sort_key)
)


def common_items(connection: Connection) -> dict[str, list[str]]:
    """Which fee items are the common share of which other, by name: as set, else 公摊 before the name."""
    names = [name for _key, name in connection.execute(_ITEMS)]
    usual = {name: [COMMON_PREFIX + name] for name in names if COMMON_PREFIX + name in names}
    chosen = ledger_setting(connection, COMMON_ITEMS, {})
    return {**usual, **chosen} if isinstance(chosen, dict) else usual


def reconciliations(connection: Connection, *, period: Period) -> list[Reconciliation]:
    """Every item that suppliers invoice: utilities, what is metered, and what an invoice is entered for."""
    facts = {"periods": [str(one) for one in dict.fromkeys((period, *period.each_month()))]}
    items: dict[int, str] = {row.id: row.name for row in connection.execute(_ITEMS)}
    common = common_items(connection)
    of_others = {name for names in common.values() for name in names}
    kinds = _meter_kinds(connection, items)
    amounts = {key: (count, int(total)) for key, count, total in connection.execute(_AMOUNTS, facts)}
    lowered = {key: int(total) for key, total in connection.execute(_LOWERED, facts)}
    used = {key: Fraction(int(total), 1000) for key, total in connection.execute(_USAGE, facts)}
    invoices = _invoices(connection, period)
    shares = _shares(connection, facts)
    meters = _meters(connection, period, facts)
    found = []
    for key, name in items.items():
        metered = name in AGENCY_ITEMS or key in used or bool(kinds.get(key))
        if key not in invoices and (name in of_others or not metered):
            continue
        count, total = amounts.get(key, (0, 0))
        unread, unbilled = _waiting(meters, kinds.get(key, frozenset()))
        found.append(
            Reconciliation(
                item_id=key,
                item=name,
                period=period,
                measure=_measure(kinds.get(key, frozenset())),
                billed=Fen(total - lowered.get(key, 0)),
                charges=count,
                usage=used.get(key, Fraction(0)),
                common=tuple(share for share in shares if share.item in common.get(name, ())),
                invoices=invoices.get(key, ()),
                unread=unread,
                unbilled=unbilled,
            )
        )
    return found


def _meter_kinds(connection: Connection, items: Mapping[int, str]) -> dict[int, frozenset[str]]:
    """The kinds of meters that an item is billed by, as its tariffs say, else as usual for its name."""
    kinds: dict[int, set[str]] = {}
    for key, kind in connection.execute(_METERED_BY):
        kinds.setdefault(key, set()).add(kind)
    for key, name in items.items():
        if key not in kinds and name in AGENCY_ITEMS:
            kinds[key] = {METER_OF_ITEM[name]}
    return {
        key: frozenset(found | {f"电表{part}" for part in "峰谷" if "电表" in found}) for key, found in kinds.items()
    }


def _measure(kinds: Collection[str]) -> str:
    return measure_of(min(kinds)) if kinds else ""


def _invoices(connection: Connection, period: Period) -> dict[int, tuple[Invoice, ...]]:
    found: dict[int, list[Invoice]] = {}
    for row in connection.execute(_INVOICES, {"period": str(period)}):
        invoice = Invoice(row.id, row.supplier, row.number, Fen(row.amount), row.usage, row.note)
        found.setdefault(row.fee_item_id, []).append(invoice)
    return {key: tuple(invoices) for key, invoices in found.items()}


def _shares(connection: Connection, facts: Mapping[str, Any]) -> list[CommonShare]:
    """What is shared of these periods, and what tariffs charge for the same items."""
    shared = [
        CommonShare(row.name, row.item, row.total, row.billed)
        for row in reversed(shared_cost_list(connection))
        if str(row.period) in facts["periods"]
    ]
    by_tariff = connection.execute(_BY_TARIFF, facts)
    return [*shared, *(CommonShare(name, name, Fen(int(total)), Fen(int(total))) for name, total in by_tariff)]


def _meters(connection: Connection, period: Period, facts: Mapping[str, Any]) -> list[tuple[str, str, bool, bool]]:
    """Kind, unit, whether it was read in the period, and whether that is billed, for each meter that counts by now."""
    days = {"first": period.first_day, "last": period.last_day}
    rows = connection.execute(_METERS, {**facts, **days})
    return [(kind, code, bool(read), bool(billed)) for kind, code, read, billed, before in rows if read or before]


def _waiting(
    meters: Sequence[tuple[str, str, bool, bool]], kinds: Collection[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The units with a meter not read, and those read and not billed."""

    def units(wanted: Iterator[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(wanted))

    return (
        units(code for kind, code, read, billed in meters if kind in kinds and not read and not billed),
        units(code for kind, code, read, billed in meters if kind in kinds and read and not billed),
    )
