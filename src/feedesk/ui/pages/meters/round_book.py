"""The rows of the round as the tab holds them: stored readings and drafts, how far it is, which rows a view shows.

Knows neither Qt nor the ledger.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from feedesk.queries.meter_round import MeterRound, RoundRow, RoundState, RoundTally
from feedesk.rules.unit_codes import compact_code, plain_code
from feedesk.ui.pages.meters.drafts import Draft, RoundEntry


class RoundView(IntEnum):
    """The views of a round, in order."""

    ALL = 0
    UNREAD = 1
    UNUSUAL = 2
    LOCKED = 3


_STATE_OF_VIEW: Final = {
    RoundView.UNREAD: RoundState.UNREAD,
    RoundView.UNUSUAL: RoundState.UNUSUAL,
    RoundView.LOCKED: RoundState.LOCKED,
}


@dataclass(slots=True)
class RoundBook:
    """``drafts`` outlive another building, kind or day: what is typed for a meter stays with it until it is stored."""

    rows: list[RoundRow] = field(default_factory=list)
    tally: RoundTally = field(default_factory=RoundTally)
    drafts: dict[int, Draft] = field(default_factory=dict)

    def open(self, found: MeterRound | None) -> None:
        """Holds another round, or none."""
        self.rows = list(found.rows) if found else []
        self.tally = found.tally if found else RoundTally()

    def entries(self, view: RoundView) -> list[RoundEntry]:
        """The rows of a view, in walking order."""
        return [RoundEntry(row, self.drafts.get(row.meter)) for row in self.rows if self._belongs(row, view)]

    def _belongs(self, row: RoundRow, view: RoundView) -> bool:
        """What is typed and not stored is to be checked as well."""
        if view is RoundView.UNUSUAL and row.meter in self.drafts:
            return True
        return view is RoundView.ALL or row.state is _STATE_OF_VIEW[view]

    def replace(self, old: RoundEntry, new: RoundEntry) -> None:
        """Notes what became of a row."""
        if new.draft is None:
            self.drafts.pop(old.row.meter, None)
        else:
            self.drafts[new.row.meter] = new.draft
        if new.row is old.row:
            return
        place = next((place for place, row in enumerate(self.rows) if row.meter == old.row.meter), None)
        if place is not None:
            self.rows[place] = new.row
            self.tally = self.tally.changed(old.row, new.row)

    def unstored(self, here: int | None) -> int:
        """How many figures are typed and not stored, but for the row at hand."""
        return sum(meter != here for meter in self.drafts)

    def row_like(self, row: RoundRow) -> RoundRow | None:
        """The row of the same place, whichever meter stands there now."""
        known = (row.meter, row.before.meter if row.before else row.meter)
        found = (old for old in self.rows if old.unit == row.unit and old.kind == row.kind)
        return next((old for old in found if old.meter in known or (old.before and old.before.meter in known)), None)

    def walked(self, row: RoundRow, step: int) -> list[RoundRow] | None:
        """The rows of a building with one a step further on the round; None where there is no further."""
        building = [one for one in self.rows if one.building == row.building]
        place = building.index(row)
        if not 0 <= place + step < len(building):
            return None
        building[place], building[place + step] = building[place + step], building[place]
        return building

    def reorder(self, building: Sequence[RoundRow]) -> None:
        """Puts the rows of one building into another order."""
        ordered, code = iter(building), building[0].building
        self.rows = [next(ordered) if row.building == code else row for row in self.rows]


def found_meter(rows: Sequence[RoundRow], text: str) -> int | None:
    """The meter of the row that is meant: by its room, whole or begun, else by name or meter number."""
    code, run = plain_code(text), compact_code(text)
    tests: tuple[Callable[[RoundRow], bool], ...] = (
        lambda row: row.unit == code or row.unit.replace("-", "") == run,
        lambda row: row.unit.startswith(code) or row.unit.replace("-", "").startswith(run),
        lambda row: text in row.resident or (bool(row.number) and text.casefold() in row.number.casefold()),
    )
    for test in tests:
        found = next((row.meter for row in rows if test(row)), None)
        if found is not None:
            return found
    return None
