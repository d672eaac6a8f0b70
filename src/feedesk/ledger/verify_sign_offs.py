"""Whether a second person's word on a shift says what its entry says, and is a second person's at all."""

import json

from feedesk.ledger.findings import Findings
from feedesk.ledger.verify_chain import Document, SealedAct
from feedesk.ledger.verify_facts import Names, same_fact
from feedesk.texts import _

_KINDS = {"hand_over": "hand_over", "review": "shift_review"}


def check_sign_off(act: SealedAct, names: Names, findings: Findings) -> None:
    """Checks an entry that hands a shift over or reviews it; nothing for any other."""
    for row in act.documents.get("shift_sign_off", []):
        same_fact(act, findings, ("shift_sign_off", row, "shift_id"), "shift_id")
        same_fact(act, findings, ("shift_sign_off", row, "remark"), "reason")
        _check_row(act, row, names, findings)


def _check_row(act: SealedAct, row: Document, names: Names, findings: Findings) -> None:
    findings.whole(row["counted"], "shift_sign_off", "counted", entry=act.id)
    if _KINDS.get(str(row["kind"])) != act.entry["kind"]:
        findings.add("shift_sign_off", "kind", _("is not what its entry is"), entry=act.id)
    if not row["accepted"] and not row["remark"]:
        findings.add("shift_sign_off", "accepted", _("refused without a reason"), entry=act.id)
    shift = names.shifts.get(row["shift_id"])
    if shift is None or shift.till != act.entry["chain_id"]:
        findings.add("shift_sign_off", "shift_id", _("not of this chain's till"), entry=act.id)
    if not _are_things(row["things"]):
        findings.add("shift_sign_off", "things", _("is no list of things with their numbers"), entry=act.id)
    if act.postings:
        findings.add("posting", "amount", _("a signature moves no money"), entry=act.id)


def _are_things(text: object) -> bool:
    try:
        rows = json.loads(str(text))
        return all(isinstance(name, str) and isinstance(count, int) for name, count in rows)
    except (ValueError, TypeError):
        return False
