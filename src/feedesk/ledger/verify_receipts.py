"""Whether a stored receipt says what its payment says: number, day, payer, amounts, tenders, the sum in words."""

from collections.abc import Iterator
from typing import Any

from feedesk.ledger.findings import Findings, yuan
from feedesk.ledger.verify_chain import Document, SealedAct
from feedesk.ledger.verify_facts import Names
from feedesk.money import Fen
from feedesk.rules.capitals import amount_in_words, refund_in_words, reversal_in_words
from feedesk.rules.receipt_document import ReceiptDocument, ReceiptKind
from feedesk.texts import _


def check_receipt(act: SealedAct, payment: Document, receipt: Document, names: Names, findings: Findings) -> None:
    """Compares a receipt with its book and with its payment."""
    for column, message in _against_book(act, payment, receipt, names):
        findings.add("receipt", column, message, entry=act.id)
    try:
        document = ReceiptDocument.from_json(receipt["document"])
    except (ValueError, TypeError, KeyError, AttributeError):
        message = _("the stored receipt cannot be read, or its parts disagree")
        findings.add("receipt", "document", message, entry=act.id)
        return
    for table, column, stored, printed in _against_payment(act, payment, receipt, document, names):
        if stored != printed:
            message = _("the receipt says {printed}, but {stored} is stored")
            if isinstance(printed, int):
                printed, stored = yuan(printed), yuan(stored)
            findings.add(table, column, message.format(printed=printed, stored=stored), entry=act.id)


def _against_book(act: SealedAct, payment: Document, receipt: Document, names: Names) -> Iterator[tuple[str, str]]:
    if receipt["payment_id"] != payment["id"]:
        yield "payment_id", _("the receipt names a payment of another entry")
    book = names.books.get(receipt["book_id"])
    if (
        book is None
        or book.till != act.entry["chain_id"]
        or not str(payment["business_date"]).startswith(f"{book.year}-")
    ):
        yield "book_id", _("the receipt is not of its till's book of that year")
    if book is not None and receipt["code"] != book.code(receipt["number"]):
        message = _("the receipt is called {code}, but its number in the book makes it {wanted}")
        yield "code", message.format(code=receipt["code"], wanted=book.code(receipt["number"]))


def _against_payment(
    act: SealedAct, payment: Document, receipt: Document, document: ReceiptDocument, names: Names
) -> Iterator[tuple[str, str, Any, Any]]:
    """Table, column, what is stored there and what the paper says; a paper of money given back shows it positive."""
    sign = 1 if document.kind is ReceiptKind.PAYMENT else -1
    plain, refunded = amount_in_words(Fen(document.total)), refund_in_words(Fen(document.total))
    words = plain if sign == 1 else refunded
    if document.kind is ReceiptKind.BOUNCE and document.in_words == plain:
        words = plain  # nobody got that money back; papers of earlier versions say 退款 all the same
    if document.kind is ReceiptKind.REVERSAL and document.in_words == reversal_in_words(Fen(document.total)):
        words = document.in_words  # some of it went back where it lay; papers of earlier versions say 退款 all the same
    account = payment["account_id"]
    yield "receipt", "code", receipt["code"], document.number
    yield "receipt", "code", receipt["code"], document.code
    yield "payment", "kind", payment["kind"], document.kind.value
    yield "payment", "payer", payment["payer"], document.payer
    yield "payment", "account_id", f"H{account:06d}" if isinstance(account, int) else "", document.account
    yield "payment", "total", payment["total"], sign * document.total
    yield "payment", "rounding", payment["rounding"], sign * document.rounding
    yield "entry", "recorded_at", act.entry["recorded_at"], document.issued_at
    yield "receipt", "document", words, document.in_words
    rows = act.documents.get("payment_tender", [])
    if len(rows) != len(document.tenders):
        yield "payment_tender", "payment_id", str(len(rows)), str(len(document.tenders))
    for row, line in zip(rows, document.tenders, strict=False):
        yield "payment_tender", "tender_id", names.tenders.get(row["tender_id"], ("", ""))[0], line.code
        yield "payment_tender", "kept", row["kept"], sign * line.kept
        yield "payment_tender", "reference", row["reference"] or "", line.reference
