"""The stored day summary: read back as it was written, and refused when its parts disagree."""

import json
from dataclasses import replace

import pytest

from feedesk.money import ZERO, Fen
from feedesk.rules.day_summary import DayFigures, DaySummary, SummaryDoesNotAddUp
from tests.day_sample import picture_day


def test_figures_read_back_are_the_same_figures() -> None:
    figures = picture_day(training=True).figures
    again = DayFigures.from_json(figures.to_json())
    assert again == figures
    assert again.to_json() == figures.to_json()
    assert json.loads(figures.to_json())["schema"] == 1


def test_figures_stored_before_channels_were_compared_are_read() -> None:
    facts = json.loads(picture_day().figures.to_json())
    del facts["channels"]
    assert DayFigures.from_json(json.dumps(facts)).channels == ()


def test_what_the_figures_say() -> None:
    figures = picture_day().figures
    assert (figures.total, figures.prepayment_used) == (3814690, 24000)
    assert (figures.receipts.first, figures.receipts.last) == ("SJ-2026-1-004271", "SJ-2026-1-004317")
    assert (figures.receipts.count, figures.receipts.voids, figures.receipts.gaps) == (47, 1, 0)
    assert figures.transit.closing == 658760
    assert [change.closing for change in figures.held] == [8806000, 4200000]
    assert sum(change.closing for change in figures.arrears) == 50346893


def test_cash_that_does_not_add_up_cannot_be() -> None:
    (shift,) = picture_day().figures.shifts
    with pytest.raises(ValueError, match="expected cash"):
        replace(shift, received=Fen(shift.received + 1))
    with pytest.raises(ValueError, match="over/short"):
        replace(shift, counted=ZERO)


def test_receipts_that_do_not_sum_to_the_figures_are_refused() -> None:
    summary = picture_day()
    with pytest.raises(SummaryDoesNotAddUp, match="2026-11-23"):
        DaySummary(summary.figures, summary.payments[1:])
