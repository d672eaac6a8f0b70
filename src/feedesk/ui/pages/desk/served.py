"""Serving somebody: the account opened, others joined to it, what a year paid at once earns, the money taken.

Pricing, concessions and late fees come with this module, so `DeskWork` imports it when it is first needed: the window
is ready sooner, and while nobody has come yet it is imported beside the empty desk.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from feedesk.errors import UserError
from feedesk.money import Fen, decimal_text, format_amount
from feedesk.ops.advancing import preview_advances
from feedesk.ops.collecting import AdvanceWish, SaleWish, TenderGiven, collect_payment
from feedesk.ops.run import Workplace
from feedesk.queries.account_card import AccountFacts, desk_view
from feedesk.queries.accounts import AccountRef
from feedesk.queries.concession_list import SOON, ends_soon
from feedesk.queries.desk_terms import OpeningTerms, ticked_at_opening
from feedesk.queries.receipts import find_receipt
from feedesk.queries.statement import Statement, StatementCharge, statement
from feedesk.rules.allocation import DebtPart, is_current_or_earlier
from feedesk.rules.desk_terms import Ticked
from feedesk.rules.tenders import ChangeStep
from feedesk.texts import _, ngettext
from feedesk.ui.pages.desk.at_once import Earned
from feedesk.ui.pages.desk.functions import Taken
from feedesk.ui.pages.desk.rows import (
    AccountCardRow,
    AddedUnit,
    AheadLine,
    ChargeLine,
    CollectionOrder,
    DeskStatement,
    Selection,
)
from feedesk.ui.pages.desk.work import choices, masked_phone
from feedesk.ui.widgets.painting import Tone
from feedesk.ui.words import listed


def opened(place: Workplace, target: object, *, on: date, terms: OpeningTerms) -> DeskStatement:
    """The statement of the account that a key or a typed text means."""
    view = place.read(desk_view, target=target, on=on)
    return DeskStatement(
        card=_card(view.statement.account, view.statement, view.facts, on),
        charges=_charge_lines(view.statement, on, terms.ticked),
        today=on,
        tenders=choices(terms),
        step=terms.step,
    )


def joined(place: Workplace, accounts: Sequence[int], *, on: date) -> tuple[AddedUnit, ...]:
    """What is open on further accounts that a payment is for; one that is settled since has nothing to show."""
    ticked = place.read(ticked_at_opening)
    states = [place.read(statement, account=account, on=on) for account in accounts]
    return tuple(
        AddedUnit(one.account.id, one.account.unit, one.account.resident, _charge_lines(one, on, ticked))
        for one in states
    )


def earned(place: Workplace, shown: DeskStatement, selection: Selection, ahead: Sequence[AheadLine]) -> Earned | None:
    """What the payment under way earns by settling a whole year at once; None where it cannot be taken so."""
    wishes = [AdvanceWish(one.item, one.months, one.account) for one in ahead]
    charges = [charge.id for charge in selection.charges]
    try:
        found = place.read(preview_advances, account=shown.card.account, wishes=wishes, on=shown.today, charges=charges)
    except UserError:
        return None  # told when the money is taken
    return Earned(found.total, "+".join(found.labels), Fen(sum(one.total for one in found.ahead)))


def taken(place: Workplace, order: CollectionOrder, *, till: int, seen_step: ChangeStep | None) -> Taken:
    """Takes the money; raises the operation's own refusal."""
    paid = place.run_op(
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
        sales=[SaleWish(one.tariff, one.quantity, one.amount) for one in order.terms.sales],
        till=till,
        print_slip=True,
        seen_step=seen_step,
    )
    document = place.read(find_receipt, number=paid.receipt).document
    units = listed((document.unit, *document.other_units))
    return Taken(paid.receipt, units, document.payer, paid.total, paid.change)


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
