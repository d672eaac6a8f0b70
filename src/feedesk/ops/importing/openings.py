"""Posting what is brought along: arrears as charges, prepayments, deposits and months paid ahead as balances.

All of it is one journal entry against 期初余额: debts of earlier years are no revenue of this one. What is posted
stays; a row that says something else than the ledger is refused.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import insert, select

from feedesk.db import next_ids
from feedesk.ledger import chart
from feedesk.ledger.posting import OFFICE_CHAIN, EntryDraft, PostingLine, begin_entry
from feedesk.ledger.sealing import SEALED, stored
from feedesk.models import Account, Charge, Opening, Unit, table_of
from feedesk.money import Fen, format_amount
from feedesk.ops.importing.fees import FeeItems
from feedesk.ops.importing.under_way import ImportUnderWay, Values, all_rows
from feedesk.periods import Period
from feedesk.rules import community_rows as rows
from feedesk.texts import _

_account, _charge, _opening, _unit = (table_of(model) for model in (Account, Charge, Opening, Unit))
PREPAYMENT, DEPOSIT, PAID_THROUGH = "prepayment", "deposit", "paid_through"


@dataclass(slots=True)
class _Accounts:
    """The accounts of each unit, and which of them a balance belongs to."""

    of_unit: dict[int, list[Values]]
    delivered: dict[int, date | None]
    today: date

    def current(self, unit: int) -> int | None:
        """Who holds the unit now, else who held it last; the developer where nobody else does."""
        found = sorted(
            self.of_unit.get(unit, ()),
            key=lambda row: (_holds(row, self.today), not row["developer"], row["to_date"] or date.max, row["id"]),
        )
        return int(found[-1]["id"]) if found else None

    def in_period(self, unit: int, period: Period) -> int | None:
        """Who held the unit in a period; before delivery the developer, if there is an account of his."""
        found = self.of_unit.get(unit, [])
        delivered = self.delivered.get(unit)
        if delivered is not None and period.last_day <= delivered:
            developer = next((int(row["id"]) for row in found if row["developer"]), None)
            if developer is not None:
                return developer
        for day in (period.first_day, period.last_day):
            held = next((int(row["id"]) for row in found if not row["developer"] and _holds(row, day)), None)
            if held is not None:
                return held
        return self.current(unit)


def _holds(account: Mapping[str, Any], day: date) -> bool:
    return (account["from_date"] or date.min) <= day <= (account["to_date"] or date.max)


@dataclass(slots=True)
class _Balances:
    """What will be posted: documents first, then the entry's lines, summed by ledger account and resident account."""

    charges: list[Values] = field(default_factory=list)
    openings: list[Values] = field(default_factory=list)
    lines: dict[tuple[chart.AccountKind, int | None], int] = field(default_factory=lambda: defaultdict(int))

    def post(self, account: chart.AccountKind, amount: int, holder: int | None = None) -> None:
        self.lines[account, holder] += amount


def post_openings(under_way: ImportUnderWay, units: Mapping[str, int], items: FeeItems) -> None:
    """Posts the rows of the four sheets that are not in the ledger yet."""
    accounts = _accounts(under_way)
    balances = _Balances()
    _add_arrears(under_way, units, items, accounts, balances)
    known = _known_openings(under_way)
    book = under_way.book
    for row in list(under_way.good(rows.PREPAYMENTS, book.prepayments)):
        values: Values = {"kind": PREPAYMENT, "name": "", "amount": row.amount, "note": row.note}
        _add_opening(under_way, (rows.PREPAYMENTS, row, units[row.unit]), values, (accounts, known, balances))
    for deposit in list(under_way.good(rows.DEPOSITS, book.deposits)):
        received = deposit.received_on.isoformat() if deposit.received_on else ""
        note = f"{received} {deposit.slip_number}".strip()
        values = {"kind": DEPOSIT, "name": deposit.name, "amount": deposit.amount, "note": note}
        _add_opening(under_way, (rows.DEPOSITS, deposit, units[deposit.unit]), values, (accounts, known, balances))
    for paid in list(under_way.good(rows.PAID_THROUGH, book.paid_through)):
        values = {"kind": PAID_THROUGH, "name": paid.item, "amount": paid.unserved, "note": ""}
        values |= {"fee_item_id": items.keys[paid.item], "paid_through": paid.paid_through}
        _add_opening(under_way, (rows.PAID_THROUGH, paid, units[paid.unit]), values, (accounts, known, balances))
    # A workbook refused is undone as a whole: what else would refuse it, a closed day say, must not hide its cells.
    if (balances.charges or balances.openings) and not under_way.problems:
        _post(under_way, balances)


def _accounts(under_way: ImportUnderWay) -> _Accounts:
    of_unit: dict[int, list[Values]] = defaultdict(list)
    for row in all_rows(under_way.connection, _account):
        of_unit[row["unit_id"]].append(row)
    delivered = dict(under_way.connection.execute(select(_unit.c.id, _unit.c.delivered_on)).all())
    return _Accounts(of_unit, delivered, under_way.act.business_date)


def _without_account(under_way: ImportUnderWay, sheet: str, row: int, unit: str) -> None:
    if any(problem.sheet == rows.RESIDENTS for problem in under_way.problems):
        under_way.leave_out(sheet, [row])  # the payer may stand in a bad row
        return
    reason = _(
        "Nobody pays for this unit, so there is no account to book on: name a payer in 住户, or the 开发商 in 小区."
    )
    under_way.fault(sheet, row, "房屋编号", unit, reason)


def _add_arrears(
    under_way: ImportUnderWay,
    units: Mapping[str, int],
    items: FeeItems,
    accounts: _Accounts,
    balances: _Balances,
) -> None:
    statement = select(_charge).where(_charge.c.source == "opening", _charge.c.status != "cancelled")
    known = {
        (row["unit_id"], row["fee_item_id"], row["period"]): row
        for row in (dict(found._mapping) for found in under_way.connection.execute(statement))
    }
    for row in list(under_way.good(rows.ARREARS, under_way.book.arrears)):
        unit, item = units[row.unit], items.keys[row.item]
        due = row.due_date or next(row.period.each_month()).last_day
        before = known.get((unit, item, str(row.period)))
        if before is None:
            account = accounts.in_period(unit, row.period)
            if account is None:
                _without_account(under_way, rows.ARREARS, row.row, row.unit)
                continue
            balances.charges.append(_charge_of(row, account, unit, item, due))
            balances.post(chart.receivable(row.item), row.amount)
            balances.post(chart.OPENING, -row.amount)
        elif not _agrees(under_way, rows.ARREARS, row.row, [
            ("金额", row.amount, before["gross"]), ("到期日", due, before["due_date"]),
        ]):  # fmt: skip
            continue
        under_way.count(rows.ARREARS, new=before is None, changed=False)


def _charge_of(row: rows.ArrearsRow, account: int, unit: int, item: int, due: date) -> Values:
    return {
        "account_id": account,
        "unit_id": unit,
        "fee_item_id": item,
        "tariff_version_id": None,
        "period": str(row.period),
        "source": "opening",
        "number": 1,
        "serves_from": row.period.first_day,
        "serves_to": row.period.last_day,
        "gross": row.amount,
        "discount": 0,
        "due_date": due,
        "basis": row.note,
        "snapshot": "",
    }


def _agrees(under_way: ImportUnderWay, sheet: str, row: int, facts: Iterable[tuple[str, Any, Any]]) -> bool:
    """Whether a row says what is posted already; else each differing cell is a fault."""
    differing = [(column, said, posted) for column, said, posted in facts if said != posted]
    for column, said, posted in differing:
        reason = _("This is posted with {posted}: what is posted is not changed by an import.")
        under_way.fault(sheet, row, column, _shown(column, said), reason.format(posted=_shown(column, posted)))
    return not differing


def _shown(column: str, value: Any) -> str:
    return format_amount(Fen(value), grouped=False) if column.endswith("金额") else str(value)


_OpeningKey = tuple[str, int, str]


def _known_openings(under_way: ImportUnderWay) -> dict[_OpeningKey, Values]:
    unit_of = dict(under_way.connection.execute(select(_account.c.id, _account.c.unit_id)).all())
    return {
        (row["kind"], unit_of[row["account_id"]], row["name"]): row for row in all_rows(under_way.connection, _opening)
    }


def _add_opening(
    under_way: ImportUnderWay,
    place: tuple[str, Any, int],
    values: Values,
    into: tuple[_Accounts, Mapping[_OpeningKey, Values], _Balances],
) -> None:
    sheet, row, unit = place
    accounts, known, balances = into
    before = known.get((values["kind"], unit, values["name"]))
    if before is not None:
        column = "未服务期金额" if values["kind"] == PAID_THROUGH else "金额"
        facts = [(column, values["amount"], before["amount"])]
        if values["kind"] == PAID_THROUGH:
            facts.append(("缴至日期", values["paid_through"], before["paid_through"]))
        if not _agrees(under_way, sheet, row.row, facts):
            return
    else:
        account = accounts.current(unit)
        if account is None:
            _without_account(under_way, sheet, row.row, row.unit)
            return
        balances.openings.append({"fee_item_id": None, "paid_through": None, **values, "account_id": account})
        balances.post(_liability(values), -values["amount"], account)
        balances.post(chart.OPENING, values["amount"])
    under_way.count(sheet, new=before is None, changed=False)


def _liability(values: Mapping[str, Any]) -> chart.AccountKind:
    match values["kind"]:
        case "prepayment":
            return chart.PREPAYMENTS
        case "deposit":
            return chart.deposits(values["name"])
        case _:
            return chart.deferred(values["name"])


def _post(under_way: ImportUnderWay, balances: _Balances) -> None:
    act = under_way.act
    draft = begin_entry(
        act.connection,
        chain=OFFICE_CHAIN,
        kind="opening",
        business_date=act.business_date,
        recorded_at=act.now,
        actor_id=act.actor.id,
        reason=_("Opening balances from the community workbook"),
    )
    _insert_documents(draft, _charge, balances.charges)
    _insert_documents(draft, _opening, balances.openings)
    draft.seal([PostingLine(account, Fen(amount), holder) for (account, holder), amount in balances.lines.items()])


def _insert_documents(draft: EntryDraft, table: Any, documents: Sequence[Values]) -> None:
    """Stores documents in bulk and lets the entry's digest cover them, in the order of their keys."""
    if not documents:
        return
    ids = list(next_ids(draft.connection, table, len(documents)))
    fresh = [{"id": key, "entry_id": draft.id, **values} for key, values in zip(ids, documents, strict=True)]
    draft.connection.execute(insert(table), fresh)
    draft.digest_stored(table, [[stored(values[name]) for name in SEALED[table.name]] for values in fresh])
