"""A ledger in which every kind of act has happened, small enough to alter every one of its columns.

Till 1 worked on two days, the first of which is closed; receipts, a void, a reversal, prepayments and a deposit are in
it, a billing run with metered charges, one that was undone, and balances brought along.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import select

from feedesk import models
from feedesk.db import Database, next_ids
from feedesk.ledger import chart
from feedesk.ledger.posting import OFFICE_CHAIN, PostingLine, begin_entry
from feedesk.ledger.sealing import SEALED, stored
from feedesk.models import table_of
from feedesk.money import Fen
from feedesk.ops.closing import close_day
from feedesk.ops.collecting import collect_payment
from feedesk.ops.payment_posting import TenderGiven
from feedesk.ops.permissions import Permission, requires
from feedesk.ops.run import Act, Workplace
from feedesk.ops.setting_up import add_till
from feedesk.ops.shifts import close_shift, open_shift
from feedesk.ops.taking_back import reverse_payment, void_payment
from feedesk.periods import Period
from tests.community import SmallCommunity, small_community

YESTERDAY, TODAY = date(2026, 11, 22), date(2026, 11, 23)


def build(database: Database) -> None:
    """Fills an empty training ledger."""
    today = small_community(database)
    first = replace(today, workplace=replace(today.workplace, today=YESTERDAY))
    Workplace(database, "样例管理员", today=YESTERDAY).run_op(add_till)
    home = first.unit("3-1-502")
    shop = first.unit("S-01", resident="李样", kind="商铺")
    meter = first.add(models.Meter, unit_id=1, kind="水表", number="W1", multiplier=Fraction(1))
    readings = [
        first.add(models.MeterReading, meter_id=meter, read_on=day, reading=Fraction(reading))
        for day, reading in ((date(2026, 9, 28), 431), (date(2026, 10, 28), 447), (date(2026, 11, 28), 460))
    ]
    first.charge(home, "物业费", "2026-08", 27608, discount=2761, concession="老年减免")
    first.charge(shop, "车位服务费", "2026-09", 30000)
    first.run(_bring_along, home=home, shop=shop)
    first.run(_bill, period="2026-10", item="水费", accounts=[home, shop], usage=(meter, readings[0], readings[1]))
    run = first.run(_bill, period="2026-11", item="物业费", accounts=[home, shop])
    first.run(_undo, run=run)
    first.run(_bill, period="2026-11", item="水费", accounts=[home], usage=(meter, readings[1], readings[2]))
    _first_day(first, home, shop)
    _second_day(today, home, shop)


def _first_day(desk: SmallCommunity, home: int, shop: int) -> None:
    desk.run(open_shift, opening_float=Fen(50000))
    paid = desk.run(collect_payment, account=home, tenders=[TenderGiven("cash", Fen(40000))], print_slip=True)
    desk.run(void_payment, receipt=paid.receipt, reason="收错房号")
    desk.run(collect_payment, account=home, tenders=[TenderGiven("cash", Fen(10000))], part=True)
    tenders = [TenderGiven("wechat", Fen(30000), "WX01"), TenderGiven("cash", Fen(10000))]
    desk.run(collect_payment, account=shop, tenders=tenders, keep_change=True)
    desk.run(close_shift, counts={"100": 6, "50": 1})
    desk.run(close_day)


def _second_day(desk: SmallCommunity, home: int, shop: int) -> None:
    desk.run(open_shift, opening_float=Fen(50000))
    approved = replace(desk.workplace, approver="样例经理")
    approved.run_op(reverse_payment, receipt="SJ-2026-1-000002", reason="重复收款")
    desk.run(collect_payment, account=shop, tenders=[TenderGiven("prepaid", Fen(500))], prepay=Fen(500))
    desk.run(
        collect_payment,
        account=home,
        tenders=[TenderGiven("cash", Fen(60000))],
        deposits=[("装修押金", Fen(50000))],
        payer="王样",
    )
    desk.run(close_shift)
    desk.run(open_shift, opening_float=Fen(20000))


@requires(Permission.IMPORT_RECORDS)
def _bring_along(act: Act, *, home: int, shop: int) -> None:
    opening = table_of(models.Opening)
    draft = _office_entry(act, "opening")
    nothing: dict[str, Any] = {"fee_item_id": None, "name": "", "amount": 0, "paid_through": None, "note": ""}
    draft.add(opening, {**nothing, "kind": "prepayment", "account_id": home, "amount": 12000, "note": "旧系统"})
    draft.add(opening, {**nothing, "kind": "deposit", "account_id": shop, "name": "装修押金", "amount": 100000})
    through = {"kind": "paid_through", "account_id": shop, "fee_item_id": 1, "paid_through": date(2026, 10, 31)}
    draft.add(opening, {**nothing, **through})
    draft.seal(
        [
            PostingLine(chart.OPENING, Fen(112000)),
            PostingLine(chart.PREPAYMENTS, Fen(-12000), home),
            PostingLine(chart.deposits("装修押金"), Fen(-100000), shop),
        ]
    )


def _office_entry(act: Act, kind: str, reverses: int | None = None) -> Any:
    return begin_entry(
        act.connection,
        chain=OFFICE_CHAIN,
        kind=kind,
        business_date=act.business_date,
        recorded_at=act.now,
        actor_id=act.actor.id,
        reverses_id=reverses,
        reason="价格有误" if reverses else "",
    )


@requires(Permission.BILL)
def _bill(
    act: Act, *, period: str, item: str, accounts: Sequence[int], usage: tuple[int, int, int] | None = None
) -> int:
    charge, charge_usage = table_of(models.Charge), table_of(models.ChargeUsage)
    fee_item = act.connection.execute(select(models.FeeItem.id).where(models.FeeItem.name == item)).scalar_one()
    draft = _office_entry(act, "billing")
    draft.add(
        table_of(models.BillingRun),
        {"period": period, "count": len(accounts), "total": 4864 * len(accounts), "discount": 0},
    )
    rows = []
    for key, account in zip(next_ids(act.connection, charge, len(accounts)), accounts, strict=True):
        rows.append(
            {
                "id": key,
                "entry_id": draft.id,
                "account_id": account,
                "unit_id": account,
                "fee_item_id": fee_item,
                "tariff_version_id": None,
                "period": period,
                "source": "run",
                "number": 1,
                "serves_from": Period.parse(period).first_day,
                "serves_to": Period.parse(period).last_day,
                "gross": 4864,
                "discount": 0,
                "due_date": Period.parse(period).last_day,
                "basis": "16 吨 × 3.04",
                "snapshot": json.dumps({"price": "3.04"}),
            }
        )
    act.connection.execute(charge.insert(), rows)
    draft.digest_stored(charge, [tuple(stored(row[column]) for column in SEALED["charge"]) for row in rows])
    if usage is not None:
        meter, before, after = usage
        values = {"charge_id": rows[0]["id"], "meter_id": meter, "from_reading_id": before, "to_reading_id": after}
        act.connection.execute(charge_usage.insert(), {**values, "usage": Fraction(16)})
        draft.digest_stored(charge_usage, [(rows[0]["id"], meter, before, after, 16000)])
    total = Fen(4864 * len(accounts))
    sealed = draft.seal(
        [PostingLine(chart.receivable(item), total), PostingLine(chart.earned(item, "代收代付"), Fen(-total))]
    )
    return int(sealed.id)


@requires(Permission.UNDO_BILLING)
def _undo(act: Act, *, run: int) -> None:
    charge = table_of(models.Charge)
    draft = _office_entry(act, "billing_undo", reverses=run)
    cancelled = charge.update().where(charge.c.entry_id == run).values(status="cancelled", cancelled_by=draft.id)
    act.connection.execute(cancelled)
    posting, account = table_of(models.Posting), table_of(models.LedgerAccount)
    lines = act.connection.execute(
        select(account, posting.c.amount, posting.c.account_id)
        .join(posting, posting.c.ledger_account_id == account.c.id)
        .where(posting.c.entry_id == run)
        .order_by(posting.c.sequence)
    )
    draft.seal(
        [
            PostingLine(chart.AccountKind(row.code, row.name, row.kind), Fen(-row.amount), row.account_id)
            for row in lines
        ]
    )
