"""The statement of random accounts: what is open, all that ever was, and the whole view of the desk.

Each is read a few times, the quickest counts. The first look, at rows the disk may have to bring, is told apart.
"""

import random
from collections.abc import Callable
from typing import Any, Final

from feedesk.bench.ledgers import TODAY, Site
from feedesk.bench.measuring import Figure, Pair, quantile, timed
from feedesk.queries.account_card import desk_view
from feedesk.queries.statement import statement
from feedesk.texts import N_

P99_TARGET: Final = 0.005
_ACCOUNTS: Final = 500
_WARM: Final = 10
_TIMES: Final = 3


def measure_statement(site: Site) -> list[Figure]:
    """Reads statements, ours and plain account by account in turns."""
    accounts = _accounts(site.built.households)
    with site.workplace() as place, site.plain() as other:

        def ours(account: int, **facts: Any) -> object:
            return place.read(statement, account=account, on=TODAY, **facts)

        first, now = _pairs(accounts, ours, other.statement)
        first_ever, ever = _pairs(accounts, lambda account: ours(account, everything=True), other.history)
        desk = [_least(lambda: place.read(desk_view, target=account, on=TODAY)) for account in accounts]  # noqa: B023
    return [
        now.quantile(N_("statement: what is open, p50"), 0.5),
        now.quantile(N_("statement: what is open, p99"), 0.99, target=P99_TARGET),
        first.quantile(N_("statement: what is open, first look, p99"), 0.99),
        ever.quantile(N_("statement: all there was, p50"), 0.5),
        ever.quantile(N_("statement: all there was, p99"), 0.99),
        first_ever.quantile(N_("statement: all there was, first look, p99"), 0.99),
        Figure(N_("statement: the desk's whole view, p50"), quantile(desk[_WARM:], 0.5)),
        Figure(N_("statement: the desk's whole view, p99"), quantile(desk[_WARM:], 0.99)),
    ]


def _accounts(households: int) -> list[int]:
    dice = random.Random(households)
    return [dice.randint(1, households) for _time in range(_ACCOUNTS + _WARM)]


def _pairs(accounts: list[int], ours: Callable[[int], object], plain: Callable[[int], object]) -> tuple[Pair, Pair]:
    """The first look at each account, and the quickest of a few more."""
    first, least = [], []
    for account in accounts:
        first.append((timed(lambda: ours(account)), timed(lambda: plain(account))))  # noqa: B023
        least.append((_least(lambda: ours(account)), _least(lambda: plain(account))))  # noqa: B023
    return _paired(first[_WARM:]), _paired(least[_WARM:])


def _paired(times: list[tuple[float, float]]) -> Pair:
    return Pair(tuple(ours for ours, _plain in times), tuple(plain for _ours, plain in times))


def _least(work: Callable[[], object]) -> float:
    return min(timed(work) for _time in range(_TIMES))
