"""Paying counted cash into the bank: it is in transit (在途现金) until its slip (解款单) clears it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select

from feedesk.errors import UserError
from feedesk.ledger import chart
from feedesk.ledger.posting import OFFICE_CHAIN, PostingLine, begin_entry
from feedesk.models import BankDeposit, Entry, table_of
from feedesk.money import Fen, format_amount
from feedesk.ops.permissions import Permission, requires
from feedesk.ops.run import Act
from feedesk.queries.transit import cash_to_pay_in
from feedesk.texts import N_

_deposit, _entry = table_of(BankDeposit), table_of(Entry)
_reversal = _entry.alias("reversal")
_STANDING = (
    select(_deposit.c.entry_id, _deposit.c.amount, _deposit.c.paid_in_on)
    .outerjoin(_reversal, _reversal.c.reverses_id == _deposit.c.entry_id)
    .where(_deposit.c.slip_number == bindparam("slip"), _reversal.c.id.is_(None))
)


class SlipMissing(UserError):
    message = N_("Give the number of the bank's slip (解款单).")


class SlipKnown(UserError):
    message = N_("Slip {slip} was entered already: {amount} on {day}. Check the number.")


class SlipUnknown(UserError):
    message = N_("No slip {slip} stands: check the number.")


class SlipReasonMissing(UserError):
    message = N_("Say why slip {slip} is taken back.")


class NothingToPayIn(UserError):
    message = N_("{amount} cannot be paid in: {transit} of counted cash is on its way to the bank.")


class DaysTheWrongWay(UserError):
    message = N_("The days covered run from {first} to {last}: the first must not lie after the last.")


class PaidInTooEarly(UserError):
    message = N_("{day} cannot be the day it was paid in: the cash of {last} was not counted yet, or it has not come.")


@dataclass(frozen=True, slots=True)
class CashPaidIn:
    """Cash that reached the bank; ``left`` is still in transit, in fen."""

    entry: int
    slip: str
    amount: Fen
    left: Fen


@requires(Permission.CLOSE_DAY)
def pay_cash_in(
    act: Act, *, slip: str, amount: Fen, first_day: date, last_day: date, paid_in_on: date | None = None
) -> CashPaidIn:
    """Clears cash in transit by the bank's slip: ``first_day``–``last_day`` are the business days whose cash it was.

    Raises `SlipMissing`, `SlipKnown`, `NothingToPayIn`, `DaysTheWrongWay`, `PaidInTooEarly`, `DayIsClosed`.
    """
    number = slip.strip()
    day = paid_in_on or act.business_date
    if not number:
        raise SlipMissing
    known = act.connection.execute(_STANDING, {"slip": number}).one_or_none()
    if known is not None:
        raise SlipKnown(slip=number, amount=format_amount(Fen(known.amount)), day=known.paid_in_on.isoformat())
    if first_day > last_day:
        raise DaysTheWrongWay(first=first_day.isoformat(), last=last_day.isoformat())
    if not last_day <= day <= act.business_date:
        raise PaidInTooEarly(day=day.isoformat(), last=last_day.isoformat())
    transit = cash_to_pay_in(act.connection).amount
    if not 0 < amount <= transit:
        raise NothingToPayIn(amount=format_amount(amount), transit=format_amount(transit))
    draft = begin_entry(
        act.connection,
        chain=OFFICE_CHAIN,
        kind="bank_deposit",
        business_date=act.business_date,
        recorded_at=act.now,
        actor_id=act.actor.id,
    )
    draft.add(
        _deposit,
        {
            "slip_number": number,
            "paid_in_on": day,
            "amount": amount,
            "first_day": first_day,
            "last_day": last_day,
        },
    )
    entry = draft.seal([PostingLine(chart.BANK, amount), PostingLine(chart.CASH_IN_TRANSIT, Fen(-amount))])
    return CashPaidIn(entry.id, number, amount, Fen(transit - amount))


@requires(Permission.CLOSE_DAY)
def take_slip_back(act: Act, *, slip: str, reason: str) -> CashPaidIn:
    """Takes a slip entered by mistake back by a reversing entry; its cash is in transit again.

    Raises `SlipUnknown`, `SlipReasonMissing`, `DayIsClosed`.
    """
    known = act.connection.execute(_STANDING, {"slip": slip.strip()}).one_or_none()
    if known is None:
        raise SlipUnknown(slip=slip.strip())
    if not reason.strip():
        raise SlipReasonMissing(slip=slip.strip())
    draft = begin_entry(
        act.connection,
        chain=OFFICE_CHAIN,
        kind="bank_deposit_undo",
        business_date=act.business_date,
        recorded_at=act.now,
        actor_id=act.actor.id,
        reverses_id=known.entry_id,
        reason=reason.strip(),
    )
    amount = Fen(known.amount)
    entry = draft.seal([PostingLine(chart.CASH_IN_TRANSIT, amount), PostingLine(chart.BANK, Fen(-amount))])
    return CashPaidIn(entry.id, slip.strip(), Fen(-amount), cash_to_pay_in(act.connection).amount)
