"""The clearance certificate (结清证明): what it says, printed only for an account that owes nothing."""

from dataclasses import dataclass
from datetime import date

from feedesk.money import Fen


@dataclass(frozen=True, slots=True)
class PaidThrough:
    """A fee item that is billed and paid through a day."""

    item: str
    day: date


@dataclass(frozen=True, slots=True)
class ClearanceDocument:
    """A certificate that nothing is owed as of a day; ``held`` are the prepayment and deposits still with us."""

    number: str
    community: str
    company: str
    service_phone: str
    account: str
    unit: str
    unit_note: str
    payer: str
    as_of: date
    from_date: date | None
    to_date: date | None
    paid_through: tuple[PaidThrough, ...]
    held: tuple[tuple[str, Fen], ...]
    issued_by: str
    language: str
    training: bool
