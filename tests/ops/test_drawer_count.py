"""Counting the drawer before the shift ends: the books are shown for a count only, and every look leaves a trace."""

import json

import pytest

from feedesk import models
from feedesk.models import table_of
from feedesk.money import Fen
from feedesk.ops.collecting import TenderGiven, collect_payment
from feedesk.ops.drawer_count import count_drawer
from feedesk.ops.shifts import NoShiftToClose, close_shift
from feedesk.queries.closing_view import closing_view
from feedesk.rules.cash_count import UnknownDenomination
from tests.community import TODAY, SmallCommunity, picture_home


def test_a_count_is_answered_and_noted(community: SmallCommunity) -> None:
    home = picture_home(community)
    community.run(collect_payment, account=home.dwelling, tenders=[TenderGiven("cash", Fen(10000))], part=True)
    seen = community.run(count_drawer, counts={"100": 5, "50": 1})
    assert (seen.opening_float, seen.expected, seen.counted) == (Fen(50000), Fen(60000), Fen(55000))
    assert seen.over_short == Fen(-5000)
    noted = json.loads(community.value(table_of(models.AuditRecord), "detail", action="count_drawer"))
    assert noted == {"counted": "550.00", "expected": "600.00", "counts": {"100": 5, "50": 1}}
    assert community.value(table_of(models.Shift), "is_open", id=seen.shift)


def test_there_must_be_a_shift_and_a_real_denomination(community: SmallCommunity) -> None:
    with pytest.raises(UnknownDenomination):
        community.run(count_drawer, counts={"3": 1})
    community.run(close_shift)
    with pytest.raises(NoShiftToClose):
        community.run(count_drawer, counts={"100": 1})


def test_the_view_holds_no_cash_until_the_shift_is_counted(community: SmallCommunity) -> None:
    home = picture_home(community)
    community.run(
        collect_payment,
        account=home.dwelling,
        tenders=[TenderGiven("wechat", Fen(5000), "W1"), TenderGiven("cash", Fen(10000))],
        part=True,
    )
    blind = community.workplace.read(closing_view, till=1, today=TODAY)
    assert blind.blind
    assert blind.shares is None
    assert {amount for row in blind.rows for code, amount in row.amounts.items() if code == "cash"} == {None}
    assert sum(row.amounts.get("wechat") or 0 for row in blind.rows) == 5000
    assert blind.own is not None
    seen = community.workplace.read(closing_view, till=1, today=TODAY, counted_shift=blind.own.id)
    assert not seen.blind
    assert sum(row.total or 0 for row in seen.rows) == 15000
    assert seen.shares is not None
