"""What concessions an account has today, as the desk shows it; and that a run without any asks one small question."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from sqlalchemy import event

from feedesk.db import Database
from feedesk.models import ConcessionGrant, ConcessionPolicy, OccupancyTag
from feedesk.queries.account_card import desk_view
from feedesk.queries.concessions import concede_bills
from tests.community import TODAY, SmallCommunity, small_community


@pytest.fixture
def community(sqlite_ledger: Database) -> SmallCommunity:
    made = small_community(sqlite_ledger)
    made.unit("3-1-502")
    return made


def add_policy(community: SmallCommunity, name: str, condition: str, **facts: object) -> int:
    values: dict[str, object] = {
        "method": "百分比",
        "value": Fraction(10),
        "valid_from": date(2026, 1, 1),
        "valid_to": None,
        "stackable": True,
        "basis_document": "",
        **facts,
    }
    return community.add(ConcessionPolicy, name=name, condition=condition, **values)


def standing(community: SmallCommunity, on: date = TODAY) -> list[tuple[str, date | None]]:
    view = community.workplace.read(desk_view, target=1, on=on)
    return [(one.policy.label, one.until) for one in view.facts.concessions]


def test_what_counts_for_an_account_today(community: SmallCommunity) -> None:
    assert standing(community) == []
    community.add(OccupancyTag, occupancy_id=1, tag="老年")
    add_policy(community, "老年减免", "标签=老年", valid_to=date(2026, 12, 31))
    add_policy(community, "残疾减免", "标签=残疾")
    add_policy(community, "空置优惠", "空置")
    add_policy(community, "年付优惠", "预缴>=12月")
    add_policy(community, "旧优惠", "标签=老年", valid_to=date(2026, 10, 31))
    add_policy(community, "新优惠", "标签=老年", valid_from=date(2026, 11, 2))
    granted = add_policy(community, "困难减免", "核准", method="减金额")
    grant = {"evidence": "样例证", "note": "", "granted_by": 1, "granted_at": datetime(2026, 1, 1, 9, tzinfo=UTC)}
    days = {"from_date": date(2026, 1, 1), "to_date": date(2027, 1, 31)}
    community.add(ConcessionGrant, policy_id=granted, account_id=1, **days, **grant)
    assert standing(community) == [("困难减免", date(2027, 1, 31)), ("老年减免10%", date(2026, 12, 31))]
    assert standing(community, date(2027, 2, 1)) == [("新优惠10%", None)]


def test_without_policies_a_run_asks_once(community: SmallCommunity) -> None:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    with community.database.reading() as connection:
        event.listen(community.database.engine, "before_cursor_execute", note)
        assert concede_bills(connection, ()) == ()
        assert len(asked) == 1
        event.remove(community.database.engine, "before_cursor_execute", note)
