"""Who comes to the desk in the sample day, and what each puts on the counter.

The script is fixed; whom it meets is chosen from what the ledger says before the day begins, the same every time:
open accounts that fit (paid ahead, with a plate, with a rare character in the name …). What each payment must come
to is reckoned here, by the rules alone, so that the window's work can be compared with it afterwards.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from sqlalchemy import Connection, bindparam, or_, select

from feedesk.demo.script import AFTERNOON, MORNING, SoughtBy, Visit, Way
from feedesk.errors import UserError
from feedesk.exchange.sample_units import DESK_UNIT
from feedesk.models import Account, Occupancy, Plate, Resident, ResidentPhone, Unit, table_of
from feedesk.money import Fen
from feedesk.queries.accounts import account_number
from feedesk.queries.search import SearchIndex, build_index
from feedesk.queries.statement import Statement, StatementCharge, statement
from feedesk.rules.allocation import is_current_or_earlier
from feedesk.rules.tenders import Given, Settlement, settle
from feedesk.rules.unit_codes import compact_code
from feedesk.texts import N_

_account, _occupancy, _plate, _resident, _phone, _unit = (
    table_of(model) for model in (Account, Occupancy, Plate, Resident, ResidentPhone, Unit)
)
_LAST_ROW: Final = 8
"""The hits further down would not be seen without scrolling."""
_HUNDRED: Final = 100_00
_STRIDE: Final = 997


class TooFewCustomers(UserError):
    message = N_(
        "The sample community is too small for the sample day: nobody is left for visit {visit} ({sought}, {way}). "
        "Ask for more --households."
    )


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody who comes: what is typed to find the account, and what is open there this period and earlier."""

    visit: Visit
    account: int
    unit: str
    resident: str
    text: str
    charges: tuple[StatementCharge, ...]
    prepaid: Fen

    @property
    def due(self) -> Fen:
        """What is ticked when this customer pays: everything open, or without the first charge."""
        charges = self.charges[1:] if self.visit.way is Way.ONE_LESS else self.charges
        return Fen(sum(charge.due for charge in charges))


@dataclass(frozen=True, slots=True)
class Handed:
    """Money put on the counter in one way of paying."""

    code: str
    amount: Fen
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Money:
    """How somebody pays: what is handed over, in the order of typing, and what it must come to."""

    handed: tuple[Handed, ...]
    settlement: Settlement
    kept: dict[str, Fen] = field(default_factory=dict)

    @property
    def cash(self) -> Fen:
        """Banknotes and coins handed over."""
        return Fen(sum(one.amount for one in self.handed if one.code == "cash"))


def money_of(customer: Customer, number: int, day: date) -> Money | None:
    """What a customer hands over, None where they only ask; ``number`` makes the references of the day."""
    due, way = customer.due, customer.visit.way
    if way is Way.ASKS:
        return None
    handed = tuple(_handed(customer, number, day))
    ordered = sorted(handed, key=lambda one: one.code != "cash")
    settlement = settle(
        due,
        [Given(one.code, one.amount, gives_change=one.code == "cash") for one in ordered],
        part=way in (Way.PART_CASH, Way.PART_WECHAT),
        keep_change=way is Way.CHANGE_KEPT,
    )
    kept = {one.code: amount for one, amount in zip(ordered, settlement.kept, strict=True)}
    return Money(handed, settlement, kept)


def _handed(customer: Customer, number: int, day: date) -> Iterator[Handed]:
    due = customer.due
    reference = f"{day:%Y%m%d}{number:06d}"
    match customer.visit.way:
        case Way.EXACT_CASH:
            yield Handed("cash", due)
        case Way.CASH | Way.CHANGE_KEPT | Way.ONE_LESS:
            yield Handed("cash", notes_for(due))
        case Way.WECHAT | Way.ALIPAY | Way.CARD | Way.TRANSFER as way:
            yield Handed(str(way), due, reference)
        case Way.PREPAID:
            yield Handed("prepaid", due)
        case Way.CASH_AND_WECHAT:
            cash = Fen(due // 2 // _HUNDRED * _HUNDRED or 10_00)
            yield Handed("cash", cash)
            yield Handed("wechat", Fen(due - cash), reference)
        case Way.PREPAID_AND_CASH:
            yield Handed("prepaid", customer.prepaid)
            yield Handed("cash", notes_for(Fen(due - customer.prepaid)))
        case Way.THREE_WAYS:
            rest = Fen(due - customer.prepaid)
            cash = Fen(rest // 2 // 1000 * 1000 or 5_00)
            yield Handed("prepaid", customer.prepaid)
            yield Handed("cash", cash)
            yield Handed("wechat", Fen(rest - cash), reference)
        case Way.PART_CASH:
            yield Handed("cash", Fen(due // 2 // 1000 * 1000))
        case Way.PART_WECHAT:
            yield Handed("wechat", Fen(due // 3 // 1000 * 1000), reference)


def notes_for(due: Fen) -> Fen:
    """What somebody without coins puts down: fifties and hundreds, more than is due."""
    return Fen((due // 50_00 + 1) * 50_00)


@dataclass(frozen=True, slots=True)
class _Candidate:
    account: int
    unit: str
    unit_id: int
    kind: str
    joined_to: int | None
    resident: str
    pinyin: str
    initials: str
    phone: str
    plate: str

    def text(self, sought: SoughtBy) -> str:
        match sought:
            case SoughtBy.ROOM:
                return self.unit
            case SoughtBy.COMPACT:
                return compact_code(self.unit)
            case SoughtBy.NAME:
                return self.resident
            case SoughtBy.INITIALS:
                return self.initials.split()[0] if self.initials else ""
            case SoughtBy.PINYIN:
                return self.pinyin.replace(" ", "")
            case SoughtBy.PHONE:
                return self.phone
            case SoughtBy.LAST_FOUR:
                return self.phone[-4:]
            case SoughtBy.PLATE:
                return self.plate.replace("·", "")
            case SoughtBy.NUMBER:
                return account_number(self.account)


_CANDIDATES = (
    select(
        _account.c.id,
        _unit.c.code,
        _unit.c.id.label("unit_id"),
        _unit.c.kind,
        _unit.c.joined_to,
        _resident.c.name,
        _resident.c.pinyin,
        _resident.c.initials,
        _phone.c.phone,
    )
    .join(_unit, _unit.c.id == _account.c.unit_id)
    .join(_resident, _resident.c.id == _account.c.payer_id)
    .outerjoin(_phone, (_phone.c.resident_id == _resident.c.id) & (_phone.c.position == 1))
    .where(
        or_(_account.c.from_date.is_(None), _account.c.from_date <= bindparam("on")),
        or_(_account.c.to_date.is_(None), _account.c.to_date >= bindparam("on")),
        ~_account.c.developer,
    )
    .order_by(_account.c.id)
)
_PLATES = select(_occupancy.c.unit_id, _plate.c.plate).join(_occupancy, _occupancy.c.id == _plate.c.occupancy_id)


def customers_of_day(connection: Connection, *, on: date) -> tuple[list[Customer], list[Customer]]:
    """The customers of the morning and of the afternoon. Raises `TooFewCustomers`."""
    queue = _Queue(connection, on)
    return [queue.next(visit) for visit in MORNING], [queue.next(visit) for visit in AFTERNOON]


class _Queue:
    """Chooses a customer for each visit, nobody twice."""

    def __init__(self, connection: Connection, on: date) -> None:
        self._connection, self._on = connection, on
        self._index: SearchIndex = build_index(connection, on=on)
        self._candidates = _candidates(connection, on)
        self._states: dict[int, Statement] = {}
        self._homes_used: set[int] = set()
        self._number = 0

    def next(self, visit: Visit) -> Customer:
        self._number += 1
        for candidate in self._candidates:
            customer = self._customer(candidate, visit)
            if customer is not None:
                self._homes_used.add(candidate.joined_to or candidate.unit_id)
                return customer
        raise TooFewCustomers(visit=self._number, sought=visit.sought, way=visit.way)

    def _customer(self, candidate: _Candidate, visit: Visit) -> Customer | None:
        text = candidate.text(visit.sought)
        is_space = candidate.joined_to is not None
        if (candidate.joined_to or candidate.unit_id) in self._homes_used or not text:
            return None
        if is_space != (visit.sought is SoughtBy.PLATE) or (visit.rare and not _is_rare(candidate.resident)):
            return None
        state = self._state(candidate.account)
        charges = tuple(c for c in state.charges if is_current_or_earlier(c.period, self._on) and not c.frozen)
        customer = Customer(visit, candidate.account, candidate.unit, candidate.resident, text, charges, state.prepaid)
        return customer if _can_pay(customer, self._number) and self._is_in_sight(customer) else None

    def _state(self, account: int) -> Statement:
        if account not in self._states:
            self._states[account] = statement(self._connection, account=account, on=self._on, household_too=True)
        return self._states[account]

    def _is_in_sight(self, customer: Customer) -> bool:
        hits = self._index.search(customer.text)[:_LAST_ROW]
        return customer.account in [hit.account for hit in hits]


def _can_pay(customer: Customer, number: int) -> bool:
    due, prepaid = customer.due, customer.prepaid
    if due < 60_00 or len(customer.charges) < 2 - (customer.visit.sought is SoughtBy.PLATE):
        return False
    match customer.visit.way:
        case Way.PREPAID:
            return prepaid >= due
        case Way.PREPAID_AND_CASH | Way.THREE_WAYS:
            return 0 < prepaid < due - 50_00
        case _:
            # Whoever has prepaid is kept for those visits; the first is the desk of the pictures.
            return not prepaid or number == 1


def _is_rare(name: str) -> bool:
    try:
        name.encode("gbk")
    except UnicodeEncodeError:
        return True
    return False


def _candidates(connection: Connection, on: date) -> Sequence[_Candidate]:
    """All standing accounts, the desk of the pictures first, the others well mixed, the same every time."""
    plates = {row.unit_id: row.plate for row in connection.execute(_PLATES)}
    found = [
        _Candidate(
            account=row.id,
            unit=row.code,
            unit_id=row.unit_id,
            kind=row.kind,
            joined_to=row.joined_to,
            resident=row.name,
            pinyin=row.pinyin or "",
            initials=row.initials or "",
            phone=row.phone or "",
            plate=plates.get(row.unit_id, ""),
        )
        for row in connection.execute(_CANDIDATES, {"on": on}).all()
    ]
    count = len(found)
    mixed = sorted(found, key=lambda one: (one.account * _STRIDE % (count or 1), one.account))
    return sorted(mixed, key=lambda one: one.unit != DESK_UNIT)
