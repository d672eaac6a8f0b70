"""Whether requests and the words on them stand as sealed, and whether the rules of a second person were kept.

A decision moves no money itself: it names the entry of the act that was done by it, which must be of the kind asked
for and of its amount, with the decider as its approver.
"""

from sqlalchemy import Connection

from feedesk.ledger.findings import Findings
from feedesk.ledger.verify_chain import SealedAct
from feedesk.ledger.verify_facts import same_fact
from feedesk.texts import N_, _

_KINDS = {"approval_request": "request", "approval_decision": "request_decision"}
_DECIDED = (
    "FROM approval_decision d JOIN approval_request r ON r.id = d.request_id JOIN entry e ON e.id = d.entry_id"
    " JOIN entry q ON q.id = r.entry_id LEFT JOIN entry a ON a.id = d.act_entry_id"
)
_CHECKS: tuple[tuple[str, str, str], ...] = (
    ("request_id", N_("decides about a request that came later"), "WHERE d.entry_id <= r.entry_id"),
    (
        "outcome",
        N_("whoever asked decided about it"),
        "WHERE d.outcome IN ('approved', 'released', 'refused', 'overtaken') AND e.actor_id = q.actor_id",
    ),
    (
        "outcome",
        N_("somebody else than whoever asked withdrew it"),
        "WHERE d.outcome = 'withdrawn' AND e.actor_id <> q.actor_id",
    ),
    ("words", N_("refused without words"), "WHERE d.outcome = 'refused' AND d.words = ''"),
    (
        "act_entry_id",
        N_("does not name the act that was done by it"),
        "WHERE (d.outcome IN ('approved', 'done')) <> (a.id IS NOT NULL)",
    ),
    (
        "act_entry_id",
        N_("names an act of another kind than was asked for"),
        "WHERE a.kind <> CASE WHEN r.kind IN ('waive_late_fee', 'waive_principal') THEN 'waiver'"
        " WHEN r.kind = 'reversal' THEN 'reversal' ELSE 'refund' END",
    ),
    (
        "act_entry_id",
        N_("names an act that somebody else approved"),
        "LEFT JOIN approval_decision y ON y.request_id = r.id AND y.outcome IN ('approved', 'released')"
        " LEFT JOIN entry z ON z.id = y.entry_id WHERE a.id IS NOT NULL"
        " AND (a.approver_id IS NULL OR z.actor_id IS NULL OR a.approver_id <> z.actor_id)",
    ),
    (
        "act_entry_id",
        N_("names a waiver of another amount than was asked for"),
        "WHERE a.kind = 'waiver' AND r.amount <> (SELECT SUM(w.amount) FROM waiver w WHERE w.entry_id = a.id)",
    ),
    (
        "act_entry_id",
        N_("names money given back for another payment than was asked for"),
        "JOIN payment p ON p.entry_id = a.id LEFT JOIN correction c ON c.entry_id = a.id"
        " WHERE (r.kind = 'reversal' AND p.reverses_id <> r.payment_id)"
        " OR (r.kind = 'refund_payment' AND (c.corrects_id <> r.payment_id OR p.total + r.amount <> 0))",
    ),
)
_TWICE = (
    "SELECT MAX(entry_id) FROM approval_decision"
    " GROUP BY request_id, CASE WHEN outcome = 'released' THEN 1 ELSE 0 END HAVING COUNT(*) > 1"
)


def check_request(act: SealedAct, findings: Findings) -> None:
    """Checks an entry that asks for something or decides about it; nothing for any other."""
    for table, kind in _KINDS.items():
        for row in act.documents.get(table, []):
            same_fact(act, findings, (table, row, "reason" if table == "approval_request" else "words"), "reason")
            if act.entry["kind"] != kind:
                findings.add(table, "entry_id", _("is not what its entry is"), entry=act.id)
            if act.postings:
                findings.add("posting", "amount", _("a request or a decision moves no money"), entry=act.id)
            if table == "approval_request" and findings.whole(row["amount"], table, "amount", entry=act.id) <= 0:
                findings.add(table, "amount", _("asks for no amount"), entry=act.id)
        if act.entry["kind"] == kind and act.one(table) is None:
            findings.add(table, "entry_id", _("the entry does not say what was asked or decided"), entry=act.id)


def check_requests(connection: Connection, findings: Findings) -> None:
    """Runs the checks that need more than one entry."""
    for column, message, condition in _CHECKS:
        for (entry,) in connection.exec_driver_sql(f"SELECT d.entry_id {_DECIDED} {condition}"):
            findings.add("approval_decision", column, _(message), entry=entry)
    for (entry,) in connection.exec_driver_sql(_TWICE):
        findings.add("approval_decision", "outcome", _("the request was decided about twice"), entry=entry)
