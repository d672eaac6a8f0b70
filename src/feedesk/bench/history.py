"""Years of bills and payments for the benchmark's ledger.

The bills come from the program's own billing run, month by month. Who paid which is then written set-based, one payment
an account and year: of a hundred accounts two never paid, four owe since two to four years, six since this January,
thirty the latest month; the rest owes nothing. Those payments are rows like any other, only that their entries lie in
a chain of their own that is not hashed, and their receipts' documents are empty.
"""

import sqlite3
from contextlib import closing
from datetime import date
from typing import Final

from feedesk.ledger import chart
from feedesk.ledger.sealing import GENESIS
from feedesk.money import Fen
from feedesk.ops.billing import bill_period
from feedesk.ops.closing import close_day
from feedesk.ops.run import Workplace
from feedesk.ops.sample_staff import TRAINING_ACTOR
from feedesk.ops.shifts import close_shift, open_shift
from feedesk.periods import Period
from feedesk.queries.billing import fee_items

_CHAIN: Final = 100
_PAY_DAY: Final = (12, 20)
# Months owed, and below which hundredth of the accounts they are owed.
_OWED: Final = ((48, 3), (36, 4), (24, 6), (10, 12), (1, 42), (0, 100))
_NEVER_PAID: Final = 2


def fill_history(place: Workplace, *, last: Period, months: int) -> None:
    """Bills the ``months`` that end with ``last``, settles what people paid, and closes the days they paid on."""
    entries: dict[int, list[int]] = {}
    for back in reversed(range(months)):
        month = last.shifted(-back)
        day = Workplace(place.database, TRAINING_ACTOR, today=month.first_day)
        day.run_op(bill_period, period=month)
        entries.setdefault(month.first_day.year, []).append(_settle_month(place, back))
    for year in entries:
        _write_payments(place, year, min(date(year, *_PAY_DAY), last.last_day))


def payers_from(back: int) -> int:
    """From which hundredth on the accounts have paid the month that lies ``back`` months before the last."""
    below = _NEVER_PAID
    for owed, hundredth in _OWED:
        if owed > back:
            below = hundredth
    return below


def _connected(place: Workplace) -> sqlite3.Connection:
    """A connection for building only: it waits for no disk."""
    assert place.database.path is not None
    connection = sqlite3.connect(place.database.path, isolation_level=None)
    for pragma in ("synchronous = OFF", "cache_size = -200000", "temp_store = MEMORY"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _settle_month(place: Workplace, back: int) -> int:
    """Settles the month billed last, for whoever paid it; returns its entry."""
    with closing(_connected(place)) as connection:
        (entry,) = connection.execute("SELECT max(entry_id) FROM billing_run").fetchone()
        connection.execute(
            "UPDATE charge SET paid = gross, status = 'settled' WHERE entry_id = ? AND account_id % 100 >= ?",
            (entry, payers_from(back)),
        )
    return int(entry)


def _write_payments(place: Workplace, year: int, day: date) -> None:
    """Writes the payments of a year as made on one day, in a shift of that day, and closes the day."""
    desk = Workplace(place.database, TRAINING_ACTOR, today=day)
    shift = desk.run_op(open_shift, opening_float=Fen(0)).shift
    with desk.database.transaction() as connection:
        drawer = chart.account_id(connection, chart.till_cash(1))
        owed = {
            item: chart.account_id(connection, chart.receivable(one.name))
            for item, one in fee_items(connection).items()
        }
    with closing(_connected(place)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        facts = {"day": day.isoformat(), "shift": shift, "drawer": drawer, "chain": _CHAIN, "year": year}
        facts |= {"genesis": GENESIS, "at": f"{day}T12:00:00+08:00", "book": f"SJ-{year}-1-"}
        facts |= {table: _last_key(connection, table) for table in ("entry", "payment", "receipt_book")}
        for statement in _PAYING:
            connection.execute(statement, facts)
        connection.executemany("INSERT INTO temp.owed VALUES (?, ?)", owed.items())
        for statement in _PAYMENTS:
            connection.execute(statement, facts)
        connection.execute("COMMIT")
    desk.run_op(close_shift)
    desk.run_op(close_day)


def _last_key(connection: sqlite3.Connection, table: str) -> int:
    (key,) = connection.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()
    return int(key)


_SETTLED = "c.status = 'settled' AND c.status <> 'cancelled' AND c.period BETWEEN :year || '-01' AND :year || '-12'"
# What each account paid by fee item, and in all; ``n`` counts the payments.
_PAYING: Final = (
    "CREATE TEMP TABLE paid (account, item, amount)",
    "CREATE TEMP TABLE paying (n INTEGER PRIMARY KEY, account UNIQUE, total)",
    "CREATE TEMP TABLE owed (item, ledger_account)",
    "INSERT INTO paid SELECT c.account_id, c.fee_item_id, sum(c.paid) FROM charge AS c"
    f" WHERE {_SETTLED} GROUP BY c.account_id, c.fee_item_id",
    "INSERT INTO paying SELECT NULL, account, sum(amount) FROM paid GROUP BY account",
    "INSERT OR IGNORE INTO chain VALUES (:chain, 0, :genesis)",
    "INSERT INTO receipt_book VALUES (:receipt_book + 1, 1, :year, :book, (SELECT count(*) + 1 FROM paying))",
)
_PAYMENTS: Final = (
    "INSERT INTO entry SELECT :entry + n, :chain, :entry + n, 'payment', :day, :at, 1, NULL, :shift, NULL, '',"
    " :genesis, :genesis, :genesis FROM paying",
    "INSERT INTO payment SELECT :payment + n, :entry + n, 'payment', 'bench-' || (:entry + n), '', account, '', :shift,"
    " :day, total, total, 0, 0, NULL FROM paying",
    "INSERT INTO payment_tender SELECT NULL, :payment + n, 0, 1, total, total, NULL FROM paying",
    "INSERT INTO receipt SELECT NULL, :entry + n, :payment + n, :receipt_book + 1, n, printf('%s%06d', :book, n),"
    " :day, '', NULL FROM paying",
    "INSERT INTO posting SELECT NULL, :entry + n, 0, :drawer, NULL, total FROM paying",
    "INSERT INTO posting SELECT NULL, :entry + n, item, ledger_account, account, -amount"
    " FROM paid JOIN paying USING (account) JOIN owed USING (item) ORDER BY n, item",
    "INSERT INTO allocation SELECT NULL, :payment + n, row_number() OVER (PARTITION BY n ORDER BY c.id) - 1, c.id,"
    f" 'principal', c.paid FROM charge AS c JOIN paying ON account = c.account_id WHERE {_SETTLED} ORDER BY n, c.id",
)
