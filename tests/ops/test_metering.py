"""Recording readings: what follows what, what is refused and why, and that a refusal leaves nothing behind."""

import json
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import func, select

from feedesk import models
from feedesk.errors import UserError
from feedesk.models import table_of
from feedesk.ops import metering_checks as refusals
from feedesk.ops.metering import (
    ReadingGiven,
    ReadingRecorded,
    correct_reading,
    estimate_reading,
    record_readings,
    remove_reading,
    set_walking_order,
    swap_meter,
)
from feedesk.ops.permissions import NotPermitted
from feedesk.ops.run import Workplace
from feedesk.queries.meter_lines import line_of
from feedesk.queries.meter_round import RoundState, meter_round, round_row
from feedesk.rules.metering import ESTIMATE, NORMAL, ROLLOVER, SWAP
from feedesk.rules.reading_checks import ReadingBelowZero, ReadingTooFine
from tests.community import SmallCommunity
from tests.metering import bill, home, last_reading

TODAY = date(2026, 11, 23)


def record(community: SmallCommunity, meter: int, value: str, **facts: Any) -> ReadingRecorded:
    given = ReadingGiven(meter, facts.pop("day", TODAY), Fraction(value), **facts)
    return community.run(record_readings, readings=[given])[0]


def count(community: SmallCommunity, model: type[models.Base]) -> int:
    with community.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(table_of(model))).scalar_one()


def trail(community: SmallCommunity) -> list[tuple[str, str, dict[str, str]]]:
    audit = table_of(models.AuditRecord)
    with community.database.reading() as connection:
        rows = connection.execute(select(audit.c.action, audit.c.subject, audit.c.detail).order_by(audit.c.id))
        return [(row.action, row.subject, json.loads(row.detail)) for row in rows if row.subject.startswith("meter:")]


def test_a_reading_is_stored_with_who_typed_it_and_when(community: SmallCommunity) -> None:
    meter = home(community, "3-1-501", "400", "418", "434")
    done = record(community, meter, "451.5")
    assert (done.usage, done.kind, done.unit) == (Fraction("17.5"), NORMAL, "3-1-501")
    readings = table_of(models.MeterReading)
    assert community.value(readings, "reading", id=done.reading) == Fraction("451.5")
    assert community.value(readings, "recorded_by", id=done.reading) is not None
    assert community.value(readings, "recorded_at", id=done.reading) is not None
    assert trail(community) == [
        (
            "record_reading",
            f"meter:{meter}",
            {"unit": "3-1-501", "kind": "水表", "read_on": "2026-11-23", "reading": "451.5", "usage": "17.5"},
        )
    ]


def test_the_first_reading_of_a_meter_has_no_usage(community: SmallCommunity) -> None:
    meter = home(community, "3-1-501")
    assert record(community, meter, "12").usage is None


@pytest.mark.parametrize(
    ("value", "facts", "refusal", "said"),
    [
        ("433", {}, refusals.ReadingBackwards, "434"),
        ("433", {"kind": ESTIMATE}, refusals.ReadingBackwards, "2026-10-20"),
        ("450", {"day": date(2026, 10, 19)}, refusals.ReadingDateTooEarly, "2026-10-20"),
        ("450", {"day": date(2026, 10, 20)}, refusals.ReadingIsThere, "434"),
        ("450", {"day": date(2026, 11, 24)}, refusals.ReadingInFuture, "2026-11-24"),
        ("450", {"kind": ROLLOVER}, refusals.NotRolledOver, "434"),
        ("4", {"kind": ROLLOVER, "digits": 2}, refusals.TooFewDigits, "434"),
        ("450.0001", {}, ReadingTooFine, "三位小数"),
        ("-1", {}, ReadingBelowZero, "-1"),
    ],
)
def test_what_is_refused_says_why_and_stores_nothing(
    community: SmallCommunity, value: str, facts: dict[str, Any], refusal: type[UserError], said: str
) -> None:
    meter = home(community, "3-1-501", "400", "418", "434")
    before = count(community, models.MeterReading)
    with pytest.raises(refusal) as raised:
        record(community, meter, value, **facts)
    assert said in str(raised.value)
    assert count(community, models.MeterReading) == before
    assert trail(community) == []


def test_of_a_batch_all_or_nothing_is_stored(community: SmallCommunity) -> None:
    first, second = home(community, "3-1-501", "400"), home(community, "3-1-502", "300")
    given = [ReadingGiven(first, TODAY, Fraction(410)), ReadingGiven(second, TODAY, Fraction(299))]
    with pytest.raises(refusals.ReadingBackwards, match="3-1-502"):
        community.run(record_readings, readings=given)
    assert count(community, models.MeterReading) == 2
    done = community.run(record_readings, readings=[given[0], ReadingGiven(second, TODAY, Fraction(300))])
    assert [one.usage for one in done] == [10, 0]


def test_a_meter_that_is_not_there(community: SmallCommunity) -> None:
    with pytest.raises(refusals.UnknownMeter):
        record(community, 77, "1")
    with pytest.raises(refusals.UnknownReading):
        community.run(remove_reading, reading=77)


def test_whoever_may_not_read_meters_is_refused(community: SmallCommunity) -> None:
    meter = home(community, "3-1-501", "400")
    with pytest.raises(NotPermitted, match="录入抄表"):
        Workplace(community.database, "样例经理", today=TODAY).run_op(
            record_readings, readings=[ReadingGiven(meter, TODAY, Fraction(410))]
        )


def test_a_rollover_counts_on(community: SmallCommunity) -> None:
    meter = home(community, "3-1-501", "99960", "99978", "99995")
    done = record(community, meter, "12", kind=ROLLOVER)
    assert done.usage == 17  # 5 up to 100000, and 12
    with community.database.reading() as connection:
        line = line_of(connection, meter=meter)
    assert line is not None
    assert line.readings[-1].note == "翻转 5位"


def test_a_rollover_of_a_meter_with_more_digits_than_it_shows(community: SmallCommunity) -> None:
    meter = home(community, "3-1-501", "960", "978", "995")
    assert record(community, meter, "12", kind=ROLLOVER, digits=4).usage == 9017


def test_an_estimate_is_marked_and_the_next_reading_settles_it(community: SmallCommunity) -> None:
    meter = home(community, "3-1-501", "400", "418", "434")
    done = community.run(estimate_reading, meter=meter, read_on=date(2026, 11, 10))
    assert done.kind == ESTIMATE
    assert (done.value, done.usage) == (Fraction(451), Fraction(17))
    real = record(community, meter, "445")
    assert real.kind == NORMAL
    assert real.usage == -6


def test_nothing_is_estimated_from_nothing(community: SmallCommunity) -> None:
    meter = home(community, "3-1-501", "434")
    with pytest.raises(refusals.NothingToEstimateFrom, match="3-1-501"):
        community.run(estimate_reading, meter=meter, read_on=TODAY)


def swap(community: SmallCommunity, meter: int, **facts: Any) -> ReadingRecorded:
    values: dict[str, Any] = {
        "read_on": TODAY,
        "old_final": Fraction(440),
        "new_initial": Fraction(2),
        "reading": Fraction(9),
        "number": "S2",
    }
    return community.run(swap_meter, meter=meter, **{**values, **facts})


def test_a_swap_takes_the_old_meters_end_and_the_new_ones_beginning(community: SmallCommunity) -> None:
    meter = home(community, "3-1-501", "400", "418", "434")
    done = swap(community, meter)
    assert done.kind == SWAP
    assert done.usage == 6 + 7
    assert done.meter != meter
    with pytest.raises(refusals.MeterWasSwapped, match="S2"):
        record(community, meter, "450")
    with community.database.reading() as connection:
        row = round_row(connection, meter=meter, day=TODAY)
        whole = meter_round(connection, kind="水表", day=TODAY)
    assert row is not None
    assert (row.meter, row.number, list(row.recent)) == (done.meter, "S2", [Fraction(18), Fraction(16)])
    assert [one.meter for one in whole.rows] == [done.meter]


def test_after_a_swap_the_new_meter_goes_on_with_its_own_multiplier(community: SmallCommunity) -> None:
    meter = home(community, "3-1-501", "400", "418", "434")
    new = swap(community, meter, read_on=date(2026, 10, 31), multiplier=Fraction(10))
    assert new.usage == 6 + 70
    done = record(community, new.meter, "11")
    assert done.usage == 20
    with pytest.raises(refusals.LaterReadingStands, match="2026-11-23"):
        community.run(remove_reading, reading=new.reading)


@pytest.mark.parametrize(
    ("facts", "refusal", "said"),
    [
        ({"old_final": Fraction(433)}, refusals.OldFinalBelow, "434"),
        ({"reading": Fraction(1)}, refusals.NewReadingBelowInitial, "2"),
        ({"number": " S1 "}, refusals.SameMeterNumber, "“S1”"),
        ({"read_on": date(2026, 10, 19)}, refusals.ReadingDateTooEarly, "2026-10-20"),
        ({"read_on": date(2026, 11, 24)}, refusals.ReadingInFuture, "2026-11-24"),
        ({"old_final": Fraction("440.0001")}, ReadingTooFine, "三位"),
    ],
)
def test_a_swap_that_cannot_be(
    community: SmallCommunity, facts: dict[str, Any], refusal: type[UserError], said: str
) -> None:
    meter = home(community, "3-1-501", "400", "418", "434")
    with pytest.raises(refusal) as raised:
        swap(community, meter, **facts)
    assert said in str(raised.value)
    assert count(community, models.Meter) == 1


def test_a_swap_taken_back_leaves_the_old_meter(community: SmallCommunity) -> None:
    meter = home(community, "3-1-501", "400", "418", "434")
    done = swap(community, meter)
    assert community.run(remove_reading, reading=done.reading).meter_removed
    assert count(community, models.Meter) == 1
    assert record(community, meter, "450").usage == 16
    assert [action for action, _subject, _detail in trail(community)] == [
        "swap_meter",
        "remove_reading",
        "record_reading",
    ]


def test_a_reading_is_corrected_until_it_is_billed(community: SmallCommunity) -> None:
    meter = home(community, "3-1-501", "400", "418", "434")
    october = last_reading(community, meter)
    done = community.run(correct_reading, reading=october, value=Fraction(436))
    assert (done.reading, done.usage) == (october, Fraction(18))
    assert trail(community)[0][2]["before"] == "434"
    bill(community, "3-1-501", october)
    with pytest.raises(refusals.ReadingIsBilled, match="水费") as raised:
        community.run(correct_reading, reading=october, value=Fraction(437))
    assert "2026-10" in str(raised.value)
    with pytest.raises(refusals.ReadingIsBilled):
        community.run(remove_reading, reading=october)
    assert record(community, meter, "450").usage == 14


def test_what_lies_before_a_billed_reading_is_locked_too(community: SmallCommunity) -> None:
    meter = home(community, "3-1-501", "400", "418")
    first = last_reading(community, meter)
    done = record(community, meter, "434")
    bill(community, "3-1-501", done.reading)
    with pytest.raises(refusals.ReadingIsBilled):
        community.run(correct_reading, reading=first, value=Fraction(419))


def test_a_bill_taken_back_opens_the_reading_but_keeps_it(community: SmallCommunity) -> None:
    meter = home(community, "3-1-501", "400", "418", "434")
    october = last_reading(community, meter)
    bill(community, "3-1-501", october, status="cancelled")
    assert community.run(correct_reading, reading=october, value=Fraction(436)).usage == 18
    with pytest.raises(refusals.ReadingWasBilled, match="2026-10-20"):
        community.run(remove_reading, reading=october)


def test_a_correction_must_fit_both_neighbours(community: SmallCommunity) -> None:
    meter = home(community, "3-1-501", "400", "418", "434")
    october = last_reading(community, meter)
    record(community, meter, "450")
    with pytest.raises(refusals.NextReadingBackwards, match="450"):
        community.run(correct_reading, reading=october, value=Fraction(451))
    with pytest.raises(refusals.ReadingBackwards, match="418"):
        community.run(correct_reading, reading=october, value=Fraction(417))
    assert community.run(correct_reading, reading=october, value=Fraction(450)).usage == 32


def test_a_figure_put_right_becomes_a_rollover_or_a_plain_one(community: SmallCommunity) -> None:
    meter = home(community, "3-1-501", "960", "978", "995")
    wrong = record(community, meter, "1002")
    rolled = community.run(correct_reading, reading=wrong.reading, value=Fraction(2), kind=ROLLOVER)
    assert rolled.kind == ROLLOVER
    assert rolled.usage == 7
    plain = community.run(correct_reading, reading=wrong.reading, value=Fraction(1012))
    assert plain.kind == NORMAL
    assert plain.usage == 17


def test_a_swap_keeps_its_two_figures_when_corrected(community: SmallCommunity) -> None:
    meter = home(community, "3-1-501", "400", "418", "434")
    done = swap(community, meter)
    better = community.run(correct_reading, reading=done.reading, value=Fraction(10))
    assert better.kind == SWAP
    assert better.usage == 6 + 8
    with pytest.raises(refusals.NewReadingBelowInitial):
        community.run(correct_reading, reading=done.reading, value=Fraction(1))


def test_the_reader_walks_as_told(community: SmallCommunity) -> None:
    one, two, ten = (home(community, f"3-1-{room}", "1") for room in ("501", "502", "1001"))
    other = home(community, "2-1-101", "1")

    def order() -> list[int]:
        with community.database.reading() as connection:
            return [row.meter for row in meter_round(connection, kind="水表", day=TODAY).rows]

    assert order() == [other, one, two, ten]
    community.run(set_walking_order, meters=[ten, two, one])
    assert order() == [other, ten, two, one]
    with pytest.raises(refusals.NotOneRound):
        community.run(set_walking_order, meters=[ten, other])
    with pytest.raises(refusals.NotOneRound):
        community.run(set_walking_order, meters=[ten, ten])
    later = home(community, "3-1-301", "1")
    assert order() == [other, ten, two, one, later]


def test_the_states_of_a_round(community: SmallCommunity) -> None:
    read, unusual, locked, unread = (home(community, f"3-1-50{door}", "400", "418", "434") for door in range(1, 5))
    record(community, read, "451")
    record(community, unusual, "477")
    bill(community, "3-1-503", record(community, locked, "450").reading, period="2026-11")
    with community.database.reading() as connection:
        found = meter_round(connection, kind="水表", day=TODAY)
    assert {row.meter: row.state for row in found.rows} == {
        read: RoundState.READ,
        unusual: RoundState.UNUSUAL,
        locked: RoundState.LOCKED,
        unread: RoundState.UNREAD,
    }
    tally = found.tally
    assert (tally.total, tally.read, tally.left, tally.unusual, tally.locked, tally.ready) == (4, 3, 1, 1, 1, 2)
