"""Ageing over all open charges, beside the best covering query."""

from typing import Final

from feedesk.bench.ledgers import TODAY, Site
from feedesk.bench.measuring import Figure, Pair, timed
from feedesk.queries.ageing import ageing
from feedesk.texts import N_

SECONDS_TARGET: Final = 0.1
RATIO: Final = 2.0
_ROUNDS: Final = 5


def measure_ageing(site: Site) -> list[Figure]:
    """Ages all open charges, ours and plain in turns."""
    with site.workplace() as place, site.plain() as other:
        times = [(timed(lambda: place.read(ageing, on=TODAY)), timed(other.ageing)) for _round in range(_ROUNDS)]
        building = [timed(lambda: place.read(ageing, on=TODAY, by_building=True)) for _round in range(_ROUNDS)]
    pair = Pair(tuple(ours for ours, _plain in times), tuple(plain for _ours, plain in times))
    return [
        pair.figure(N_("ageing: by due date and fee item"), target=SECONDS_TARGET, ratio_target=RATIO),
        Figure(N_("ageing: by building, too"), min(building)),
    ]
