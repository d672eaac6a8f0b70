"""What a payment that bills months ahead (预缴) must have posted for them, beside what it settles."""

from collections.abc import Mapping
from typing import Any

from feedesk.ledger import chart
from feedesk.ledger.verify_chain import SealedAct
from feedesk.ledger.verify_changes import credit_codes
from feedesk.ledger.verify_facts import Names

Balances = dict[tuple[str, Any], int]


def advance_balances(act: SealedAct, names: Names, posted: Mapping[tuple[str, Any], int]) -> Balances:
    """Receivables and their credits by code, without a resident's account, from the charges of a payment's entry.

    Our own revenue waits as 待转收入. What is collected for others is credited to them: whose money an item was that
    day, the postings say.
    """
    balances: Balances = {}
    for item, sums in act.charges.items():
        name, net = names.items.get(item, "?"), sums.gross - sums.discount
        balances[chart.receivable(name).code, None] = net
        own = {chart.deferred(name).code, chart.earned(name, chart.OWN).code}
        others = (code for code in credit_codes(name) if code not in own and posted.get((code, None), 0) < 0)
        balances[next(others, chart.deferred(name).code), None] = -net
    return balances
