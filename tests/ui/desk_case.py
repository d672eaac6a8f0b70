"""The case of the design's picture of the desk: ten open charges, one in dispute, 1,998.41 due."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from feedesk.money import Fen, parse_amount
from feedesk.ui.pages.desk.page import DeskFunctions, DeskPage, Taken
from feedesk.ui.pages.desk.rows import AccountCardRow, ChargeLine, CollectionOrder, DeskStatement, TenderChoice
from feedesk.ui.widgets.search_field import SearchHit

_ROWS = (
    ("物业费", "2026-08", "98.60 ㎡ × 2.80", "276.08", "27.61", "6.26", "254.73", 84),
    ("水费", "2026-08", "412→431 · 19 吨 × 3.04", "57.76", "0", "0", "57.76", 84),
    ("公摊电费", "2026-08", "6,837.60 × 98.60 ÷ 18,240 ㎡", "36.96", "0", "0", "36.96", 84),
    ("物业费", "2026-09", "98.60 ㎡ × 2.80", "276.08", "27.61", "4.03", "252.50", 54),
    ("车位服务费", "2026-09", "B1-087 · 月租", "300.00", "0", "4.86", "304.86", 54),
    ("水费", "2026-09", "431→447 · 16 吨 × 3.04", "48.64", "0", "0", "48.64", 54),
    ("物业费", "2026-10", "98.60 ㎡ × 2.80", "276.08", "27.61", "1.71", "250.18", 23),
    ("车位服务费", "2026-10", "B1-087 · 月租", "300.00", "0", "2.07", "302.07", 23),
    ("物业费", "2026-11", "98.60 ㎡ × 2.80", "276.08", "27.61", "0", "248.47", 0),
    ("车位服务费", "2026-11", "B1-087 · 月租", "300.00", "0", "0", "300.00", 0),
)
_DUE_DATES = {"2026-08": date(2026, 8, 31), "2026-09": date(2026, 9, 30), "2026-10": date(2026, 10, 31)}
DISPUTED = 2

TENDERS = (
    TenderChoice("cash", "现金", gives_change=True),
    TenderChoice("wechat", "微信"),
    TenderChoice("alipay", "支付宝"),
    TenderChoice("card", "刷卡", asks_reference=True),
    TenderChoice("transfer", "转账", asks_reference=True),
    TenderChoice("prepaid", "预存", prepaid=True),
)

CARD = AccountCardRow(
    account=502,
    number="H000502",
    unit="3-1-502",
    unit_note="3栋1单元502 · 计费面积 98.60 ㎡",
    resident="张样燕",
    phone="138 **** 6621",
    chips=(("good", "自住"), ("warn", "老年减免 10%"), ("danger", "欠费 3 个月")),
    prepaid=parse_amount("120.00"),
    deposits=parse_amount("2000.00"),
    parking="B1-087 川A·7K2Q9",
    last_payment=(date(2026, 8, 3), parse_amount("912.40")),
    reminders=("10-14 电话催缴：\n承诺 11 月底前缴", "8 月水费争议处理中\n（投诉 TS-0312）"),
)


def charge_lines() -> tuple[ChargeLine, ...]:
    """The charges of the picture, numbered from 1; number 2 is in dispute."""
    lines = []
    for number, (item, period, basis, amount, discount, late_fee, due, days) in enumerate(_ROWS, 1):
        fen = parse_amount(due)
        late = parse_amount(late_fee)
        lines.append(
            ChargeLine(
                id=number,
                item=item,
                period=period,
                basis=basis,
                amount=parse_amount(amount),
                discount=parse_amount(discount),
                late_fee=late,
                principal=Fen(fen - late),
                due=fen,
                due_date=_DUE_DATES.get(period, date(2026, 11, 30)),
                group=period,
                overdue_days=days,
                frozen=number == DISPUTED,
            )
        )
    return tuple(lines)


STATEMENT = DeskStatement(CARD, charge_lines(), date(2026, 11, 23), "未出账：水费、公摊电费")


@dataclass
class DeskCase:
    """A desk over the picture's case that remembers what it was asked."""

    queries: list[str] = field(default_factory=list)
    opened: list[object] = field(default_factory=list)
    orders: list[CollectionOrder] = field(default_factory=list)
    refuse_with: Exception | None = None
    hits: Sequence[SearchHit] = (SearchHit(502, "3-1-502", "张样燕", "拼音首字母"), SearchHit(702, "3-1-702", "赵样英"))

    def page(self) -> DeskPage:
        made = DeskPage(DeskFunctions(self._find, self._open, self._take, lambda: "SJ-2026-1-004289", lambda _more: ()))
        made.set_tenders(TENDERS)
        return made

    def _find(self, text: str) -> Sequence[SearchHit]:
        self.queries.append(text)
        return self.hits

    def _open(self, target: object) -> DeskStatement:
        self.opened.append(target)
        return STATEMENT

    def _take(self, order: CollectionOrder) -> Taken:
        self.orders.append(order)
        if self.refuse_with is not None:
            raise self.refuse_with
        return Taken("SJ-2026-1-004289", "3-1-502", "张样燕", parse_amount("1998.40"), parse_amount("1.60"))
