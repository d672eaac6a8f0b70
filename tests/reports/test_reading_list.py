"""The list of readings to be taken along and filled in, as Excel and PDF."""

import io
from datetime import date
from fractions import Fraction

from openpyxl import load_workbook

from feedesk.queries.meter_round import RoundRow
from feedesk.reports.csv_text import csv_text
from feedesk.reports.pdf import pdf
from feedesk.reports.reading_list import reading_list
from feedesk.reports.table import Kind, cell_text
from feedesk.reports.xlsx import xlsx
from feedesk.rules.metering import ESTIMATE, Reading

DAY = date(2026, 11, 23)


def reading(value: str, day: date, kind: str = "正常") -> Reading:
    return Reading(id=1, meter=1, meter_kind="水表", read_on=day, value=Fraction(value), kind=kind)


def row(unit: str, now: Reading | None, *, locked: bool = False) -> RoundRow:
    return RoundRow(
        meter=1,
        unit=unit,
        building=unit.split("-")[0],
        resident="张样燕",
        kind="水表",
        number="S1",
        multiplier=Fraction(1),
        before=reading("434", date(2026, 10, 20)),
        recent=(Fraction(18), Fraction(17)),
        reading=now,
        locked=locked,
        later=None,
    )


ROWS = (
    row("1-1-101", reading("451.5", DAY)),
    row("1-1-102", reading("480", DAY, ESTIMATE)),
    row("2-1-101", None),
    row("2-1-102", reading("450", DAY), locked=True),
)


def test_a_part_for_each_building_and_blanks_to_fill_in() -> None:
    table = reading_list("水表", ROWS, DAY)
    assert table.title == "水表抄表单 2026-11"
    assert table.facts == ("共 4 只表，已抄 3 只，截至 2026-11-23",)
    assert [part.caption for part in table.parts] == ["1 栋", "2 栋"]
    first, second = table.parts
    assert first.rows[0][4:9] == (Fraction(434), Fraction(35, 2), DAY, Fraction("451.5"), Fraction("17.5"))
    assert first.rows[1][-1] == "估读 待核对"
    assert second.rows[0][6:] == (None, None, None, "")
    assert second.rows[1][-1] == "已出账"
    kinds = [column.kind for column in first.columns]
    assert kinds.count(Kind.FIGURE) == 4
    assert cell_text(first.columns[5], first.rows[0][5]) == "17.5"


def test_figures_stay_figures() -> None:
    table = reading_list("水表", ROWS, DAY, training=True)
    sheet = load_workbook(io.BytesIO(xlsx(table))).active
    assert sheet is not None
    found = {cell.value for line in sheet.iter_rows() for cell in line}
    assert {451.5, 17.5, 434} <= found
    assert ",434,17.5,2026-11-23,451.5,17.5," in csv_text(table).decode("utf-8-sig")
    assert pdf(table).startswith(b"%PDF")
