"""Requests and decisions that a forger sealed anew: the rules of a second person are still found broken."""

import pytest

from tests.ledger.attacking import Attacker
from tests.ledger.forging import forge

FORGERIES = [
    # The approver of the waiver becomes whoever asked.
    (
        "UPDATE entry SET actor_id = (SELECT q.actor_id FROM approval_request r JOIN entry q ON q.id = r.entry_id"
        " WHERE r.id = 1) WHERE id = (SELECT entry_id FROM approval_decision WHERE outcome = 'approved')",
        "outcome",
    ),
    ("UPDATE approval_decision SET act_entry_id = NULL WHERE outcome = 'approved'", "act_entry_id"),
    ("UPDATE approval_decision SET act_entry_id = 1 WHERE outcome = 'done'", "act_entry_id"),
    ("UPDATE approval_decision SET request_id = 1 WHERE outcome = 'refused'", "outcome"),
    ("UPDATE approval_decision SET outcome = 'withdrawn' WHERE outcome = 'refused'", "outcome"),
    ("UPDATE approval_decision SET words = '' WHERE outcome = 'refused'", "words"),
    ("UPDATE approval_request SET amount = amount + 1 WHERE id = 1", "act_entry_id"),
    ("UPDATE approval_request SET amount = amount + 1 WHERE kind = 'refund_payment'", "act_entry_id"),
    ("UPDATE approval_request SET kind = 'reversal' WHERE kind = 'refund_payment'", "act_entry_id"),
    ("UPDATE approval_request SET amount = 0 WHERE id = 2", "amount"),
    ("UPDATE approval_request SET reason = 'x' WHERE id = 2", "reason"),
    ("UPDATE entry SET kind = 'waiver' WHERE kind = 'request'", "entry_id"),
    ("UPDATE entry SET kind = 'request_decision' WHERE kind = 'waiver'", "entry_id"),
]


@pytest.mark.parametrize(("forgery", "column"), FORGERIES, ids=[forgery[:60] for forgery, _column in FORGERIES])
def test_a_forged_decision_contradicts_itself(attacker: Attacker, forgery: str, column: str) -> None:
    forge(attacker, forgery)
    found = attacker.verify()
    tables = {"approval_request", "approval_decision", "entry"}
    assert column in {problem.column for problem in found.problems if problem.table in tables}, found.problems
