"""Issuing receipts: the next number is taken inside the posting transaction, so that there are no gaps."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, bindparam, insert, select, update

from feedesk.ledger.posting import EntryDraft
from feedesk.ledger.prepared import Prepared
from feedesk.models import Community, Receipt, ReceiptBook, Till, table_of
from feedesk.rules.receipt_document import ReceiptDocument

_book, _receipt, _till, _community = (table_of(model) for model in (ReceiptBook, Receipt, Till, Community))

_take_number = Prepared(
    update(_book)
    .where(_book.c.till_id == bindparam("till"), _book.c.year == bindparam("of_year"))
    .values(next_number=_book.c.next_number + 1)
    .returning(_book.c.id, _book.c.prefix, _book.c.next_number)
)
_till_number = select(_till.c.number).where(_till.c.id == bindparam("till"))
_who_we_are = Prepared(select(_community.c.name, _community.c.company, _community.c.service_phone).limit(1))


@dataclass(frozen=True, slots=True)
class ReceiptNumber:
    """A number taken from a book: ``SJ-2026-1-004289``."""

    book: int
    number: int
    code: str


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who issues papers: the community, the property company, the telephone residents may call."""

    community: str
    company: str
    service_phone: str


def take_number(connection: Connection, *, till_id: int, year: int) -> ReceiptNumber:
    """Takes the next receipt number of a till's book for a business year, opening the book with the first."""
    facts = {"till": till_id, "of_year": year}
    row = _take_number.one_or_none(connection, facts)
    if row is None:
        till_number = connection.execute(_till_number, {"till": till_id}).scalar_one()
        prefix = f"SJ-{year}-{till_number}-"
        connection.execute(insert(_book), {"till_id": till_id, "year": year, "prefix": prefix, "next_number": 1})
        row = _take_number.one_or_none(connection, facts)
    number = row.next_number - 1
    return ReceiptNumber(row.id, number, f"{row.prefix}{number:06d}")


def letterhead(connection: Connection) -> Letterhead:
    """Who issues the papers of this ledger; empty before a community is named."""
    row = _who_we_are.one_or_none(connection)
    return Letterhead("", "", "") if row is None else Letterhead(row.name, row.company, row.service_phone)


def store_receipt(
    draft: EntryDraft, *, number: ReceiptNumber, payment: int, business_date: date, document: ReceiptDocument
) -> int:
    """Stores a receipt as part of an entry and returns its key."""
    return draft.add(
        _receipt,
        {
            "payment_id": payment,
            "book_id": number.book,
            "number": number.number,
            "code": number.code,
            "business_date": business_date,
            "document": document.to_json(),
            "form_number": None,
        },
    )
