"""A billing run as the next month of the whole ledger: ours, the plain program's, and one INSERT … SELECT."""

from typing import Final

from feedesk.bench.community import ITEMS
from feedesk.bench.ledgers import Site
from feedesk.bench.measuring import Figure, Pair, peak_mib, timed
from feedesk.ops.billing import bill_period
from feedesk.texts import N_

_ROUNDS: Final = 3
SECONDS_TARGET: Final = 1.0
WAL_TARGET_MIB: Final = 60.0
MEMORY_TARGET_MIB: Final = 300.0
COMPUTED_RATIO: Final = 1.5


def measure_billing(site: Site) -> list[Figure]:
    """Bills the months after the last one, ours and plain in turns."""
    ours, plain, logged = [], [], []
    peak = 0.0
    with site.workplace() as place, site.plain() as other:
        for n in range(_ROUNDS):
            month = site.next_month().shifted(n)
            site.empty_log()
            ours.append(timed(lambda month=month: place.run_op(bill_period, period=month)))  # type: ignore[misc]
            logged.append(site.log_mib())
            peak = peak or peak_mib()
            other.checkpoint()
            plain.append(timed(lambda month=month: other.bill(str(month))))  # type: ignore[misc]
        other.checkpoint()
        selected = timed(lambda: other.bill_by_select(str(site.next_month().shifted(_ROUNDS))))
    pair = Pair(tuple(ours), tuple(plain))
    charges = site.built.households * ITEMS
    return [
        pair.figure(N_("billing: a month beside executemany"), target=SECONDS_TARGET, ratio_target=COMPUTED_RATIO),
        Figure(N_("billing: a month beside INSERT … SELECT"), min(ours), selected),
        Figure(N_("billing: charges a second"), charges / min(ours), charges / min(plain), unit="/s"),
        Figure(N_("billing: written ahead"), logged[0], target=WAL_TARGET_MIB, unit="MiB"),
        Figure(N_("billing: most memory"), peak, target=MEMORY_TARGET_MIB, unit="MiB"),
    ]
