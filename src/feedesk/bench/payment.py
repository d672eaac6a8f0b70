"""Taking cash for three charges of an account, durably: ours and the plain program's, account by account in turns."""

import random
from typing import Final

from sqlalchemy import Connection, func, select, text

from feedesk.bench.ledgers import TODAY, Site
from feedesk.bench.measuring import Figure, Pair, peak_mib, timed
from feedesk.models import Charge, table_of
from feedesk.money import Fen
from feedesk.ops.collecting import TenderGiven, collect_payment
from feedesk.ops.run import Workplace
from feedesk.ops.shifts import open_shift
from feedesk.queries.desk import open_shift_at
from feedesk.queries.statement import open_charges
from feedesk.texts import N_

PAYMENTS: Final = 400
P99_TARGET: Final = 0.015
RATIO: Final = 2.5
_CHARGES: Final = 3
_WARM: Final = 10

_charge = table_of(Charge)
_OWING = (
    select(_charge.c.account_id)
    .where(_charge.c.status == text("'open'"))
    .group_by(_charge.c.account_id)
    .having(func.count() >= _CHARGES)
)


def owing_accounts(connection: Connection, *, most: int, seed: int) -> list[int]:
    """Accounts with at least three open charges, so many of them, in a random order that is the same every time."""
    accounts = sorted(connection.execute(_OWING).scalars())
    return random.Random(seed).sample(accounts, min(most, len(accounts)))


def ready_to_collect(place: Workplace) -> None:
    """Opens a shift at till 1 unless one is open."""
    if place.read(open_shift_at, till=1) is None:
        place.run_op(open_shift, opening_float=Fen(0))


def measure_payment(site: Site) -> list[Figure]:
    """Takes payments of random accounts."""
    ours, plain = [], []
    peak = 0.0
    with site.workplace() as place, site.plain() as other:
        ready_to_collect(place)
        for account in place.read(owing_accounts, most=PAYMENTS + _WARM, seed=site.built.households):
            charges = place.read(open_charges, accounts=[account], on=TODAY)[:_CHARGES]
            keys, owed = [charge.id for charge in charges], Fen(sum(charge.due for charge in charges))
            ours.append(timed(lambda: pay(place, account, keys, owed)))  # noqa: B023
            peak = peak or peak_mib()
            plain.append(timed(lambda: other.pay(account, keys, TODAY.isoformat())))  # noqa: B023
    pair = Pair(tuple(ours[_WARM:] or ours), tuple(plain[_WARM:] or plain))
    return [
        pair.quantile(N_("payment: durable, p50"), 0.5, ratio_target=RATIO),
        pair.quantile(N_("payment: durable, p99"), 0.99, target=P99_TARGET),
        Figure(N_("payment: most memory"), peak, unit="MiB"),
    ]


def pay(place: Workplace, account: int, charges: list[int], owed: Fen) -> None:
    """Takes cash for charges of an account."""
    place.run_op(collect_payment, account=account, tenders=[TenderGiven("cash", owed)], charges=charges)
