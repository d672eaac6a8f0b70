"""References typed later: which are missing, who typed them, and that no number is used twice unawares."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from feedesk import models
from feedesk.ledger.posting import DayIsClosed
from feedesk.models import table_of
from feedesk.money import Fen
from feedesk.ops import tendering
from feedesk.ops.bouncing import bounce_payment
from feedesk.ops.changing_tender import SameTender, change_tender
from feedesk.ops.closing import close_day
from feedesk.ops.collecting import ReferenceUsed, collect_payment
from feedesk.ops.desk_terms import set_reference_rule
from feedesk.ops.payment_posting import PaymentCollected, TenderGiven
from feedesk.ops.permissions import NotPermitted
from feedesk.ops.referencing import (
    AsksNoReference,
    NoSuchTender,
    ReferenceMissing,
    ReferenceStands,
    add_reference,
)
from feedesk.ops.shifts import close_shift, open_shift
from feedesk.ops.taking_back import reverse_payment, void_payment
from feedesk.ops.transferring import transfer_payment
from feedesk.ops.unclaimed import post_unclaimed
from feedesk.queries.corrections import payment_left
from feedesk.queries.receipts import find_receipt
from feedesk.queries.references import missing_references
from feedesk.queries.takings import day_payments
from feedesk.queries.verification import verify_everything
from feedesk.rules.desk_terms import ReferenceRule
from tests.community import TODAY, SmallCommunity

_added, _entry, _staff = (table_of(model) for model in (models.AddedReference, models.Entry, models.Staff))


def given(code: str, amount: int, reference: str | None = None) -> TenderGiven:
    return TenderGiven(code, Fen(amount), reference)


@pytest.fixture
def account(community: SmallCommunity) -> int:
    return community.unit("1-1-101")


def prepay(community: SmallCommunity, account: int, *tenders: TenderGiven) -> PaymentCollected:
    """A payment that is prepaid whole."""
    total = Fen(sum(one.amount for one in tenders))
    return community.run(collect_payment, account=account, tenders=tenders, prepay=total, charges=[])


def missing(community: SmallCommunity) -> list[tuple[str, str, int]]:
    rows = community.workplace.read(missing_references, day=TODAY)
    return [(row.receipt, row.tender, row.amount) for row in rows]


def test_only_what_a_channel_numbers_and_nobody_numbered_is_missing(community: SmallCommunity, account: int) -> None:
    bare = prepay(community, account, given("cash", 100), given("transfer", 200), given("wechat", 300, "WX1"))
    prepay(community, account, given("cash", 500))
    voided = prepay(community, account, given("alipay", 700))
    community.run(void_payment, receipt=voided.receipt, reason="收错户")
    bounced = prepay(community, account, given("transfer", 800))
    replace(community.workplace, approver="样例经理").run_op(bounce_payment, receipt=bounced.receipt, reason="退票")
    assert missing(community) == [(bare.receipt, "转账", 200)]


def test_a_required_reference_is_required_by_every_way_in(community: SmallCommunity, account: int) -> None:
    """Booked as cash and then changed, or found without an owner: the card's number must be there all the same."""
    community.run(set_reference_rule, tender="card", rule=ReferenceRule.REQUIRED)
    paid = prepay(community, account, given("cash", 300))
    wrong = {"receipt": paid.receipt, "reason": "实为刷卡"}
    found = {"value_date": TODAY, "remark": "物业费"}
    with pytest.raises(tendering.ReferenceMissing):
        community.run(change_tender, tenders=[given("card", 300)], **wrong)
    with pytest.raises(tendering.ReferenceMissing):
        community.run(post_unclaimed, tender=given("card", 300), **found)
    community.run(change_tender, tenders=[given("card", 300, "K1")], **wrong)
    community.run(post_unclaimed, tender=given("card", 300, "K2"), **found)
    assert missing(community) == []


def test_a_change_of_tender_takes_the_question_along(community: SmallCommunity, account: int) -> None:
    """Booked as WeChat and really cash: nothing is missing. Booked as cash and really WeChat: now it is."""
    first = prepay(community, account, given("wechat", 300))
    community.run(change_tender, receipt=first.receipt, tenders=[given("cash", 300)], reason="实为现金")
    assert missing(community) == []
    second = prepay(community, account, given("cash", 400))
    community.run(change_tender, receipt=second.receipt, tenders=[given("wechat", 400)], reason="实为微信")
    [one] = community.workplace.read(missing_references, day=TODAY)
    assert (one.receipt, one.tender, one.amount) == (second.receipt, "微信", 400)
    community.run(add_reference, payment=one.payment, sequence=one.sequence, reference="WX2")
    assert missing(community) == []
    assert community.workplace.read(verify_everything).problems == ()


def test_it_is_kept_with_who_and_when_and_the_payment_stays(community: SmallCommunity, account: int) -> None:
    paid = prepay(community, account, given("transfer", 200))
    cashier = replace(community.workplace, actor="样例收费员")
    done = cashier.run_op(add_reference, payment=paid.payment, sequence=0, reference=" 4200 0001 ")
    assert (done.receipt, done.tender, done.reference, done.replayed) == (paid.receipt, "转账", "42000001", False)
    with community.database.reading() as connection:
        row = connection.execute(
            select(_added.c.reference, _staff.c.name, _entry.c.kind, _entry.c.business_date)
            .join(_entry, _entry.c.id == _added.c.entry_id)
            .join(_staff, _staff.c.id == _entry.c.actor_id)
        ).one()
    assert tuple(row) == ("42000001", "样例收费员", "reference", TODAY)
    tender = table_of(models.PaymentTender)
    assert community.value(tender, "reference", payment_id=paid.payment) is None
    [shown] = community.workplace.read(day_payments, day=TODAY)
    assert [one.reference for one in shown.tenders] == ["42000001"]
    assert missing(community) == []
    assert community.workplace.read(verify_everything).problems == ()


def test_the_same_again_is_done_once_and_a_mistyped_one_is_followed_by_the_right_one(
    community: SmallCommunity, account: int
) -> None:
    paid = prepay(community, account, given("transfer", 200))
    for number, replayed in (("ZZ1", False), ("ZZ1", True), ("ZZ2", False), ("ZZ2", True)):
        done = community.run(add_reference, payment=paid.payment, sequence=0, reference=number)
        assert done.replayed is replayed
    [shown] = community.workplace.read(day_payments, day=TODAY)
    assert [one.reference for one in shown.tenders] == ["ZZ2"]
    with community.database.reading() as connection:
        assert list(connection.execute(select(_added.c.reference).order_by(_added.c.id)).scalars()) == ["ZZ1", "ZZ2"]
    assert community.workplace.read(verify_everything).problems == ()


def test_a_number_seen_before_is_asked_about_both_ways(community: SmallCommunity, account: int) -> None:
    """Typed at the desk or later, the same number in the same tender is the same money until it is confirmed."""
    at_the_desk = prepay(community, account, given("wechat", 300, "WX1"))
    late = prepay(community, account, given("wechat", 400))
    with pytest.raises(ReferenceUsed, match=at_the_desk.receipt):
        community.run(add_reference, payment=late.payment, sequence=0, reference="WX1")
    community.run(add_reference, payment=late.payment, sequence=0, reference="WX1", same_reference=True)
    other = prepay(community, account, given("wechat", 500))
    community.run(add_reference, payment=other.payment, sequence=0, reference="WX9")
    with pytest.raises(ReferenceUsed, match=other.receipt):
        prepay(community, account, given("wechat", 600, "WX9"))
    in_another_tender = prepay(community, account, given("alipay", 700))
    community.run(add_reference, payment=in_another_tender.payment, sequence=0, reference="WX9")
    assert missing(community) == []


def test_what_is_refused(community: SmallCommunity, account: int) -> None:
    paid = prepay(community, account, given("cash", 100), given("transfer", 200), given("card", 300, "C1"))
    for payment, sequence, reference, refused in (
        (paid.payment, 1, "  ", ReferenceMissing),
        (paid.payment, 0, "X1", AsksNoReference),
        (paid.payment, 2, "C1", ReferenceStands),
        (paid.payment, 2, "C2", ReferenceStands),
        (paid.payment, 3, "X1", NoSuchTender),
        (paid.payment, -1, "X1", NoSuchTender),
        (999, 0, "X1", NoSuchTender),
    ):
        with pytest.raises(refused):
            community.run(add_reference, payment=payment, sequence=sequence, reference=reference)
    with pytest.raises(NotPermitted):
        replace(community.workplace, actor="样例经理").run_op(
            add_reference, payment=paid.payment, sequence=1, reference="X1"
        )
    assert missing(community) == [(paid.receipt, "转账", 200)]


def test_after_the_close_it_is_typed_on_the_next_day(community: SmallCommunity, account: int) -> None:
    paid = prepay(community, account, given("transfer", 200))
    community.run(close_shift)
    community.run(close_day)
    with pytest.raises(DayIsClosed):
        community.run(add_reference, payment=paid.payment, sequence=0, reference="ZZ1")
    tomorrow = replace(community.workplace, today=date(2026, 11, 24))
    tomorrow.run_op(add_reference, payment=paid.payment, sequence=0, reference="ZZ1")
    assert tomorrow.read(missing_references, day=TODAY) == ()
    assert tomorrow.read(verify_everything).problems == ()


@pytest.mark.parametrize("own", [True, False])
def test_a_change_of_tender_keeps_the_number_of_what_stays(community: SmallCommunity, account: int, own: bool) -> None:
    """100.00 by WeChat, numbered at once or later; 40.00 of it was cash: the other 60.00 keep the number."""
    paid = prepay(community, account, given("wechat", 10000, "W-1" if own else None))
    if not own:
        community.run(add_reference, payment=paid.payment, sequence=0, reference="W-1")
    facts = {"receipt": paid.receipt, "reason": "其中 40 元是现金"}
    community.run(change_tender, tenders=[given("wechat", 6000), given("cash", 4000)], **facts)
    left = community.workplace.read(payment_left, payment=paid.payment)
    assert {(one.code, one.kept, one.reference) for one in left.tenders} == {
        ("wechat", 6000, "W-1"),
        ("cash", 4000, ""),
    }
    assert missing(community) == []
    community.run(change_tender, tenders=[given("wechat", 7000, "W-1"), given("cash", 3000)], **facts)
    assert missing(community) == []
    assert community.workplace.read(verify_everything).problems == ()


def test_a_change_that_changes_nothing_is_none(community: SmallCommunity, account: int) -> None:
    paid = prepay(community, account, given("wechat", 10000))
    community.run(add_reference, payment=paid.payment, sequence=0, reference="W-1")
    for reference in (None, "W-1"):
        with pytest.raises(SameTender):
            community.run(
                change_tender, receipt=paid.receipt, tenders=[given("wechat", 10000, reference)], reason="看错"
            )


def test_the_number_of_another_payment_is_asked_about_in_a_change_too(community: SmallCommunity, account: int) -> None:
    prepay(community, account, given("wechat", 500, "W-1"))
    paid = prepay(community, account, given("cash", 500))
    with pytest.raises(ReferenceUsed):
        community.run(change_tender, receipt=paid.receipt, tenders=[given("wechat", 500, "W-1")], reason="实为微信")


@pytest.mark.parametrize("way", ["bounce", "reverse", "transfer"])
def test_what_puts_a_payment_right_carries_the_number_typed_later(
    community: SmallCommunity, account: int, way: str
) -> None:
    other = community.unit("1-1-109", resident="样邻居", pinyin="yang lin ju")
    paid = prepay(community, account, given("transfer", 10000))
    community.run(add_reference, payment=paid.payment, sequence=0, reference="ZZ-7")
    seat = replace(community.workplace, approver="样例经理")
    if way == "transfer":
        done = seat.run_op(transfer_payment, receipt=paid.receipt, account=other, reason="户号看错").receipt
    elif way == "bounce":
        done = seat.run_op(bounce_payment, receipt=paid.receipt, reason="银行退票").receipt
    else:
        community.run(close_shift)
        community.run(open_shift, opening_float=Fen(50000))
        done = seat.run_op(reverse_payment, receipt=paid.receipt, reason="收错").receipt
    (tender,) = seat.read(find_receipt, number=done).document.tenders
    assert (tender.code, tender.reference) == ("transfer", "ZZ-7")
    assert missing(community) == []
    assert seat.read(verify_everything).problems == ()
