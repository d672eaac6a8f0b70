"""Two days on which a cashier may not do all that is wanted: asked for, approved, refused, overtaken, carried out."""

from pathlib import Path
from typing import Any

import pytest

from feedesk.db import Database
from feedesk.money import Fen
from feedesk.ops.requesting import approve_request, carry_out_request, refuse_request, request_decision
from feedesk.ops.run import Workplace
from feedesk.ops.waiving import ChargeNotOwed, waive
from feedesk.ops.wishes import Wish
from feedesk.queries.receipts import find_receipt
from feedesk.queries.requests import Outcome, RequestKind, waiting_requests
from feedesk.queries.statement import statement
from tests.ledger.whole_ledger import bring_along
from tests.scenarios.test_days import SHEETS, TODAY, TOMORROW, Desk

CASHIER = "样例收费员"


@pytest.fixture
def desk(sqlite_ledger: Database, tmp_path: Path) -> Desk:
    workplace = Workplace(sqlite_ledger, "样例主管", None, TODAY)
    bring_along(workplace, SHEETS)
    return Desk(workplace, tmp_path / "日报")


def owed(desk: Desk, unit: str) -> int:
    """The oldest charge of a unit."""
    day = desk.workplace.business_date()
    return desk.workplace.read(statement, account=desk.account(unit), on=day).charges[0].id


def ask(desk: Desk, wish: Wish, reason: str) -> int:
    return int(desk.run(request_decision, by=CASHIER, wish=wish, reason=reason).request)


def refund(receipt: str, amount: int, code: str) -> Wish:
    return Wish(RequestKind.PAYMENT, Fen(amount), receipt=receipt, tender=code)


def test_two_days_of_requests(desk: Desk) -> None:
    """A waiver of 100.00, two refunds (76.08 in cash, 100.00 by WeChat) and a reversal of 276.08, each asked for."""
    by: dict[str, Any] = {"by": CASHIER}
    desk.open(**by)

    # The late fee of 12.00 is within her own quota; of the principal 100.00 is asked for and approved at once.
    desk.run(waive, **by, charges=[owed(desk, "B1-001")], late_fee=Fen(1200), reason="首次逾期")
    space = Wish(RequestKind.PRINCIPAL, Fen(10000), charges=(owed(desk, "B1-001"),))
    asked = ask(desk, space, "车位被占一个月")
    assert desk.run(approve_request, request=asked).outcome is Outcome.APPROVED
    assert desk.owes("B1-001") == 20000
    desk.pay("B1-001", **by, wechat=20000)

    desk.pay("1-1-101", **by, cash=30000)
    wrong = desk.pay("1-1-102", **by, wechat=27608).receipt
    twice = desk.pay("1-1-103", **by, cash=27608).receipt
    late = desk.pay("1-1-104", **by, wechat=27608).receipt

    # A refund is released by the manager; the cash is in the cashier's drawer, so she pays it out.
    back = ask(desk, refund(wrong, 7608, "cash"), "多收")
    desk.run(approve_request, by="样例经理", request=back, words="可以")
    done = desk.run(carry_out_request, **by, request=back)
    assert desk.workplace.read(find_receipt, number=done.receipt).document.reverses == wrong
    open_still = ask(desk, refund(late, 10000, "wechat"), "重复缴费")
    no = ask(desk, Wish(RequestKind.PRINCIPAL, Fen(1000), charges=(owed(desk, "1-1-105"),)), "要求打折")
    desk.run(refuse_request, request=no, words="没有依据")
    assert [one.id for one in desk.workplace.read(waiting_requests)] == [open_still]

    desk.count(50000 + 27600 + 27608 - 7608, **by)
    figures = desk.evening(
        {
            "物业费": {"cash": 2 * 27608 - 7608, "wechat": 2 * 27608},
            "车位服务费": {"wechat": 20000},
            "抹零": {"cash": -8},
        },
        receipts=6,
    )
    assert {one.item: one.conceded for one in figures.arrears if one.conceded} == {"车位服务费": 10000}
    assert desk.owes("1-1-102") == 7608

    # The next day: what was left over is decided; a payment of yesterday is reversed; one request is overtaken.
    desk = desk.on(TOMORROW)
    desk.open(**by)
    desk.run(approve_request, by="样例经理", request=open_still)
    desk.run(carry_out_request, **by, request=open_still)
    gone = ask(desk, Wish(RequestKind.PRINCIPAL, Fen(5000), charges=(owed(desk, "1-1-105"),)), "漏水")
    desk.pay("1-1-105", **by, cash=27608)
    with pytest.raises(ChargeNotOwed):
        desk.run(approve_request, request=gone)
    assert desk.run(refuse_request, request=gone).outcome is Outcome.OVERTAKEN
    desk.pay("1-1-106", **by, cash=27608)
    red = ask(desk, Wish(RequestKind.REVERSAL, Fen(27608), receipt=twice), "收错房号")
    desk.run(approve_request, request=red)
    paper = desk.run(carry_out_request, **by, request=red).receipt
    stored = desk.workplace.read(find_receipt, number=twice)
    assert (stored.status, stored.reversed_by) == ("reversed", paper)
    assert desk.workplace.read(waiting_requests) == ()

    desk.count(50000 + 27608, **by)
    desk.evening({"物业费": {"cash": 27608, "wechat": -10000}}, receipts=4)
    assert (desk.owes("1-1-103"), desk.owes("1-1-104"), desk.owes("1-1-105")) == (27608, 10000, 0)
