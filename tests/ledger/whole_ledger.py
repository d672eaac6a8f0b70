"""A ledger in which every kind of act has happened, small enough to alter every one of its columns.

A workbook brought two units and their balances along; two months are billed, one run was undone. Till 1 worked on two
days, the first of which is closed: payments of all kinds, a void, a reversal, a shift handed over, another one open.
"""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from feedesk.db import Database
from feedesk.exchange.community_workbook import read_community_workbook
from feedesk.money import Fen
from feedesk.ops.adjusting import add_charge, reduce_charge
from feedesk.ops.banking import pay_cash_in
from feedesk.ops.billing import bill_period, undo_billing
from feedesk.ops.bouncing import bounce_payment
from feedesk.ops.changing_tender import change_tender
from feedesk.ops.claiming import claim_unclaimed
from feedesk.ops.closing import close_day
from feedesk.ops.collecting import AdvanceWish, collect_payment
from feedesk.ops.conceding import add_policy
from feedesk.ops.disputing import hold_charge, release_charge
from feedesk.ops.drawer import move_cash
from feedesk.ops.importing import import_community
from feedesk.ops.moving import Carried, Newcomer, change_hands
from feedesk.ops.offsetting import offset_account, reverse_offset
from feedesk.ops.payment_posting import TenderGiven
from feedesk.ops.referencing import add_reference
from feedesk.ops.refunding import Deduction, DepositPapers, refund_deposit, refund_payment
from feedesk.ops.refunding_months import refund_months
from feedesk.ops.releasing import release_revenue
from feedesk.ops.replacing import Part, merge_charges, split_charge
from feedesk.ops.requesting import approve_request, carry_out_request, refuse_request, request_decision
from feedesk.ops.run import Workplace
from feedesk.ops.selling import SaleWish, sell
from feedesk.ops.setting_up import add_till
from feedesk.ops.shifts import close_shift, open_shift
from feedesk.ops.signing_off import review_shift, take_over
from feedesk.ops.taking_back import reverse_payment, void_payment
from feedesk.ops.transferring import transfer_payment
from feedesk.ops.unclaimed import post_unclaimed, return_unclaimed
from feedesk.ops.waiving import waive
from feedesk.ops.walk_in_deposits import refund_walk_in_deposit
from feedesk.ops.wishes import Wish
from feedesk.periods import Period
from feedesk.queries.accounts import find_account
from feedesk.queries.price_list import price_list
from feedesk.queries.requests import RequestKind
from feedesk.queries.sign_offs import Thing
from feedesk.queries.statement import statement
from feedesk.rules.community_rows import CommunityBook
from feedesk.rules.drawer import Movement
from feedesk.rules.policy_terms import PolicyTerms

YESTERDAY, TODAY = date(2026, 11, 22), date(2026, 11, 23)
Sheets = Mapping[str, Sequence[Sequence[Any]]]
SHEETS: Sheets = {
    "小区": [("小区名称", "物业公司"), ("锦绣江南小区", "温江和泰物业(样例)")],
    "房屋": [
        ("房屋编号", "类型", "建筑面积", "交付日期"),
        ("3-1-502", "住宅", "98.60", "2020-01-01"),
        ("S-01", "商铺", "40.00", "2020-01-01"),
    ],
    "住户": [("房屋编号", "姓名", "身份"), ("3-1-502", "张样燕", "业主"), ("S-01", "李样", "业主")],
    "收费标准": [
        ("名称", "收费项目", "计费方式", "单价", "生效日期", "周期"),
        ("门禁卡", "门禁卡", "固定金额", "25", "2026-01-01", "一次性"),
        ("住宅物业费", "物业费", "按面积", "2.80", "2026-01-01"),
        ("生活用水", "水费", "按用量", "3.04", "2026-01-01"),
        ("车位", "车位服务费", "固定金额", "300", "2026-01-01"),
    ],
    "适用范围": [
        ("房屋编号", "收费标准", "起始日期"),
        *(
            (units, tariff, "2026-01-01")
            for units, tariff in (("*", "住宅物业费"), ("*", "生活用水"), ("S-01", "车位"))
        ),
    ],
    "抄表": [
        ("房屋编号", "表计", "表号", "抄表日期", "读数"),
        *(("3-1-502", "水表", "W1", day, reading) for day, reading in (("2026-09-28", 431), ("2026-10-28", 447))),
        ("3-1-502", "水表", "W1", "2026-11-20", 460),
    ],
    "期初欠费": [
        ("房屋编号", "收费项目", "所属期", "金额", "说明"),
        ("3-1-502", "物业费", "2026-08", "276.08", "旧系统"),
        ("S-01", "车位服务费", "2026-08", "300.00", ""),
    ],
    "期初缴至": [("房屋编号", "收费项目", "缴至日期", "未服务期金额"), ("S-01", "物业费", "2026-10-31", "112.00")],
    "违约金": [("收费项目", "日费率", "生效日期"), ("车位服务费", "0.0005", "2026-01-01")],
    "期初预存": [("房屋编号", "金额", "说明"), ("3-1-502", "120.00", "旧系统")],
    "期初押金": [
        ("房屋编号", "名称", "金额", "收取日期", "原票号"),
        ("S-01", "装修押金", "1000", "2025-03-01", "0712"),
    ],
}


def build(database: Database) -> None:
    """Fills an empty training ledger."""
    Workplace(database, "样例管理员", today=YESTERDAY).run_op(add_till)
    desk = Workplace(database, "样例主管", today=YESTERDAY)
    bring_along(desk, SHEETS)
    november = Period.parse("2026-11")
    desk.run_op(bill_period, period=november, item="物业费")
    desk.run_op(undo_billing, period=november, reason="价格有误")
    desk.run_op(bill_period, period=Period.parse("2026-10"))
    desk.run_op(bill_period, period=november)
    home, shop = (desk.read(find_account, text=code, on=TODAY).id for code in ("3-1-502", "S-01"))
    _first_day(desk, home, shop)
    _in_the_office(replace(desk, today=TODAY, approver="样例经理"), home, shop)
    _late(replace(desk, today=TODAY, approver="样例经理"), home, shop)
    _second_day(replace(desk, today=TODAY), home, shop)


def bring_along(desk: Workplace, sheets: Sheets) -> None:
    """Imports a workbook of these rows."""
    desk.run_op(import_community, book=read_book(sheets), dry_run=False)


def read_book(sheets: Sheets) -> CommunityBook:
    """A workbook of these rows, each sheet's header first, written and read."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for title, rows in sheets.items():
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "资料簿.xlsx"
        workbook.save(path)
        return read_community_workbook(path)


def _first_day(desk: Workplace, home: int, shop: int) -> None:
    desk.run_op(open_shift, opening_float=Fen(50000))
    paid = desk.run_op(collect_payment, account=home, tenders=[cash(100000)], print_slip=True)
    desk.run_op(void_payment, receipt=paid.receipt, reason="收错房号")
    desk.run_op(collect_payment, account=home, tenders=[cash(10000)], part=True)
    tenders = [TenderGiven("wechat", Fen(30000), "WX01"), cash(100000)]
    desk.run_op(collect_payment, account=shop, tenders=tenders, keep_change=True)
    desk.run_op(move_cash, kind=Movement.PETTY_CASH, amount=Fen(2000), purpose="办公用品")
    desk.run_op(move_cash, kind=Movement.CHANGE_IN, amount=Fen(10000), purpose="换零钱")
    shift = desk.run_op(close_shift, counts={"100": 15, "50": 1}).shift
    other = replace(desk, actor="样例收费员")
    other.run_op(take_over, shift=shift, counted=Fen(150000), accepted=False, remark="少一张 50 元")
    other.run_op(take_over, shift=shift, things=[Thing("收据印章", 1), Thing("门禁卡", 20)])
    replace(desk, actor="样例财务").run_op(review_shift, shift=shift, remark="已核对")
    desk.run_op(close_day)


def _in_the_office(desk: Workplace, home: int, shop: int) -> None:
    """Charges are added, lowered, split and merged; deferred revenue is released; a prepayment settles what it can."""
    quarter = {"account": shop, "item": "物业费", "period": Period.parse("2026Q4"), "due": date(2026, 12, 31)}
    charges = [desk.run_op(add_charge, amount=Fen(amount), reason="漏算", **quarter).charge for amount in (9200, 18400)]
    desk.run_op(release_revenue, month=Period.parse("2026-11"))
    desk.run_op(reduce_charge, charge=charges[0], amount=Fen(4600), reason="面积有误")
    parts = desk.run_op(split_charge, charge=charges[1], parts=[Part(Fen(400)), Part(Fen(18000))], reason="分期").by
    desk.run_op(merge_charges, charges=parts, reason="一并收取")
    desk.run_op(release_revenue, month=Period.parse("2026-12"))
    made = desk.run_op(offset_account, account=home)
    assert made is not None
    desk.run_op(reverse_offset, payment=made.payment, reason="业主要求")
    desk.run_op(offset_account, account=home)


def _late(desk: Workplace, home: int, shop: int) -> None:
    """A charge of 100.00 that is 54 days late is held, released and waived in part; principal is waived too."""
    late = {"account": shop, "item": "车位服务费", "period": Period.parse("2026-09"), "due": date(2026, 9, 30)}
    charge = desk.run_op(add_charge, amount=Fen(10000), reason="漏算", **late).charge
    desk.run_op(hold_charge, charges=[charge], reason="车位被占")
    desk.run_op(release_charge, charges=[charge], reason="已核实")
    desk.run_op(waive, charges=[charge], late_fee=Fen(100), reason="首次逾期")
    owed = desk.read(statement, account=home, on=TODAY).charges
    desk.run_op(waive, charges=[owed[-1].id], principal=Fen(1000), reason="漏水补偿")


def _second_day(desk: Workplace, home: int, shop: int) -> None:
    desk.run_op(open_shift, opening_float=Fen(50000))
    slip = {"slip": "JK-0001", "first_day": YESTERDAY, "last_day": YESTERDAY}
    desk.run_op(pay_cash_in, amount=Fen(50000), **slip)
    approved = replace(desk, approver="样例经理")
    approved.run_op(reverse_payment, receipt="SJ-2026-1-000002", reason="重复收款")
    desk.run_op(collect_payment, account=shop, tenders=[TenderGiven("prepaid", Fen(500))], prepay=Fen(500))
    deposits = [("装修押金", Fen(50000))]
    desk.run_op(collect_payment, account=home, tenders=[cash(60000)], charges=(), deposits=deposits, payer="王样")
    desk.run_op(collect_payment, account=home, tenders=[cash(100005)])
    _put_right(approved, home, shop)
    _change_hands(approved, shop)
    _sell(approved)
    _ask(desk, home)
    _months_back(approved, home)
    _find_money(approved, home)
    desk.run_op(close_shift)
    desk.run_op(open_shift, opening_float=Fen(20000))


def _ask(desk: Workplace, home: int) -> None:
    """A waiver is asked for and approved, another refused; a refund is released and carried out."""
    manager = replace(desk, actor="样例经理", approver=None)
    owed = desk.read(statement, account=home, on=TODAY).charges[0]
    asked = []
    for amount in (300, 700):
        wish = Wish(RequestKind.PRINCIPAL, Fen(amount), charges=(owed.id,))
        asked.append(desk.run_op(request_decision, wish=wish, reason="电梯停运").request)
        decide = approve_request if amount == 300 else refuse_request
        manager.run_op(decide, request=asked[-1], words="仅此一次")
    paid = desk.run_op(collect_payment, account=home, tenders=[cash(3000)], part=True).receipt
    wish = Wish(RequestKind.PAYMENT, Fen(1000), receipt=paid, tender="cash")
    back = desk.run_op(request_decision, wish=wish, reason="多收").request
    manager.run_op(approve_request, request=back)
    desk.run_op(carry_out_request, request=back)


def _sell(desk: Workplace) -> None:
    """Two access cards are sold to a stranger, one comes back; a contractor's deposit goes back less what is kept."""
    card = desk.read(price_list, on=TODAY)[0].tariff
    sold = desk.run_op(sell, tenders=[cash(5000)], sales=[SaleWish(card, Fraction(2))], payer="样访客").receipt
    desk.run_op(refund_payment, receipt=sold, tender=cash(2500), reason="退一张")
    left = desk.run_op(sell, tenders=[cash(20000)], deposits=[("装修押金", Fen(20000))], payer="样装修队").receipt
    papers = DepositPapers(slip=left, inspected=True)
    deposit = {"receipt": left, "name": "装修押金", "amount": Fen(15000), "papers": papers}
    kept = Deduction("门禁卡", Fen(2500))
    desk.run_op(refund_walk_in_deposit, tender=cash(12500), deduction=kept, reason="完工", **deposit)


def _put_right(desk: Workplace, home: int, shop: int) -> None:
    """A wrong tender, a wrong account, a transfer that bounced, a refund, a deposit given back."""
    charge = {"item": "车位服务费", "period": Period.parse("2026-11"), "due": TODAY, "reason": "漏算"}
    for account in (home, shop, shop):
        desk.run_op(add_charge, account=account, amount=Fen(5000), **charge)
    paid = desk.run_op(collect_payment, account=shop, tenders=[cash(5000)], part=True).receipt
    desk.run_op(change_tender, receipt=paid, tenders=[TenderGiven("wechat", Fen(5000), "WX09")], reason="实为微信")
    moved = desk.run_op(transfer_payment, receipt=paid, account=home, reason="收错户").receipt
    desk.run_op(refund_payment, receipt=moved, tender=cash(2000), reason="多收")
    sent = desk.run_op(collect_payment, account=shop, tenders=[TenderGiven("transfer", Fen(4000), "ZZ1")], part=True)
    desk.run_op(bounce_payment, receipt=sent.receipt, reason="退票")
    late = desk.run_op(collect_payment, account=shop, tenders=[TenderGiven("transfer", Fen(1000))], part=True)
    desk.run_op(add_reference, payment=late.payment, sequence=0, reference="ZZ2")
    papers = DepositPapers(slip="0712", inspected=True, payee="王样", authorisation="授权书")
    deposit = {"name": "装修押金", "amount": Fen(30000), "papers": papers, "deduction": Deduction("物业费", Fen(1000))}
    desk.run_op(refund_deposit, account=shop, tender=cash(29000), reason="完工", **deposit)


def _change_hands(desk: Workplace, shop: int) -> None:
    """The shop gets another owner, to whom what is left of the deposit and of the prepayment goes over."""
    prepaid = desk.read(statement, account=shop, on=TODAY).prepaid
    carried = Carried(Fen(min(prepaid, 100)), (("装修押金", Fen(10000)),))
    newcomer = Newcomer("赵样", phone="12000000009")
    desk.run_op(
        change_hands, account=shop, first_day=TODAY, newcomer=newcomer, paper="过户协议 2026-07", carried=carried
    )


def _months_back(desk: Workplace, home: int) -> None:
    """Three months ahead with a concession are paid, and two of them given back: the third is billed anew."""
    terms: dict[str, Any] = {
        "name": "预缴满三月95折",
        "condition": "预缴>=3月",
        "method": "百分比",
        "value": Fraction(5),
    }
    desk.run_op(add_policy, terms=PolicyTerms(items=("物业费",), valid_from=date(2026, 1, 1), **terms))
    owed = desk.read(statement, account=home, on=TODAY).charges
    money = Fen(sum(one.due for one in owed) + 3 * 26228)
    facts = {"charges": [one.id for one in owed], "advances": [AdvanceWish("物业费", 3)]}
    tenders = [TenderGiven("card", money, "POS-3")]
    paid = desk.run_op(collect_payment, account=home, tenders=tenders, **facts).receipt
    back = TenderGiven("wechat", Fen(3 * 26228 - 27608))
    desk.run_op(refund_months, receipt=paid, months=[AdvanceWish("物业费", 2)], tender=back, reason="搬走")


def _find_money(desk: Workplace, home: int) -> None:
    """Money of unknown origin comes twice: one item is claimed in part and returned in part, one is open."""
    known = {"value_date": YESTERDAY, "sender": "王样", "remark": "物业费"}
    came = [
        desk.run_op(post_unclaimed, tender=TenderGiven("transfer", Fen(amount), f"WZ{amount}"), **known).receipt
        for amount in (50000, 30000)
    ]
    desk.run_op(claim_unclaimed, receipt=came[0], account=home, amount=Fen(20000), charges=(), reason="出示回单")
    desk.run_op(return_unclaimed, receipt=came[0], tender=TenderGiven("transfer", Fen(10000)), reason="误汇")


def cash(amount: int) -> TenderGiven:
    return TenderGiven("cash", Fen(amount))
