"""What a ledger lays down for its desks, tried by what it does there."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select

from feedesk.models import AuditRecord, Entry, Setting, table_of
from feedesk.money import Fen
from feedesk.ops.closing import close_day
from feedesk.ops.collecting import TenderGiven, collect_payment
from feedesk.ops.desk_terms import (
    LimitNegative,
    NoReferenceThere,
    NotTransitDays,
    ShiftStillCountsBlind,
    set_blind_count,
    set_change_step,
    set_over_short_limit,
    set_reference_rule,
    set_ticked,
    set_transit_days,
)
from feedesk.ops.drawer_count import count_drawer
from feedesk.ops.permissions import NotPermitted
from feedesk.ops.run import Workplace
from feedesk.ops.setting_up import add_till
from feedesk.ops.shifts import DifferenceUnexplained, close_shift, open_shift
from feedesk.ops.taking_back import void_payment
from feedesk.ops.tendering import ChangeStepIsOther, ReferenceMissing
from feedesk.queries.closing_view import closing_view
from feedesk.queries.day_figures import day_summary
from feedesk.queries.desk_terms import desk_terms, setting_traces
from feedesk.queries.open_matters import overdue_transit
from feedesk.queries.receipts import find_receipt
from feedesk.queries.verification import verify_everything
from feedesk.rules.desk_terms import DeskTerms, ReferenceRule, Ticked, needs_reason
from feedesk.rules.takings import Group
from feedesk.rules.tenders import ChangeStep, NothingKept
from tests.community import TODAY, SmallCommunity, picture_home

CASHIER = "样例收费员"


def cash(amount: int) -> TenderGiven:
    return TenderGiven("cash", Fen(amount))


def test_the_defaults_are_those_of_the_trade(community: SmallCommunity) -> None:
    asked = dict.fromkeys(("wechat", "alipay", "card", "transfer"), ReferenceRule.ASKED)
    assert community.workplace.read(desk_terms) == DeskTerms(references=asked)
    assert community.workplace.read(setting_traces) == {}


@pytest.mark.parametrize(
    ("step", "change", "rounding", "total"),
    [
        (ChangeStep.EXACT, 2052, 0, 197948),
        (ChangeStep.JIAO, 2060, 8, 197940),
        (ChangeStep.YUAN, 2100, 48, 197900),
    ],
)
def test_change_is_given_in_the_coins_laid_down(
    community: SmallCommunity, step: ChangeStep, change: int, rounding: int, total: int
) -> None:
    home = picture_home(community)
    community.run(set_change_step, step=step)
    paid = community.run(collect_payment, account=home.dwelling, tenders=[cash(200000)], household_too=True)
    assert (paid.change, paid.rounding, paid.total, paid.balance_after) == (change, rounding, total, 0)
    assert community.balance("6711.抹零") == rounding
    assert community.balance("1001.T1") == 50000 + total
    document = community.workplace.read(find_receipt, number=paid.receipt).document
    assert document.rounding == rounding
    community.run(close_shift)
    takings = community.run(close_day).figures.takings
    assert takings.by_tender() == {"cash": total}
    assert [row.total for row in takings.rows if row.group is Group.ROUNDING] == ([-rounding] if rounding else [])
    assert community.workplace.read(verify_everything).ok


@pytest.mark.parametrize(("step", "owed", "given"), [(ChangeStep.YUAN, 30, 100), (ChangeStep.JIAO, 3, 10)])
def test_less_than_the_smallest_change_is_no_payment_of_nothing(
    community: SmallCommunity, step: ChangeStep, owed: int, given: int
) -> None:
    """The coin would go back whole and the debt with it; it is taken exactly, or what is over is prepaid."""
    account = community.unit("1-1-101")
    charges = [community.charge(account, "物业费", period, owed) for period in ("2026-10", "2026-11")]
    community.run(set_change_step, step=step)
    with pytest.raises(NothingKept):
        community.run(collect_payment, account=account, tenders=[cash(given)], charges=charges[:1])
    assert community.balance("6711.抹零") == 0
    exact = community.run(collect_payment, account=account, tenders=[cash(owed)], charges=charges[:1])
    kept = community.run(collect_payment, account=account, tenders=[cash(given)], charges=charges[1:], keep_change=True)
    assert (exact.total, exact.rounding, kept.total, kept.rounding) == (owed, 0, given, 0)
    assert community.balance("2203.预存") == -(given - owed)


def test_payments_taken_keep_their_change(community: SmallCommunity) -> None:
    home = picture_home(community)
    asked = {"account": home.dwelling, "tenders": [cash(200000)], "household_too": True, "key": "once"}
    paid = community.run(collect_payment, **asked)
    community.run(set_change_step, step=ChangeStep.YUAN)
    again = community.run(collect_payment, **asked)
    assert again.replayed
    assert (
        (again.change, again.rounding, again.receipt)
        == (paid.change, paid.rounding, paid.receipt)
        == (
            2060,
            8,
            paid.receipt,
        )
    )
    community.run(void_payment, receipt=paid.receipt, reason="样例：重收")
    assert (community.balance("6711.抹零"), community.balance("1001.T1")) == (0, 50000)
    paid = community.run(collect_payment, account=home.dwelling, tenders=[cash(200000)], household_too=True)
    assert (paid.change, paid.rounding) == (2100, 48)
    assert community.workplace.read(verify_everything).ok


def test_a_desk_that_shows_other_change_takes_nothing(community: SmallCommunity) -> None:
    """Set while another till's account is open: its cashier would hand out 20.60, the receipt would say 21.00."""
    home = picture_home(community)
    asked = {"account": home.dwelling, "tenders": [cash(200000)], "household_too": True}
    community.run(set_change_step, step=ChangeStep.YUAN)
    with pytest.raises(ChangeStepIsOther):
        community.run(collect_payment, **asked, seen_step=ChangeStep.JIAO)
    assert community.balance("1001.T1") == 50000
    assert community.run(collect_payment, **asked, seen_step=ChangeStep.YUAN).change == 2100


def test_a_reference_may_be_required(community: SmallCommunity) -> None:
    home = picture_home(community)
    community.run(set_reference_rule, tender="wechat", rule=ReferenceRule.REQUIRED)
    asked = {"account": home.dwelling, "part": True}
    with pytest.raises(ReferenceMissing) as refused:
        community.run(collect_payment, **asked, tenders=[cash(100), TenderGiven("wechat", Fen(10000))])
    assert refused.value.facts["tender"] == "微信"
    assert community.balance("1001.T1") == 50000
    community.run(collect_payment, **asked, tenders=[TenderGiven("wechat", Fen(10000), "W-1")])
    community.run(collect_payment, **asked, tenders=[TenderGiven("alipay", Fen(10000))])
    community.run(set_reference_rule, tender="wechat", rule=ReferenceRule.NOT_ASKED)
    community.run(collect_payment, **asked, tenders=[TenderGiven("wechat", Fen(10000))])
    rules = community.workplace.read(desk_terms).references
    assert (rules["wechat"], rules["alipay"]) == (ReferenceRule.NOT_ASKED, ReferenceRule.ASKED)
    for tender in ("cash", "prepaid", "gold"):
        with pytest.raises(NoReferenceThere):
            community.run(set_reference_rule, tender=tender, rule=ReferenceRule.REQUIRED)


def test_the_books_are_shown_before_counting_only_when_nobody_has_yet_to_count(community: SmallCommunity) -> None:
    Workplace(community.database, "样例管理员", today=TODAY).run_op(add_till)
    community.run(open_shift, till=2, opening_float=Fen(0))
    community.run(close_shift)
    with pytest.raises(ShiftStillCountsBlind) as refused:
        community.run(set_blind_count, blind=False)
    assert refused.value.facts == {"till": "2 号台", "cashier": community.workplace.actor}
    community.run(close_shift, till=2)
    community.run(set_blind_count, blind=False)
    community.run(open_shift, opening_float=Fen(50000))
    view = community.workplace.read(closing_view, till=1, today=TODAY)
    assert not view.blind
    community.run(set_blind_count, blind=True)
    assert community.workplace.read(closing_view, till=1, today=TODAY).blind


def test_a_difference_from_the_limit_on_needs_its_reason(community: SmallCommunity) -> None:
    community.run(set_over_short_limit, limit=Fen(1000))
    assert not community.run(count_drawer, counts={"100": 5}).needs_reason
    assert not community.run(count_drawer, counts={"100": 5, "5": 1}).needs_reason
    assert community.run(count_drawer, counts={"100": 4, "50": 1, "20": 2}).needs_reason
    counts = {"100": 4, "50": 1, "20": 2}
    for reason in ("", "  "):
        with pytest.raises(DifferenceUnexplained):
            community.run(close_shift, counts=counts, reason=reason)
    shift = community.run(close_shift, counts=counts, reason=" 样例：多找了 10 元 ")
    assert shift.over_short == -1000
    assert community.value(table_of(Entry), "reason", kind="shift_close") == "样例：多找了 10 元"
    community.run(close_day)
    figures = community.workplace.read(day_summary, day=TODAY).figures
    assert [one.reason for one in figures.shifts] == ["样例：多找了 10 元"]
    assert community.workplace.read(verify_everything).ok


def test_cash_is_late_after_as_many_days_as_laid_down(community: SmallCommunity) -> None:
    """100.00 counted on a day that is closed: on the next day nobody says anything, two days later the board does."""
    home = picture_home(community)
    community.run(collect_payment, account=home.dwelling, tenders=[cash(10000)], part=True)
    community.run(close_shift, counts={"100": 6})
    community.run(close_day)

    def told() -> list[bool]:
        later = [TODAY + timedelta(days) for days in range(6)]
        return [community.workplace.read(overdue_transit, day=day) is not None for day in later]

    assert told() == [False, False, True, True, True, True]
    community.run(set_transit_days, days=0)
    assert told() == [False, True, True, True, True, True]
    community.run(set_transit_days, days=3)
    assert told() == [False, False, False, False, True, True]
    overdue = community.workplace.read(overdue_transit, day=TODAY + timedelta(4))
    assert overdue is not None
    assert (overdue.until, overdue.amount) == (TODAY, 10000)
    for wrong in (-1, 32):
        with pytest.raises(NotTransitDays):
            community.run(set_transit_days, days=wrong)
    assert community.workplace.read(desk_terms).transit_days == 3


def test_without_a_difference_no_reason_is_kept(community: SmallCommunity) -> None:
    community.run(set_over_short_limit, limit=Fen(0))
    community.run(close_shift, counts={"100": 5}, reason="样例")
    assert community.value(table_of(Entry), "reason", kind="shift_close") == ""


@given(over=st.integers(-(10**9), 10**9), limit=st.none() | st.integers(0, 10**9).map(Fen))
def test_a_reason_is_asked_for_either_way_alike(over: int, limit: Fen | None) -> None:
    assert needs_reason(over, limit) == needs_reason(-over, limit)
    assert not needs_reason(0, limit)
    assert needs_reason(over, limit) == (limit is not None and abs(over) >= max(limit, 1))


@pytest.mark.parametrize(
    ("rule", "ticked"),
    [
        (Ticked.PRESENT, ["2026-09", "2026-11"]),
        (Ticked.OVERDUE, ["2026-09"]),
        (Ticked.EVERYTHING, ["2026-09", "2026-11", "2026-12"]),
        (Ticked.NOTHING, []),
    ],
)
def test_what_is_ticked_follows_the_rule(rule: Ticked, ticked: list[str]) -> None:
    charges = (("2026-09", date(2026, 9, 30)), ("2026-11", date(2026, 11, 30)), ("2026-12", date(2026, 12, 31)))
    assert [period for period, due in charges if rule.ticks(period, due, date(2026, 11, 23))] == ticked


def test_who_changed_what_and_when_is_kept(community: SmallCommunity) -> None:
    community.run(set_ticked, ticked=Ticked.OVERDUE)
    community.run(set_ticked, ticked=Ticked.OVERDUE)  # nothing changes, nothing is noted
    community.run(set_ticked, ticked=Ticked.NOTHING)
    with community.database.reading() as connection:
        audit = table_of(AuditRecord)
        kept = connection.execute(select(audit.c.detail).where(audit.c.action == "change_setting")).scalars().all()
    assert [json.loads(detail) for detail in kept] == [
        {"before": "present", "value": "overdue"},
        {"before": "overdue", "value": "nothing"},
    ]
    (trace,) = community.workplace.read(setting_traces).values()
    assert (trace.name, trace.at.date()) == (community.workplace.actor, TODAY)


def test_a_cashier_changes_nothing(community: SmallCommunity) -> None:
    desk = Workplace(community.database, CASHIER, today=TODAY)
    for op, facts in (
        (set_change_step, {"step": ChangeStep.YUAN}),
        (set_ticked, {"ticked": Ticked.NOTHING}),
        (set_blind_count, {"blind": True}),
        (set_over_short_limit, {"limit": None}),
        (set_transit_days, {"days": 3}),
        (set_reference_rule, {"tender": "wechat", "rule": ReferenceRule.REQUIRED}),
    ):
        with pytest.raises(NotPermitted):
            desk.run_op(op, **facts)
    with pytest.raises(LimitNegative):
        community.run(set_over_short_limit, limit=Fen(-1))
    assert community.workplace.read(setting_traces) == {}


def test_settings_spoilt_by_hand_fall_back_to_the_defaults(community: SmallCommunity) -> None:
    plain = community.workplace.read(desk_terms)
    spoilt = {
        "change_step": '"10"',
        "ticked_at_opening": '"some"',
        "blind_count": "no",
        "over_short_limit": "-5",
        "cash_in_transit_days": "true",
        "references_required": '"wechat"',
    }
    with community.database.transaction() as connection:
        connection.execute(insert(table_of(Setting)), [{"key": key, "value": value} for key, value in spoilt.items()])
    assert community.workplace.read(desk_terms) == plain
