"""The rows of a round as a list: before it to be taken along and filled in by hand, after it to be kept."""

from collections.abc import Sequence
from datetime import date

from feedesk.periods import Period
from feedesk.queries.meter_round import RoundRow, RoundState
from feedesk.reports.table import Column, Kind, Part, Table, Value
from feedesk.rules.metering import NORMAL
from feedesk.texts import _


def reading_list(kind: str, rows: Sequence[RoundRow], day: date, *, training: bool = False) -> Table:
    """Readings of one kind of meter, a part for each building; what is not read is left blank to be written in."""
    columns = (
        Column(_("Unit"), 9),
        Column(_("Resident"), 9),
        Column(_("Meter no."), 12),
        Column(_("Last read on"), 9, Kind.DAY),
        Column(_("Last reading"), 9, Kind.FIGURE),
        Column(_("Mean usage"), 8, Kind.FIGURE),
        Column(_("Read on"), 9, Kind.DAY),
        Column(_("Reading"), 10, Kind.FIGURE),
        Column(_("Usage"), 8, Kind.FIGURE),
        Column(_("Remark"), 12),
    )
    read = sum(row.reading is not None for row in rows)
    counts = _("{total} meters, {read} read; as of {day}").format(total=f"{len(rows):,}", read=f"{read:,}", day=day)
    return Table(
        title=_("{kind} readings {month}").format(kind=kind, month=Period.containing(day)),
        facts=(counts,),
        parts=tuple(
            Part(
                _("Building {code}").format(code=building),
                columns,
                tuple(_row(row) for row in rows if row.building == building),
            )
            for building in dict.fromkeys(row.building for row in rows)
        ),
        signs=(_("Read by:                    On:"),),
        training=training,
    )


def _row(row: RoundRow) -> tuple[Value, ...]:
    before, reading, check = row.before, row.reading, row.check
    return (
        row.unit,
        row.resident,
        row.number,
        before.read_on if before else None,
        before.value if before else None,
        row.mean,
        reading.read_on if reading else None,
        reading.value if reading else None,
        check.usage if check else None,
        _remark(row),
    )


def _remark(row: RoundRow) -> str:
    reading = row.reading
    if reading is None:
        return ""
    said = [reading.kind] if reading.kind != NORMAL else []
    if row.state is RoundState.UNUSUAL:
        said.append(_("to be checked"))
    if row.locked:
        said.append(_("billed"))
    return " ".join(said)
