"""What the keys of the readings tab really do."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

from feedesk.ops.metering import (
    ReadingGiven,
    ReadingRecorded,
    ReadingRemoved,
    correct_reading,
    estimate_reading,
    record_readings,
    remove_reading,
    set_walking_order,
    swap_meter,
)
from feedesk.ops.run import Workplace, is_training
from feedesk.queries.meter_round import MeterRound, RoundPlace, RoundRow, meter_round, round_places, round_row
from feedesk.ui.pages.meters.recording import ReadingsFunctions, SwapOrder
from feedesk.ui.pages.records.import_sheet import ImportFunctions


@dataclass(slots=True)
class ReadingsWork:
    """The meters of one ledger."""

    seat: Callable[[], Workplace]
    importing: ImportFunctions

    def functions(self) -> ReadingsFunctions:
        """What the tab calls."""
        return ReadingsFunctions(
            today=lambda: self.seat().business_date(),
            places=self.places,
            load=self.load,
            row=self.row,
            record=self.record,
            correct=self.correct,
            remove=self.remove,
            estimate=self.estimate,
            swap=self.swap,
            set_order=self.set_order,
            export=self.export,
            open_path=self.importing.open_path,
            importing=self.importing,
        )

    def places(self) -> Sequence[RoundPlace]:
        """Where there are meters."""
        return self.seat().read(round_places)

    def load(self, kind: str, building: str | None, day: date) -> MeterRound:
        """The round of a month."""
        return self.seat().read(meter_round, kind=kind, building=building, day=day)

    def row(self, meter: int, day: date) -> RoundRow | None:
        """One row of it."""
        return self.seat().read(round_row, meter=meter, day=day)

    def record(self, given: ReadingGiven) -> ReadingRecorded:
        """Stores a reading."""
        return self.seat().run_op(record_readings, readings=[given])[0]

    def correct(self, reading: int, value: Fraction, kind: str, digits: int | None) -> ReadingRecorded:
        """Puts another figure in its place."""
        return self.seat().run_op(correct_reading, reading=reading, value=value, kind=kind, digits=digits)

    def remove(self, reading: int) -> ReadingRemoved:
        """Takes a reading out."""
        return self.seat().run_op(remove_reading, reading=reading)

    def estimate(self, meter: int, read_on: date) -> ReadingRecorded:
        """Estimates a reading."""
        return self.seat().run_op(estimate_reading, meter=meter, read_on=read_on)

    def swap(self, order: SwapOrder) -> ReadingRecorded:
        """Puts a new meter in the place of another."""
        return self.seat().run_op(swap_meter, **asdict(order))

    def set_order(self, meters: Sequence[int]) -> None:
        """Keeps a walking order."""
        self.seat().run_op(set_walking_order, meters=meters)

    def export(self, kind: str, rows: Sequence[RoundRow], day: date, path: Path) -> Path:
        """Writes a list of readings as workbook or PDF."""
        from feedesk.reports.files import write_report
        from feedesk.reports.reading_list import reading_list

        return write_report(reading_list(kind, rows, day, training=self.seat().read(is_training)), path)
