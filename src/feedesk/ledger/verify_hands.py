"""Whether a change of hands stands as it was sealed: the accounts and their days, and only what it names went over."""

from datetime import date, timedelta

from sqlalchemy import Connection

from feedesk.ledger import chart
from feedesk.ledger.findings import Findings, yuan
from feedesk.ledger.reading import raw_column
from feedesk.models import Account, ChangeOfHands, table_of
from feedesk.texts import _

KIND = "change_of_hands"
"""The kind of the entry."""

_account, _change = table_of(Account), table_of(ChangeOfHands)
_ACCOUNTS = (
    "SELECT h.entry_id, e.kind, l.unit_id, t.unit_id, {first_day}, {ended_on}, {began_on} FROM change_of_hands h"
    " LEFT JOIN entry e ON e.id = h.entry_id LEFT JOIN account l ON l.id = h.from_account_id"
    " LEFT JOIN account t ON t.id = h.to_account_id LEFT JOIN entry u ON u.reverses_id = h.entry_id"
    " WHERE u.id IS NULL"
)
_CARRIED = (
    "SELECT c.entry_id, c.kind, c.name, c.amount, h.from_account_id, h.to_account_id FROM carried_balance c"
    " LEFT JOIN change_of_hands h ON h.entry_id = c.entry_id"
)
_POSTED = (
    "SELECT p.entry_id, a.code, p.account_id, SUM(p.amount) FROM change_of_hands h"
    " JOIN posting p ON p.entry_id = h.entry_id JOIN ledger_account a ON a.id = p.ledger_account_id"
    " GROUP BY p.entry_id, a.code, p.account_id"
)


def check_changes_of_hands(connection: Connection, findings: Findings) -> None:
    """Checks the accounts that followed one another, and the postings against what is said to have gone over."""
    _check_accounts(connection, findings)
    wanted: dict[tuple[int, str, int | None], int] = {}
    for entry, kind, name, amount, left, taken in connection.exec_driver_sql(_CARRIED):
        if left is None:
            message = _("a balance went over, but nothing changed hands")
            findings.add("carried_balance", "entry_id", message, entry=entry)
            continue
        code = chart.PREPAYMENTS.code if kind == "prepayment" else chart.deposits(str(name)).code
        fen = findings.whole(amount, "carried_balance", "amount", entry=entry)
        for account, sign in ((left, 1), (taken, -1)):
            wanted[entry, code, account] = wanted.get((entry, code, account), 0) + sign * fen
    posted = {(row[0], row[1], row[2]): int(row[3]) for row in connection.exec_driver_sql(_POSTED)}
    for key in sorted(wanted.keys() | posted.keys(), key=str):
        if wanted.get(key, 0) != posted.get(key, 0):
            message = _("{code}: {found} is posted, the documents say {wanted}")
            found, says = yuan(posted.get(key, 0)), yuan(wanted.get(key, 0))
            message = message.format(code=key[1], found=found, wanted=says)
            findings.add("carried_balance", "amount", message, entry=key[0])


def _check_accounts(connection: Connection, findings: Findings) -> None:
    sql = _ACCOUNTS.format(
        first_day=raw_column(connection, _change.c.first_day, "h"),
        ended_on=raw_column(connection, _account.c.to_date, "l"),
        began_on=raw_column(connection, _account.c.from_date, "t"),
    )
    for entry, kind, unit_left, unit_taken, first_day, ended_on, began_on in connection.exec_driver_sql(sql):
        if kind != KIND:
            findings.add("change_of_hands", "entry_id", _("an entry of this kind changes no hands"), entry=entry)
        if unit_left is None or unit_left != unit_taken:
            message = _("the two accounts are not of one unit")
            findings.add("change_of_hands", "to_account_id", message, entry=entry)
        elif began_on != first_day or ended_on != _day_before(first_day):
            message = _("the accounts do not follow one another on {day}").format(day=first_day)
            findings.add("change_of_hands", "first_day", message, entry=entry)


def _day_before(day: object) -> str:
    """ISO text; empty for what is no day."""
    try:
        return (date.fromisoformat(str(day)) - timedelta(1)).isoformat()
    except ValueError:
        return ""
