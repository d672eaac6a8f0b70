"""The statement of random accounts: what is open, all that ever was, and the whole view of the desk."""

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


def measure_statement(site: Site) -> list[Figure]:
    """Reads statements, ours and plain account by account in turns."""
    accounts = _accounts(site.built.households)
    with site.workplace() as place, site.plain() as other:

        def ours(account: int, **facts: Any) -> object:
            return place.read(statement, account=account, on=TODAY, **facts)

        now = _pair(accounts, ours, other.statement)
        ever = _pair(accounts, lambda account: ours(account, everything=True), other.history)
        desk = [timed(lambda: place.read(desk_view, target=account, on=TODAY)) for account in accounts]  # noqa: B023
    return [
        now.quantile(N_("statement: what is open, p50"), 0.5),
        now.quantile(N_("statement: what is open, p99"), 0.99, target=P99_TARGET),
        ever.quantile(N_("statement: all there was, p50"), 0.5),
        ever.quantile(N_("statement: all there was, p99"), 0.99),
        Figure(N_("statement: the desk's whole view, p50"), quantile(desk[_WARM:], 0.5)),
        Figure(N_("statement: the desk's whole view, p99"), quantile(desk[_WARM:], 0.99)),
    ]


def _accounts(households: int) -> list[int]:
    dice = random.Random(households)
    return [dice.randint(1, households) for _time in range(_ACCOUNTS + _WARM)]


def _pair(accounts: list[int], ours: Callable[[int], object], plain: Callable[[int], object]) -> Pair:
    times = [(timed(lambda: ours(account)), timed(lambda: plain(account))) for account in accounts]  # noqa: B023
    return Pair(tuple(pair[0] for pair in times[_WARM:]), tuple(pair[1] for pair in times[_WARM:]))
