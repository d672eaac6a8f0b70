"""A desk in a process of its own: ``python -m tests.scenarios.rival URL ACT …``.

It says ``ready``, waits for a line, and then does its acts as fast as it can, telling each one's outcome as JSON.
"""

import json
import os
import random
import sys
from collections.abc import Iterator
from dataclasses import replace

from feedesk.db import Database
from feedesk.errors import UserError
from feedesk.money import Fen
from feedesk.ops.billing import bill_period, undo_billing
from feedesk.ops.claiming import claim_unclaimed
from feedesk.ops.collecting import collect_payment
from feedesk.ops.offsetting import offset_prepayments
from feedesk.ops.payment_posting import TenderGiven
from feedesk.ops.releasing import release_revenue
from feedesk.ops.replacing import Part, split_charge
from feedesk.ops.run import Workplace
from feedesk.ops.setting_up import create_ledger
from feedesk.ops.taking_back import void_payment
from feedesk.periods import Period
from feedesk.queries.run_scope import RunScope
from feedesk.queries.statement import statement
from tests.scenarios.street import HOMES, OWED, TODAY, sheets

OCTOBER = Period.parse("2026-10")


def pay_each_home(desk: Workplace, till: int) -> Iterator[object]:
    """Takes what each home owes."""
    for account in range(1, HOMES + 1):
        try:
            paid = desk.run_op(collect_payment, account=account, tenders=[TenderGiven("cash", Fen(OWED))], till=till)
            yield [account, paid.receipt]
        except UserError as refused:
            yield [account, refused.code]


def pay_in_pairs(desk: Workplace, till: int) -> Iterator[object]:
    """Takes what two homes owe in one payment: this till begins with the first of them, the other with the second."""
    for number in range(1, HOMES, 2):
        pair = (number, number + 1) if till == 1 else (number + 1, number)
        given = [TenderGiven("cash", Fen(2 * OWED))]
        try:
            paid = desk.run_op(collect_payment, account=pair[0], also=[pair[1]], tenders=given, till=till)
            yield [number, paid.receipt]
        except UserError as refused:
            yield [number, refused.code]


def claim_each(desk: Workplace, till: int) -> Iterator[object]:
    """Claims money of unknown origin for the homes, each item for a home of this till's own."""
    for number in range(1, HOMES + 1):
        receipt = f"SJ-2026-1-{number:06d}"
        home = number if till == 1 else HOMES + 1 - number
        try:
            facts = {"receipt": receipt, "account": home, "amount": Fen(OWED), "reason": "x", "till": till}
            yield [number, home, desk.run_op(claim_unclaimed, **facts).receipt]
        except UserError as refused:
            yield [number, home, refused.code]


def pay_with_keys(desk: Workplace, till: int) -> Iterator[object]:
    """Takes five prepayments, each with the request key that the other desk uses too."""
    for number in range(5):
        tenders = [TenderGiven("wechat", Fen(100), f"WX{number}")]
        facts = {"account": 1, "tenders": tenders, "prepay": Fen(100), "key": f"key{number}"}
        paid = desk.run_op(collect_payment, till=till, **facts)
        yield [paid.receipt, paid.total]


def void_each(desk: Workplace, till: int) -> Iterator[object]:
    """Voids the receipts that were issued before the race."""
    for number in range(1, 6):
        try:
            back = desk.run_op(void_payment, receipt=f"SJ-2026-1-{number:06d}", reason="x", till=till)
            yield [number, back.total]
        except UserError as refused:
            yield [number, refused.code]


def pay_and_void(desk: Workplace, till: int) -> Iterator[object]:
    """Pays parts of what the homes owe, in an order of this desk's own, and voids some of it; then all the rest."""
    chance = random.Random(till)
    for turn in range(HOMES):
        home, amount = chance.randint(1, HOMES), Fen(chance.randint(1, 6000))
        given = [TenderGiven("wechat", amount, f"{till}-{turn}")]
        try:
            paid = desk.run_op(collect_payment, account=home, tenders=given, part=True, till=till)
            yield ["payment", home, paid.total]
            if turn % 3 == 0:
                desk.run_op(void_payment, receipt=paid.receipt, reason="x", till=till)
                yield ["void", home, -paid.total]
        except UserError as refused:
            yield [refused.code, home, 0]
    for home in range(1, HOMES + 1):
        # The other desk may take a part between the question and the payment: then it is asked again.
        while due := desk.read(statement, account=home, on=TODAY).total_due:
            try:
                given = [TenderGiven("alipay", due, f"{till}-{home}-{due}")]
                yield ["payment", home, desk.run_op(collect_payment, account=home, tenders=given, till=till).total]
            except UserError as refused:
                yield [refused.code, home, 0]


def bill_and_offset(desk: Workplace, _till: int) -> Iterator[object]:
    """Bills a month and lets prepayments settle what they can, again and again."""
    for _turn in range(3):
        billed = desk.run_op(bill_period, period=OCTOBER)
        done = offset_prepayments(desk)
        yield [billed.posted, done.accounts, done.total]


def bill(desk: Workplace, _till: int) -> Iterator[object]:
    billed = desk.run_op(bill_period, period=OCTOBER)
    yield [billed.posted, billed.already]


def bill_in_two_ways(desk: Workplace, till: int) -> Iterator[object]:
    """One program bills a fee item, the other everything, which is the same here."""
    scope = RunScope(items=frozenset({"物业费"})) if till == 1 else RunScope()
    billed = desk.run_op(bill_period, period=OCTOBER, scope=scope)
    yield [billed.posted, billed.already]


def office_work(desk: Workplace, _till: int) -> Iterator[object]:
    """Splits the charges that stood before the race, lets prepayments settle what they can, releases revenue."""
    split: list[int | str] = []
    for charge in range(1, HOMES + 1):
        try:
            parts = [Part(Fen(2000)), Part(Fen(3000))]
            split.append(len(desk.run_op(split_charge, charge=charge, parts=parts, reason="x").by))
        except UserError as refused:
            split.append(refused.code)
    yield split
    done = offset_prepayments(desk)
    yield [done.accounts, done.total]
    yield desk.run_op(release_revenue, month=Period.parse("2026-11")).total


def create(desk: Workplace, _till: int) -> Iterator[object]:
    yield create_ledger(desk.database, training=True).created


def work(desk: Workplace, till: int) -> Iterator[object]:
    """Takes money, voids it, bills, undoes and imports, for ever; tells every act that is committed."""
    from tests.ledger.whole_ledger import bring_along

    for turn in range(10**6):
        for account in range(1, HOMES + 1):
            tenders = [TenderGiven("cash", Fen(100))]
            paid = desk.run_op(collect_payment, account=account, tenders=tenders, prepay=Fen(100), till=till)
            yield ["payment", paid.receipt]
        desk.run_op(void_payment, receipt=paid.receipt, reason="x", till=till)
        yield ["void", paid.receipt]
        # What a desk killed before has billed and not undone is billed already.
        if desk.run_op(bill_period, period=OCTOBER).posted:
            yield ["billing", ""]
        desk.run_op(undo_billing, period=OCTOBER, reason="x")
        yield ["billing_undo", ""]
        # Homes of this process's own: what another has brought along already is no act any more.
        bring_along(replace(desk), sheets(3, first=1000 * os.getpid() + turn * 3))
        yield ["opening", ""]


ACTS = {
    each.__name__: each
    for each in (
        pay_each_home, pay_in_pairs, claim_each, pay_with_keys, void_each, pay_and_void, bill_and_offset, bill,
        bill_in_two_ways, office_work, create, work,
    )
}  # fmt: skip


def main(url: str, act: str, till: str) -> None:
    desk = Workplace(Database(url), "样例主管", today=TODAY)
    print("ready", flush=True)
    sys.stdin.readline()
    for outcome in ACTS[act](desk, int(till)):
        print(json.dumps(outcome), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
