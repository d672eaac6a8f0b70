"""Whose drawer it is: another cashier moves no money in it, a supervisor does and is named beside its cashier."""

import pytest

from feedesk.db import Database
from feedesk.money import Fen
from feedesk.ops.at_the_till import NotYourShift
from feedesk.ops.collecting import TenderGiven, collect_payment
from feedesk.ops.drawer_count import count_drawer
from feedesk.ops.run import Workplace
from feedesk.ops.shifts import close_shift, open_shift
from feedesk.queries.receipts import find_receipt
from tests.community import TODAY, picture_home, small_community

CASHIER, OTHER, SUPERVISOR = "样例收费员", "样例收费员乙", "样例主管"
CASH = [TenderGiven("cash", Fen(10000))]


def place(database: Database, name: str) -> Workplace:
    return Workplace(database, name, today=TODAY)


@pytest.fixture
def till(ledger_database: Database) -> Database:
    picture_home(small_community(ledger_database))
    place(ledger_database, CASHIER).run_op(open_shift, opening_float=Fen(0))
    return ledger_database


def test_another_cashier_moves_no_money(till: Database) -> None:
    other = place(till, OTHER)
    for op, facts in (
        (collect_payment, {"account": 1, "prepay": Fen(10000), "tenders": CASH}),
        (count_drawer, {"counts": {"100": 1}}),
        (close_shift, {}),
    ):
        with pytest.raises(NotYourShift, match=CASHIER):
            other.run_op(op, **facts)


def test_a_supervisor_does_and_the_paper_names_both(till: Database) -> None:
    done = place(till, SUPERVISOR).run_op(collect_payment, account=1, tenders=CASH, prepay=Fen(10000))
    paper = place(till, CASHIER).read(find_receipt, number=done.receipt)
    assert paper.document.cashier == f"{SUPERVISOR}（{CASHIER}班次）"
    own = place(till, CASHIER).run_op(collect_payment, account=1, tenders=CASH, prepay=Fen(10000))
    assert place(till, CASHIER).read(find_receipt, number=own.receipt).document.cashier == CASHIER
    assert place(till, SUPERVISOR).run_op(close_shift).cashier == CASHIER
