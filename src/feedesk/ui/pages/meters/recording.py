"""Storing what is typed on the round, one row at a time, and taking the last steps back.

Knows neither Qt nor the ledger: it is given functions (`ReadingsFunctions`) and answers with what became of a row.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from pathlib import Path

from feedesk.errors import FeedeskError, UserError
from feedesk.ops.metering import ReadingGiven, ReadingRecorded, ReadingRemoved
from feedesk.queries.meter_round import MeterRound, RoundPlace, RoundRow
from feedesk.rules.metering import NORMAL, ROLLOVER, SWAP, Reading, rollover_size
from feedesk.rules.reading_checks import parse_reading
from feedesk.ui.pages.meters.drafts import Draft, RoundEntry, backwards, question
from feedesk.ui.pages.records.import_sheet import ImportFunctions


@dataclass(frozen=True, slots=True)
class SwapOrder:
    """A meter put in the place of another, as typed on the sheet."""

    meter: int
    read_on: date
    old_final: Fraction
    new_initial: Fraction
    reading: Fraction
    number: str
    multiplier: Fraction


@dataclass(frozen=True, slots=True)
class ReadingsFunctions:
    """What the tab calls: ``load`` and ``export`` from the worker, the rest at once.

    ``row`` (meter, day) reads one row anew; ``export`` (kind, rows, day, path) writes a list of them.
    """

    today: Callable[[], date]
    places: Callable[[], Sequence[RoundPlace]]
    load: Callable[[str, str | None, date], MeterRound]
    row: Callable[[int, date], RoundRow | None]
    record: Callable[[ReadingGiven], ReadingRecorded]
    correct: Callable[[int, Fraction, str, int | None], ReadingRecorded]
    remove: Callable[[int], ReadingRemoved]
    estimate: Callable[[int, date], ReadingRecorded]
    swap: Callable[[SwapOrder], ReadingRecorded]
    set_order: Callable[[Sequence[int]], object]
    export: Callable[[str, Sequence[RoundRow], date, Path], Path]
    open_path: Callable[[Path], object]
    importing: ImportFunctions


@dataclass(frozen=True, slots=True)
class _Step:
    """One thing stored, and how to take it back: ``undo`` answers the meter whose row it was."""

    unit: str
    undo: Callable[[], int]


@dataclass(slots=True)
class Recorder:
    """Stores rows and remembers how to take them back, last first."""

    call: ReadingsFunctions
    _steps: list[_Step] = field(default_factory=list)

    def submit(self, entry: RoundEntry, day: date) -> RoundEntry:
        """Stores a row's draft. The row comes back without it; or with it, a problem or a question in it."""
        draft = entry.draft
        if draft is None:
            return entry
        try:
            value = parse_reading(draft.text)
        except UserError as error:
            return _refused(entry, draft, str(error))
        if self._is_unchanged(entry, value):
            return RoundEntry(entry.row)
        problem = backwards(entry, day)
        if problem:
            return _refused(entry, draft, problem)
        if not draft.asks and question(entry, day):
            return replace(entry, draft=replace(draft, problem="", asks=True))
        try:
            return self._store(entry, draft, value, day)
        except UserError as error:
            # Somebody else may have read it meanwhile: the row shows what the refusal speaks of.
            return _refused(replace(entry, row=self.call.row(entry.row.meter, day) or entry.row), draft, str(error))
        except FeedeskError as error:
            return _refused(entry, draft, str(error))

    def roll_over(self, entry: RoundEntry, day: date) -> RoundEntry:
        """Takes a draft as a rollover; once more adds a digit to the meter, after nine it begins anew."""
        draft, before = entry.draft, entry.basis(day).before
        if draft is None or before is None:
            return entry
        least = len(str(rollover_size(before.value))) - 1
        digits = draft.digits + 1 if draft.kind == ROLLOVER and draft.digits else least
        if digits > _MOST_DIGITS:
            digits = least
        rolled = replace(entry, draft=Draft(draft.text, ROLLOVER, digits))
        return self.submit(rolled, day)

    def estimate(self, entry: RoundEntry, day: date) -> RoundEntry:
        """Estimates a row."""
        try:
            done = self.call.estimate(entry.row.meter, day)
        except FeedeskError as error:
            return _refused(entry, entry.draft or Draft(entry.text()), str(error))
        self._remember_new(done)
        return self._again(entry, done.meter, day)

    def swap(self, entry: RoundEntry, order: SwapOrder) -> RoundEntry:
        """Swaps a row's meter. Raises what the operation is refused for."""
        done = self.call.swap(order)
        self._remember_new(done, order.meter)
        return self._again(entry, done.meter, order.read_on)

    def remove(self, entry: RoundEntry, day: date) -> RoundEntry:
        """Takes out a row's reading of this month. Raises what the operation is refused for."""
        old = entry.row.reading
        if old is None:
            return RoundEntry(entry.row)
        self.call.remove(old.id)
        if old.kind != SWAP:
            self._steps.append(_Step(entry.row.unit, lambda: self._put_back(old)))
        return self._again(entry, entry.row.before.meter if entry.row.before else entry.row.meter, day)

    def can_undo(self) -> bool:
        """Whether anything was stored since the page was opened."""
        return bool(self._steps)

    def undo(self) -> tuple[str, int]:
        """Takes the last step back; answers the unit and the meter. Raises what the operation is refused for."""
        step = self._steps.pop()
        return step.unit, step.undo()

    def _store(self, entry: RoundEntry, draft: Draft, value: Fraction, day: date) -> RoundEntry:
        old = entry.row.reading
        if old is not None and entry.corrects(day):
            done = self.call.correct(old.id, value, draft.kind, draft.digits)
            self._steps.append(_Step(done.unit, lambda: self._correct_back(old)))
        else:
            done = self.call.record(ReadingGiven(entry.row.meter, day, value, draft.kind, draft.digits))
            self._remember_new(done)
        return self._again(entry, done.meter, day)

    def _remember_new(self, done: ReadingRecorded, meter: int | None = None) -> None:
        """``meter`` stands in the row again once this is taken back."""

        def take_out() -> int:
            self.call.remove(done.reading)
            return done.meter if meter is None else meter

        self._steps.append(_Step(done.unit, take_out))

    def _correct_back(self, old: Reading) -> int:
        kind = NORMAL if old.kind == SWAP else old.kind
        return self.call.correct(old.id, old.value, kind, _digits(old)).meter

    def _put_back(self, old: Reading) -> int:
        return self.call.record(ReadingGiven(old.meter, old.read_on, old.value, old.kind, _digits(old))).meter

    def _again(self, entry: RoundEntry, meter: int, day: date) -> RoundEntry:
        return RoundEntry(self.call.row(meter, day) or entry.row)

    def _is_unchanged(self, entry: RoundEntry, value: Fraction) -> bool:
        reading, draft = entry.row.reading, entry.draft
        return reading is not None and draft is not None and draft.kind == NORMAL and reading.value == value


_MOST_DIGITS = 9


def _digits(reading: Reading) -> int | None:
    """The digits a rollover was stored with."""
    told = "".join(character for character in reading.note if character.isdigit())
    return int(told) if reading.kind == ROLLOVER and told else None


def _refused(entry: RoundEntry, draft: Draft, problem: str) -> RoundEntry:
    return replace(entry, draft=replace(draft, problem=problem, asks=False))
