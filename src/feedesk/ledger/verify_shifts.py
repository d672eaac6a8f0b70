"""Whether a shift's opening and closing, and its cash on the way to the bank, say what their entries say."""

import json

from feedesk.errors import UserError
from feedesk.ledger import chart
from feedesk.ledger.findings import Findings, yuan
from feedesk.ledger.verify_chain import Document, SealedAct
from feedesk.ledger.verify_facts import Names, same_fact
from feedesk.money import Fen
from feedesk.rules.cash_count import counted_cash
from feedesk.rules.drawer import SIGNS, Movement, imprest_returned
from feedesk.texts import _


def check_shift(act: SealedAct, names: Names, findings: Findings) -> None:
    """Checks an entry that opens or closes a shift or pays cash in; nothing for any other."""
    for row in act.documents.get("shift", []):
        _check_opening(act, row, names, findings)
    for row in act.documents.get("shift_close", []):
        _check_close(act, row, names, findings)
    for row in act.documents.get("cash_movement", []):
        _check_movement(act, row, names, findings)
    for row in act.documents.get("bank_deposit", []):
        amount = findings.whole(row["amount"], "bank_deposit", "amount", entry=act.id)
        wanted = {chart.BANK.code: amount, chart.CASH_IN_TRANSIT.code: -amount}
        _compare(act, wanted, ("bank_deposit", "amount"), findings)


def _check_opening(act: SealedAct, shift: Document, names: Names, findings: Findings) -> None:
    same_fact(act, findings, ("shift", shift, "id"), "shift_id")
    same_fact(act, findings, ("shift", shift, "till_id"), "chain_id")
    same_fact(act, findings, ("shift", shift, "cashier_id"), "actor_id")
    same_fact(act, findings, ("shift", shift, "business_date"), "business_date")
    same_fact(act, findings, ("shift", shift, "opened_at"), "recorded_at")
    opening_float = findings.whole(shift["opening_float"], "shift", "opening_float", entry=act.id)
    drawer = chart.till_cash(names.tills.get(shift["till_id"], 0)).code
    _compare(act, {drawer: opening_float, chart.IMPREST.code: -opening_float}, ("shift", "opening_float"), findings)


def _check_close(act: SealedAct, close: Document, names: Names, findings: Findings) -> None:
    same_fact(act, findings, ("shift_close", close, "shift_id"), "shift_id")
    same_fact(act, findings, ("shift_close", close, "closed_at"), "recorded_at")
    expected, counted, over_short = (
        findings.whole(close[column], "shift_close", column, entry=act.id)
        for column in ("expected", "counted", "over_short")
    )
    if over_short != counted - expected:
        message = _("counted {counted} of expected {expected} is not {over_short} over")
        message = message.format(counted=yuan(counted), expected=yuan(expected), over_short=yuan(over_short))
        findings.add("shift_close", "over_short", message, entry=act.id)
    if (by_pieces := _counted(close["counts"])) not in (None, counted):
        message = _("the count by denomination makes {wanted}, counted is {found}")
        message = message.format(wanted=yuan(by_pieces), found=yuan(counted))
        findings.add("shift_close", "counts", message, entry=act.id)
    shift = names.shifts.get(close["shift_id"])
    if shift is None or shift.till != act.entry["chain_id"]:
        findings.add("shift_close", "shift_id", _("not of this chain's till"), entry=act.id)
        return
    opening_float = findings.whole(shift.opening_float, "shift", "opening_float")
    moved = names.imprest.get(close["shift_id"])
    back = imprest_returned(opening_float, moved if type(moved) is int else int(moved or 0), counted)
    # Until petty cash was booked, what was given back came out of takings first.
    before = min(opening_float, counted)
    if _posted_to(act, chart.IMPREST.code) == before:
        back = Fen(before)
    wanted = {
        chart.till_cash(names.tills.get(shift.till, 0)).code: -expected,
        chart.OVER_SHORT.code: expected - counted,
        chart.IMPREST.code: back,
        chart.CASH_IN_TRANSIT.code: counted - back,
    }
    _compare(act, wanted, ("shift_close", "counted"), findings)


def _posted_to(act: SealedAct, code: str) -> int:
    return sum(amount for _n, posted, _account, amount in act.postings if posted == code and type(amount) is int)


def _check_movement(act: SealedAct, row: Document, names: Names, findings: Findings) -> None:
    same_fact(act, findings, ("cash_movement", row, "shift_id"), "shift_id")
    same_fact(act, findings, ("cash_movement", row, "kind"), "kind")
    same_fact(act, findings, ("cash_movement", row, "purpose"), "reason")
    shift = names.shifts.get(row["shift_id"])
    amount = findings.whole(row["amount"], "cash_movement", "amount", entry=act.id)
    if row["kind"] not in SIGNS or amount <= 0 or shift is None or shift.till != act.entry["chain_id"]:
        message = _("moves no cash into or out of the drawer of this chain's till")
        findings.add("cash_movement", "kind", message, entry=act.id)
        return
    signed = SIGNS[Movement(row["kind"])] * amount
    drawer = chart.till_cash(names.tills.get(shift.till, 0)).code
    against = chart.PETTY_CASH if row["kind"] == Movement.PETTY_CASH else chart.IMPREST
    _compare(act, {drawer: signed, against.code: -signed}, ("cash_movement", "amount"), findings)


def _counted(counts: object) -> Fen | None:
    """What the pieces are worth; None when nothing was counted by pieces, -1 for what is no count."""
    try:
        pieces = json.loads(str(counts))
        return counted_cash(pieces) if pieces else None
    except (ValueError, TypeError, AttributeError, UserError):
        return Fen(-1)


def _compare(act: SealedAct, wanted: dict[str, int], kept: tuple[str, str], findings: Findings) -> None:
    posted: dict[str, int] = {}
    for _sequence, code, _account, amount in act.postings:
        posted[code] = posted.get(code, 0) + (amount if type(amount) is int else 0)
    for code in sorted(wanted.keys() | posted.keys(), key=str):
        if wanted.get(code, 0) != posted.get(code, 0):
            table, column = ("posting", "amount") if act.documents_sound else kept
            message = _("{code}: {found} is posted, the documents say {wanted}")
            message = message.format(code=code, found=yuan(posted.get(code, 0)), wanted=yuan(wanted.get(code, 0)))
            findings.add(table, column, message, entry=act.id)
