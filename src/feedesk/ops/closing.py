"""The day close (日结): a day's figures are worked out, stored and sealed, and from then on nothing is booked on it.

Days are closed in order, so that each begins with what the last one ended with; days without a shift may be left
out. Closing seals the heads of all chains into one digest that finance keeps on paper (`feedesk.ledger.heads`).
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from feedesk.errors import UserError
from feedesk.ledger.heads import chain_heads, heads_digest, heads_to_json
from feedesk.ledger.posting import OFFICE_CHAIN, begin_entry
from feedesk.models import DayClose, table_of
from feedesk.money import Fen
from feedesk.ops.permissions import Permission, requires
from feedesk.ops.run import Act
from feedesk.queries.day_figures import (
    Closing,
    closed_figures,
    last_closed,
    last_reopening,
    standing_close,
    tender_columns,
    work_out_figures,
)
from feedesk.queries.shifts import earliest_worked, shifts_of_day
from feedesk.rules.day_summary import DayFigures
from feedesk.texts import N_

_day_close = table_of(DayClose)


class DayNotCome(UserError):
    message = N_("{day} has not come yet: today is {today}. Close a day when it is over.")


class ShiftStillOpen(UserError):
    message = N_(
        "{day} cannot be closed yet: {cashier}'s shift at {till} is still open. Count the drawer and close it."
    )


class EarlierDayOpen(UserError):
    message = N_("Close {earlier} first: there was a shift that day, and days are closed in order.")


class LaterDayClosed(UserError):
    message = N_("{day} cannot be closed any more: {last} is closed already, and days are closed in order.")


class ReopeningReasonMissing(UserError):
    message = N_("Say why {day} is opened again.")


class NotClosed(UserError):
    message = N_("{day} is not closed: there is nothing to open again.")


class CloseLaterFirst(UserError):
    message = N_("{day} cannot be opened again before {last}, which was closed after it.")


class NotAChannel(UserError):
    message = N_("“{code}” is no channel whose takings can be compared: give {known}.")


@dataclass(frozen=True, slots=True)
class DayClosed:
    """A closed day. ``newly`` is False when it was closed before and this is its stored version again."""

    date: dt.date
    version: int
    chain_head: str
    total: Fen
    figures: DayFigures
    newly: bool


@requires(Permission.CLOSE_DAY)
def close_day(act: Act, *, date: dt.date | None = None, reported: Mapping[str, Fen] | None = None) -> DayClosed:
    """Closes a business day, today's unless named. A day closed before is answered as it was closed.

    ``reported`` is what channels (WeChat, Alipay, card terminal) say themselves that they took that day, by tender; it
    is kept beside what was booked, and a difference does not keep the day from being closed.
    Raises `DayNotCome`, `ShiftStillOpen`, `EarlierDayOpen`, `LaterDayClosed`, `NotAChannel`.
    """
    day = date or act.business_date
    stored = closed_figures(act.connection, day)
    if stored is not None:
        return _closed(stored, newly=False)
    _check(act, day)
    _check_channels(act, reported or {})
    heads = chain_heads(act.connection)
    before = last_reopening(act.connection, day)
    version = before.figures.version + 1 if before else 1
    closing = Closing(version, act.now, act.actor.name, heads_digest(heads), act.training, reported or {})
    figures = work_out_figures(act.connection, day, closing)
    draft = begin_entry(
        act.connection,
        chain=OFFICE_CHAIN,
        kind="day_close",
        business_date=day,
        recorded_at=act.now,
        actor_id=act.actor.id,
    )
    draft.add(
        _day_close,
        {
            "business_date": day,
            "version": figures.version,
            "closed_at": act.now,
            "total": figures.total,
            "figures": figures.to_json(),
            "chain_heads": heads_to_json(heads),
        },
    )
    draft.seal([])
    return _closed(figures, newly=True)


@dataclass(frozen=True, slots=True)
class DayReopened:
    """A day open again; ``version`` is the one that no longer stands."""

    date: dt.date
    version: int


@requires(Permission.REOPEN_DAY)
def reopen_day(act: Act, *, date: dt.date, reason: str) -> DayReopened:
    """Opens the last closed day again, by an entry that reverses its close: what was sealed stays as it was issued.

    The next close is a new version, whose summary shows what differs. Raises `ReopeningReasonMissing`,
    `NotClosed`, `CloseLaterFirst`.
    """
    if not reason.strip():
        raise ReopeningReasonMissing(day=date.isoformat())
    closed = standing_close(act.connection, date)
    figures = closed_figures(act.connection, date)
    if closed is None or figures is None:
        raise NotClosed(day=date.isoformat())
    last = last_closed(act.connection)
    if last is not None and last > date:
        raise CloseLaterFirst(day=date.isoformat(), last=last.isoformat())
    draft = begin_entry(
        act.connection,
        chain=OFFICE_CHAIN,
        kind="day_reopen",
        business_date=date,
        recorded_at=act.now,
        actor_id=act.actor.id,
        approver_id=act.approver.id if act.approver else None,
        reverses_id=closed,
        reason=reason.strip(),
    )
    draft.seal([])
    return DayReopened(date, figures.version)


def _check(act: Act, day: dt.date) -> None:
    if day > act.business_date:
        raise DayNotCome(day=day.isoformat(), today=act.business_date.isoformat())
    last = last_closed(act.connection)
    if last is not None and day < last:
        raise LaterDayClosed(day=day.isoformat(), last=last.isoformat())
    earlier = earliest_worked(act.connection, after=last, before=day)
    if earlier is not None:
        raise EarlierDayOpen(earlier=earlier.isoformat())
    for shift in shifts_of_day(act.connection, day):
        if shift.is_open:
            raise ShiftStillOpen(day=day.isoformat(), cashier=shift.cashier, till=shift.till_name)


def _check_channels(act: Act, reported: Mapping[str, Fen]) -> None:
    known = [tender.code for tender in tender_columns(act.connection, set(reported)) if tender.kind == "channel"]
    for code in reported:
        if code not in known:
            raise NotAChannel(code=code, known="、".join(known))


def _closed(figures: DayFigures, *, newly: bool) -> DayClosed:
    return DayClosed(figures.date, figures.version, figures.chain_head, figures.total, figures, newly)
