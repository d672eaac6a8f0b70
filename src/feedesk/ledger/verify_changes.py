"""What an entry that changes single charges must have posted: reductions, replacements, releases of revenue.

A charge that is lowered or replaced takes back what it was credited with; a release moves deferred revenue to revenue.
"""

from dataclasses import dataclass, field

from feedesk.ledger import chart
from feedesk.ledger.findings import Findings
from feedesk.ledger.verify_chain import SealedAct
from feedesk.ledger.verify_facts import Names

NATURES = (chart.OWN, chart.AGENCY, chart.COMMUNAL, chart.DEPOSIT)


@dataclass(slots=True)
class Wanted:
    """Sums in fen that an entry must have posted, debit positive, by code.

    What a charge is credited to depends on the months it serves and on whose money it was that day: ``credited`` maps
    all codes that may be meant to the item's name, and the sum stands under that.
    """

    sums: dict[str, int] = field(default_factory=dict)
    credited: dict[str, str] = field(default_factory=dict)

    def post(self, code: str, amount: int) -> None:
        self.sums[code] = self.sums.get(code, 0) + amount

    def spend(self, code: str, amount: int) -> None:
        """What an expense is debited with."""
        self.credited[code] = code
        self.post(code, amount)

    def credit(self, item: str, amount: int, *, opening: bool = False) -> None:
        """What an item is credited with; ``opening``: perhaps to the opening balance."""
        self.credited |= dict.fromkeys(credit_codes(item), item)
        if opening:
            self.credited[chart.OPENING.code] = item
        self.post(item, -amount)


def credit_codes(item: str) -> list[str]:
    """Where a charge of an item may have been credited."""
    return [chart.deferred(item).code, *(chart.earned(item, nature).code for nature in NATURES)]


def add_changes(wanted: Wanted, act: SealedAct, names: Names, findings: Findings) -> None:
    """Adds what the entry's waivers, replacements and releases must have posted."""
    for row in act.documents.get("waiver", []):
        if row["kind"] == "late_fee":
            continue  # it was never receivable, so nothing is posted
        name = names.items.get(row["charge_item"], "?")
        amount = findings.whole(row["amount"], "waiver", "amount", entry=act.id)
        wanted.post(chart.receivable(name).code, -amount)
        if row["kind"] == "principal":
            wanted.spend(chart.WAIVED.code, amount)
        else:
            wanted.credit(name, -amount, opening=True)
    replaced = {row["replaced_id"]: row for row in act.documents.get("charge_replacement", [])}
    for row in replaced.values():
        name = names.items.get(row["replaced_item"], "?")
        sums = act.charges.get(row["replaced_item"])
        if row["undone"] and sums is not None:  # what stood in its place says what it was
            amount = sums.gross - sums.discount
        else:
            amount = findings.whole(row["replaced_open"], "charge", "waived", entry=act.id)
        wanted.post(chart.receivable(name).code, -amount)
        wanted.credit(name, -amount, opening=True)
    for row in act.documents.get("revenue_release", []):
        name = names.items.get(row["fee_item_id"], "?")
        amount = findings.whole(row["amount"], "revenue_release", "amount", entry=act.id)
        wanted.post(chart.deferred(name).code, amount)
        revenue = chart.earned(name, chart.OWN).code
        wanted.credited[revenue] = revenue
        wanted.post(revenue, -amount)
