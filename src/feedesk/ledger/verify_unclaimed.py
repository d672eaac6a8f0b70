"""Whether money of unknown origin (待认领款) is all accounted for: what is open of it is what its account holds.

Of every item what came, was claimed and went back is added up anew; claims name an item that stands, count from its
value date, and never take more than it brought.
"""

from sqlalchemy import Connection

from feedesk.ledger import chart
from feedesk.ledger.findings import Findings, yuan
from feedesk.ledger.verify_chain import Document, SealedAct
from feedesk.texts import N_, _

UNCLAIMED = "unclaimed"
"""The kind of a payment's line, and of the tender by which it is claimed."""

_TABLE = "unclaimed_money"
_ITEMS = f"FROM {_TABLE} u JOIN payment o ON o.entry_id = u.entry_id LEFT JOIN payment m ON m.reverses_id = o.id"
# What claims and returns that stand took out of each item.
_USED = (
    "(SELECT c.corrects_id AS item, SUM(ABS(p.total)) AS used FROM correction c JOIN payment p"
    " ON p.entry_id = c.entry_id LEFT JOIN payment r ON r.reverses_id = p.id"
    " WHERE p.kind IN ('payment', 'refund') AND r.id IS NULL GROUP BY c.corrects_id)"
)
_TOO_MUCH = (
    f"SELECT u.entry_id, CASE WHEN m.id IS NULL THEN o.total ELSE 0 END, x.used {_ITEMS} JOIN {_USED} x"
    " ON x.item = o.id WHERE x.used > CASE WHEN m.id IS NULL THEN o.total ELSE 0 END"
)
_OPEN = (
    f"SELECT COALESCE(SUM(o.total - COALESCE(x.used, 0)), 0) {_ITEMS} LEFT JOIN {_USED} x ON x.item = o.id"
    " WHERE m.id IS NULL"
)
_HELD = (
    "SELECT COALESCE(SUM(-p.amount), 0) FROM posting p JOIN ledger_account a ON a.id = p.ledger_account_id"
    f" WHERE a.code = '{chart.UNCLAIMED.code}'"
)
_CLAIMED = (
    "FROM payment p JOIN payment_tender t ON t.payment_id = p.id JOIN tender n ON n.id = t.tender_id"
    f" AND n.kind = '{UNCLAIMED}' LEFT JOIN correction c ON c.entry_id = p.entry_id"
    f" LEFT JOIN payment o ON o.id = c.corrects_id LEFT JOIN {_TABLE} u ON u.entry_id = o.entry_id"
)
_CHECKS: tuple[tuple[str, str], ...] = (
    (
        N_("claims money of unknown origin, but names none"),
        f"SELECT p.entry_id {_CLAIMED} WHERE p.kind = 'payment' AND u.id IS NULL",
    ),
    (
        N_("names money of unknown origin, but does not claim just that"),
        f"SELECT c.entry_id FROM correction c JOIN payment p ON p.entry_id = c.entry_id AND p.kind = 'payment'"
        f" JOIN payment o ON o.id = c.corrects_id JOIN {_TABLE} u ON u.entry_id = o.entry_id"
        " WHERE p.account_id IS NULL OR p.total <> (SELECT COALESCE(SUM(t.kept), 0) FROM payment_tender t"
        f" JOIN tender n ON n.id = t.tender_id AND n.kind = '{UNCLAIMED}' WHERE t.payment_id = p.id)",
    ),
    (
        N_("gives back money of unknown origin, but not just that"),
        f"SELECT c.entry_id FROM correction c JOIN payment p ON p.entry_id = c.entry_id AND p.kind = 'refund'"
        f" JOIN payment o ON o.id = c.corrects_id JOIN {_TABLE} u ON u.entry_id = o.entry_id"
        " WHERE p.account_id IS NOT NULL OR p.total <> (SELECT COALESCE(SUM(l.amount), 0) FROM payment_line l"
        f" WHERE l.payment_id = p.id AND l.kind = '{UNCLAIMED}')",
    ),
)


def check_unclaimed(act: SealedAct, findings: Findings) -> None:
    """Whether an entry that brings money of unknown origin says what is known of it, and no other does."""
    rows, payment = act.documents.get(_TABLE, []), act.one("payment")
    lines = [line for line in act.documents.get("payment_line", []) if line["kind"] == UNCLAIMED]
    brings = payment is not None and payment["kind"] == "payment" and bool(lines)
    if bool(rows) != brings:
        message = _("is not of just one payment that came without saying for whom")
        findings.add(_TABLE, "entry_id", message, entry=act.id)
    if payment is not None and lines:
        _check_lines(act, payment, lines, findings)
    for row in rows:
        if str(row["value_date"]) > str(act.entry["business_date"]):
            message = _("came on {day}, after it was booked").format(day=row["value_date"])
            findings.add(_TABLE, "value_date", message, entry=act.id)


def _check_lines(act: SealedAct, payment: Document, lines: list[Document], findings: Findings) -> None:
    """Money without an owner belongs to no account, and its payment brings nothing else."""
    others = [*act.documents.get("allocation", []), *act.documents.get("payment_line", [])]
    if payment["account_id"] is not None or any(line["account_id"] is not None for line in lines):
        findings.add("payment", "account_id", _("money of unknown origin belongs to no account"), entry=act.id)
    if len(lines) != 1 or len(others) != 1:
        findings.add("payment_line", "kind", _("money of unknown origin came with something else"), entry=act.id)


def check_claims(connection: Connection, findings: Findings) -> None:
    """Runs the checks that need more than one entry."""
    for message, sql in _CHECKS:
        for (entry,) in connection.exec_driver_sql(sql):
            findings.add("correction", "corrects_id", _(message), entry=entry)
    for entry, brought, used in connection.exec_driver_sql(_TOO_MUCH):
        message = _("{brought} came without saying for whom, but {used} of it was claimed or returned")
        message = message.format(brought=yuan(brought), used=yuan(used))
        findings.add(_TABLE, "entry_id", message, entry=entry)
    ((still_open,),), ((held,),) = (connection.exec_driver_sql(sql).all() for sql in (_OPEN, _HELD))
    if still_open != held:
        message = _("{code}: {held} is held, but {open} is neither claimed nor returned")
        message = message.format(code=chart.UNCLAIMED.code, held=yuan(held), open=yuan(still_open))
        findings.add("posting", "amount", message)
