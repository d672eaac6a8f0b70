"""Whether an entry's documents agree with its postings and with one another.

The digests show that something was altered; the facts that are kept twice show which table and column. Where hash and
digest disagree about who is right, the sound side is believed.
"""

from typing import Any

from feedesk.ledger import chart
from feedesk.ledger.findings import Findings, yuan
from feedesk.ledger.posting import OFFICE_CHAIN
from feedesk.ledger.verify_advances import advance_balances, check_cancellations
from feedesk.ledger.verify_bases import check_basis
from feedesk.ledger.verify_chain import Document, SealedAct
from feedesk.ledger.verify_changes import Wanted, add_changes
from feedesk.ledger.verify_corrections import check_correction
from feedesk.ledger.verify_facts import Names, same_fact
from feedesk.ledger.verify_receipts import check_receipt
from feedesk.ledger.verify_requests import check_request
from feedesk.ledger.verify_sales import check_sales
from feedesk.ledger.verify_shifts import check_shift
from feedesk.ledger.verify_sign_offs import check_sign_off
from feedesk.ledger.verify_unclaimed import UNCLAIMED, check_unclaimed
from feedesk.texts import _

Balances = dict[tuple[str, Any], int]

_RECEIVABLE = chart.receivable("").code

_WITHOUT_RECEIPT = frozenset({"void", "tender_change", "transfer_out"})

# What an account of the chart is posted from: the documents that are in question when the two disagree.
_SOURCES = (
    (_RECEIVABLE, "allocation", "amount"),
    ("6051.", "allocation", "amount"),
    ("1001.", "payment_tender", "kept"),
    ("1012.", "payment_tender", "kept"),
    ("2203.", "payment_line", "amount"),
    ("2241.", "payment_line", "amount"),
    ("6711.", "payment", "rounding"),
)


def check_documents(act: SealedAct, names: Names, findings: Findings) -> None:
    """Checks one entry's documents; entries that reverse others are compared with those by `verify_balances`."""
    reverses = act.entry["reverses_id"] is not None
    if act.documents.get("payment"):  # with charges, where it billed months ahead
        _check_payment(act, names, findings)
        if not reverses:
            posted = _posted(act)
            wanted = _payment_balances(act, names, findings) | advance_balances(act, names, posted)
            _compare(act, wanted, posted, findings)
    elif not reverses:
        _check_run(act, findings)
        _compare_charged(act, names, findings)
    check_shift(act, names, findings)
    check_sign_off(act, names, findings)
    check_correction(act, findings)
    check_unclaimed(act, findings)
    check_cancellations(act, findings)
    check_basis(act, findings)
    check_request(act, findings)
    check_sales(act, findings)
    for row in act.documents.get("day_close", []):
        same_fact(act, findings, ("day_close", row, "business_date"), "business_date")
        same_fact(act, findings, ("day_close", row, "closed_at"), "recorded_at")


def _check_payment(act: SealedAct, names: Names, findings: Findings) -> None:
    payment, receipt = act.one("payment"), act.one("receipt")
    if payment is None:
        findings.add("payment", "entry_id", _("more than one payment belongs to this entry"), entry=act.id)
        return
    _check_amounts(act, payment, findings)
    same_fact(act, findings, ("payment", payment, "business_date"), "business_date")
    same_fact(act, findings, ("payment", payment, "shift_id"), "shift_id")
    same_fact(act, findings, ("payment", payment, "kind"), "kind")
    by_office = payment["kind"] == "offset" or (payment["kind"] == "reversal" and payment["shift_id"] is None)
    shift = names.shifts.get(payment["shift_id"])
    if by_office:
        _check_offset(act, payment, names, findings)
    elif shift is None or (shift.till, shift.day) != (act.entry["chain_id"], payment["business_date"]):
        message = _("the payment is not of this chain's till and of its shift's day")
        findings.add("payment", "shift_id", message, entry=act.id)
    for line in act.documents.get("payment_line", []):
        if line["kind"] in ("deposit", "sale") and line["name"] != names.items.get(line["fee_item_id"]):
            message = _("the line is called {name}, the fee item is called {item}")
            message = message.format(name=line["name"], item=names.items.get(line["fee_item_id"]))
            findings.add("fee_item" if act.documents_sound else "payment_line", "name", message, entry=act.id)
    if payment["kind"] in _WITHOUT_RECEIPT or by_office:
        if act.documents.get("receipt"):
            findings.add("receipt", "payment_id", _("an act of this kind has no receipt of its own"), entry=act.id)
    elif receipt is None:
        findings.add("receipt", "payment_id", _("the payment of this entry has not one receipt"), entry=act.id)
    else:
        same_fact(act, findings, ("receipt", receipt, "business_date"), "business_date")
        check_receipt(act, payment, receipt, names, findings)


def _check_offset(act: SealedAct, payment: Document, names: Names, findings: Findings) -> None:
    """An offset (自动冲抵) is the office's, in no shift, and moves nothing but what was prepaid."""
    if payment["shift_id"] is not None or act.entry["chain_id"] != OFFICE_CHAIN:
        message = _("an offset belongs to the office, not to a shift")
        findings.add("payment", "shift_id", message, entry=act.id)
    for row in act.documents.get("payment_tender", []):
        if names.tenders.get(row["tender_id"], ("?", "?"))[1] != "prepaid":
            message = _("an offset is paid from the prepayment only")
            findings.add("payment_tender", "tender_id", message, entry=act.id)


def _check_amounts(act: SealedAct, payment: Document, findings: Findings) -> None:
    def summed(table: str, column: str) -> int:
        rows = act.documents.get(table, [])
        return sum(findings.whole(row[column], table, column, entry=act.id) for row in rows)

    def amount(column: str) -> int:
        return findings.whole(payment[column], "payment", column, entry=act.id)

    settled = summed("allocation", "amount") + summed("payment_line", "amount")
    for column, wanted, found in (
        ("total", summed("payment_tender", "kept"), amount("total")),
        ("tendered", summed("payment_tender", "tendered"), amount("tendered")),
        ("change", amount("tendered") - amount("total"), amount("change")),
        ("rounding", settled - amount("total"), amount("rounding")),
    ):
        if wanted != found:
            message = _("{column} is {found}, but the details make it {wanted}")
            findings.add(
                "payment", column, message.format(column=column, found=yuan(found), wanted=yuan(wanted)), entry=act.id
            )


def _posted(act: SealedAct) -> Balances:
    balances: Balances = {}
    for _sequence, code, account, amount in act.postings:
        if type(amount) is int:
            balances[code, account] = balances.get((code, account), 0) + amount
    return balances


def _payment_balances(act: SealedAct, names: Names, findings: Findings) -> Balances:
    """What a payment must have posted, from its documents alone."""
    payment = act.documents["payment"][0]
    balances: Balances = {}

    def post(code: str, account: object, amount: object, table: str, column: str) -> None:
        fen = findings.whole(amount, table, column, entry=act.id)
        balances[code, account] = balances.get((code, account), 0) + fen

    shift = names.shifts.get(payment["shift_id"])
    till = names.tills.get(shift.till, 0) if shift is not None else 0
    for row in act.documents.get("payment_tender", []):
        code, kind = names.tenders.get(row["tender_id"], ("?", "?"))
        if kind == "prepaid":
            post(chart.PREPAYMENTS.code, payment["account_id"], row["kept"], "payment_tender", "kept")
        elif kind == UNCLAIMED:
            post(chart.UNCLAIMED.code, None, row["kept"], "payment_tender", "kept")
        elif kind == "cash":
            post(chart.till_cash(till).code, None, row["kept"], "payment_tender", "kept")
        else:
            post(chart.tender_account(code, "").code, None, row["kept"], "payment_tender", "kept")
    post(chart.ROUNDING.code, None, payment["rounding"], "payment", "rounding")
    for row in act.documents.get("allocation", []):
        principal = row["kind"] == "principal"
        code = chart.receivable(names.items.get(row["charge_item"], "?")).code if principal else chart.LATE_FEES.code
        post(code, row["charge_account"], _negative(row["amount"]), "allocation", "amount")
    for row in act.documents.get("payment_line", []):
        code, account = _credited(row, names)
        post(code, account, _negative(row["amount"]), "payment_line", "amount")
    return balances


def _credited(line: Document, names: Names) -> tuple[str, object]:
    """Where a payment's line is credited, and for which account; what was sold concerns none."""
    match line["kind"]:
        case "prepayment":
            return chart.PREPAYMENTS.code, line["account_id"]
        case "unclaimed":
            return chart.UNCLAIMED.code, line["account_id"]
        case "sale":
            return chart.earned(str(line["name"]), names.natures.get(line["fee_item_id"], "")).code, None
        case _:
            return chart.deposits(str(line["name"])).code, line["account_id"]


def _negative(amount: object) -> object:
    return -amount if type(amount) is int else amount


def _compare(act: SealedAct, wanted: Balances, posted: Balances, findings: Findings) -> None:
    for key in wanted.keys() | posted.keys():
        says, found = wanted.get(key, 0), posted.get(key, 0)
        if says == found:
            continue
        table, column = "posting", "amount"
        if not act.documents_sound:
            prefixes = ((table, column) for prefix, table, column in _SOURCES if str(key[0]).startswith(prefix))
            table, column = next(prefixes, ("payment", "total"))
        message = _("{code}: {found} is posted, the documents say {wanted}")
        findings.add(table, column, message.format(code=key[0], found=yuan(found), wanted=yuan(says)), entry=act.id)


def _check_run(act: SealedAct, findings: Findings) -> None:
    run = act.one("billing_run")
    if run is None:
        return
    sums = act.charges.values()
    counted = (sum(one.count for one in sums), sum(one.gross for one in sums), sum(one.discount for one in sums))
    # A total that still agrees with the postings is right, and it is the charges that are not.
    owed = sum(amount for _n, code, _account, amount in act.postings if _is_receivable(code) and type(amount) is int)
    right = act.entry_sound and _is_difference(run["total"], run["discount"], owed)
    for column, wanted in zip(("count", "total", "discount"), counted, strict=True):
        if run[column] != wanted:
            shown = str if column == "count" else yuan
            message = _("{column} is {found}, but the charges of the run make it {wanted}")
            message = message.format(column=column, found=shown(run[column]), wanted=shown(wanted))
            blamed = {"total": ("charge", "gross"), "discount": ("charge", "discount")} if right else {}
            findings.add(*blamed.get(column, ("billing_run", column)), message, entry=act.id)


def _is_receivable(code: object) -> bool:
    return str(code).startswith(_RECEIVABLE)


def _is_difference(total: object, discount: object, owed: int) -> bool:
    return type(total) is int and type(discount) is int and total - discount == owed


# What an entry that bills or brings along may post only as its documents say.
_FOLLOWED = (_RECEIVABLE, chart.PREPAYMENTS.code, chart.deposits("").code, chart.deferred("").code)


def _compare_charged(act: SealedAct, names: Names, findings: Findings) -> None:
    """Receivables and what they are credited to against charges; what is held against what was brought along."""
    wanted = Wanted()
    brought_along = act.entry["kind"] == "opening"
    for item, sums in act.charges.items():
        name, net = names.items.get(item, "?"), sums.gross - sums.discount
        wanted.post(chart.receivable(name).code, net)
        if not brought_along:
            wanted.credit(name, net, opening=bool(act.documents.get("charge_replacement")))
    for row in act.documents.get("opening", []):
        wanted.post(_held(row), -findings.whole(row["amount"], "opening", "amount", entry=act.id))
    add_changes(wanted, act, names, findings)
    credited = wanted.credited
    posted: dict[str, int] = {}
    for _sequence, code, _account, amount in act.postings:
        if type(amount) is int and (code in credited or str(code).startswith(_FOLLOWED)):
            key = credited.get(code, code)
            posted[key] = posted.get(key, 0) + amount
    for key in sorted(wanted.sums.keys() | posted.keys(), key=str):
        says, found = wanted.sums.get(key, 0), posted.get(key, 0)
        if says == found:
            continue
        table, column = "posting", "amount"
        if not act.documents_sound:
            table, column = _questioned(act, key)
            if key in credited.values() and not act.documents.get("revenue_release"):
                continue  # what is owed for the item has told it already
        message = _("{code}: {found} is posted, the documents say {wanted}")
        findings.add(table, column, message.format(code=key, found=yuan(found), wanted=yuan(says)), entry=act.id)


def _questioned(act: SealedAct, code: str) -> tuple[str, str]:
    """Which document is in question where it is not the one that was sealed."""
    if act.documents.get("revenue_release"):
        return "revenue_release", "amount"
    if act.documents.get("waiver"):
        return "waiver", "amount"
    return ("charge", "gross") if _is_receivable(code) else ("opening", "amount")


def _held(opening: Document) -> str:
    """Where a balance brought along is held: a prepayment, a deposit, or months paid ahead."""
    match opening["kind"]:
        case "prepayment":
            return chart.PREPAYMENTS.code
        case "deposit":
            return chart.deposits(str(opening["name"])).code
        case _:
            return chart.deferred(str(opening["name"])).code
