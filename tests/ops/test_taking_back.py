"""Voids within the shift, reversals later."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from feedesk import models
from feedesk.errors import UserError
from feedesk.models import table_of
from feedesk.money import Fen
from feedesk.ops import taking_back
from feedesk.ops.collecting import TenderGiven, collect_payment
from feedesk.ops.setting_up import add_till
from feedesk.ops.shifts import close_shift, open_shift
from feedesk.ops.taking_back import reverse_payment, void_payment
from feedesk.queries.receipts import UnknownReceipt, find_receipt
from feedesk.queries.statement import statement
from feedesk.queries.verification import verify_everything
from feedesk.rules.receipt_document import ReceiptKind
from tests.community import TODAY, SmallCommunity, picture_home


def pay(community: SmallCommunity, account: int, amount: int, **facts: object) -> str:
    tenders: Sequence[TenderGiven] = [TenderGiven("cash", Fen(amount))]
    receipt: str = community.run(collect_payment, **{"account": account, "tenders": tenders, **facts}).receipt
    return receipt


def test_a_void_puts_everything_back(community: SmallCommunity) -> None:
    home = picture_home(community)
    receipt = pay(community, home.dwelling, 200000, household_too=True)
    back = community.run(void_payment, receipt=receipt, reason="收错房号")
    assert (back.receipt, back.reverses, back.total) == (receipt, receipt, -197940)
    assert community.balance("1001.T1") == 50000
    assert community.balance("6711.抹零") == 0
    state = community.workplace.read(statement, account=home.dwelling, on=TODAY, household_too=True)
    assert state.total_due == 197948
    stored = community.workplace.read(find_receipt, number=receipt)
    assert (stored.status, stored.marks().void) == ("void", True)
    entry = table_of(models.Entry)
    assert community.value(entry, "reason", id=back.entry) == "收错房号"
    assert pay(community, home.dwelling, 197948, household_too=True) == "SJ-2026-1-000002"


def test_a_void_of_a_prepayment_that_was_used_is_refused(community: SmallCommunity) -> None:
    account = community.unit("1-1-101")
    receipt = pay(community, account, 10000, prepay=Fen(10000))
    community.charge(account, "物业费", "2026-11", 4000)
    community.run(collect_payment, account=account, tenders=[TenderGiven("prepaid", Fen(4000))])
    with pytest.raises(taking_back.PrepaymentUsed):
        community.run(void_payment, receipt=receipt, reason="x")
    assert community.balance("2203.预存", account) == -6000


@pytest.mark.parametrize(
    ("receipt", "reason", "error"),
    [
        ("SJ-2026-1-000001", "  ", taking_back.ReasonMissing),
        ("SJ-2026-1-000009", "x", UnknownReceipt),
    ],
)
def test_a_void_asks_for_the_receipt_and_the_reason(
    community: SmallCommunity, receipt: str, reason: str, error: type[UserError]
) -> None:
    account = community.unit("1-1-101")
    community.charge(account, "物业费", "2026-11", 10000)
    pay(community, account, 10000)
    with pytest.raises(error):
        community.run(void_payment, receipt=receipt, reason=reason)
    assert community.balance("1001.T1") == 60000


def test_nothing_is_taken_back_twice(community: SmallCommunity) -> None:
    account = community.unit("1-1-101")
    community.charge(account, "物业费", "2026-11", 10000)
    receipt = pay(community, account, 10000)
    community.run(void_payment, receipt=receipt, reason="x")
    with pytest.raises(taking_back.AlreadyTakenBack):
        community.run(void_payment, receipt=receipt, reason="x")
    assert community.balance("1001.T1") == 50000


def end_shift(community: SmallCommunity) -> None:
    """The shift ends and the next begins, as far as a void can tell."""
    shift = table_of(models.Shift)
    with community.database.transaction() as connection:
        connection.execute(shift.update().values(is_open=False))


def test_a_reversal_later_has_a_red_receipt(community: SmallCommunity) -> None:
    from tests.community import open_desk

    account = community.unit("1-1-101")
    charge = community.charge(account, "物业费", "2026-11", 10001)
    receipt = pay(community, account, 10100)
    end_shift(community)
    open_desk(community, Fen(0))
    with pytest.raises(taking_back.NotInThisShift):
        community.run(void_payment, receipt=receipt, reason="x")
    with pytest.raises(taking_back.ApproverMissing):
        community.run(reverse_payment, receipt=receipt, reason="x")
    approved = replace(community.workplace, approver="样例经理")
    back = approved.run_op(reverse_payment, receipt=receipt, reason="重复收款")
    assert (back.receipt, back.reverses, back.total) == ("SJ-2026-1-000002", receipt, -10000)
    red = community.workplace.read(find_receipt, number=back.receipt).document
    assert (red.kind, red.reverses, red.reason) == (ReceiptKind.REVERSAL, receipt, "重复收款")
    assert red.in_words == "退款人民币壹佰元整"
    assert (red.still_owed, red.prepaid_balance) == (10001, 0)
    assert community.workplace.read(find_receipt, number=receipt).status == "reversed"
    assert community.value(table_of(models.Charge), "status", id=charge) == "open"
    with pytest.raises(taking_back.OnlyPaymentsAreTakenBack):
        approved.run_op(reverse_payment, receipt=back.receipt, reason="x")


def test_the_red_receipt_says_what_is_owed_and_prepaid_after_it(community: SmallCommunity) -> None:
    from tests.community import open_desk

    account = community.unit("1-1-101")
    charge = community.charge(account, "物业费", "2026-11", 10000)
    community.charge(account, "水费", "2026-11", 2500)
    pay(community, account, 30000, prepay=Fen(30000), charges=[])
    second = pay(community, account, 15000, charges=[charge], prepay=Fen(5000))
    end_shift(community)
    open_desk(community, Fen(50000))
    approved = replace(community.workplace, approver="样例经理")
    red = approved.run_op(reverse_payment, receipt=second, reason="收错")
    document = community.workplace.read(find_receipt, number=red.receipt).document
    assert (document.still_owed, document.prepaid_balance) == (12500, 30000)
    now = community.workplace.read(statement, account=account, on=TODAY)
    assert (now.total_due, now.prepaid) == (document.still_owed, document.prepaid_balance)


def test_cash_is_given_back_out_of_the_drawer_of_the_till_that_reverses(community: SmallCommunity) -> None:
    account = community.unit("1-1-101")
    receipt = pay(community, account, 10000, prepay=Fen(10000))
    community.run(close_shift)
    replace(community.workplace, actor="样例管理员").run_op(add_till)
    community.run(open_shift, till=2, opening_float=Fen(50000))
    approved = replace(community.workplace, approver="样例经理")
    approved.run_op(reverse_payment, receipt=receipt, reason="退订", till=2)
    assert (community.balance("1001.T1"), community.balance("1001.T2")) == (0, 40000)
    closed = community.run(close_shift, till=2)
    assert (closed.expected, closed.over_short) == (40000, 0)
    assert community.workplace.read(verify_everything).problems == ()
