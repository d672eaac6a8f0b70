"""What the desk's buttons really do: it joins the page to the ledger's queries and operations.

The search index lives here and is built anew when residents or units change; everything else is read when asked for.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from feedesk.errors import UserError
from feedesk.money import Fen, decimal_text, format_amount
from feedesk.ops.advancing import preview_advances
from feedesk.ops.collecting import AdvanceWish, TenderGiven, collect_payment
from feedesk.ops.run import Workplace
from feedesk.queries.account_card import AccountFacts, desk_view
from feedesk.queries.accounts import AccountRef
from feedesk.queries.concession_list import SOON, ends_soon
from feedesk.queries.desk import open_shift_at
from feedesk.queries.desk_terms import OpeningTerms, opening_terms, ticked_at_opening
from feedesk.queries.receipts import find_receipt, next_receipt_number
from feedesk.queries.search import Hit, SearchIndex, build_index, search_receipts
from feedesk.queries.statement import Statement, StatementCharge, statement
from feedesk.rules.allocation import DebtPart, is_current_or_earlier
from feedesk.rules.desk_terms import Ticked
from feedesk.rules.tenders import ChangeStep
from feedesk.texts import N_, _, ngettext
from feedesk.ui.pages.desk.at_once import Earned
from feedesk.ui.pages.desk.charge_work import desk_day
from feedesk.ui.pages.desk.page import DeskFunctions, Taken
from feedesk.ui.pages.desk.rows import (
    AccountCardRow,
    AddedUnit,
    AheadLine,
    ChargeLine,
    CollectionOrder,
    DeskStatement,
    Selection,
    StrangerTarget,
    TenderChoice,
)
from feedesk.ui.widgets.painting import Tone
from feedesk.ui.widgets.search_field import SearchHit
from feedesk.ui.words import listed


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
        if isinstance(target, StrangerTarget):
            raise (OwnerUnknown if self.is_unclaimed(target.number) else PayerWithoutAccount)(receipt=target.number)
        on = desk_day(self.workplace, self.till)
        terms = self.workplace.read(opening_terms)
        self._seen_step = terms.step
        view = self.workplace.read(
            desk_view, target=target.account if isinstance(target, ReceiptTarget) else target, on=on
        )
        return DeskStatement(
            card=_card(view.statement.account, view.statement, view.facts, on),
            charges=_charge_lines(view.statement, on, terms.ticked),
            today=on,
            tenders=_choices(terms),
            step=terms.step,
        )

    def join(self, accounts: Sequence[int]) -> tuple[AddedUnit, ...]:
        """What is open on further accounts that a payment is for; one that is settled since has nothing to show."""
        on = desk_day(self.workplace, self.till)
        ticked = self.workplace.read(ticked_at_opening)
        states = [self.workplace.read(statement, account=account, on=on) for account in accounts]
        return tuple(
            AddedUnit(
                one.account.id,
                one.account.unit,
                one.account.resident,
                _charge_lines(one, on, ticked),
            )
            for one in states
        )

    def earn(self, statement: DeskStatement, selection: Selection, ahead: Sequence[AheadLine]) -> Earned | None:
        """What the payment under way earns by settling a whole year at once; None where it cannot be taken so."""
        wishes = [AdvanceWish(one.item, one.months, one.account) for one in ahead]
        charges = [charge.id for charge in selection.charges]
        try:
            found = self.workplace.read(
                preview_advances, account=statement.card.account, wishes=wishes, on=statement.today, charges=charges
            )
        except UserError:
            return None  # told when the money is taken
        labels = "+".join(found.labels)
        return Earned(found.total, labels, Fen(sum(one.total for one in found.ahead)))

    def take(self, order: CollectionOrder) -> Taken:
        """Takes the money; raises the operation's own refusal."""
        paid = self.workplace.run_op(
            collect_payment,
            account=order.account,
            also=[one.account for one in order.terms.added],
            only=DebtPart(order.terms.only) if order.terms.only else None,
            payer=order.terms.payer or None,
            tenders=[TenderGiven(one.code, one.amount, one.reference or None) for one in order.tendered],
            charges=order.charges,
            part=order.part,
            household_too=True,
            keep_change=order.keep_change,
            key=order.request_key or None,
            same_reference=order.same_reference,
            advances=[AdvanceWish(one.item, one.months, one.account) for one in order.ahead],
            till=self.till,
            print_slip=True,
            seen_step=self._seen_step,
        )
        document = self.workplace.read(find_receipt, number=paid.receipt).document
        units = listed((document.unit, *document.other_units))
        return Taken(paid.receipt, units, document.payer, paid.total, paid.change)

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
        return list(_choices(self.workplace.read(opening_terms)))


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


def _card(account: AccountRef, state: Statement, facts: AccountFacts, on: date) -> AccountCardRow:
    latest = facts.latest_payment
    return AccountCardRow(
        account=account.id,
        number=account.number,
        unit=account.unit,
        unit_note=_unit_note(account),
        resident=account.resident,
        phone=masked_phone(facts.phones[0]) if facts.phones else "",
        chips=_chips(account, state, facts, on),
        prepaid=state.prepaid,
        deposits=state.deposits,
        parking=" ".join((*facts.spaces, *facts.plates)),
        last_payment=(latest.on, latest.total) if latest else None,
        reminders=tuple(_reminders(facts, on)),
    )


def _reminders(facts: AccountFacts, on: date) -> Iterator[str]:
    """What the same person owes elsewhere, and concessions that end soon, so that new papers come in time."""
    if facts.elsewhere:
        text = _("Ctrl+K, then A: pay the other units of the same person together.")
        yield f"{_owed_elsewhere(facts)}\n{text}"
    for one in facts.concessions:
        if one.until is not None and ends_soon(one.until, on=on, within=SOON):
            text = _("{name} ends on {day}: to be reviewed")
            yield text.format(name=one.policy.name, day=one.until.isoformat())


def _unit_note(account: AccountRef) -> str:
    words = [_("Account {number}").format(number=account.number)]
    if account.area is not None:
        words.append(_("Billing area {area} m²").format(area=decimal_text(account.area, 2)))
    return " · ".join(words)


def _chips(account: AccountRef, state: Statement, facts: AccountFacts, on: date) -> tuple[tuple[Tone, str], ...]:
    chips: list[tuple[Tone, str]] = [("good", account.occupancy)]
    chips.extend(("warn", f"{one.policy.name} {one.policy.figure}".strip()) for one in facts.concessions)
    named = {one.condition.tag for one in facts.concessions}  # the concession says it already
    chips.extend(("warn", tag) for tag in facts.tags if tag not in named)
    overdue = {charge.period for charge in state.charges if charge.due_date < on}
    if overdue:
        months = len(overdue)
        chips.append(("danger", ngettext("{n} month owed", "{n} months owed", months).format(n=months)))
    if facts.elsewhere:
        chips.append(("danger", _owed_elsewhere(facts)))
    if account.to_date is not None:
        chips.append(("plain", _("until {day}").format(day=account.to_date.isoformat())))
    return tuple(chips)


def _owed_elsewhere(facts: AccountFacts) -> str:
    count, amount = len(facts.elsewhere), format_amount(Fen(sum(facts.elsewhere)))
    words = ngettext("{n} other unit owes ¥{amount}", "{n} other units owe ¥{amount}", count)
    return words.format(n=count, amount=amount)


def _choices(terms: OpeningTerms) -> tuple[TenderChoice, ...]:
    return tuple(
        TenderChoice(
            row.code, row.name, row.gives_change, row.asks_reference, row.kind == "prepaid", row.code in terms.required
        )
        for row in terms.tenders
    )


def _charge_lines(state: Statement, on: date, ticked: Ticked) -> tuple[ChargeLine, ...]:
    lines = (_charge_line(charge, state.account, on) for charge in state.charges)
    return tuple(replace(line, proposed=ticked.ticks(line.period, line.due_date, on)) for line in lines)


def _charge_line(charge: StatementCharge, account: AccountRef, on: date) -> ChargeLine:
    return ChargeLine(
        id=charge.id,
        item=charge.item,
        period=charge.period,
        basis=charge.basis,
        amount=charge.amount,
        discount=charge.discount,
        late_fee=charge.late_fee_due,
        principal=charge.principal,
        due=charge.due,
        due_date=charge.due_date,
        group=charge.period,
        overdue_days=charge.overdue_days(on),
        frozen=charge.frozen,
        in_scope=is_current_or_earlier(charge.period, on),
        unit="" if charge.account == account.id else charge.unit,
        account=charge.account,
    )
