"""Shifts (班次): a cashier takes over a till with a float, and at the end counts what lies in the drawer.

The float comes out of 备用金 and goes back to it; what was taken in cash goes to 在途现金, a difference to 长短款, so
that the drawer stands at zero between shifts. A shift open past midnight keeps the business date it was opened on.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, update

from feedesk.errors import UserError
from feedesk.ledger import chart
from feedesk.ledger.posting import EntryDraft, PostingLine, begin_entry
from feedesk.models import Shift, ShiftClose, table_of
from feedesk.money import ZERO, Fen, format_amount
from feedesk.ops.at_the_till import check_own_shift
from feedesk.ops.permissions import PERMISSION_NAMES, NotPermitted, Permission, requires
from feedesk.ops.run import Act
from feedesk.queries.desk import OpenShift, open_shift_at, till_id
from feedesk.queries.desk_terms import over_short_limit
from feedesk.queries.reopened_days import reopened_days
from feedesk.queries.shifts import DrawerCash, drawer_cash, shift_takings
from feedesk.rules.cash_count import counted_cash
from feedesk.rules.desk_terms import needs_reason
from feedesk.rules.drawer import imprest_returned
from feedesk.texts import N_, _

_shift, _shift_close = table_of(Shift), table_of(ShiftClose)
_CLOSE = update(_shift).where(_shift.c.id == bindparam("shift")).values(is_open=False)


class ShiftAlreadyOpen(UserError):
    message = N_("Till {till} has a shift open since {since}, {cashier}'s: close that one first.")


class FloatNegative(UserError):
    message = N_("The float is {amount}: it cannot be less than zero.")


class DayNotReopened(UserError):
    message = N_(
        "A shift can be opened for today, or for a closed day that was opened again; {day} is not such a day. "
        "Open it again on the day close first (Ctrl+U)."
    )


class NoShiftToClose(UserError):
    message = N_("No shift is open at till {till}: there is nothing to close.")


class DifferenceUnexplained(UserError):
    message = N_("The drawer differs from the books by {limit} or more: say why. Nothing was changed.")


class CountMissing(UserError):
    message = N_("Count the drawer first: a shift is closed with its cash by denomination, for example 100=28,50=9.")


@dataclass(frozen=True, slots=True)
class ShiftOpened:
    """A shift begun. ``till`` is the till's number, ``opening_float`` in fen."""

    shift: int
    till: int
    cashier: str
    opening_float: Fen
    opened_at: datetime
    business_date: date


@dataclass(frozen=True, slots=True)
class ShiftClosed:
    """A shift ended, in fen: ``expected`` is the cash that should lie in the drawer, float included.

    ``takings_by_tender`` is net of voids and refunds; ``counts`` is empty when a training ledger took what it expected.
    """

    shift: int
    till: int
    cashier: str
    opening_float: Fen
    expected: Fen
    counted: Fen
    over_short: Fen
    takings_by_tender: Mapping[str, Fen]
    counts: Mapping[str, int]
    closed_at: datetime
    business_date: date


@requires(Permission.RUN_SHIFT)
def open_shift(act: Act, *, till: int = 1, opening_float: Fen, day: date | None = None) -> ShiftOpened:
    """Opens a shift of the actor's at a till, on today's business date.

    ``day`` is an earlier one that was closed and opened again: a supervisor books on it what was forgotten, and the
    next version of its summary shows it. Raises `UnknownTill`, `ShiftAlreadyOpen`, `FloatNegative`, `DayIsClosed`,
    `DayNotReopened`, `NotPermitted`.
    """
    business_date = day or act.business_date
    _check_day(act, business_date)
    before = open_shift_at(act.connection, till)
    if before is not None:
        since = before.opened_at.strftime("%Y-%m-%d %H:%M")
        raise ShiftAlreadyOpen(till=till, since=since, cashier=before.cashier)
    if opening_float < 0:
        raise FloatNegative(amount=format_amount(opening_float))
    key = till_id(act.connection, till)
    draft = begin_entry(
        act.connection,
        chain=key,
        kind="shift_open",
        business_date=business_date,
        recorded_at=act.now,
        actor_id=act.actor.id,
    )
    shift = draft.add(
        _shift,
        {
            "till_id": key,
            "cashier_id": act.actor.id,
            "business_date": business_date,
            "opened_at": act.now,
            "opening_float": opening_float,
            "is_open": True,
        },
    )
    draft.shift_id = shift
    draft.seal(
        [
            PostingLine(chart.till_cash(till), opening_float),
            PostingLine(chart.IMPREST, Fen(-opening_float)),
        ]
    )
    return ShiftOpened(shift, till, act.actor.name, opening_float, act.now, business_date)


@requires(Permission.RUN_SHIFT)
def close_shift(act: Act, *, till: int = 1, counts: Mapping[str, int] | None = None, reason: str = "") -> ShiftClosed:
    """Closes the shift open at a till with the cash counted, ``counts`` as in `feedesk.rules.cash_count`.

    Without ``counts`` a training ledger takes the expected cash as counted. A difference from the ledger's limit on
    needs its ``reason``. Raises `UnknownTill`, `NoShiftToClose`, `CountMissing`, `DifferenceUnexplained`, and what the
    count itself may be refused for.
    """
    shift = open_shift_at(act.connection, till)
    if shift is None:
        raise NoShiftToClose(till=till)
    check_own_shift(act, shift)
    if counts is None and not act.training:
        raise CountMissing
    drawer = drawer_cash(act.connection, shift.id, till)
    counted = max(drawer.expected, ZERO) if counts is None else counted_cash(counts)
    limit = over_short_limit(act.connection)
    if needs_reason(counted - drawer.expected, limit) and not reason.strip():
        raise DifferenceUnexplained(limit=format_amount(limit or ZERO))
    draft = begin_entry(
        act.connection,
        chain=shift.till_id,
        kind="shift_close",
        business_date=shift.business_date,
        recorded_at=act.now,
        actor_id=act.actor.id,
        shift_id=shift.id,
        reason=reason.strip() if counted != drawer.expected else "",
    )
    _store_close(draft, shift, drawer, counted, counts or {})
    draft.seal(_closing_lines(till, drawer, counted))
    act.connection.execute(_CLOSE, {"shift": shift.id})
    return ShiftClosed(
        shift=shift.id,
        till=till,
        cashier=shift.cashier,
        opening_float=drawer.opening_float,
        expected=drawer.expected,
        counted=counted,
        over_short=Fen(counted - drawer.expected),
        takings_by_tender=shift_takings(act.connection, shift.id),
        counts=dict(counts or {}),
        closed_at=act.now,
        business_date=shift.business_date,
    )


def _check_day(act: Act, day: date) -> None:
    if day == act.business_date:
        return
    if not act.actor.may(Permission.REOPEN_DAY):
        raise NotPermitted(name=act.actor.name, permission=_(PERMISSION_NAMES[Permission.REOPEN_DAY]))
    if day > act.business_date or day not in reopened_days(act.connection):
        raise DayNotReopened(day=day.isoformat())


def _store_close(
    draft: EntryDraft, shift: OpenShift, drawer: DrawerCash, counted: Fen, counts: Mapping[str, int]
) -> None:
    draft.add(
        _shift_close,
        {
            "shift_id": shift.id,
            "closed_at": draft.recorded_at,
            "expected": drawer.expected,
            "counted": counted,
            "over_short": counted - drawer.expected,
            "counts": json.dumps(dict(counts), separators=(",", ":")),
        },
    )


def _closing_lines(till: int, drawer: DrawerCash, counted: Fen) -> list[PostingLine]:
    """Empties the drawer: what is left of the float back to 备用金, the rest to 在途现金.

    Refunds and petty cash came out of 备用金, so all takings are on their way to the bank (`feedesk.rules.drawer`).
    """
    back = imprest_returned(drawer.opening_float, drawer.change - drawer.paid_out, counted)
    return [
        PostingLine(chart.till_cash(till), Fen(-drawer.expected)),
        PostingLine(chart.OVER_SHORT, Fen(drawer.expected - counted)),
        PostingLine(chart.IMPREST, back),
        PostingLine(chart.CASH_IN_TRANSIT, Fen(counted - back)),
    ]
