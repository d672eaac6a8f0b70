"""Second signatures: a shift taken over or refused with what else changes hands, and reviewed by another person."""

from dataclasses import replace

import pytest

from feedesk.db import Database
from feedesk.ledger.posting import DayIsClosed
from feedesk.money import Fen
from feedesk.ops.closing import close_day
from feedesk.ops.permissions import NotPermitted
from feedesk.ops.run import Workplace
from feedesk.ops.shifts import close_shift, open_shift
from feedesk.ops.signing_off import (
    AlreadySigned,
    CountDiffers,
    OwnShift,
    ReasonMissing,
    ShiftNotCounted,
    ThingNotCounted,
    review_shift,
    take_over,
)
from feedesk.queries.day_figures import day_summary
from feedesk.queries.sign_offs import SignOffKind, Thing, last_closed_shift, things_handed_over
from feedesk.queries.verification import verify_everything
from tests.community import TODAY

FIRST, NEXT, FINANCE = "样例收费员", "样例收费员乙", "样例财务"
THINGS = (Thing("收据印章", 1), Thing("门禁卡", 20))


@pytest.fixture
def first(ledger_database: Database) -> Workplace:
    place = Workplace(ledger_database, FIRST, today=TODAY)
    place.run_op(open_shift, opening_float=Fen(50000))
    return place


@pytest.fixture
def shift(first: Workplace) -> int:
    return first.run_op(close_shift, counts={"100": 5}).shift


def test_the_next_cashier_accepts_what_was_counted(first: Workplace, shift: int) -> None:
    after = replace(first, actor=NEXT)
    done = after.run_op(take_over, shift=shift, things=THINGS)
    assert (done.by, done.cashier, done.accepted, done.counted) == (NEXT, FIRST, True, 50000)
    with pytest.raises(AlreadySigned, match=NEXT):
        after.run_op(take_over, shift=shift)
    assert first.read(things_handed_over, till=1) == THINGS
    found = first.read(last_closed_shift, till=1)
    assert found is not None
    assert found.has(SignOffKind.HAND_OVER)
    assert not found.has(SignOffKind.REVIEW)
    assert first.read(verify_everything).ok


def test_a_shortage_is_refused_with_a_reason_then_settled(first: Workplace, shift: int) -> None:
    after = replace(first, actor=NEXT)
    with pytest.raises(CountDiffers, match=r"450\.00"):
        after.run_op(take_over, shift=shift, counted=Fen(45000))
    with pytest.raises(ReasonMissing):
        after.run_op(take_over, shift=shift, counted=Fen(45000), accepted=False, remark="  ")
    refused = after.run_op(take_over, shift=shift, counted=Fen(45000), accepted=False, remark="少一张 50 元")
    assert not refused.accepted
    assert after.run_op(take_over, shift=shift, counted=Fen(50000)).accepted
    assert first.read(verify_everything).ok


def test_nobody_signs_for_himself_or_before_the_count(first: Workplace) -> None:
    after = replace(first, actor=NEXT)
    with pytest.raises(ShiftNotCounted):
        after.run_op(take_over, shift=1)
    shift = first.run_op(close_shift, counts={"100": 5}).shift
    with pytest.raises(OwnShift):
        first.run_op(take_over, shift=shift)
    with pytest.raises(NotPermitted):
        after.run_op(review_shift, shift=shift)
    with pytest.raises(ThingNotCounted, match="钥匙"):
        after.run_op(take_over, shift=shift, things=[Thing("钥匙", -1)])


def test_a_supervisor_does_not_review_his_own_shift(ledger_database: Database) -> None:
    chief = Workplace(ledger_database, "样例主管", today=TODAY)
    chief.run_op(open_shift, opening_float=Fen(0))
    shift = chief.run_op(close_shift).shift
    with pytest.raises(OwnShift):
        chief.run_op(review_shift, shift=shift)
    replace(chief, actor=FINANCE).run_op(review_shift, shift=shift)
    with pytest.raises(AlreadySigned):
        replace(chief, actor="样例经理").run_op(review_shift, shift=shift)


def test_both_stand_on_the_daily_summary(first: Workplace, shift: int) -> None:
    replace(first, actor=NEXT).run_op(take_over, shift=shift, things=THINGS)
    finance = replace(first, actor=FINANCE)
    finance.run_op(review_shift, shift=shift, remark="现金相符")
    first.run_op(close_day)
    signed = first.read(day_summary, day=TODAY).figures.signatures
    assert [(one.shift, one.kind, one.by, one.accepted, one.things, one.remark) for one in signed] == [
        (1, "hand_over", NEXT, True, "收据印章×1 门禁卡×20", ""),
        (1, "review", FINANCE, True, "", "现金相符"),
    ]
    assert first.read(verify_everything).ok


def test_a_review_comes_before_the_close(first: Workplace, shift: int) -> None:
    first.run_op(close_day)
    with pytest.raises(DayIsClosed):
        replace(first, actor=FINANCE).run_op(review_shift, shift=shift)
