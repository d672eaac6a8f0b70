"""The figures of a day with two thousand payments."""

from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from feedesk.bench.ledgers import TODAY, Site
from feedesk.bench.measuring import Figure, Pair, timed
from feedesk.bench.payment import owing_accounts, pay, ready_to_collect
from feedesk.bench.plain import PlainLedger
from feedesk.models import Payment, table_of
from feedesk.money import Fen
from feedesk.ops.billing import bill_period
from feedesk.ops.run import Workplace
from feedesk.ops.shifts import close_shift
from feedesk.periods import Period
from feedesk.queries.day_figures import Closing, work_out_figures
from feedesk.queries.statement import open_charges
from feedesk.texts import N_

PAYMENTS: Final = 2000
SECONDS_TARGET: Final = 0.02
_ROUNDS: Final = 5
_LATER: Final = Period.containing(TODAY).shifted(24)

_payment = table_of(Payment)
_TAKEN = select(func.count()).where(_payment.c.business_date == TODAY)


def measure_day_close(site: Site) -> list[Figure]:
    """Takes what is missing of two thousand payments (fewer in a small community), then works out the day's figures.

    Plain is one query over the same rows that adds up by fee item and tender.
    """
    closing = Closing(1, datetime(2026, 11, 23, 18).astimezone(), "", "", training=True)
    with site.workplace() as place, PlainLedger(site.ledger) as other:
        _collect(place, min(PAYMENTS, site.built.households))
        times = [
            (
                timed(lambda: place.read(work_out_figures, day=TODAY, closing=closing)),
                timed(lambda: other.takings(TODAY.isoformat())),
            )
            for _round in range(_ROUNDS)
        ]
    pair = Pair(tuple(ours for ours, _plain in times), tuple(plain for _ours, plain in times))
    return [pair.figure(N_("day close: figures of 2,000 payments"), target=SECONDS_TARGET)]


def _collect(place: Workplace, payments: int) -> None:
    ready_to_collect(place)
    missing = payments - place.read(lambda connection: connection.execute(_TAKEN).scalar_one())
    if missing > len(place.read(owing_accounts, most=max(missing, 0), seed=payments)):
        place.run_op(bill_period, period=_LATER)  # where billing has not been measured before
    for account in place.read(owing_accounts, most=max(missing, 0), seed=payments):
        charges = place.read(open_charges, accounts=[account], on=TODAY)[:3]
        pay(place, account, [charge.id for charge in charges], Fen(sum(charge.due for charge in charges)))
    place.run_op(close_shift)
