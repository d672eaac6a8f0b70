"""Whether what was sold (临时收费) agrees with the lines of its payment, and strangers' deposits with their receipts.

What was sold stays as it was when the money goes back: the lines of the entry that gives it back say so.
"""

from fractions import Fraction
from typing import Any

from sqlalchemy import Connection

from feedesk.ledger.findings import Findings, yuan
from feedesk.ledger.verify_chain import Document, SealedAct
from feedesk.texts import N_, _

SELLING = frozenset({"payment", "refund"})
"""Kinds of payment that may sell something: a refund where a part of a stranger's deposit is kept."""

_COARSEST = 100
"""A fee item rounds to a yuan at most (100 fen), so that price × quantity may be off by less than that."""
# A deposit without an account hangs on its receipt: together with all that took of it, it is never below nothing.
_STRANGERS = (
    "SELECT o.entry_id, l.name, SUM(l.amount) FROM payment_line l JOIN payment p ON p.id = l.payment_id"
    " LEFT JOIN correction c ON c.entry_id = p.entry_id"
    " JOIN payment o ON o.id = COALESCE(p.reverses_id, c.corrects_id, p.id)"
    " WHERE l.kind = 'deposit' AND l.account_id IS NULL GROUP BY o.entry_id, l.name HAVING SUM(l.amount) < 0"
)
_WRONG_ITEM = (
    "SELECT s.entry_id FROM sale s JOIN tariff_version v ON v.id = s.tariff_version_id"
    " JOIN tariff t ON t.id = v.tariff_id WHERE t.fee_item_id <> s.fee_item_id OR v.unit_price <> s.unit_price"
)
_CHECKS = (("tariff_version_id", N_("is not the price of the fee item that it was sold by"), _WRONG_ITEM),)


def check_sales(act: SealedAct, findings: Findings) -> None:
    """Checks what an entry sells; nothing for any other."""
    sales = act.documents.get("sale", [])
    lines = [line for line in act.documents.get("payment_line", []) if line["kind"] == "sale"]
    if not sales and not lines:
        return
    if sales and act.entry["kind"] not in SELLING:
        findings.add("sale", "entry_id", _("an entry of this kind sells nothing"), entry=act.id)
    for row in sales:
        _check_arithmetic(act, row, findings)
    if act.entry["kind"] == "payment" or sales:
        _compare(act, sales, lines, findings)


def _check_arithmetic(act: SealedAct, row: Document, findings: Findings) -> None:
    amount = findings.whole(row["amount"], "sale", "amount", entry=act.id)
    try:
        exact = Fraction(str(row["quantity"])) * Fraction(str(row["measure"])) * Fraction(str(row["unit_price"])) * 100
    except (ValueError, ZeroDivisionError):
        findings.add("sale", "unit_price", _("price or quantity cannot be read"), entry=act.id)
        return
    if amount <= 0 or abs(exact - amount) >= _COARSEST:
        message = _("price and quantity do not make {amount}").format(amount=yuan(amount))
        findings.add("sale", "amount", message, entry=act.id)


def _compare(act: SealedAct, sales: list[Document], lines: list[Document], findings: Findings) -> None:
    sold: dict[Any, int] = {}
    for sign, table, rows in ((1, "sale", sales), (-1, "payment_line", lines)):
        for row in rows:
            amount = findings.whole(row["amount"], table, "amount", entry=act.id)
            sold[row["fee_item_id"]] = sold.get(row["fee_item_id"], 0) + sign * amount
    for difference in sold.values():
        if difference:
            message = _("{amount} is between what was sold and the lines of its payment")
            findings.add("sale", "amount", message.format(amount=yuan(difference)), entry=act.id)


def check_all_sales(connection: Connection, findings: Findings) -> None:
    """Runs the checks that need more than one entry."""
    for column, message, sql in _CHECKS:
        for (entry,) in connection.exec_driver_sql(sql):
            findings.add("sale", column, _(message), entry=entry)
    for entry, name, amount in connection.exec_driver_sql(_STRANGERS):
        message = _("{amount} more of {name} was given back than this receipt took")
        message = message.format(amount=yuan(-int(amount)), name=name)
        findings.add("payment_line", "amount", message, entry=entry)
