"""What differs between two versions of a day's figures (与上次差异): every figure that is not what it was."""

from collections.abc import Iterator
from dataclasses import dataclass

from feedesk.money import ZERO, Fen
from feedesk.rules.day_summary import DayFigures
from feedesk.texts import _


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure in fen, or a count where ``is_count``; ``part`` and ``name`` say which."""

    part: str
    name: str
    before: int
    after: int
    is_count: bool = False

    @property
    def difference(self) -> int:
        return self.after - self.before


def changes_between(before: DayFigures, after: DayFigures) -> tuple[FigureChange, ...]:
    """The figures of ``after`` that are not those of ``before``, in the order of the summary."""
    parts = (_takings, _counts, _cash, _channels, _balances)
    found = (change for part in parts for change in part(before, after))
    return tuple(change for change in found if change.difference)


def _takings(before: DayFigures, after: DayFigures) -> Iterator[FigureChange]:
    old, new = before.takings.by_item(), after.takings.by_item()
    tenders = {tender.code: tender.name for tender in (*before.tenders, *after.tenders)}
    for item in dict.fromkeys([*new, *old]):
        for code, name in tenders.items():
            was, now = (one.get(item, {}).get(code, ZERO) for one in (old, new))
            yield FigureChange(item, name, was, now)
    yield FigureChange(_("Total"), "", before.total, after.total)


def _counts(before: DayFigures, after: DayFigures) -> Iterator[FigureChange]:
    part = _("Receipts")
    old, new = before.receipts, after.receipts
    yield FigureChange(part, _("issued"), old.count, new.count, is_count=True)
    yield FigureChange(part, _("voided"), old.voids, new.voids, is_count=True)
    yield FigureChange(part, _("missing"), old.gaps, new.gaps, is_count=True)
    yield FigureChange(part, _("taken back"), len(before.taken_back), len(after.taken_back), is_count=True)


def _cash(before: DayFigures, after: DayFigures) -> Iterator[FigureChange]:
    part = _("Cash in the drawers")
    yield FigureChange(part, _("shifts"), len(before.shifts), len(after.shifts), is_count=True)
    for field, name in (
        ("opening_float", _("Float")),
        ("received", _("received")),
        ("paid_out", _("paid out")),
        ("change", _("change money")),
        ("expected", _("Expected")),
        ("counted", _("Counted")),
        ("over_short", _("Over or short")),
    ):
        was, now = (Fen(sum(getattr(shift, field) for shift in one.shifts)) for one in (before, after))
        yield FigureChange(part, name, was, now)
    yield FigureChange(part, _("Cash in transit"), before.transit.closing, after.transit.closing)


def _channels(before: DayFigures, after: DayFigures) -> Iterator[FigureChange]:
    """What the channels reported themselves; one that was not compared counts as nothing reported."""
    old = {check.code: check.reported or ZERO for check in before.channels}
    new = {check.code: check.reported or ZERO for check in after.channels}
    for code, name in {check.code: check.name for check in (*after.channels, *before.channels)}.items():
        yield FigureChange(_("Reported by it"), name, old.get(code, ZERO), new.get(code, ZERO))


def _balances(before: DayFigures, after: DayFigures) -> Iterator[FigureChange]:
    old = {change.item: change.closing for change in before.arrears}
    new = {change.item: change.closing for change in after.arrears}
    for item in dict.fromkeys([*new, *old]):
        yield FigureChange(_("Owed at the close"), item, old.get(item, ZERO), new.get(item, ZERO))
    held = {change.name: change.closing for change in before.held}
    held_now = {change.name: change.closing for change in after.held}
    for name in dict.fromkeys([*held_now, *held]):
        yield FigureChange(_("Held for residents"), name, held.get(name, ZERO), held_now.get(name, ZERO))
