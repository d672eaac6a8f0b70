"""What is kept for speed, recomputed: what is paid of a charge, its status, balances, numbers, open shifts.

Each check is one query that returns only what does not agree, so that millions of charges cost one pass each.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection

from feedesk.ledger import chart
from feedesk.ledger.findings import Findings, yuan
from feedesk.ledger.verify_corrections import check_corrections
from feedesk.ledger.verify_hands import check_changes_of_hands
from feedesk.ledger.verify_references import check_added_references
from feedesk.ledger.verify_requests import check_requests
from feedesk.ledger.verify_sales import check_all_sales
from feedesk.ledger.verify_unclaimed import check_claims
from feedesk.texts import N_, _

# Which entry replaced a charge, unless that was reversed since (a change of hands undone), or cancelled it alone.
_REPLACED = (
    "(SELECT p.replaced_id, MIN(p.entry_id) AS entry_id FROM charge_replacement p"
    " LEFT JOIN entry u ON u.reverses_id = p.entry_id WHERE u.id IS NULL GROUP BY p.replaced_id)"
)
_STOPPED = "(SELECT charge_id, SUM(amount) AS amount FROM late_fee_stop GROUP BY charge_id)"

# Rows of (entry, stored, recomputed) that disagree, with the table, the column and the sentence for them.
_DISAGREEMENTS: tuple[tuple[str, str, str, str], ...] = (
    (
        "charge",
        "paid",
        N_("{stored} is noted as paid, the payments make it {wanted}"),
        "SELECT c.entry_id, c.paid, COALESCE(a.amount, 0) FROM charge c LEFT JOIN"
        " (SELECT charge_id, SUM(amount) AS amount FROM allocation WHERE kind = 'principal' GROUP BY charge_id) a"
        " ON a.charge_id = c.id WHERE c.paid <> COALESCE(a.amount, 0)",
    ),
    (
        "charge",
        "late_fee_paid",
        N_("{stored} of late fee is noted as paid, the payments make it {wanted}"),
        "SELECT c.entry_id, c.late_fee_paid, COALESCE(a.amount, 0) FROM charge c LEFT JOIN"
        " (SELECT charge_id, SUM(amount) AS amount FROM allocation WHERE kind = 'late_fee' GROUP BY charge_id) a"
        " ON a.charge_id = c.id WHERE c.late_fee_paid <> COALESCE(a.amount, 0)",
    ),
    (
        "charge",
        "waived",
        N_("{stored} is noted as waived, the waivers make it {wanted}"),
        "SELECT c.entry_id, c.waived, COALESCE(w.amount, 0) FROM charge c LEFT JOIN"
        " (SELECT charge_id, SUM(amount) AS amount FROM waiver WHERE kind <> 'late_fee' GROUP BY charge_id) w"
        " ON w.charge_id = c.id WHERE c.waived <> COALESCE(w.amount, 0)",
    ),
    (
        "charge",
        "late_fee_waived",
        N_("{stored} of late fee is noted as waived, the waivers make it {wanted}"),
        "SELECT c.entry_id, c.late_fee_waived, COALESCE(w.amount, 0) FROM charge c LEFT JOIN"
        " (SELECT charge_id, SUM(amount) AS amount FROM waiver WHERE kind = 'late_fee' GROUP BY charge_id) w"
        " ON w.charge_id = c.id WHERE c.late_fee_waived <> COALESCE(w.amount, 0)",
    ),
    (
        "charge",
        "cancelled_by",
        N_("cancelled by entry {stored}, but the entry that reverses or replaces it is {wanted}"),
        "SELECT c.entry_id, c.cancelled_by, COALESCE(x.entry_id, k.entry_id, r.id) FROM charge c"
        f" LEFT JOIN entry r ON r.reverses_id = c.entry_id LEFT JOIN {_REPLACED} x ON x.replaced_id = c.id"
        " LEFT JOIN charge_cancellation k ON k.charge_id = c.id"
        " WHERE COALESCE(c.cancelled_by, 0) <> COALESCE(x.entry_id, k.entry_id, r.id, 0)",
    ),
    (
        "charge",
        "status",
        N_("the status is {stored}, but should be {wanted}"),
        "SELECT entry_id, status, wanted FROM (SELECT c.entry_id, c.status, CASE WHEN x.entry_id IS NOT NULL"
        " THEN 'replaced' WHEN c.cancelled_by IS NOT NULL THEN 'cancelled'"
        " WHEN c.gross - c.discount - c.waived - c.paid = 0"
        " AND COALESCE(s.amount, 0) <= c.late_fee_paid + c.late_fee_waived THEN 'settled' ELSE 'open' END AS wanted"
        f" FROM charge c LEFT JOIN {_REPLACED} x ON x.replaced_id = c.id"
        f" LEFT JOIN {_STOPPED} s ON s.charge_id = c.id) s WHERE status <> wanted",
    ),
    (
        "late_fee_stop",
        "amount",
        N_("the late fee stands still at {stored}, but {wanted} of the principal is owed"),
        "SELECT c.entry_id, s.amount, c.gross - c.discount - c.waived - c.paid FROM charge c"
        f" JOIN {_STOPPED} s ON s.charge_id = c.id"
        " WHERE s.amount <> 0 AND c.gross - c.discount - c.waived - c.paid <> 0",
    ),
    (
        "charge",
        "unit_id",
        N_("the charge is for unit {stored}, its account for unit {wanted}"),
        "SELECT c.entry_id, c.unit_id, a.unit_id FROM charge c JOIN account a ON a.id = c.account_id"
        " WHERE c.unit_id <> a.unit_id",
    ),
    (
        "shift",
        "is_open",
        N_("the shift is noted as open ({stored}), its closing says otherwise"),
        "SELECT s.entry_id, s.is_open, 0 FROM shift s LEFT JOIN shift_close c ON c.shift_id = s.id"
        " WHERE s.is_open <> (c.id IS NULL)",
    ),
    (
        "shift_close",
        "expected",
        N_("{stored} was expected in the drawer, by the postings it was {wanted}"),
        "SELECT c.entry_id, c.expected, c.expected + SUM(p.amount) FROM shift_close c JOIN shift s ON s.id = c.shift_id"
        " JOIN till t ON t.id = s.till_id JOIN entry e ON e.shift_id = s.id JOIN posting p ON p.entry_id = e.id"
        " JOIN ledger_account a ON a.id = p.ledger_account_id AND a.code = '1001.T' || t.number"
        " GROUP BY c.entry_id, c.expected HAVING SUM(p.amount) <> 0",
    ),
    (
        "payment",
        "reverses_id",
        N_("takes back the payment of entry {stored}, but the entry names {wanted}"),
        "SELECT e.id, o.entry_id, e.reverses_id FROM payment p JOIN entry e ON e.id = p.entry_id"
        " LEFT JOIN payment o ON o.id = p.reverses_id WHERE COALESCE(o.entry_id, 0) <> COALESCE(e.reverses_id, 0)",
    ),
    (
        "payment",
        "total",
        N_("takes back {stored} of a payment of {wanted}"),
        "SELECT p.entry_id, p.total, o.total FROM payment p JOIN payment o ON o.id = p.reverses_id"
        " WHERE p.kind IN ('void', 'reversal', 'transfer_out') AND p.total <> -o.total",
    ),
    (
        "posting",
        "amount",
        N_("does not mirror what it reverses: {stored} is left on an account"),
        # Cash may go out of another drawer than it came into; money of a tender that was changed goes back as it came.
        "SELECT e.id, SUM(p.amount), 0 FROM (SELECT id, id AS other FROM entry WHERE reverses_id IS NOT NULL"
        " UNION ALL SELECT id, reverses_id FROM entry WHERE reverses_id IS NOT NULL"
        " UNION ALL SELECT r.id, t.entry_id FROM entry r JOIN payment o ON o.entry_id = r.reverses_id"
        " JOIN correction c ON c.corrects_id = o.id JOIN payment t ON t.entry_id = c.entry_id"
        " AND t.kind = 'tender_change') e JOIN posting p ON p.entry_id = e.other"
        " JOIN ledger_account a ON a.id = p.ledger_account_id"
        " GROUP BY e.id, CASE WHEN SUBSTR(a.code, 1, 6) = '1001.T' THEN 0 ELSE a.id END, p.account_id"
        " HAVING SUM(p.amount) <> 0",
    ),
)
_AMOUNTS = frozenset({"paid", "late_fee_paid", "waived", "late_fee_waived", "total", "amount", "expected"})
_RECEIVABLE_POSTED = (
    "SELECT a.code, SUM(p.amount) FROM posting p JOIN ledger_account a ON a.id = p.ledger_account_id"
    " WHERE SUBSTR(a.code, 1, 5) = '1122.' GROUP BY a.code"
)
_RECEIVABLE_OPEN = (
    "SELECT i.name, SUM(c.gross - c.discount - c.waived - c.paid) FROM charge c"
    " JOIN fee_item i ON i.id = c.fee_item_id WHERE c.status NOT IN ('cancelled', 'replaced') GROUP BY i.name"
)
_OVER_RELEASED = (
    "SELECT a.code, SUM(p.amount) FROM posting p JOIN ledger_account a ON a.id = p.ledger_account_id"
    f" WHERE SUBSTR(a.code, 1, 5) = '{chart.deferred('').code}' GROUP BY a.code HAVING SUM(p.amount) > 0"
)
_OVERDRAWN = (
    "SELECT p.account_id, SUM(p.amount) FROM posting p JOIN ledger_account a ON a.id = p.ledger_account_id"
    f" WHERE a.code = '{chart.PREPAYMENTS.code}' GROUP BY p.account_id HAVING SUM(p.amount) > 0"
)
_DRAWERS = (
    "SELECT a.code, SUM(p.amount) FROM posting p JOIN ledger_account a ON a.id = p.ledger_account_id"
    " WHERE SUBSTR(a.code, 1, 6) = '1001.T' AND a.code NOT IN (SELECT '1001.T' || t.number FROM shift s"
    " JOIN till t ON t.id = s.till_id LEFT JOIN shift_close c ON c.shift_id = s.id WHERE c.id IS NULL)"
    " GROUP BY a.code HAVING SUM(p.amount) <> 0"
)
_BOOKS = (
    "SELECT b.id, b.prefix, b.year, t.number, b.next_number, COUNT(r.id), MIN(r.number), MAX(r.number)"
    " FROM receipt_book b LEFT JOIN till t ON t.id = b.till_id LEFT JOIN receipt r ON r.book_id = b.id"
    " GROUP BY b.id, b.prefix, b.year, t.number, b.next_number ORDER BY b.id"
)
_NUMBERS = "SELECT number, entry_id FROM receipt WHERE book_id = {book} ORDER BY number"
_ACCOUNTS = "SELECT code, kind FROM ledger_account"


def check_balances(connection: Connection, findings: Findings) -> None:
    """Runs all checks that concern the ledger as a whole rather than one entry."""
    for table, column, message, sql in _DISAGREEMENTS:
        for entry, stored, wanted in connection.exec_driver_sql(sql):
            if column in _AMOUNTS:
                stored, wanted = yuan(stored), yuan(wanted)
            findings.add(table, column, _(message).format(stored=stored, wanted=wanted), entry=entry)
    check_corrections(connection, findings)
    check_claims(connection, findings)
    check_changes_of_hands(connection, findings)
    check_all_sales(connection, findings)
    check_requests(connection, findings)
    check_added_references(connection, findings)
    _check_receivables(connection, findings)
    for account, balance in connection.exec_driver_sql(_OVERDRAWN):
        message = _("account {account} has used {amount} more than it had prepaid")
        findings.add("posting", "account_id", message.format(account=account, amount=yuan(balance)))
    for code, balance in connection.exec_driver_sql(_OVER_RELEASED):
        message = _("{code}: {amount} more was released than had been deferred")
        findings.add("posting", "amount", message.format(code=code, amount=yuan(balance)))
    for code, balance in connection.exec_driver_sql(_DRAWERS):
        message = _("{code}: no shift is open there, but {amount} is left in the drawer")
        findings.add("posting", "amount", message.format(code=code, amount=yuan(balance)))
    for book in connection.exec_driver_sql(_BOOKS).all():
        _check_book(connection, book, findings)
    for code, kind in connection.exec_driver_sql(_ACCOUNTS):
        if kind != chart.kind_of(code):
            message = _("{code} is not an account of the kind “{kind}”").format(code=code, kind=kind)
            findings.add("ledger_account", "kind", message)


def _check_receivables(connection: Connection, findings: Findings) -> None:
    posted = {code: int(amount) for code, amount in connection.exec_driver_sql(_RECEIVABLE_POSTED)}
    still_open = {
        chart.receivable(str(name)).code: int(amount) for name, amount in connection.exec_driver_sql(_RECEIVABLE_OPEN)
    }
    for code in sorted(posted.keys() | still_open.keys()):
        if posted.get(code, 0) != still_open.get(code, 0):
            message = _("{code}: by the postings {posted} is owed, by the charges {owed}")
            message = message.format(code=code, posted=yuan(posted.get(code, 0)), owed=yuan(still_open.get(code, 0)))
            findings.add("charge", "", message)


def _check_book(connection: Connection, book: Any, findings: Findings) -> None:
    key, prefix, year, till, following, count, first, last = book
    if not str(prefix).endswith(f"-{year}-{till}-"):
        message = _("the book of till {till} and {year} is called {prefix}")
        findings.add("receipt_book", "prefix", message.format(till=till, year=year, prefix=prefix))
    if following != count + 1:
        message = _("{count} receipts were issued in book {prefix}, but the next number is {next}")
        findings.add("receipt_book", "next_number", message.format(count=count, prefix=prefix, next=following))
    if count and (first, last) != (1, count):
        _find_gaps(connection.exec_driver_sql(_NUMBERS.format(book=key)), prefix, findings)


def _find_gaps(numbers: Iterable[Any], prefix: str, findings: Findings) -> None:
    wanted = 1
    for number, entry in numbers:
        if number != wanted:
            message = _("in book {prefix} number {number} follows where {wanted} is missing")
            message = message.format(prefix=prefix, number=number, wanted=wanted)
            findings.add("receipt", "number", message, entry=entry)
        wanted = number + 1 if type(number) is int else wanted + 1
