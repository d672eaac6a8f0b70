"""What the desk's buttons really do: it joins the page to the ledger's queries and operations.

The search index lives here and is built anew when residents or units change; everything else is read when asked for.
What serving somebody takes is imported with the first account.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from feedesk.errors import UserError
from feedesk.ops.run import Workplace
from feedesk.queries.desk import open_shift_at
from feedesk.queries.desk_terms import OpeningTerms, opening_terms
from feedesk.queries.receipts import next_receipt_number
from feedesk.queries.search import Hit, SearchIndex, build_index, search_receipts
from feedesk.rules.tenders import ChangeStep
from feedesk.texts import N_, _
from feedesk.ui.pages.desk.at_once import Earned
from feedesk.ui.pages.desk.desk_day import desk_day
from feedesk.ui.pages.desk.functions import DeskFunctions, Taken
from feedesk.ui.pages.desk.rows import (
    AddedUnit,
    AheadLine,
    CollectionOrder,
    DeskStatement,
    Selection,
    StrangerTarget,
    TenderChoice,
)
from feedesk.ui.widgets.search_field import SearchHit


class PayerWithoutAccount(UserError):
    message = N_(
        "{receipt} is of somebody without an account. Money goes back on an empty desk: Ctrl+K, then R for what was "
        "sold, D for a deposit."
    )


class OwnerUnknown(UserError):
    message = N_("{receipt} is money of unknown origin: Ctrl+K and U lists it, to be claimed or given back.")


@dataclass(frozen=True, slots=True)
class ReceiptTarget:
    """A hit that leads to a receipt and, through it, to its account."""

    number: str
    account: int


@dataclass(slots=True)
class DeskWork:
    """The desk of one till on one ledger."""

    seat: Callable[[], Workplace]
    till: int = 1
    _index: SearchIndex | None = field(default=None)
    _seen_step: ChangeStep | None = field(default=None)

    @property
    def workplace(self) -> Workplace:
        """Who acts now, on which day."""
        return self.seat()

    def functions(self) -> DeskFunctions:
        """What the page calls."""
        return DeskFunctions(self.find, self.open, self.take, self.next_receipt, self.join, self.earn)

    def use_index(self, index: SearchIndex | None) -> None:
        """Takes an index built elsewhere (in the background), or forgets the one there is."""
        self._index = index

    def find(self, text: str) -> Sequence[SearchHit]:
        """What the box shows while somebody types."""
        if self._index is None:
            self._index = self.workplace.read(build_index, on=self.workplace.business_date())
        receipts = self.workplace.read(search_receipts, text=text) if any(c.isdigit() for c in text) else []
        return [*(_receipt_hit(hit) for hit in receipts), *(_search_hit(hit) for hit in self._index.search(text))]

    def is_unclaimed(self, receipt: str) -> bool:
        """Whether a receipt is of money of unknown origin; asked only of such as have no account."""
        from feedesk.queries.unclaimed import is_receipt_of_unclaimed

        return self.workplace.read(is_receipt_of_unclaimed, receipt=receipt)

    def open(self, target: object) -> DeskStatement:
        """The statement of a hit's account, or of the account that a typed text means."""
        from feedesk.ui.pages.desk.served import opened

        if isinstance(target, StrangerTarget):
            raise (OwnerUnknown if self.is_unclaimed(target.number) else PayerWithoutAccount)(receipt=target.number)
        on = desk_day(self.workplace, self.till)
        terms = self.workplace.read(opening_terms)
        self._seen_step = terms.step
        account = target.account if isinstance(target, ReceiptTarget) else target
        return opened(self.workplace, account, on=on, terms=terms)

    def join(self, accounts: Sequence[int]) -> tuple[AddedUnit, ...]:
        """What is open on further accounts that a payment is for."""
        from feedesk.ui.pages.desk.served import joined

        return joined(self.workplace, accounts, on=desk_day(self.workplace, self.till))

    def earn(self, statement: DeskStatement, selection: Selection, ahead: Sequence[AheadLine]) -> Earned | None:
        """What the payment under way earns by settling a whole year at once; None where it cannot be taken so."""
        from feedesk.ui.pages.desk.served import earned

        return earned(self.workplace, statement, selection, ahead)

    def take(self, order: CollectionOrder) -> Taken:
        """Takes the money; raises the operation's own refusal."""
        from feedesk.ui.pages.desk.served import taken

        return taken(self.workplace, order, till=self.till, seen_step=self._seen_step)

    def next_receipt(self) -> str:
        """The number the next receipt will have, empty while no shift is open."""
        shift = self.workplace.read(open_shift_at, till=self.till)
        if shift is None:
            return ""
        return self.workplace.read(
            next_receipt_number, till=shift.till_id, till_number=shift.till_number, year=shift.business_date.year
        )

    def tender_choices(self) -> list[TenderChoice]:
        """The ways of paying the ledger lists, in the order of their keys."""
        return list(choices(self.workplace.read(opening_terms)))


def _search_hit(hit: Hit) -> SearchHit:
    notes = {"phone": hit.phone, "account": hit.number}
    return SearchHit(hit.account, hit.unit, hit.resident, notes.get(hit.match, masked_phone(hit.phone)))


def _receipt_hit(hit: Hit) -> SearchHit:
    if hit.account is None:
        return SearchHit(StrangerTarget(hit.receipt), _("no account"), hit.resident, hit.receipt)
    return SearchHit(ReceiptTarget(hit.receipt, hit.account), hit.unit, hit.resident, hit.receipt)


def masked_phone(phone: str) -> str:
    """``138 **** 6621``: what a queue may see of a phone number."""
    return f"{phone[:3]} **** {phone[-4:]}" if len(phone) >= 11 else phone


def choices(terms: OpeningTerms) -> tuple[TenderChoice, ...]:
    """The ways of paying that are offered, in the order of their keys."""
    return tuple(
        TenderChoice(
            row.code, row.name, row.gives_change, row.asks_reference, row.kind == "prepaid", row.code in terms.required
        )
        for row in terms.tenders
    )
