"""The story that docs/money.md tells is played through workbook, billing and desk, and each entry compared."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

import pytest
from openpyxl import Workbook
from sqlalchemy import func, select

from feedesk.db import Database
from feedesk.exchange.community_workbook import read_community_workbook
from feedesk.models import Entry, LedgerAccount, Posting, table_of
from feedesk.money import Fen, parse_amount
from feedesk.ops.adjusting import add_charge, reduce_charge
from feedesk.ops.billing import bill_period
from feedesk.ops.bouncing import bounce_payment
from feedesk.ops.changing_tender import change_tender
from feedesk.ops.claiming import claim_unclaimed
from feedesk.ops.closing import close_day
from feedesk.ops.collecting import AdvanceWish, TenderGiven, collect_payment
from feedesk.ops.importing import import_community
from feedesk.ops.offsetting import offset_account
from feedesk.ops.refunding import Deduction, DepositPapers, refund_deposit, refund_payment
from feedesk.ops.releasing import release_revenue
from feedesk.ops.replacing import Part, split_charge
from feedesk.ops.run import Workplace
from feedesk.ops.selling import SaleWish, sell
from feedesk.ops.shifts import close_shift, open_shift
from feedesk.ops.taking_back import reverse_payment, void_payment
from feedesk.ops.transferring import transfer_payment
from feedesk.ops.unclaimed import post_unclaimed, return_unclaimed
from feedesk.ops.waiving import waive
from feedesk.ops.walk_in_deposits import refund_walk_in_deposit
from feedesk.periods import Period
from feedesk.queries.accounts import find_account
from feedesk.queries.price_list import price_list
from feedesk.queries.statement import statement
from feedesk.queries.verification import verify_everything
from tests.databases import copied

Result = TypeVar("Result")
Lines = list[tuple[str, int, str]]

TODAY = date(2026, 11, 23)
DOCUMENT = (Path(__file__).parent.parent / "docs" / "money.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```entry (\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAMES = [name for name, _body in BLOCK.findall(DOCUMENT)]

SHEETS: Mapping[str, tuple[tuple[object, ...], ...]] = {
    "小区": (("小区名称",), ("样例小区",)),
    "房屋": (
        ("房屋编号", "类型", "建筑面积", "状态"),
        ("1-1-101", "住宅", 98.6, "自住"),
        ("1-1-102", "住宅", 98.6, "自住"),
    ),
    "住户": (("房屋编号", "姓名", "身份"), ("1-1-101", "张样甲", "业主"), ("1-1-102", "李样乙", "业主")),
    "收费标准": (
        ("名称", "收费项目", "计费方式", "单价", "款项性质", "生效日期", "周期"),
        ("门禁卡", "门禁卡", "固定金额", "25", "自有", "2020-01-01", "一次性"),
        ("住宅物业费", "物业费", "按面积", "2.80", "自有", "2020-01-01"),
        ("居民水费", "水费", "按用量", "3.04", "代收代付", "2020-01-01"),
    ),
    "适用范围": (
        ("房屋编号", "收费标准", "起始日期"),
        ("*", "住宅物业费", "2026-11-01"),
        ("1-1-101", "居民水费", "2026-11-01"),
    ),
    "抄表": (
        ("房屋编号", "表计", "表号", "抄表日期", "读数"),
        ("1-1-101", "水表", "W1", "2026-10-20", 431),
        ("1-1-101", "水表", "W1", "2026-11-20", 447),
    ),
    "期初欠费": (
        ("房屋编号", "收费项目", "所属期", "金额"),
        ("1-1-101", "物业费", "2026-09", 276.08),
        ("1-1-101", "物业费", "2026-10", 276.08),
    ),
    "期初预存": (("房屋编号", "金额"), ("1-1-102", 300)),
    "违约金": (("收费项目", "日费率", "生效日期"), ("物业费", "0.0005", "2026-12-01")),
}


@dataclass(slots=True)
class Story:
    """A ledger on which the story is played; ``told`` are its entries by the names of the document."""

    database: Database
    told: dict[str, int]
    today: date = TODAY

    def run(self, name: str, op: Callable[..., Result], /, **facts: Any) -> Result:
        """One act, whose entry is remembered by a name of the document."""
        workplace = Workplace(self.database, "样例主管", "样例经理", self.today)
        result = workplace.run_op(op, **facts)
        with self.database.reading() as connection:
            self.told[name] = connection.execute(select(func.max(table_of(Entry).c.id))).scalar_one()
        return result

    def pay(self, name: str, unit: str, tender: str, amount: str, **facts: Any) -> str:
        with self.database.reading() as connection:
            account = find_account(connection, unit, on=self.today).id
        given = TenderGiven(tender, parse_amount(amount), f"{name}-1" if tender in ("wechat", "card") else None)
        return self.run(name, collect_payment, account=account, tenders=[given], **facts).receipt

    def adjust(self, unit: str) -> None:
        """A charge is added, lowered, split, settled from the prepayment, and its revenue released."""
        with self.database.reading() as connection:
            account = find_account(connection, unit, on=self.today).id
        quarter = {"item": "物业费", "period": Period.parse("2026Q4"), "amount": Fen(82824)}
        charge = self.run("supplement", add_charge, account=account, reason="面积有误", **quarter).charge
        self.run("reduction", reduce_charge, charge=charge, amount=Fen(9200), reason="多算")
        self.run("split", split_charge, charge=charge, parts=[Part(Fen(40000)), Part(Fen(33624))], reason="分期")
        self.run("offset", offset_account, account=account)
        self.run("release", release_revenue, month=Period.parse("2026-11"))

    def put_right(self, paid: str) -> None:
        """Money goes back, a tender and an account are corrected, a transfer bounces, a deposit ends."""
        cash = TenderGiven("cash", Fen(5000))
        self.run("refund", refund_payment, receipt=paid, tender=cash, reason="多收")
        wrong = self.pay("booked_as_cash", "1-1-101", "cash", "100.00", charges=(), prepay=Fen(10000))
        wechat = [TenderGiven("wechat", Fen(10000), "W100")]
        self.run("tender_change", change_tender, receipt=wrong, tenders=wechat, reason="实为微信")
        astray = self.pay("astray", "1-1-101", "wechat", "60.00", charges=(), prepay=Fen(6000))
        with self.database.reading() as connection:
            other = find_account(connection, "1-1-102", on=self.today).id
        self.run("transfer", transfer_payment, receipt=astray, account=other, reason="收错户")
        self.told["transfer_out"] = self.told["transfer"] - 1
        sent = self.pay("sent", "1-1-102", "transfer", "40.00", part=True)
        self.run("bounce", bounce_payment, receipt=sent, reason="银行退票")
        slip = self.pay("held", "1-1-102", "card", "500.00", charges=(), deposits=[("门禁押金", Fen(50000))])
        deposit = {"account": other, "name": "门禁押金", "amount": Fen(50000), "papers": DepositPapers(slip=slip)}
        kept = Deduction("物业费", Fen(2000))
        card = TenderGiven("card", Fen(48000))
        self.run("deposit_back", refund_deposit, tender=card, deduction=kept, reason="门禁卡遗失", **deposit)

    def sell(self) -> None:
        """Two access cards are sold to a stranger; a contractor's deposit ends with a deduction."""
        with self.database.reading() as connection:
            card = price_list(connection, on=self.today)[0].tariff
        cash, by_card = TenderGiven("cash", Fen(5000)), TenderGiven("card", Fen(50000), "C50")
        self.run("sale", sell, sales=[SaleWish(card, Fraction(2))], tenders=[cash], payer="样访客")
        deposits = [("装修押金", Fen(50000))]
        slip = self.run("left", sell, deposits=deposits, tenders=[by_card], payer="样装修队").receipt
        deposit = {"receipt": slip, "name": "装修押金", "amount": Fen(50000)}
        papers = DepositPapers(slip=slip, inspected=True)
        kept = Deduction("门禁卡", Fen(10000))
        back = TenderGiven("card", Fen(40000))
        words = {"papers": papers, "deduction": kept, "reason": "完工"}
        self.run("strangers_deposit", refund_walk_in_deposit, tender=back, **deposit, **words)

    def find_money(self) -> None:
        """Money comes without saying for whom: a part is claimed, the rest goes back."""
        came = {"tender": TenderGiven("transfer", Fen(10000), "Z1"), "value_date": date(2026, 12, 8)}
        receipt = self.run("unclaimed", post_unclaimed, remark="物业费", **came).receipt
        with self.database.reading() as connection:
            home = find_account(connection, "1-1-101", on=self.today).id
        claimed = {"receipt": receipt, "account": home, "amount": Fen(6000)}
        self.run("claim", claim_unclaimed, reason="付款人出示回单", **claimed)
        back = TenderGiven("transfer", Fen(4000))
        self.run("unclaimed_back", return_unclaimed, receipt=receipt, tender=back, reason="误汇", payee="王样")

    def oldest(self, unit: str) -> int:
        """The charge due first of what a unit owes."""
        with self.database.reading() as connection:
            account = find_account(connection, unit, on=self.today).id
            return statement(connection, account=account, on=self.today).charges[0].id

    def lines(self, name: str) -> Lines:
        """The postings of an entry as the document writes them."""
        posting, account = table_of(Posting), table_of(LedgerAccount)
        rows = (
            select(account.c.code, posting.c.amount, posting.c.account_id)
            .join(account, account.c.id == posting.c.ledger_account_id)
            .where(posting.c.entry_id == self.told[name])
        )
        with self.database.reading() as connection:
            units = {find_account(connection, unit, on=self.today).id: unit for unit in ("1-1-101", "1-1-102")}
            found = [(row.code, row.amount, units.get(row.account_id, "")) for row in connection.execute(rows)]
        return sorted(found)


@pytest.fixture(scope="module")
def story(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Story:
    folder = tmp_path_factory.mktemp("story")
    story = Story(copied(sqlite_template, folder / "ledger.sqlite"), {})
    story.run("opening", import_community, book=read_community_workbook(_workbook(folder / "book.xlsx")))
    story.run("billing", bill_period, period=Period.parse("2026-11"))
    story.run("shift_open", open_shift, opening_float=Fen(50000))
    cash = story.pay("cash", "1-1-101", "cash", "900.00")
    story.pay("prepaid_used", "1-1-102", "prepaid", "276.08")
    story.pay("prepaid_in", "1-1-102", "wechat", "300.00", prepay=Fen(30000))
    deposit = story.pay("deposit", "1-1-102", "card", "2000.00", deposits=[("装修押金", Fen(200000))])
    story.run("void", void_payment, receipt=deposit, reason="金额不符")
    story.run("shift_close", close_shift, counts={"100": 13, "50": 1, "20": 1, "5": 1, "1": 1, "0.1": 3})
    story.run("day_close", close_day)
    story.today = date(2026, 11, 24)
    story.run("next_shift", open_shift, opening_float=Fen(100000))
    story.run("reversal", reverse_payment, receipt=cash, reason="收错房号")
    story.run("its_close", close_shift)
    story.today = date(2026, 12, 14)
    story.run("waiver", waive, charges=[story.oldest("1-1-101")], principal=Fen(7608), reason="漏水补偿")
    story.run("third_shift", open_shift, opening_float=Fen(100000))
    paid = story.pay("late_fee", "1-1-101", "wechat", "806.59")
    story.adjust("1-1-102")
    story.put_right(paid)
    story.sell()
    story.find_money()
    story.pay("advance", "1-1-102", "wechat", "964.48", advances=[AdvanceWish("物业费", 2)])
    return story


def _workbook(path: Path) -> Path:
    book = Workbook()
    for name, rows in SHEETS.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.remove(book.worksheets[0])
    book.save(path)
    return path


@pytest.mark.parametrize("name", NAMES)
def test_entry_is_booked_as_told(name: str, story: Story) -> None:
    (body,) = (body for told, body in BLOCK.findall(DOCUMENT) if told == name)
    told = []
    for line in body.splitlines():
        code, amount, *unit = line.split()
        told.append((code, int(parse_amount(amount)), "".join(unit)))
    assert sorted(told) == story.lines(name)
    assert sum(amount for _code, amount, _unit in told) == 0


def test_the_story_leaves_a_ledger_that_verifies(story: Story) -> None:
    with story.database.reading() as connection:
        assert verify_everything(connection).problems == ()
    assert len(NAMES) == 30
