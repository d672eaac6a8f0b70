"""Who is billed what of a shared cost (公摊): the parts of each unit's share, and why one is not billed.

Once a cost's charges stand nothing more is posted for it: a unit that comes later bears none of it, since the whole is
shared out already.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from feedesk.errors import UserError
from feedesk.money import ZERO
from feedesk.rules.bills import NO_USAGE, NOTHING_TO_PAY, Bill, Reason, TariffFacts, UnitFacts
from feedesk.rules.pricing import TO_THE_FEN, PricedLine
from feedesk.rules.sharing import (
    AreaMissing,
    CoefficientMissing,
    Cost,
    MeterUnknown,
    NothingToWeigh,
    NoUsageBilled,
    Part,
    ScopeReachesNothing,
    SharedOut,
    UnitShare,
    parts_of_share,
)
from feedesk.rules.sharing_words import ShareWords
from feedesk.texts import N_

SHARED = "shared"
"""The source of these charges; their ``number`` is the key of the shared cost."""

SHARED_ALREADY = N_("“{fact}” is shared out and posted already: nothing more is added to it.")
WHY_NOT: Mapping[type[UserError], str] = {
    ScopeReachesNothing: N_("“{fact}” is not shared out: no unit fits its scope."),
    AreaMissing: N_("“{fact}” is not shared out: this unit has no area."),
    CoefficientMissing: N_("“{fact}” is not shared out: this unit has no coefficient."),
    NothingToWeigh: N_("“{fact}” is not shared out: the units in its scope weigh nothing."),
    NoUsageBilled: N_("“{fact}” is not shared out: no usage is billed for this period yet."),
    MeterUnknown: N_("“{fact}” is not shared out: nothing tells which meter it follows."),
}
"""Why a cost as a whole is not billed, by what refuses it; the fact is its name."""


class BorneShare(NamedTuple):
    """The part of a unit's share that falls on an account, or on nobody for a reason."""

    unit: UnitFacts
    share: UnitShare
    part: Part


@dataclass(frozen=True, slots=True)
class BornePlan:
    """A cost shared out: every part of every share; the parts sum to the total."""

    out: SharedOut
    borne: tuple[BorneShare, ...]


def borne_shares(
    out: SharedOut, units: Mapping[int, UnitFacts], paid_through: Mapping[tuple[int, int], date]
) -> BornePlan:
    """Who bears the shares; ``paid_through`` by unit and fee item."""
    return BornePlan(out, tuple(_borne(out, units, paid_through)))


def _borne(
    out: SharedOut, units: Mapping[int, UnitFacts], paid_through: Mapping[tuple[int, int], date]
) -> Iterable[BorneShare]:
    cost = out.cost
    for share in out.shares:
        unit = units[share.unit]
        for part in parts_of_share(unit, cost.period, share.amount, paid_through.get((unit.id, cost.item_id))):
            nothing = nothing_to_bear(cost, share.weight) if part.amount == ZERO else None
            yield BorneShare(unit, share, part._replace(reason=part.reason or nothing))


def nothing_to_bear(cost: Cost, weight: Fraction) -> Reason:
    """Why a share that comes to 0.00 is not billed."""
    return NO_USAGE if cost.meter_kinds and not weight else NOTHING_TO_PAY


class SharedBiller:
    """Makes the bills of one cost; what all of them have in common is worked out once."""

    def __init__(self, out: SharedOut) -> None:
        cost = out.cost
        self._out = out
        self._words = ShareWords(out)
        self._tariff = TariffFacts(0, cost.item_id, cost.item, (), "", TO_THE_FEN)
        self._due = cost.due_date

    def bill(self, borne: BorneShare, *, vacant: bool) -> Bill:
        """The charge for a part that an account bears."""
        cost, (unit, share, part) = self._out.cost, borne
        assert part.account is not None
        line = PricedLine(
            gross=part.amount,
            exact=Fraction(part.amount, 100),
            quantity=share.weight,
            measure=Fraction(0),
            version=None,
            serves=part.days,
            basis=self._words.basis(share, part, vacant=vacant),
            explanation=self._words.explanation(share, part, vacant=vacant),
            facts=share_facts(self._out, share),
        )
        return Bill(
            account=part.account.id,
            unit=unit,
            tariff=self._tariff,
            period=cost.period,
            line=line,
            source=SHARED,
            number=cost.id,
            due=self._due,
        )


def share_facts(out: SharedOut, share: UnitShare) -> tuple[tuple[str, str], ...]:
    """What a charge's snapshot keeps of the sharing: exact weights as fractions, amounts in fen."""
    return (
        ("shared_cost", out.cost.name),
        ("total", str(out.cost.total)),
        ("share_basis", out.cost.basis),
        ("weight", str(share.weight)),
        ("weights", str(out.weights)),
        ("share", str(share.amount)),
    )
