"""How a month's bills are posted: rows as plain tuples, one entry of totals sealed with a digest over them.

The tuples hold just the columns that the digest covers, as the database stores them, so that the same rows are inserted
and digested; a run of 150,000 charges costs little more than the bare inserts.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Table

from feedesk.db import next_ids
from feedesk.ledger import chart
from feedesk.ledger.posting import OFFICE_CHAIN, EntryDraft, PostingLine, begin_entry
from feedesk.ledger.sealing import SEALED
from feedesk.models import BillingRun, Charge, ChargeUsage, table_of
from feedesk.money import Fen, decimal_text, format_amount, round_by_magnitude
from feedesk.ops.run import Act
from feedesk.queries.billing import ItemFacts
from feedesk.queries.due_bills import DueBills
from feedesk.rules.bills import Bill
from feedesk.rules.concessions import Conceded
from feedesk.rules.metering import UsageStep
from feedesk.rules.price_words import of_unit
from feedesk.rules.tariffs import DueRule, due_date

_run, _charge, _usage = table_of(BillingRun), table_of(Charge), table_of(ChargeUsage)

_BASIS, _SNAPSHOT, _GROSS, _DISCOUNT = (
    SEALED["charge"].index(name) for name in ("basis", "snapshot", "gross", "discount")
)
_UNMOVED = {"paid": "0", "waived": "0", "late_fee_paid": "0", "late_fee_waived": "0", "status": "'open'"}


def post_bills(act: Act, due: DueBills, items: dict[int, ItemFacts]) -> int:
    """Posts a month's bills in one entry and returns its number."""
    draft = begin_entry(
        act.connection,
        chain=OFFICE_CHAIN,
        kind="billing",
        business_date=act.business_date,
        recorded_at=act.now,
        actor_id=act.actor.id,
    )
    keys = next_ids(act.connection, _charge, len(due.bills))
    charges, written = _charge_rows(due.bills, keys)
    draft.digest_written(_charge, written)
    usage = list(_usage_rows(due.bills, keys))
    draft.digest_stored(_usage, usage)
    run = {"period": str(due.month), "count": len(charges), "total": due.total, "discount": due.discount}
    draft.add(_run, run)
    sealed = draft.seal(_postings(due.bills, items))
    # After their entry, for once: SQLite would have to find them all again to see that it has come.
    _insert_charges(act.connection, charges, sealed.id, any_conceded=bool(due.discount))
    if usage:
        _insert(act.connection, _usage, usage, {})
    return sealed.id


@dataclass(frozen=True, slots=True)
class StoredBill:
    """A bill with its charge's key and row (the sealed columns, as stored)."""

    bill: Bill
    key: int
    row: tuple[Any, ...]
    written: str

    @property
    def basis(self) -> str:
        """The arithmetic as shown."""
        return str(self.row[_BASIS])

    @property
    def snapshot(self) -> str:
        """What the charge keeps of its price, as JSON."""
        return str(self.row[_SNAPSHOT])

    @property
    def due_date(self) -> date:
        return _due(self.bill)


def written_bills(bills: Sequence[Bill], keys: Sequence[int]) -> list[StoredBill]:
    """Bills with the keys they will be stored under; nothing is stored yet."""
    rows, written = _charge_rows(bills, keys)
    return [StoredBill(*one) for one in zip(bills, keys, rows, written, strict=True)]


def store_bills(draft: EntryDraft, bills: Sequence[StoredBill]) -> None:
    """Stores bills as charges of an entry that is being written, before the documents that name them."""
    draft.digest_written(_charge, [one.written for one in bills])
    _insert_charges(draft.connection, [one.row for one in bills], draft.id, any_conceded=True)


def _charge_rows(bills: Sequence[Bill], keys: Sequence[int]) -> tuple[list[tuple[Any, ...]], list[str]]:
    """The rows of charges, and each in its canonical form (`feedesk.ledger.sealing`).

    Accounts charged alike share a line: what follows from it is put into words once.
    """
    rows, written = [], []
    tails: dict[tuple[int, int, int], tuple[tuple[Any, ...], str]] = {}
    for key, bill in zip(keys, bills, strict=True):
        unit, tariff, line = bill.unit, bill.tariff, bill.line
        # Bills hold lines and what is conceded until they are posted, so identity may stand for value.
        alike = (id(line), tariff.id, id(bill.conceded))
        found = tails.get(alike)
        if found is None:
            tail = _tail(bill)
            found = tails[alike] = tail, repr(tail)[1:]
        tail, words = found
        row = (key, bill.account, unit.id, tariff.item_id, *tail)
        if unit.space and bill.is_rent:
            row = (*row[:_BASIS], of_unit(unit.code, line.basis), *row[_BASIS + 1 :])
            written.append(repr(row))
        else:
            written.append(f"({key}, {bill.account}, {unit.id}, {tariff.item_id}, {words}")
        rows.append(row)
    return rows, written


def _tail(bill: Bill) -> tuple[Any, ...]:
    """The columns of a charge from its price on."""
    line, version = bill.line, bill.line.version
    snapshot: dict[str, Any] = {"quantity": decimal_text(line.quantity), "words": line.explanation, **dict(line.facts)}
    if version is not None:
        snapshot |= version.told()
    if bill.conceded is not None:
        snapshot |= conceded_facts(snapshot["words"], bill.conceded)
    return (
        None if version is None else version.id,
        str(bill.period),
        bill.source,
        bill.tariff.id if bill.number is None else bill.number,
        line.serves.first.isoformat(),
        line.serves.last.isoformat(),
        int(line.gross),
        int(bill.discount),
        _due(bill).isoformat(),
        line.basis,
        json.dumps(snapshot, ensure_ascii=False, separators=(",", ":")),
    )


def conceded_facts(words: Sequence[str], conceded: Conceded) -> dict[str, Any]:
    """What a charge's snapshot keeps of its concessions: the name for receipts, each policy, all to be read out."""
    parts = [
        {"id": part.policy, "name": part.name, "amount": format_amount(part.amount, grouped=False)}
        | {"document": part.document}
        for part in conceded.parts
    ]
    return {"concession": conceded.label, "concessions": parts, "words": (*words, *conceded.words)}


def _due(bill: Bill) -> date:
    if bill.due is not None:
        return bill.due
    return due_date(bill.line.version.due if bill.line.version else DueRule("当月"), bill.period)


def _usage_rows(bills: Sequence[Bill], keys: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    """Which readings each charge bills, meter by meter, with the usage in thousandths."""
    for key, bill in zip(keys, bills, strict=True):
        if not bill.steps:
            continue
        by_meter: dict[int, list[UsageStep]] = {}
        for step in bill.steps:
            by_meter.setdefault(step.after.meter, []).append(step)
        for meter, steps in by_meter.items():
            # Multiplied usage may have more decimals than a reading; what is charged was reckoned exactly.
            usage = round_by_magnitude(sum(step.usage for step in steps) * 1000)
            yield (key, meter, steps[0].before.id, steps[-1].after.id, usage)


def _insert_charges(connection: Connection, charges: list[tuple[Any, ...]], entry: int, *, any_conceded: bool) -> None:
    """Inserts charges; one wholly conceded has nothing to be paid and is settled at once."""
    constants = {"entry_id": str(entry), **_UNMOVED}
    settled = [row for row in charges if row[_GROSS] == row[_DISCOUNT]] if any_conceded else []
    owed = [row for row in charges if row[_GROSS] != row[_DISCOUNT]] if settled else charges
    for rows, status in ((owed, "'open'"), (settled, "'settled'")):
        if rows:
            _insert(connection, _charge, rows, {**constants, "status": status})


def _insert(connection: Connection, table: Table, rows: list[tuple[Any, ...]], constants: dict[str, str]) -> None:
    """Inserts rows of the sealed columns, with ``constants`` (SQL literals) in other columns."""
    columns = SEALED[table.name]
    place = "?" if connection.dialect.name == "sqlite" else "%s"
    names = ", ".join(f'"{name}"' for name in (*columns, *constants))
    values = ", ".join([place] * len(columns) + list(constants.values()))
    connection.exec_driver_sql(f"INSERT INTO {table.name} ({names}) VALUES ({values})", rows)


def _postings(bills: Sequence[Bill], items: dict[int, ItemFacts]) -> list[PostingLine]:
    """Per fee item what is owed and for whom. What serves several months is deferred (权责发生制)."""
    sums: dict[tuple[int, bool], int] = {}
    for bill in bills:
        key = (bill.tariff.item_id, bill.period.months > 1)
        sums[key] = sums.get(key, 0) + bill.net
    lines = []
    for (item, spans_months), total in sums.items():
        fact = items[item]
        deferred = spans_months and fact.nature == chart.OWN
        credit = chart.deferred(fact.name) if deferred else chart.earned(fact.name, fact.nature)
        lines += [PostingLine(chart.receivable(fact.name), Fen(total)), PostingLine(credit, Fen(-total))]
    return lines
