"""A desk that dies while it puts a payment right, takes months ahead, changes hands or opens a day again.

Killed at a statement, the act has not happened and the ledger is sound; once it has happened, its request key answers
it again and books nothing.
"""

import random
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count

import pytest

from feedesk.db import Database
from feedesk.money import Fen
from feedesk.ops.advancing import AdvanceWish
from feedesk.ops.banking import pay_cash_in
from feedesk.ops.bouncing import bounce_payment
from feedesk.ops.changing_tender import change_tender
from feedesk.ops.closing import close_day, reopen_day
from feedesk.ops.collecting import collect_payment
from feedesk.ops.drawer import move_cash
from feedesk.ops.moving import Newcomer, change_hands
from feedesk.ops.payment_posting import TenderGiven
from feedesk.ops.refunding import DepositPapers, refund_deposit, refund_payment, refund_prepayment
from feedesk.ops.run import Workplace
from feedesk.ops.shifts import close_shift, open_shift
from feedesk.ops.transferring import transfer_payment
from feedesk.ops.waiving import waive
from feedesk.rules.drawer import Movement
from tests.scenarios.small_desk import whole_content
from tests.scenarios.street import TODAY, street
from tests.scenarios.test_crashes import assert_sound, dies_at, rows

CASH, WECHAT, TRANSFER, DEPOSIT, PREPAID = (f"SJ-2026-1-00000{n}" for n in range(1, 6))
AHEAD = AdvanceWish("物业费", 3, 7)


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
    facts = {"account": 7, "advances": [AHEAD], "keep_change": True}
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


def _content(database: Database) -> object:
    if not database.path:
        return rows(database)
    with database.reading() as connection:
        return whole_content(connection)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
def test_killed_at_any_statement_what_is_put_right_has_not_happened(ledger_database: Database) -> None:
    desk = street(ledger_database)
    _setting(desk)
    desk.run_op(close_shift, till=2, counts={"100": 1})
    for dying in ACTS:
        before, died = _content(ledger_database), 0
        stride = dying.stride if ledger_database.path else 2 * dying.stride
        for step in count(random.randint(2, stride), stride):
            if not dies_at(ledger_database, step, dying.act, traced=bool(ledger_database.path)):
                break
            died += 1
            assert _content(ledger_database) == before, (dying.act.__name__, step)
        assert died, dying.act.__name__
        done = _content(ledger_database)
        assert done != before
        assert_sound(ledger_database)
        if dying.replays:
            dying.act(Workplace(ledger_database, "样例主管", today=TODAY))
            assert _content(ledger_database) == done, f"{dying.act.__name__} was done twice"
