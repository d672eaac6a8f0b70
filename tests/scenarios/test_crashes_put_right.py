"""A desk that dies while it puts a payment right, takes months ahead, changes hands, sells or opens a day again.

Killed at a statement, the act has not happened and the ledger is sound; once it has happened, its request key answers
it again and books nothing.
"""

import random
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import count

import pytest
from sqlalchemy import select

from feedesk.db import Database
from feedesk.models import Charge, table_of
from feedesk.money import Fen
from feedesk.ops.advancing import AdvanceWish
from feedesk.ops.banking import pay_cash_in
from feedesk.ops.billing import bill_period
from feedesk.ops.bouncing import bounce_payment
from feedesk.ops.changing_tender import change_tender
from feedesk.ops.claiming import claim_unclaimed
from feedesk.ops.closing import close_day, reopen_day
from feedesk.ops.collecting import collect_payment
from feedesk.ops.conceding import add_policy
from feedesk.ops.drawer import move_cash
from feedesk.ops.moving import Newcomer, change_hands
from feedesk.ops.moving_back import undo_change_of_hands
from feedesk.ops.payment_posting import TenderGiven
from feedesk.ops.referencing import add_reference
from feedesk.ops.refunding import Deduction, DepositPapers, refund_deposit, refund_payment, refund_prepayment
from feedesk.ops.refunding_months import refund_months
from feedesk.ops.requesting import approve_request, carry_out_request, request_decision
from feedesk.ops.run import Workplace
from feedesk.ops.selling import SaleWish, sell
from feedesk.ops.shifts import close_shift, open_shift
from feedesk.ops.taking_back import reverse_payment
from feedesk.ops.transferring import transfer_payment
from feedesk.ops.unclaimed import post_unclaimed, return_unclaimed
from feedesk.ops.waiving import waive
from feedesk.ops.walk_in_deposits import refund_walk_in_deposit
from feedesk.ops.wishes import Wish
from feedesk.periods import Period
from feedesk.queries.price_list import price_list
from feedesk.queries.references import missing_references
from feedesk.queries.requests import RequestKind
from feedesk.rules.drawer import Movement
from feedesk.rules.policy_terms import PolicyTerms
from tests.ledger.whole_ledger import bring_along
from tests.scenarios.small_desk import whole_content
from tests.scenarios.street import TODAY, street
from tests.scenarios.test_crashes import assert_sound, dies_at, rows

CASH, WECHAT, TRANSFER, DEPOSIT, PREPAID = (f"SJ-2026-1-00000{n}" for n in range(1, 6))
AHEAD = AdvanceWish("物业费", 3, 7)

_charge = table_of(Charge)


def _cash(fen: int) -> TenderGiven:
    return TenderGiven("cash", Fen(fen))


def _setting(desk: Workplace) -> None:
    """Five payments, each to be put right in its own way."""
    for account, tender in ((1, _cash(5000)), (2, TenderGiven("wechat", Fen(5000), "WX1"))):
        desk.run_op(collect_payment, account=account, tenders=[tender], part=True)
    desk.run_op(collect_payment, account=3, tenders=[TenderGiven("transfer", Fen(5000), "B1")], part=True)
    desk.run_op(collect_payment, account=4, tenders=[_cash(3000)], charges=(), deposits=[("装修押金", Fen(3000))])
    desk.run_op(collect_payment, account=5, tenders=[_cash(2000)], charges=(), prepay=Fen(2000))


def _approved(desk: Workplace) -> Workplace:
    return replace(desk, approver="样例经理")


def _change_tender(desk: Workplace) -> object:
    tenders = [TenderGiven("alipay", Fen(5000), "ZFB1")]
    return desk.run_op(change_tender, receipt=CASH, tenders=tenders, reason="实为支付宝", key="k1")


def _transfer(desk: Workplace) -> object:
    return _approved(desk).run_op(
        transfer_payment, receipt=WECHAT, account=6, reason="收错户", key="k2", print_slip=True
    )


def _bounce(desk: Workplace) -> object:
    return _approved(desk).run_op(bounce_payment, receipt=TRANSFER, reason="退汇", key="k3")


def _refund(desk: Workplace) -> object:
    return _approved(desk).run_op(refund_payment, receipt=CASH, tender=_cash(1234), reason="多收", key="k4")


def _refund_prepaid(desk: Workplace) -> object:
    return _approved(desk).run_op(refund_prepayment, account=5, tender=_cash(700), reason="不再预存", key="k5")


def _refund_deposit(desk: Workplace) -> object:
    papers = DepositPapers(slip=DEPOSIT, inspected=True)
    facts = {"account": 4, "name": "装修押金", "amount": Fen(3000), "papers": papers}
    return _approved(desk).run_op(refund_deposit, tender=_cash(3000), reason="装修已毕", key="k6", **facts)


def _advance(desk: Workplace) -> object:
    facts = {"account": 7, "advances": [AdvanceWish("物业费", 1, 7)], "keep_change": True}
    return desk.run_op(collect_payment, tenders=[_cash(100000)], key="k7", print_slip=True, **facts)


def _waive(desk: Workplace) -> object:
    return _approved(desk).run_op(waive, charges=[17], principal=Fen(100), reason="协商")


def _hands(desk: Workplace) -> object:
    return desk.run_op(change_hands, account=8, first_day=TODAY, newcomer=Newcomer("样新主", "业主"))


def _petty_cash(desk: Workplace) -> object:
    return desk.run_op(move_cash, kind=Movement.PETTY_CASH, amount=Fen(500), purpose="买水")


def _hand_over(desk: Workplace) -> object:
    return desk.run_op(close_shift, counts={"100": 5})


def _close_day(desk: Workplace) -> object:
    return desk.run_op(close_day)


def _reopen(desk: Workplace) -> object:
    return desk.run_op(reopen_day, date=TODAY, reason="漏记一笔")


def _open_again(desk: Workplace) -> object:
    return desk.run_op(open_shift, opening_float=Fen(10000))


def _to_the_bank(desk: Workplace) -> object:
    return desk.run_op(pay_cash_in, slip="JK-1", amount=Fen(4000), first_day=TODAY, last_day=TODAY)


@dataclass(frozen=True, slots=True)
class Dying:
    """An act that dies at every ``stride``-th statement; ``replays``: its request key answers it again."""

    act: Callable[[Workplace], object]
    stride: int = 13
    replays: bool = False


ACTS = (
    Dying(_change_tender, replays=True),
    Dying(_transfer, 17, replays=True),
    Dying(_bounce, replays=True),
    Dying(_refund, replays=True),
    Dying(_refund_prepaid, replays=True),
    Dying(_refund_deposit, replays=True),
    Dying(_advance, 23, replays=True),
    Dying(_waive, 7),
    Dying(_hands, 11),
    Dying(_petty_cash, 7),
    Dying(_hand_over, 7),
    Dying(_close_day, 17),
    Dying(_reopen, 4),
    Dying(_open_again, 5),
    Dying(_to_the_bank, 5),
)


REVERSED, AHEAD_PAID, NO_REFERENCE, SOLD, _BACK, FOUND = (f"SJ-2026-1-00000{n}" for n in range(1, 7))
CARDS = {
    "收费标准": [
        ("名称", "收费项目", "计费方式", "单价", "周期", "生效日期"),
        ("门禁卡", "门禁卡", "固定金额", "25", "一次性", "2026-01-01"),
    ]
}
YEAR = PolicyTerms(
    name="付清95折",
    condition="一次性付清",
    method="百分比",
    value=Fraction(5),
    items=("物业费",),
    valid_from=date(2026, 1, 1),
)


def _charges_of(desk: Workplace, account: int) -> list[int]:
    """The charges of an account, paid or not."""
    with desk.database.reading() as connection:
        query = select(_charge.c.id).where(_charge.c.account_id == account).order_by(_charge.c.id)
        return list(connection.execute(query).scalars())


def _setting_at_the_counter(desk: Workplace) -> None:
    """A payment of an earlier shift, months paid ahead, a reference to come, a year billed, hands changed, requests."""
    bring_along(desk, CARDS)
    desk.run_op(add_policy, terms=YEAR)
    desk.run_op(collect_payment, account=1, tenders=[TenderGiven("wechat", Fen(5000), "WX1")], part=True)
    desk.run_op(close_shift)
    desk.run_op(open_shift, opening_float=Fen(10000))
    for month in range(12):
        desk.run_op(bill_period, period=Period.parse("2026-10").shifted(month))
    facts = {
        "account": 7,
        "charges": _charges_of(desk, 7),
        "advances": [AdvanceWish("物业费", 1, 7)],
        "keep_change": True,
    }
    desk.run_op(collect_payment, tenders=[_cash(300000)], **facts)
    desk.run_op(collect_payment, account=2, tenders=[TenderGiven("wechat", Fen(5000))], part=True)
    desk.run_op(change_hands, account=8, first_day=TODAY, newcomer=Newcomer("样错人", "业主"))
    cashier = replace(desk, actor="样例收费员")
    less = Wish(RequestKind.PRINCIPAL, Fen(100), charges=(17,))
    back = Wish(RequestKind.PAYMENT, Fen(1000), receipt=NO_REFERENCE, tender="wechat", reference="T9")
    for wish in (less, back):
        cashier.run_op(request_decision, wish=wish, reason="住户要求")
    replace(desk, actor="样例经理").run_op(approve_request, request=2, words="已核实")


def _sell(desk: Workplace) -> object:
    cards = [SaleWish(desk.read(price_list, on=TODAY)[0].tariff, Fraction(2))]
    facts = {"sales": cards, "deposits": [("装修押金", Fen(3000))], "payer": "样访客"}
    return desk.run_op(sell, tenders=[_cash(8000)], key="s1", print_slip=True, **facts)


def _give_deposit_back(desk: Workplace) -> object:
    papers = DepositPapers(slip=SOLD, inspected=True)
    facts = {"receipt": SOLD, "name": "装修押金", "amount": Fen(3000), "papers": papers, "reason": "完工"}
    kept = Deduction("门禁卡", Fen(500))
    return _approved(desk).run_op(refund_walk_in_deposit, tender=_cash(2500), deduction=kept, key="s2", **facts)


def _find_money(desk: Workplace) -> object:
    came = TenderGiven("transfer", Fen(40000), "Z1")
    return desk.run_op(post_unclaimed, tender=came, value_date=TODAY, remark="物业费", key="s3")


def _claim_money(desk: Workplace) -> object:
    facts = {"receipt": FOUND, "account": 6, "amount": Fen(36000), "reason": "出示回单"}
    return desk.run_op(claim_unclaimed, key="s4", **facts)


def _return_money(desk: Workplace) -> object:
    facts = {"receipt": FOUND, "payee": "样汇款人", "reason": "误汇"}
    return _approved(desk).run_op(return_unclaimed, tender=TenderGiven("transfer", Fen(4000), "T1"), key="s5", **facts)


def _pay_together(desk: Workplace) -> object:
    """Of each: 100.00 of arrears, October and November at 120.00."""
    return desk.run_op(collect_payment, account=11, also=[12], tenders=[_cash(68000)], payer="样亲戚", key="s6")


def _pay_a_year(desk: Workplace) -> object:
    """100.00 of arrears and twelve months at 120.00 less 5 %."""
    charges = _charges_of(desk, 10)
    return desk.run_op(collect_payment, account=10, charges=charges, tenders=[_cash(146800)], key="s7")


def _give_months_back(desk: Workplace) -> object:
    """It was paid with the year, less 5 %."""
    facts = {"receipt": AHEAD_PAID, "months": [AdvanceWish("物业费", 1)], "reason": "搬走"}
    return _approved(desk).run_op(refund_months, tender=_cash(11400), key="s8", **facts)


def _hands_back(desk: Workplace) -> object:
    return _approved(desk).run_op(undo_change_of_hands, account=8, reason="选错人")


def _approve(desk: Workplace) -> object:
    return replace(desk, actor="样例经理").run_op(approve_request, request=1, words="已核实", key="s9")


def _carry_out(desk: Workplace) -> object:
    return desk.run_op(carry_out_request, request=2, key="s10")


def _reverse(desk: Workplace) -> object:
    return _approved(desk).run_op(reverse_payment, receipt=REVERSED, reason="重复收款", key="s11")


def _type_reference(desk: Workplace) -> object:
    lacking = desk.read(missing_references, day=TODAY)[0]
    return desk.run_op(add_reference, payment=lacking.payment, sequence=lacking.sequence, reference="WX2")


AT_THE_COUNTER = (
    Dying(_sell, 29, replays=True),
    Dying(_give_deposit_back, 29, replays=True),
    Dying(_find_money, 23, replays=True),
    Dying(_claim_money, 29, replays=True),
    Dying(_return_money, 23, replays=True),
    Dying(_pay_together, 41, replays=True),
    Dying(_pay_a_year, 41, replays=True),
    Dying(_give_months_back, 29, replays=True),
    Dying(_hands_back, 29),
    Dying(_approve, 13, replays=True),
    Dying(_carry_out, 29, replays=True),
    Dying(_reverse, 23, replays=True),
    Dying(_type_reference, 5),
)


def _content(database: Database) -> object:
    if not database.path:
        return rows(database)
    with database.reading() as connection:
        return whole_content(connection)


def _kill_each(database: Database, acts: tuple[Dying, ...]) -> None:
    for dying in acts:
        before, died = _content(database), 0
        stride = dying.stride if database.path else 2 * dying.stride
        for step in count(random.randint(2, min(stride, 8)), stride):
            if not dies_at(database, step, dying.act, traced=bool(database.path)):
                break
            died += 1
            assert _content(database) == before, (dying.act.__name__, step)
        assert died, dying.act.__name__
        done = _content(database)
        assert done != before
        assert_sound(database)
        if dying.replays:
            dying.act(Workplace(database, "样例主管", today=TODAY))
            assert _content(database) == done, f"{dying.act.__name__} was done twice"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
def test_killed_at_any_statement_what_is_put_right_has_not_happened(ledger_database: Database) -> None:
    desk = street(ledger_database)
    _setting(desk)
    desk.run_op(close_shift, till=2, counts={"100": 1})
    _kill_each(ledger_database, ACTS)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
def test_killed_at_any_statement_nothing_is_sold_claimed_or_given_back(ledger_database: Database) -> None:
    desk = street(ledger_database)
    _setting_at_the_counter(desk)
    _kill_each(ledger_database, AT_THE_COUNTER)
