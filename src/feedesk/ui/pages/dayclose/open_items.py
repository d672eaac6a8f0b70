"""What still stands in the way of a day close, in words: what it is, whether it blocks, what Enter does about it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from feedesk.money import Fen, format_amount
from feedesk.queries.closing_view import ClosingView
from feedesk.queries.references import MissingReference
from feedesk.queries.requests import WAITING, DecisionRequest
from feedesk.queries.sign_offs import SignOffKind
from feedesk.rules.channel_check import channel_words
from feedesk.rules.ready_to_close import BLOCKING, SHOWN_FIRST, Matter
from feedesk.texts import _, ngettext

_ORDER = {matter: place for place, matter in enumerate(Matter)}


@dataclass(frozen=True, slots=True)
class OpenItem:
    """One thing that is open, in words; ``act`` says what Enter on it does.

    ``day``, ``till``, ``account`` and ``reference`` say where that leads, as far as the matter has them.
    """

    matter: Matter
    words: str
    note: str
    act: str
    day: date | None = None
    till: int | None = None
    account: int | None = None
    reference: MissingReference | None = None

    @property
    def blocks(self) -> bool:
        """Whether the day cannot be closed before it is done."""
        return self.matter in BLOCKING

    @property
    def shown_first(self) -> bool:
        """Whether it is shown before anybody counts."""
        return self.matter in SHOWN_FIRST


def open_items(view: ClosingView, reported: Mapping[str, Fen] | None = None) -> tuple[OpenItem, ...]:
    """What is open of a day, the most pressing first; ``reported`` is what was typed of the channels' own totals."""
    if view.closed is not None:
        return ()
    found = (
        *_days_and_shifts(view),
        *_books(view),
        *_slips(view),
        *(_request(one) for one in view.matters.requests),
        *(_reference(one) for one in view.matters.references),
        *_channels(view, reported or {}),
        *_signatures(view),
        *_money_elsewhere(view),
    )
    return tuple(sorted(found, key=lambda item: _ORDER[item.matter]))


def _days_and_shifts(view: ClosingView) -> Iterator[OpenItem]:
    if view.earlier is not None:
        words = _("{day} is not closed yet").format(day=view.earlier.isoformat())
        note = _("Days are closed in order: close that one first.")
        yield OpenItem(Matter.EARLIER_DAY, words, note, _("Go to that day"), day=view.earlier)
    for shift in view.others_open:
        words = _("{cashier}'s shift at {till} is still open").format(cashier=shift.cashier, till=shift.till_name)
        since = _("since {time}; it is handed over at that till, or a supervisor counts its drawer here")
        note = since.format(time=f"{shift.opened_at:%H:%M}")
        yield OpenItem(Matter.OTHER_SHIFT, words, note, _("Count that drawer"), till=shift.till)
    if view.own is not None:
        words = _("The shift at this till is still open: {cashier}").format(cashier=view.own.cashier)
        note = _("Count the drawer and hand it over.")
        yield OpenItem(Matter.OWN_SHIFT, words, note, _("Count it"))


def _books(view: ClosingView) -> Iterator[OpenItem]:
    for book in view.receipts.books:
        if book.gaps:
            first, last = book.gaps[0], book.gaps[-1]
            words = _("Receipt numbers are missing at {till}: {first}").format(till=book.till, first=first)
            if last != first:
                words = _("Receipt numbers are missing at {till}: {first} to {last}")
                words = words.format(till=book.till, first=first, last=last)
            note = _("{n} numbers; the program never leaves one out: have the ledger verified").format(n=len(book.gaps))
            yield OpenItem(Matter.NUMBER_GAP, words, note, _("Verify the ledger"))
    for one in view.matters.negatives:
        words = _("{unit} {resident} has used {amount} more than was prepaid")
        words = words.format(unit=one.unit, resident=one.resident, amount=format_amount(one.amount))
        note = _("A prepayment never falls below zero: look at the account and tell a supervisor.")
        yield OpenItem(Matter.NEGATIVE_PREPAYMENT, words, note, _("Open the account"), account=one.account)


def _slips(view: ClosingView) -> Iterator[OpenItem]:
    undecided = [slip for slip in view.slips if slip.state in ("failed", "uncertain")]
    for slip in undecided:
        words = _("Nobody knows whether slip {receipt} came out").format(receipt=slip.receipt)
        if slip.state == "failed":
            words = _("Slip {receipt} was not printed").format(receipt=slip.receipt)
        yield OpenItem(Matter.UNDECIDED_SLIP, words, f"{slip.unit} {slip.message}".strip(), _("Say what is so"))
    waiting = len(view.slips) - len(undecided)
    if waiting:
        words = ngettext("{n} slip waits for the printer", "{n} slips wait for the printer", waiting).format(n=waiting)
        note = _("They are printed as soon as the printer is ready.")
        yield OpenItem(Matter.WAITING_SLIP, words, note, _("Try again now"))


def _request(request: DecisionRequest) -> OpenItem:
    back = request.gives_money_back
    amount = format_amount(request.amount)
    words = _("A waiver of {amount} waits for approval") if not back else _("A refund of {amount} waits for approval")
    act = _("Decide about it")
    if request.state != WAITING:
        words, act = _("A refund of {amount} is approved and not carried out yet"), _("Carry it out")
    parts = (request.unit, request.resident, request.receipt)
    asked = _("asked for by {name}: {reason}").format(name=request.asked_by, reason=request.reason)
    note = " · ".join((" ".join(part for part in parts if part), asked)).removeprefix(" · ")
    matter = Matter.MONEY_REQUEST if back else Matter.OTHER_REQUEST
    return OpenItem(matter, words.format(amount=amount), note, act, account=request.account)


def _reference(one: MissingReference) -> OpenItem:
    words = _("{tender} {amount} has no reference: receipt {receipt}")
    words = words.format(tender=one.tender, amount=format_amount(one.amount), receipt=one.receipt)
    note = " · ".join(part for part in (f"{one.unit} {one.payer}".strip(), one.till, one.cashier) if part)
    return OpenItem(Matter.MISSING_REFERENCE, words, note, _("Type the reference"), reference=one)


def _channels(view: ClosingView, reported: Mapping[str, Fen]) -> Iterator[OpenItem]:
    for one in view.channels:
        check = replace(one, reported=reported.get(one.code))
        if check.difference:
            note = _("Look for the payment, or leave it: the difference is kept in the daily summary.")
            yield OpenItem(Matter.CHANNEL_DIFFERS, channel_words(check), note, _("Check the channels"))


def _signatures(view: ClosingView) -> Iterator[OpenItem]:
    for shift in view.shifts:
        if shift.is_open:
            continue
        signed = [one for one in view.sign_offs if one.shift == shift.id]
        facts = {"cashier": shift.cashier, "till": shift.till_name}
        refused = [one for one in signed if not one.accepted]
        if refused and not any(one.kind is SignOffKind.HAND_OVER and one.accepted for one in signed):
            words = _("{name} refused to take {cashier}'s shift at {till} over").format(name=refused[-1].by, **facts)
            yield OpenItem(Matter.REFUSED_SHIFT, words, refused[-1].remark, _("Take it over"))
        if not any(one.kind is SignOffKind.REVIEW for one in signed):
            words = _("{cashier}'s shift at {till} is not reviewed yet").format(**facts)
            note = _("A second person signs before the day is closed; afterwards that is no longer possible.")
            yield OpenItem(Matter.NOT_REVIEWED, words, note, _("Review it"))


def _money_elsewhere(view: ClosingView) -> Iterator[OpenItem]:
    matters = view.matters
    if matters.transit is not None:
        words = _("Cash of {amount} counted up to {day} is not at the bank yet")
        words = words.format(amount=format_amount(matters.transit.amount), day=f"{matters.transit.until:%m-%d}")
        note = _("Enter the bank's slip once it is paid in.")
        yield OpenItem(Matter.CASH_IN_TRANSIT, words, note, _("Enter its slip"))
    if matters.unclaimed:
        words = ngettext(
            "{n} item of money of unknown origin is open", "{n} items of money of unknown origin are open",
            matters.unclaimed,
        ).format(n=matters.unclaimed)  # fmt: skip
        note = _("{amount} in all, until somebody claims it").format(amount=format_amount(matters.unclaimed_amount))
        yield OpenItem(Matter.UNCLAIMED, words, note, _("Look at the list"))


def blocking(items: Sequence[OpenItem]) -> int:
    """How many of them keep the day open."""
    return sum(item.blocks for item in items)
