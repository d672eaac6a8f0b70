"""The plainest program on the very same rows: sqlite3 and nothing else, on a copy of the ledger without its triggers.

It has the same tables, keys and indexes, writes ahead and waits for the disk as ours does. It knows nothing of rules,
permissions, shifts or hashes; where ours digests what it writes, so does this. Its queries are the best known ones.
"""

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Self

_COLUMNS = (
    "id, account_id, unit_id, fee_item_id, tariff_version_id, period, source, number, serves_from, serves_to, gross,"
    " discount, due_date, basis, snapshot"
)
_STORED = len(_COLUMNS.split(","))


def copy_plain(ledger: Path, copy: Path) -> None:
    """Copies a ledger that nobody is writing, and takes its triggers off."""
    with closing(sqlite3.connect(ledger)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copyfile(ledger, copy)
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")


class PlainLedger:
    """A plain ledger at work."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._db = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            self._db.execute(f"PRAGMA {pragma}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._db.close()

    def checkpoint(self) -> None:
        """Empties the write-ahead log."""
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _next(self, table: str) -> int:
        (key,) = self._db.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}").fetchone()
        return int(key)

    def bill(self, period: str) -> int:
        """Bills all accounts for the three items of a month, computed row by row in Python; how many charges."""
        self._db.execute("BEGIN IMMEDIATE")
        entry = self._next("entry")
        rows = self._bills(period)
        digest = hashlib.sha256()
        for at in range(0, len(rows), 500):
            digest.update("".join(map(repr, rows[at : at + 500])).encode())
        self._db.executemany(
            f"INSERT INTO charge ({_COLUMNS}, entry_id, paid, waived, late_fee_paid, late_fee_waived, status)"
            f" VALUES ({', '.join('?' * _STORED)}, {entry}, 0, 0, 0, 0, 'open')",
            rows,
        )
        self._write_entry(entry, "billing", period + "-01", digest.hexdigest())
        self._db.execute("COMMIT")
        return len(rows)

    def _bills(self, period: str) -> list[tuple[Any, ...]]:
        key = self._next("charge")
        first, last, next_month = _days_of(period)
        tariffs = list(self._tariffs(period, last, next_month))
        rows = []
        for account, unit, area in self._db.execute(
            "SELECT a.id, u.id, coalesce(u.billing_area, u.built_area) FROM account AS a"
            " JOIN unit AS u ON u.id = a.unit_id ORDER BY u.sort_key"
        ):
            for number, item, by_area, price, yuan, due in tariffs:
                gross = (area * price + 50) // 100 if by_area else price
                quantity = f"{area / 100:.2f}" if by_area else "1"
                basis = f"{quantity} ㎡ × {yuan}" if by_area else yuan
                words = f'{{"quantity":"{quantity}","words":["计费面积 {quantity} ㎡ × 单价 {yuan} 元'
                words += f'(政府指导价, 样例文件, 2016-01-01 起)= {gross / 100:.2f} 元/月。"],"price":"{yuan}"}}'
                rows.append(
                    (key, account, unit, item, number, period, "run", number, first, last, gross, 0, due, basis, words)
                )
                key += 1
        return rows

    def _tariffs(self, period: str, last: str, next_month: str) -> list[tuple[int, int, bool, int, str, str]]:
        found = []
        for number, item, method, fraction, rule in self._db.execute(
            "SELECT v.tariff_id, t.fee_item_id, v.method, v.unit_price, v.due_rule FROM tariff_version AS v"
            " JOIN tariff AS t ON t.id = v.tariff_id ORDER BY t.position"
        ):
            above, _stroke, below = fraction.partition("/")
            price = int(above) * 100 // int(below or 1)
            due = last if rule == "当月末" else f"{next_month}-15"
            found.append((number, item, method == "按面积", price, f"{price / 100:.2f}", due))
        return found

    def bill_by_select(self, period: str) -> int:
        """The same month by one INSERT … SELECT, its rows then read and digested; rolled back. How many charges."""
        first, last, next_month = _days_of(period)
        self._db.execute("BEGIN IMMEDIATE")
        entry, key = self._next("entry"), self._next("charge")
        facts = {"period": period, "first": first, "last": last, "next": f"{next_month}-15", "entry": entry, "key": key}
        self._db.execute(_BILL_BY_SELECT, facts)
        digest, count = hashlib.sha256(), 0
        written = self._db.execute(f"SELECT {_COLUMNS} FROM charge WHERE id >= ? ORDER BY id", (key,))
        while rows := written.fetchmany(500):
            digest.update("".join(map(repr, rows)).encode())
            count += len(rows)
        self._write_entry(entry, "billing", first, digest.hexdigest())
        self._db.execute("COMMIT")
        return count

    def _write_entry(self, entry: int, kind: str, day: str, digest: str) -> None:
        self._db.execute(
            "INSERT INTO entry SELECT ?, 0, coalesce(max(sequence), 0) + 1, ?, ?, ?, 1, NULL, NULL, NULL, '', ?, '', ''"
            " FROM entry WHERE chain_id = 0",
            (entry, kind, day, f"{day}T12:00:00+08:00", digest),
        )

    def pay(self, account: int, charges: Sequence[int], day: str) -> int:
        """Takes cash for charges in full: number, entry, postings, payment, tender, allocations, updates, receipt."""
        run = self._db.execute
        run("BEGIN IMMEDIATE")
        marks = ", ".join("?" * len(charges))
        owed = run(
            "SELECT c.id, c.fee_item_id, i.name, c.period, c.basis, c.gross - c.discount - c.waived - c.paid"
            " FROM charge AS c JOIN fee_item AS i ON i.id = c.fee_item_id"
            f" WHERE c.account_id = ? AND c.status = 'open' AND c.id IN ({marks}) ORDER BY c.due_date",
            (account, *charges),
        ).fetchall()
        total: int = sum(row[5] for row in owed)
        (payer, unit) = run(
            "SELECT r.name, u.code FROM account AS a JOIN resident AS r ON r.id = a.payer_id"
            " JOIN unit AS u ON u.id = a.unit_id WHERE a.id = ?",
            (account,),
        ).fetchone()
        book, prefix, number = run(
            "UPDATE receipt_book SET next_number = next_number + 1 WHERE till_id = 1 AND year = ?"
            " RETURNING id, prefix, next_number - 1",
            (int(day[:4]),),
        ).fetchone()
        code = f"{prefix}{number:06d}"
        entry, payment = self._next("entry"), self._next("payment")
        self._write_entry(entry, "payment", day, "")
        lines = [(entry, 0, 1, None, total), *((entry, n, 2, account, -row[5]) for n, row in enumerate(owed, 1))]
        self._db.executemany("INSERT INTO posting VALUES (NULL, ?, ?, ?, ?, ?)", lines)
        run(
            "INSERT INTO payment VALUES (?, ?, 'payment', ?, '', ?, ?, NULL, ?, ?, ?, 0, 0, NULL)",
            (payment, entry, code, account, payer, day, total, total),
        )
        run("INSERT INTO payment_tender VALUES (NULL, ?, 0, 1, ?, ?, NULL)", (payment, total, total))
        parts = [(payment, n, row[0], row[5]) for n, row in enumerate(owed)]
        self._db.executemany("INSERT INTO allocation VALUES (NULL, ?, ?, ?, 'principal', ?)", parts)
        settled = [(row[5], row[0]) for row in owed]
        self._db.executemany("UPDATE charge SET paid = paid + ?, status = 'settled' WHERE id = ?", settled)
        document = json.dumps(
            {"number": code, "unit": unit, "payer": payer, "lines": owed, "total": total}, ensure_ascii=False
        )
        receipt = (entry, payment, book, number, code, day, document)
        run("INSERT INTO receipt VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, NULL)", receipt)
        run("COMMIT")
        return total

    def statement(self, account: int) -> list[tuple[Any, ...]]:
        """The open charges of an account, oldest due first, with names; who pays and where."""
        self._db.execute(
            "SELECT r.name, u.code FROM account AS a JOIN resident AS r ON r.id = a.payer_id"
            " JOIN unit AS u ON u.id = a.unit_id WHERE a.id = ?",
            (account,),
        ).fetchone()
        return self._db.execute(_STATEMENT, (account,)).fetchall()

    def history(self, account: int) -> list[tuple[Any, ...]]:
        """All charges of an account, period by period."""
        return self._db.execute(_HISTORY, (account,)).fetchall()

    def ageing(self) -> list[tuple[Any, ...]]:
        """What is owed by due date and fee item, from one covering index."""
        return self._db.execute(
            "SELECT due_date, fee_item_id, sum(gross - discount - waived - paid) FROM charge"
            " WHERE status = 'open' GROUP BY due_date, fee_item_id"
        ).fetchall()

    def like(self, text: str) -> list[tuple[Any, ...]]:
        """Twenty accounts whose room or resident fits."""
        part = f"%{text}%"
        return self._db.execute(_LIKE, (part, part, f"{text}%")).fetchall()

    def takings(self, day: str) -> list[tuple[Any, ...]]:
        """What a day took, by fee item and tender."""
        return self._db.execute(_TAKINGS, (day,)).fetchall()


def _days_of(period: str) -> tuple[str, str, str]:
    """First and last day of a month, and the month after."""
    year, month = int(period[:4]), int(period[5:])
    following = f"{year + month // 12}-{month % 12 + 1:02d}"
    (last,) = sqlite3.connect(":memory:").execute("SELECT date(?, '-1 day')", (f"{following}-01",)).fetchone()
    return f"{period}-01", last, following


_BILL_BY_SELECT = f"""
INSERT INTO charge ({_COLUMNS}, entry_id, paid, waived, late_fee_paid, late_fee_waived, status)
SELECT :key - 1 + row_number() OVER (ORDER BY sort_key, t.position), a.id, u.id, t.fee_item_id, v.id, :period, 'run',
       t.id, :first, :last, CASE v.method WHEN '按面积' THEN (built_area * price + 50) / 100 ELSE price END, 0,
       CASE v.due_rule WHEN '当月末' THEN :last ELSE :next END,
       CASE v.method WHEN '按面积' THEN printf('%.2f ㎡ × %.2f', built_area / 100.0, price / 100.0)
                     ELSE printf('%.2f', price / 100.0) END,
       printf('{{"quantity":"%.2f","words":["计费面积 %.2f ㎡ × 单价 %.2f 元(政府指导价, 样例文件, 2016-01-01 起)'
              || '= %.2f 元/月。"],"price":"%.2f"}}', built_area / 100.0, built_area / 100.0, price / 100.0,
              built_area * price / 10000.0, price / 100.0),
       :entry, 0, 0, 0, 0, 'open'
FROM account AS a JOIN unit AS u ON u.id = a.unit_id CROSS JOIN tariff AS t JOIN (
    SELECT *, CASE instr(unit_price, '/') WHEN 0 THEN unit_price * 100
              ELSE substr(unit_price, 1, instr(unit_price, '/') - 1) * 100
                   / substr(unit_price, instr(unit_price, '/') + 1) END AS price FROM tariff_version
) AS v ON v.tariff_id = t.id
"""
_STATEMENT = """
SELECT c.id, i.name, c.period, c.basis, c.snapshot, c.gross, c.discount, c.paid, c.waived, c.late_fee_paid,
       c.late_fee_waived, c.due_date FROM charge AS c JOIN fee_item AS i ON i.id = c.fee_item_id
WHERE c.account_id = ? AND c.status = 'open' ORDER BY c.due_date
"""
_HISTORY = """
WITH RECURSIVE periods (period) AS (
    SELECT min(period) FROM charge WHERE status <> 'cancelled' UNION ALL
    SELECT (SELECT min(c.period) FROM charge AS c WHERE c.status <> 'cancelled' AND c.period > p.period)
    FROM periods AS p WHERE p.period IS NOT NULL
)
SELECT c.id, i.name, c.period, c.basis, c.snapshot, c.gross, c.discount, c.paid, c.waived, c.late_fee_paid,
       c.late_fee_waived, c.due_date FROM periods AS p CROSS JOIN charge AS c ON c.period = p.period
JOIN fee_item AS i ON i.id = c.fee_item_id WHERE c.account_id = ? AND c.status <> 'cancelled' ORDER BY c.due_date
"""
_LIKE = """
SELECT a.id, u.code, r.name FROM account AS a JOIN unit AS u ON u.id = a.unit_id JOIN resident AS r ON r.id = a.payer_id
WHERE u.code LIKE ? OR r.name LIKE ? OR r.initials LIKE ? ORDER BY a.id LIMIT 20
"""
_TAKINGS = """
SELECT c.fee_item_id, t.tender_id, sum(a.amount) FROM payment AS p JOIN allocation AS a ON a.payment_id = p.id
JOIN charge AS c ON c.id = a.charge_id JOIN payment_tender AS t ON t.payment_id = p.id AND t.sequence = 0
WHERE p.business_date = ? GROUP BY c.fee_item_id, t.tender_id
"""
