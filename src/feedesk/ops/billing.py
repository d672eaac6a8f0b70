"""Billing a period: previewing it, posting what is missing, undoing it while nothing is paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, func, or_, select, update

from feedesk.errors import UserError
from feedesk.ledger.chart import AccountKind
from feedesk.ledger.posting import OFFICE_CHAIN, PostingLine, begin_entry
from feedesk.models import BillingRun, Charge, Entry, LedgerAccount, Posting, table_of
from feedesk.money import Fen, format_amount
from feedesk.ops.billing_posting import post_bills
from feedesk.ops.permissions import Permission, requires
from feedesk.ops.releasing import correct_releases, release_until
from feedesk.ops.run import Act
from feedesk.periods import Period
from feedesk.queries.billing import fee_items
from feedesk.queries.due_bills import DueBills, Progress, due_bills
from feedesk.queries.run_scope import EVERYTHING, RunScope
from feedesk.rules.bills import Skipped
from feedesk.texts import N_

_run, _charge, _entry, _posting, _ledger_account = (
    table_of(model) for model in (BillingRun, Charge, Entry, Posting, LedgerAccount)
)


class NothingToUndo(UserError):
    message = N_("No billing run of {period} stands: there is nothing to undo.")


class RunAlreadyPaid(UserError):
    message = N_(
        "{count} charges of {period} are paid or waived already ({amount}), so its run stays. "
        "Take those payments back first."
    )


class RunAlreadyReplaced(UserError):
    message = N_(
        "{count} charges of {period} were split or merged, so its run stays. "
        "Lower what is wrong charge by charge (调减) instead."
    )


class UndoReasonMissing(UserError):
    message = N_("Say why the bills of {period} are undone (--reason).")


@dataclass(frozen=True, slots=True)
class PeriodBilled:
    """What billing a period did, or would do. ``posted`` and ``already`` count charges, ``total`` is gross, in fen."""

    period: Period
    posted: int
    already: int
    total: Fen
    discount: Fen
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True, slots=True)
class BillingUndone:
    """A period's runs taken back: ``cancelled`` charges, which came to ``total``."""

    period: Period
    cancelled: int
    total: Fen
    entries: tuple[int, ...]


def preview_period(connection: Connection, *, period: Period, item: str | None = None) -> PeriodBilled:
    """What billing one month would post, and for every unit not billed the reason; nothing is stored.

    Months after the first depend on what the ones before them post: `Workplace.try_op` of `bill_period` shows these.
    """
    return _summed(period, [due_bills(connection, month=month, item=item) for month in period.each_month()])


@requires(Permission.BILL)
def bill_period(
    act: Act,
    *,
    period: Period,
    item: str | None = None,
    scope: RunScope = EVERYTHING,
    progress: Progress | None = None,
) -> PeriodBilled:
    """Posts what is missing of a period (of one fee item, of some or of all), a run for each of its months.

    What was deferred and is served by the end of a month that has begun becomes revenue with it.

    ``progress`` (done, of how many) may raise, and then nothing is posted. Raises `UnknownFeeItem`, or `DayIsClosed`
    when the business date is closed already.
    """
    items = fee_items(act.connection)
    months = []
    for place, month in enumerate(period.each_month()):
        told = _part_of(progress, place, period.months)
        due = due_bills(act.connection, month=month, item=item, scope=scope, progress=told)
        if due.bills:
            post_bills(act, due, items)
        months.append(due)
        if month.first_day <= act.business_date:
            release_until(act, month)
    if progress is not None:
        progress(1000, 1000)
    return _summed(period, months)


def _part_of(progress: Progress | None, place: int, months: int) -> Progress | None:
    """Tells how far a month is as a part of all of them, in thousandths; working it out is half of the work."""
    if progress is None:
        return None

    def tell(done: int, whole: int) -> None:
        progress((1000 * place + 500 * done // max(whole, 1)) // months, 1000)

    return tell


def _summed(period: Period, months: Sequence[DueBills]) -> PeriodBilled:
    return PeriodBilled(
        period=period,
        posted=sum(len(due.bills) for due in months),
        already=sum(due.already for due in months) - _met_again(months),
        total=Fen(sum(due.total for due in months)),
        discount=Fen(sum(due.discount for due in months)),
        skipped=tuple(dict.fromkeys(one for due in months for one in due.skipped)),
    )


def _met_again(months: Sequence[DueBills]) -> int:
    """How often later months found charges standing that an earlier month of the same command posted."""
    later = [due.month for due in months]
    return sum(
        sum(month.first_day in bill.period for month in later[place + 1 :])
        for place, due in enumerate(months)
        for bill in due.bills
        if bill.period.months > 1
    )


_reversal = _entry.alias("reversal")
_STANDING_RUNS = (
    select(_run.c.entry_id)
    .outerjoin(_reversal, _reversal.c.reverses_id == _run.c.entry_id)
    .where(_run.c.period.in_(bindparam("periods", expanding=True)), _reversal.c.id.is_(None))
    .order_by(_run.c.entry_id.desc())
)
_moved = _charge.c.paid + _charge.c.waived + _charge.c.late_fee_paid + _charge.c.late_fee_waived
_MOVED = select(func.count(), func.coalesce(func.sum(_moved), 0)).where(
    _charge.c.entry_id.in_(bindparam("entries", expanding=True)),
    or_(_charge.c.paid != 0, _charge.c.waived != 0, _charge.c.late_fee_paid != 0, _charge.c.late_fee_waived != 0),
)
_REPLACED = select(func.count()).where(
    _charge.c.entry_id.in_(bindparam("entries", expanding=True)), _charge.c.status == "replaced"
)
_CANCEL = (
    update(_charge)
    .where(_charge.c.entry_id == bindparam("entry"))
    .values(status="cancelled", cancelled_by=bindparam("undone_by"))
)
_POSTINGS = (
    select(_ledger_account.c.code, _ledger_account.c.name, _ledger_account.c.kind, _posting.c.amount)
    .join(_ledger_account, _ledger_account.c.id == _posting.c.ledger_account_id)
    .where(_posting.c.entry_id == bindparam("entry"))
    .order_by(_posting.c.sequence)
)
_TOTAL = select(func.coalesce(func.sum(_run.c.total), 0), func.coalesce(func.sum(_run.c.count), 0)).where(
    _run.c.entry_id.in_(bindparam("entries", expanding=True))
)


@requires(Permission.UNDO_BILLING)
def undo_billing(act: Act, *, period: Period, reason: str) -> BillingUndone:
    """Takes all standing runs of a period back, each by a reversing entry, and cancels their charges.

    Raises `UndoReasonMissing`, `NothingToUndo`, `RunAlreadyPaid` once anything of them is paid or waived, or
    `RunAlreadyReplaced`.
    """
    if not reason.strip():
        raise UndoReasonMissing(period=period)
    periods = {str(period), *map(str, period.each_month())}
    entries = list(act.connection.execute(_STANDING_RUNS, {"periods": list(periods)}).scalars())
    if not entries:
        raise NothingToUndo(period=period)
    facts: dict[str, Any] = {"entries": entries}
    count, amount = act.connection.execute(_MOVED, facts).one()
    if count:
        raise RunAlreadyPaid(count=count, period=period, amount=format_amount(Fen(int(amount))))
    if replaced := act.connection.execute(_REPLACED, facts).scalar():
        raise RunAlreadyReplaced(count=replaced, period=period)
    undone_by = tuple(_reverse(act, entry, reason.strip()) for entry in entries)
    correct_releases(act)
    total, cancelled = act.connection.execute(_TOTAL, facts).one()
    return BillingUndone(period, int(cancelled), Fen(int(total)), undone_by)


def _reverse(act: Act, entry: int, reason: str) -> int:
    draft = begin_entry(
        act.connection,
        chain=OFFICE_CHAIN,
        kind="billing_undo",
        business_date=act.business_date,
        recorded_at=act.now,
        actor_id=act.actor.id,
        approver_id=act.approver.id if act.approver else None,
        reverses_id=entry,
        reason=reason,
    )
    act.connection.execute(_CANCEL, {"entry": entry, "undone_by": draft.id})
    mirrored = [
        PostingLine(AccountKind(row.code, row.name, row.kind), Fen(-row.amount))
        for row in act.connection.execute(_POSTINGS, {"entry": entry})
    ]
    return draft.seal(mirrored).id
