"""What a payment that bills months ahead (预缴) must have posted for them, beside what it settles."""

from collections.abc import Mapping
from typing import Any

from feedesk.ledger import chart
from feedesk.ledger.findings import Findings, yuan
from feedesk.ledger.verify_chain import SealedAct
from feedesk.ledger.verify_changes import credit_codes
from feedesk.ledger.verify_facts import Names
from feedesk.texts import _

GIVING_BACK = frozenset({"refund", "bounce"})
"""Kinds of entry that may cancel months paid ahead one by one."""

Balances = dict[tuple[str, Any], int]


def advance_balances(act: SealedAct, names: Names, posted: Mapping[tuple[str, Any], int]) -> Balances:
    """Receivables and their credits by code, without a resident's account, from the charges of a payment's entry.

    Our own revenue waits as 待转收入. What is collected for others is credited to them: whose money an item was that
    day, the postings say. Months given back (退预缴) take out of both what they had brought.
    """
    nets = {item: sums.gross - sums.discount for item, sums in act.charges.items()}
    for row in act.documents.get("charge_cancellation", []):
        if type(row["charge_net"]) is int:
            nets[row["charge_item"]] = nets.get(row["charge_item"], 0) - row["charge_net"]
    balances: Balances = {}
    for item, net in nets.items():
        name = names.items.get(item, "?")
        balances[chart.receivable(name).code, None] = net
        own = {chart.deferred(name).code, chart.earned(name, chart.OWN).code}
        others = (code for code in credit_codes(name) if code not in own and posted.get((code, None), 0))
        balances[next(others, chart.deferred(name).code), None] = -net
    return balances


def check_cancellations(act: SealedAct, findings: Findings) -> None:
    """Charges are cancelled one by one only where money goes back, and all that was paid of them with it."""
    rows = act.documents.get("charge_cancellation", [])
    if rows and act.entry["kind"] not in GIVING_BACK:
        message = _("an entry of this kind cancels no charge")
        findings.add("charge_cancellation", "entry_id", message, entry=act.id)
    for row in rows:
        if row["charge_left"] is None:
            message = _("there is no charge {charge} to cancel").format(charge=row["charge_id"])
            findings.add("charge_cancellation", "charge_id", message, entry=act.id)
        elif row["charge_left"]:
            message = _("{amount} is still paid or waived of charge {charge}, which was cancelled")
            message = message.format(amount=yuan(row["charge_left"]), charge=row["charge_id"])
            findings.add("charge_cancellation", "charge_id", message, entry=act.id)
