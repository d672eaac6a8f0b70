"""The search box: room code, name, pinyin, initials, phone, plate, account or receipt number, best first, while typing.

The index is built once from a few queries and searched in memory: a name of two characters is too short for any index
of the database. Each kind of text is kept sorted, and lies in one long string, line by line, so that finding what a
text holds is the machine's own search.
"""

import bisect
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, func, or_, select

from feedesk.models import (
    Account,
    Occupancy,
    Payment,
    Plate,
    Receipt,
    ReceiptBook,
    Resident,
    ResidentPhone,
    Unit,
    table_of,
)
from feedesk.queries.accounts import account_number
from feedesk.rules.unit_codes import compact_code, plain_code

_account, _resident, _unit, _phone, _occupancy, _plate, _receipt, _payment, _book = (
    table_of(model)
    for model in (Account, Resident, Unit, ResidentPhone, Occupancy, Plate, Receipt, Payment, ReceiptBook)
)

DEFAULT_LIMIT = 20


@dataclass(frozen=True, slots=True)
class Hit:
    """An account that fits; ``match`` says by what: unit, name, initials, pinyin, phone, plate, account, receipt.

    A receipt of somebody without an account has none, and no unit: ``resident`` is who paid.
    """

    account: int | None
    number: str
    unit: str
    resident: str
    phone: str
    match: str
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class _Card:
    account: int
    unit: str
    resident: str
    pinyin: str
    initials: str
    phones: tuple[str, ...]
    plates: tuple[str, ...]
    standing: bool


class _Column:
    """One kind of text of all cards: sorted for what equals or begins with a query, in one string for what holds it.

    In the string each line is ``\\n`` + text, in the order of the cards.
    """

    def __init__(self, match: str, texts: Sequence[tuple[int, str]], *, anywhere: bool) -> None:
        self.match = match
        self.anywhere = anywhere
        self._cards = [card for card, _text in texts]
        self._starts: list[int] = []
        length = 0
        for _card, text in texts:
            self._starts.append(length)
            length += len(text) + 1
        self._haystack = "".join("\n" + text for _card, text in texts) + "\n"
        self._alphabet = frozenset(self._haystack)
        ordered = sorted((text, card) for card, text in texts)
        self._sorted, self._cards_sorted = [text for text, _card in ordered], [card for _text, card in ordered]

    def cards(self, query: str, how: str) -> Iterable[int]:
        """Cards with a text that equals (``whole``), begins with (``start``) or holds (``inside``) the query."""
        if how == "inside":
            # A digit is in no name, a letter in no telephone number: nothing to be looked through for them.
            return self._found(query) if self._alphabet.issuperset(query) else ()
        first = bisect.bisect_left(self._sorted, query)
        last = bisect.bisect_right(self._sorted, query if how == "whole" else query + chr(sys.maxunicode))
        # Of very many the first ones are soon met.
        return self._found("\n" + query) if last - first > _MANY else sorted(self._cards_sorted[first:last])

    def _found(self, needle: str) -> Iterator[int]:
        at = self._haystack.find(needle)
        while at >= 0:
            line = bisect.bisect_right(self._starts, at) - 1
            yield self._cards[line]
            at = self._haystack.find(needle, at + 1)


_MANY = 500


class SearchIndex:
    """All accounts of a ledger, ready to be searched; ``search`` takes a fraction of a millisecond."""

    def __init__(self, cards: Sequence[_Card]) -> None:
        self._cards = cards
        by_kind: dict[str, list[tuple[int, str]]] = {}
        for n, card in enumerate(cards):
            for match, texts in _texts_of(card).items():
                by_kind.setdefault(match, []).extend((n, text) for text in texts if text)
        self._columns = [
            _Column(match, by_kind.get(match, []), anywhere=anywhere) for match, anywhere in _KINDS.items()
        ]

    def search(self, text: str, limit: int = DEFAULT_LIMIT) -> list[Hit]:
        """The accounts that fit best, at most ``limit``: whole matches first, then beginnings, then parts."""
        queries = _queries_of(text)
        found: dict[int, str] = {}
        for how in ("whole", "start", "inside"):
            for column in self._columns:
                query = queries.get(column.match, "")
                if not query or (how == "inside" and not column.anywhere):
                    continue
                for card in column.cards(query, how):
                    found.setdefault(card, column.match)
                    if len(found) >= limit * 4:
                        break
            if len(found) >= limit:
                break
        # Whoever pays now comes before former and later payers; otherwise the order of finding is that of fitness.
        ordered = sorted(found.items(), key=lambda hit: not self._cards[hit[0]].standing)
        hits: dict[int, Hit] = {
            self._cards[card].account: _hit(self._cards[card], match) for card, match in reversed(ordered)
        }
        return list(reversed(hits.values()))[:limit]


# Which texts a card is found by, best first, and whether a part in the middle counts.
_KINDS = {
    "unit": True,
    "account": False,
    "name": True,
    "initials": False,
    "pinyin": False,
    "plate": True,
    "phone": True,
}


def _texts_of(card: _Card) -> dict[str, tuple[str, ...]]:
    return {
        "unit": tuple(dict.fromkeys((card.unit.casefold(), compact_code(card.unit).casefold()))),
        "account": (account_number(card.account).casefold(),),
        "name": (card.resident.casefold(),),
        "initials": tuple(card.initials.split()),
        "pinyin": (card.pinyin.replace(" ", ""),),
        "plate": tuple(_plain_plate(plate) for plate in card.plates),
        "phone": card.phones,
    }


def _queries_of(text: str) -> dict[str, str]:
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    if not plain:
        return {}
    code = plain_code(text).casefold()
    queries = {"unit": code, "account": plain, "name": plain, "plate": _plain_plate(plain)}
    letters = plain.replace(" ", "").replace("'", "")
    if letters.isascii() and letters.isalpha():
        queries |= {"initials": letters, "pinyin": letters}
    digits = re.sub(r"[\s-]", "", plain)
    # Three digits are rather a room; a phone is asked for by its last four or more.
    if digits.isdigit() and len(digits) >= 4:
        queries["phone"] = digits
    return queries


def _plain_plate(plate: str) -> str:
    return re.sub(r"[\s·•.\-]", "", unicodedata.normalize("NFKC", plate)).casefold()


def _hit(card: _Card, match: str) -> Hit:
    phone = card.phones[0] if card.phones else ""
    return Hit(card.account, account_number(card.account), card.unit, card.resident, phone, match)


_CARDS = (
    select(
        _account.c.id,
        _unit.c.id.label("unit_id"),
        _unit.c.code,
        _resident.c.id.label("resident_id"),
        _resident.c.name,
        _resident.c.pinyin,
        _resident.c.initials,
        _account.c.from_date,
        _account.c.to_date,
    )
    .join(_unit, _unit.c.id == _account.c.unit_id)
    .join(_resident, _resident.c.id == _account.c.payer_id)
    # One that a change of hands made and that was undone never held a day.
    .where(
        or_(_account.c.from_date.is_(None), _account.c.to_date.is_(None), _account.c.to_date >= _account.c.from_date)
    )
    .order_by(_unit.c.sort_key, _account.c.developer, _account.c.to_date.is_not(None), _account.c.id)
)
_PHONES = select(_phone.c.resident_id, _phone.c.phone).order_by(_phone.c.resident_id, _phone.c.position)
# Whoever lives in a unit is found too: the tenant's name leads to the account the owner pays.
_OCCUPANTS = (
    select(_occupancy.c.unit_id, _resident.c.id, _resident.c.name, _resident.c.pinyin, _resident.c.initials)
    .join(_resident, _resident.c.id == _occupancy.c.resident_id)
    .order_by(_occupancy.c.id)
)
_PLATES = select(_occupancy.c.unit_id, _plate.c.plate).join(_occupancy, _occupancy.c.id == _plate.c.occupancy_id)


def build_index(connection: Connection, *, on: date) -> SearchIndex:
    """Reads all accounts, residents, phones and plates into an index; payers of that day are found first."""
    phones: dict[int, list[str]] = {}
    for resident_id, phone in connection.execute(_PHONES):
        phones.setdefault(resident_id, []).append(phone)
    plates: dict[int, list[str]] = {}
    for unit_id, plate in connection.execute(_PLATES):
        plates.setdefault(unit_id, []).append(plate)
    occupants: dict[int, list[Any]] = {}
    for occupant in connection.execute(_OCCUPANTS):
        occupants.setdefault(occupant.unit_id, []).append(occupant)
    cards = []
    for row in connection.execute(_CARDS).all():
        standing = (row.from_date or date.min) <= on <= (row.to_date or date.max)
        cards.append(_card(row, row.resident_id, row, phones, plates, standing))
        if standing:
            others = (one for one in occupants.get(row.unit_id, ()) if one.id != row.resident_id)
            cards.extend(_card(row, other.id, other, phones, plates, standing) for other in others)
    return SearchIndex(cards)


def _card(
    account: Any,
    resident_id: int,
    person: Any,
    phones: dict[int, list[str]],
    plates: dict[int, list[str]],
    standing: bool,
) -> _Card:
    return _Card(
        account=account.id,
        unit=account.code,
        resident=person.name,
        pinyin=person.pinyin,
        initials=person.initials,
        phones=tuple(phones.get(resident_id, ())),
        plates=tuple(plates.get(account.unit_id, ())),
        standing=standing,
    )


_RECEIPT_FORM = re.compile(r"[a-z]{2,4}-\d{4}-\d+-\d+", re.IGNORECASE)
_RECEIPTS = (
    select(
        _receipt.c.id,
        _receipt.c.code,
        _payment.c.account_id,
        func.coalesce(_unit.c.code, "").label("unit"),
        func.coalesce(_resident.c.name, _payment.c.payer).label("name"),
    )
    .join(_payment, _payment.c.id == _receipt.c.payment_id)
    .outerjoin(_account, _account.c.id == _payment.c.account_id)
    .outerjoin(_unit, _unit.c.id == _account.c.unit_id)
    .outerjoin(_resident, _resident.c.id == _account.c.payer_id)
)
_BY_CODE = _RECEIPTS.where(_receipt.c.code == bindparam("code"))
# Book by book, as the index of numbers begins with the book; a receipt's end may be a room's code, at every key typed.
_BY_NUMBER = _RECEIPTS.where(_receipt.c.book_id.in_(select(_book.c.id)), _receipt.c.number == bindparam("number"))
_MOST_RECEIPTS = 5


def search_receipts(connection: Connection, text: str) -> list[Hit]:
    """Receipts meant by their whole number (as the bar code types it) or by its six-digit end, the latest first."""
    plain = unicodedata.normalize("NFKC", text).strip().upper()
    if re.fullmatch(r"\d{6}", plain):
        rows = connection.execute(_BY_NUMBER, {"number": int(plain)}).all()
    elif _RECEIPT_FORM.fullmatch(plain):
        rows = connection.execute(_BY_CODE, {"code": plain}).all()
    else:
        return []
    latest = sorted(rows, key=lambda row: row.id, reverse=True)[:_MOST_RECEIPTS]
    return [
        Hit(
            row.account_id,
            account_number(row.account_id) if row.account_id is not None else "",
            row.unit,
            row.name,
            "",
            "receipt",
            receipt=row.code,
        )
        for row in latest
    ]


def search_accounts(connection: Connection, text: str, limit: int = DEFAULT_LIMIT, *, on: date) -> list[Hit]:
    """What the search box finds, best first; for one question only: the window keeps a `SearchIndex`."""
    receipts = search_receipts(connection, text)
    return [*receipts, *build_index(connection, on=on).search(text, limit)][:limit]
