"""Whether what puts payments right names the right payment, on the right day, and never gives back more than was taken.

Each check is a query that returns only what does not agree; the postings themselves are compared with their documents
like those of any payment.
"""

from sqlalchemy import Connection

from feedesk.ledger.findings import Findings, yuan
from feedesk.ledger.verify_chain import SealedAct
from feedesk.texts import N_, _

PUT_RIGHT = frozenset({"refund", "bounce", "tender_change"})
"""Kinds of payment that always say what they put right; a payment brought from another account does so too."""

_CORRECTED = (
    "FROM correction c JOIN payment p ON p.entry_id = c.entry_id LEFT JOIN payment o ON o.id = c.corrects_id"
    " LEFT JOIN payment m ON m.reverses_id = o.id AND m.kind = 'transfer_out'"
    " LEFT JOIN unclaimed_money u ON u.entry_id = o.entry_id"
)
_CHECKS: tuple[tuple[str, str], ...] = (
    (
        N_("puts right a payment that is none, or a later one"),
        "SELECT c.entry_id " + _CORRECTED + " WHERE c.corrects_id IS NOT NULL"
        " AND (o.id IS NULL OR o.kind <> 'payment' OR o.entry_id >= c.entry_id)",
    ),
    (
        N_("names no payment to be put right"),
        "SELECT c.entry_id " + _CORRECTED + " WHERE c.corrects_id IS NULL AND p.kind <> 'refund'",
    ),
    (
        N_("counts from another day than the money came or went"),
        "SELECT c.entry_id " + _CORRECTED + " WHERE c.value_date <> CASE WHEN p.kind = 'payment' AND u.id IS NOT NULL"
        " THEN u.value_date WHEN p.kind IN ('payment', 'bounce') THEN o.business_date ELSE p.business_date END",
    ),
    (
        N_("changes the tender of a payment of another shift, or its sum"),
        "SELECT c.entry_id " + _CORRECTED + " WHERE p.kind = 'tender_change'"
        " AND (p.total <> 0 OR o.shift_id IS NULL OR p.shift_id <> o.shift_id)",
    ),
    (
        N_("comes from a payment that was not taken off its account with the same sum"),
        "SELECT c.entry_id " + _CORRECTED + " WHERE p.kind = 'payment' AND u.id IS NULL"
        " AND (m.id IS NULL OR m.total + p.total <> 0 OR m.account_id = p.account_id)",
    ),
)
_TOO_MUCH = (
    # What was forgone (抹零) was held all the same: a deposit goes back whole.
    "SELECT o.entry_id, o.total + o.rounding, SUM(-p.total - p.rounding) FROM correction c"
    " JOIN payment p ON p.entry_id = c.entry_id JOIN payment o ON o.id = c.corrects_id"
    " WHERE p.kind IN ('refund', 'bounce')"
    " GROUP BY o.entry_id, o.total, o.rounding HAVING SUM(-p.total - p.rounding) > o.total + o.rounding"
)
_OVERDRAWN = (
    "SELECT a.code, p.account_id, SUM(p.amount) FROM posting p JOIN ledger_account a ON a.id = p.ledger_account_id"
    " WHERE SUBSTR(a.code, 1, 8) = '2241.押金.' GROUP BY a.code, p.account_id HAVING SUM(p.amount) > 0"
)


def check_correction(act: SealedAct, findings: Findings) -> None:
    """Whether an entry that puts a payment right says which, and whether no other does."""
    rows = act.documents.get("correction", [])
    if act.entry["kind"] in PUT_RIGHT and not rows:
        findings.add("correction", "entry_id", _("the entry does not say what it puts right"), entry=act.id)
    if rows and act.entry["kind"] not in PUT_RIGHT | {"payment"}:
        findings.add("correction", "entry_id", _("an entry of this kind puts no payment right"), entry=act.id)


def check_corrections(connection: Connection, findings: Findings) -> None:
    """Runs the checks that need more than one entry."""
    for message, sql in _CHECKS:
        for (entry,) in connection.exec_driver_sql(sql):
            findings.add("correction", "corrects_id", _(message), entry=entry)
    for entry, taken, back in connection.exec_driver_sql(_TOO_MUCH):
        message = _("{taken} was taken, but {back} was given back")
        findings.add("payment", "total", message.format(taken=yuan(taken), back=yuan(back)), entry=entry)
    for code, account, balance in connection.exec_driver_sql(_OVERDRAWN):
        message = _("{code}: {amount} more was given back to account {account} than was held")
        findings.add("posting", "amount", message.format(code=code, amount=yuan(balance), account=account))
