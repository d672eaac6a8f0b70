"""Whether what a payment says its allocation rests on agrees with what it settled, and in which order."""

from feedesk.ledger.findings import Findings
from feedesk.ledger.verify_chain import Document, SealedAct
from feedesk.rules.allocation import AllocationOrder, BasisKind, DebtPart
from feedesk.texts import _

_TABLE = "allocation_basis"


def check_basis(act: SealedAct, findings: Findings) -> None:
    """Checks a payment's basis; payments taken before it was kept have none."""
    rows = act.documents.get(_TABLE, [])
    if not rows:
        return
    row = act.one(_TABLE)
    if row is None or act.entry["kind"] != "payment" or not act.documents.get("allocation"):
        findings.add(_TABLE, "payment_id", _("belongs to no payment that settles charges, or not alone"), entry=act.id)
        return
    for column, known in (("kind", set(BasisKind)), ("part", {"", *DebtPart}), ("agreed_order", set(AllocationOrder))):
        if row[column] not in known:
            findings.add(_TABLE, column, _("is nothing an allocation can rest on"), entry=act.id)
    if row["part"] and row["kind"] != BasisKind.DESIGNATED:
        findings.add(_TABLE, "kind", _("names a part of the debts, so it is the payer's own designation"), entry=act.id)
    _check_allocations(act, row, findings)


def _check_allocations(act: SealedAct, row: Document, findings: Findings) -> None:
    kinds = [one["kind"] for one in act.documents["allocation"]]
    if row["part"] and any(kind != row["part"] for kind in kinds):
        findings.add(_TABLE, "part", _("settles another part of the debts than the payer named"), entry=act.id)
    fees = kinds.index(DebtPart.LATE_FEE) if DebtPart.LATE_FEE in kinds else len(kinds)
    if row["agreed_order"] == AllocationOrder.PRINCIPAL_FIRST and DebtPart.PRINCIPAL in kinds[fees:]:
        findings.add(_TABLE, "agreed_order", _("a late fee stands before a principal"), entry=act.id)
