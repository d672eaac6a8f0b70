"""The round of a month: order, swaps, months gone by, what is read and what is locked."""

from datetime import date
from fractions import Fraction

import pytest

from feedesk import models
from feedesk.ops.metering import ReadingGiven, record_readings, swap_meter
from feedesk.queries.meter_lines import DEPTH, line_of, meter_lines
from feedesk.queries.meter_round import MeterRound, RoundPlace, RoundTally, meter_round, round_places, round_row
from feedesk.rules.metering import ESTIMATE, usage_steps
from tests.community import SmallCommunity
from tests.metering import bill, home, last_reading, meter

TODAY = date(2026, 11, 23)


def november(community: SmallCommunity, *, kind: str = "水表", building: str | None = None) -> MeterRound:
    with community.database.reading() as connection:
        return meter_round(connection, kind=kind, day=TODAY, building=building)


def test_where_there_are_meters(community: SmallCommunity) -> None:
    for code in ("10-1-101", "2-1-101", "2-1-102"):
        home(community, code, "1")
    meter(community, "2-1-101", "1", kind="电表")
    with community.database.reading() as connection:
        places = round_places(connection)
    assert sorted(places, key=lambda one: one.kind) == [
        RoundPlace("水表", "2", 2),
        RoundPlace("水表", "10", 1),
        RoundPlace("电表", "2", 1),
    ]


def test_a_building_or_all_in_natural_order(community: SmallCommunity) -> None:
    for code in ("10-1-101", "2-1-1001", "2-1-201"):
        home(community, code, "1")
    assert [row.unit for row in november(community).rows] == ["2-1-201", "2-1-1001", "10-1-101"]
    assert [row.unit for row in november(community, building="2").rows] == ["2-1-201", "2-1-1001"]
    assert november(community, kind="燃气表").rows == ()
    assert november(community, kind="燃气表").tally == RoundTally()


def test_what_a_row_tells(community: SmallCommunity) -> None:
    key = home(community, "3-1-501", "400", "418", "434", multiplier="2")
    (row,) = november(community).rows
    assert (row.meter, row.unit, row.building, row.resident, row.number) == (key, "3-1-501", "3", "张样1", "S1")
    assert row.multiplier == 2
    assert row.before is not None
    assert (row.before.read_on, row.before.value) == (date(2026, 10, 20), Fraction(434))
    assert list(row.recent) == [Fraction(36), Fraction(32)]
    assert row.mean == 34
    assert (row.reading, row.check, row.later, row.locked) == (None, None, None, False)


def test_the_last_reading_of_the_month_is_the_months(community: SmallCommunity) -> None:
    key = home(community, "3-1-501", "400", "418", "434")
    given = [
        ReadingGiven(key, date(2026, 11, 5), Fraction(440)),
        ReadingGiven(key, date(2026, 11, 20), Fraction(448), ESTIMATE),
    ]
    community.run(record_readings, readings=given)
    (row,) = november(community).rows
    assert row.reading is not None
    assert row.before is not None
    assert (row.reading.value, row.reading.kind, row.before.value) == (Fraction(448), ESTIMATE, Fraction(440))
    assert list(row.recent) == [Fraction(16), Fraction(6)]


def test_a_month_gone_by_is_shown_as_it_was(community: SmallCommunity) -> None:
    key = home(community, "3-1-501", "400", "418", "434")
    late = home(community, "3-1-502")
    community.run(record_readings, readings=[ReadingGiven(late, TODAY, Fraction(1))])
    with community.database.reading() as connection:
        (row,) = meter_round(connection, kind="水表", day=date(2026, 9, 1)).rows
        assert round_row(connection, meter=late, day=date(2026, 9, 1)) is None
    assert row.meter == key
    assert row.reading is not None
    assert row.reading.value == 418
    assert row.later == date(2026, 10, 20)


def test_a_meter_that_was_never_read_is_on_the_round(community: SmallCommunity) -> None:
    home(community, "3-1-501")
    (row,) = november(community).rows
    assert (row.before, row.mean, row.recent) == (None, None, ())


def test_only_the_last_readings_are_read(community: SmallCommunity) -> None:
    key = home(community, "3-1-501", "400", "418", "434")
    for month in range(1, 8):
        community.add(
            models.MeterReading, meter_id=key, read_on=date(2026, month, 20), reading=Fraction(270 + month * 18)
        )
    with community.database.reading() as connection:
        (line,) = meter_lines(connection, kind="水表", until=TODAY)
        (early,) = meter_lines(connection, kind="水表", until=date(2026, 6, 30))
    assert [reading.read_on.month for reading in line.readings] == [7, 8, 9, 10]
    assert len(line.readings) == DEPTH
    assert [reading.read_on.month for reading in early.readings] == [3, 4, 5, 6, 7, 8, 9, 10]


def test_two_swaps_make_one_line(community: SmallCommunity) -> None:
    first = home(community, "3-1-501", "400", "418", "434")
    facts = {"old_final": Fraction(440), "new_initial": Fraction(0)}
    second = community.run(
        swap_meter, meter=first, read_on=date(2026, 11, 1), reading=Fraction(4), number="S2", **facts
    )
    facts["old_final"] = Fraction(9)
    third = community.run(
        swap_meter, meter=second.meter, read_on=date(2026, 11, 20), reading=Fraction(6), number="S3", **facts
    )
    with community.database.reading() as connection:
        lines = [line_of(connection, meter=key) for key in (first, second.meter, third.meter)]
        (row,) = meter_round(connection, kind="水表", day=TODAY).rows
        before = round_row(connection, meter=third.meter, day=date(2026, 10, 1))
    assert lines[0] == lines[1] == lines[2]
    assert lines[0] is not None
    assert [step.usage for step in usage_steps(lines[0].readings)] == [18, 16, 10, 11]
    assert (row.meter, row.number, list(row.recent)) == (third.meter, "S3", [Fraction(16), Fraction(10)])
    assert before is not None
    assert before.meter == first


def test_two_meters_of_a_kind_side_by_side(community: SmallCommunity) -> None:
    one = home(community, "3-1-501", "400", "418", "434")
    other = meter(community, "3-1-501", "10", "12", "14", number="S2")
    assert [row.meter for row in november(community).rows] == [one, other]
    assert [row.mean for row in november(community).rows] == [17, 2]


@pytest.mark.parametrize(("status", "locked"), [("open", True), ("cancelled", False), ("replaced", True)])
def test_what_is_billed_is_locked(community: SmallCommunity, status: str, locked: bool) -> None:
    key = home(community, "3-1-501", "400", "418", "434")
    community.run(record_readings, readings=[ReadingGiven(key, TODAY, Fraction(450))])
    bill(community, "3-1-501", last_reading(community, key), status=status, period="2026-11")
    found = november(community)
    assert [row.locked for row in found.rows] == [locked]
    assert (found.tally.locked, found.tally.ready) == (int(locked), int(not locked))


def test_a_tally_follows_its_rows(community: SmallCommunity) -> None:
    keys = [home(community, f"3-1-50{door}", "400", "418", "434") for door in range(1, 4)]
    before = november(community)
    figures = (Fraction(450), Fraction(500))
    given = [ReadingGiven(key, TODAY, value) for key, value in zip(keys, figures, strict=False)]
    community.run(record_readings, readings=given)
    after = november(community)
    tally = before.tally
    for old, new in zip(before.rows, after.rows, strict=True):
        tally = tally.changed(old, new)
    assert tally == after.tally == RoundTally(total=3, read=2, unusual=1, locked=0, ready=2)


def test_after_a_billed_reading_another_follows(community: SmallCommunity) -> None:
    key = home(community, "3-1-501", "400", "418", "434")
    community.run(record_readings, readings=[ReadingGiven(key, date(2026, 11, 5), Fraction(450))])
    (row,) = november(community).rows
    following = row.following()
    assert following.before == row.reading
    assert (list(following.recent), following.reading) == ([Fraction(16), Fraction(16)], None)
    assert following.following() is following
