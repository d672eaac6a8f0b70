"""Whether a reference that came later belongs to its entry, and names a way in which its payment was paid."""

from sqlalchemy import Connection

from feedesk.ledger.findings import Findings
from feedesk.texts import _

KIND = "reference"
"""The kind of the entry."""

_TABLE = "added_reference"
_ROWS = (
    "SELECT r.entry_id, e.kind, r.reference, t.id, p.id FROM added_reference r"
    " LEFT JOIN entry e ON e.id = r.entry_id"
    " LEFT JOIN payment_tender t ON t.payment_id = r.payment_id AND t.sequence = r.sequence"
    " LEFT JOIN posting p ON p.entry_id = r.entry_id"
)


def check_added_references(connection: Connection, findings: Findings) -> None:
    """Checks every reference typed later."""
    for entry, kind, reference, tender, posting in connection.exec_driver_sql(_ROWS):
        if kind != KIND:
            findings.add(_TABLE, "entry_id", _("an entry of this kind adds no reference"), entry=entry)
        if not isinstance(reference, str) or not reference.strip():
            findings.add(_TABLE, "reference", _("is no reference"), entry=entry)
        if tender is None:
            message = _("no payment was paid in this place of its ways of paying")
            findings.add(_TABLE, "sequence", message, entry=entry)
        if posting is not None:
            findings.add("posting", "amount", _("a reference moves no money"), entry=entry)
