"""The case of the design's picture of the day close, with cash that adds up behind the dots."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from feedesk.ledger.verify import Verification
from feedesk.money import Fen, parse_amount
from feedesk.ops.banking import CashPaidIn
from feedesk.ops.closing import DayClosed, DayReopened
from feedesk.ops.collecting import ReferenceUsed
from feedesk.ops.drawer import CashMoved, PurposeMissing
from feedesk.ops.drawer_count import DrawerCounted
from feedesk.ops.interim import NoShiftRunning
from feedesk.ops.referencing import ReferenceAdded
from feedesk.ops.shifts import ShiftClosed
from feedesk.queries.closing_view import CashInTransitKnown, ClosingView
from feedesk.queries.desk import OpenShift
from feedesk.queries.references import MissingReference
from feedesk.queries.shift_report import ShiftReport
from feedesk.queries.shifts import ShiftRow
from feedesk.queries.transit import CashToPayIn
from feedesk.rules.cash_count import counted_cash
from feedesk.rules.day_summary import BookRange, ReceiptsIssued, TenderColumn
from feedesk.rules.drawer import Movement
from feedesk.rules.takings import Group, Share, TakingsRow, without_cash
from feedesk.rules.variance import likely_causes
from feedesk.ui.pages.dayclose.bank_sheet import Slip
from feedesk.ui.pages.dayclose.functions import BoardFunctions, DayCloseFunctions, PaperFunctions

TODAY = date(2026, 11, 23)
OPENED = datetime(2026, 11, 23, 8, 30).astimezone()
FLOAT = Fen(50000)
EXPECTED = parse_amount("3982.40")
COUNTS = {"100": 28, "50": 9, "20": 14, "10": 32, "5": 21, "1": 24, "0.5": 6, "0.1": 4}

TENDERS = tuple(
    TenderColumn(code, name, kind)
    for code, name, kind in (
        ("cash", "现金", "cash"),
        ("wechat", "微信", "channel"),
        ("alipay", "支付宝", "channel"),
        ("card", "刷卡", "channel"),
        ("transfer", "转账", "bank"),
        ("prepaid", "预存抵扣", "prepaid"),
    )
)


def _row(group: Group, item: str, count: int, **amounts: str) -> TakingsRow:
    return TakingsRow(group, item, count, {code: parse_amount(amount) for code, amount in amounts.items()})


ROWS = (
    _row(
        Group.OWN, "物业费", 41, cash="1980.30", wechat="14356.20", alipay="6120.00", card="3313.00", prepaid="240.00"
    ),
    _row(Group.OWN, "车位服务费", 18, cash="600.00", wechat="3900.00", alipay="900.00"),
    _row(Group.AGENCY, "水费", 33, cash="402.80", wechat="1204.50", alipay="388.10"),
    _row(Group.AGENCY, "公摊电费", 30, cash="288.14", wechat="702.36", alipay="230.14"),
    _row(Group.LATE_FEE, "违约金", 12, cash="11.40", wechat="86.40", alipay="23.80"),
    _row(Group.PREPAYMENT, "预存款", 5, cash="200.00", wechat="1500.00"),
    _row(Group.DEPOSIT, "装修押金", 1, card="2000.00"),
    _row(Group.ROUNDING, "抹零", 4, cash="-0.24"),
)
RETURNED = TakingsRow(Group.OWN, "", 1, {"wechat": parse_amount("-300.00")})


def shift_row(number: int, *, is_open: bool, over_short: int = 0, till: int = 1) -> ShiftRow:
    """A shift of the day, ended at 17:58 unless it is open."""
    return ShiftRow(
        id=number,
        till=till,
        till_name=f"{till} 号台",
        cashier="样例收费员",
        business_date=TODAY,
        opened_at=OPENED,
        opening_float=FLOAT,
        is_open=is_open,
        closed_at=None if is_open else OPENED.replace(hour=17, minute=58),
        expected=None if is_open else EXPECTED,
        counted=None if is_open else Fen(EXPECTED + over_short),
        over_short=None if is_open else Fen(over_short),
        counts={},
    )


def picture_view(*, is_open: bool = True, blind: bool = True, **facts: object) -> ClosingView:
    """The day of the picture; ``facts`` replace fields."""
    cash = frozenset({"cash"}) if blind else frozenset[str]()
    values: dict[str, object] = {
        "day": TODAY,
        "today": TODAY,
        "own": OpenShift(1, 1, 1, "1 号台", 1, "样例收费员", TODAY, OPENED) if is_open else None,
        "own_float": FLOAT,
        "shifts": (shift_row(1, is_open=is_open),),
        "blind": blind,
        "tenders": TENDERS,
        "rows": without_cash(ROWS, cash),
        "returned": without_cash((RETURNED,), cash)[0],
        "shares": None
        if blind
        else {
            Share.CURRENT.value: parse_amount("12306.50"),
            Share.ARREARS.value: parse_amount("20110.00"),
            Share.ADVANCE.value: parse_amount("2200.00"),
        },
        "receipts": ReceiptsIssued((BookRange("1 号台", "SJ-2026-1-004271", "SJ-2026-1-004317", 47, 1),), 2),
        "slips": (),
        "earlier": None,
        "transit": CashInTransitKnown(date(2026, 11, 22), parse_amount("3105.20")),
        "closed": None,
        **facts,
    }
    return ClosingView(**values)  # type: ignore[arg-type]


@dataclass
class ClosingCase:
    """The page's functions over the picture's day, remembering what was asked."""

    view: ClosingView = field(default_factory=picture_view)
    expected: Fen = EXPECTED
    counted: list[Mapping[str, int]] = field(default_factory=list)
    asked: list[tuple[date | None, int | None]] = field(default_factory=list)
    folder: Path = Path("/nowhere/exports")
    opened: list[Path] = field(default_factory=list)
    slips: list[Slip] = field(default_factory=list)
    moved: list[tuple[Movement, Fen, str]] = field(default_factory=list)
    tills: list[int | None] = field(default_factory=list)
    added: list[tuple[int, int, str]] = field(default_factory=list)
    printed: list[int] = field(default_factory=list)

    def functions(self) -> DayCloseFunctions:
        return DayCloseFunctions(
            view=self._view,
            count=self._count,
            close_shift=self._close_shift,
            move_cash=self._move_cash,
            reopen=self._reopen,
            to_pay_in=lambda: CashToPayIn(parse_amount("3105.20"), date(2026, 11, 22), date(2026, 11, 22)),
            pay_in=self._pay_in,
            causes=lambda shift, over_short: likely_causes((), over_short),
            close_day=self._close_day,
            export=lambda day: self.folder / "x.xlsx",
            summary_path=lambda day: self.folder / f"收费日报 {day.isoformat()}.xlsx",
            choose_folder=lambda folder: setattr(self, "folder", folder),
            open_path=self.opened.append,
            board=BoardFunctions(
                add_reference=self._add_reference,
                wake=lambda: None,
                use_till=self.tills.append,
                verify=lambda: Verification(1, ()),
            ),
            papers=PaperFunctions(self._x_report, lambda report: None, self.printed.append),
        )

    def _add_reference(self, missing: MissingReference, reference: str, same: bool) -> ReferenceAdded:
        if reference == "USED" and not same:
            raise ReferenceUsed(tender=missing.tender, reference=reference, receipt="SJ-2026-1-004270")
        self.added.append((missing.payment, missing.sequence, reference))
        return ReferenceAdded(missing.receipt, missing.tender, reference)

    def _x_report(self) -> ShiftReport:
        raise NoShiftRunning(till=1)

    def _view(self, day: date | None, counted_shift: int | None) -> ClosingView:
        self.asked.append((day, counted_shift))
        if counted_shift is not None and self.view.blind:
            return picture_view(blind=False)
        return self.view

    def _count(self, counts: Mapping[str, int]) -> DrawerCounted:
        self.counted.append(dict(counts))
        return DrawerCounted(1, FLOAT, self.expected, counted_cash(counts))

    def _close_shift(self, counts: Mapping[str, int], _reason: str) -> ShiftClosed:
        counted = counted_cash(counts)
        over = Fen(counted - self.expected)
        self.view = picture_view(is_open=False, blind=False, shifts=(shift_row(1, is_open=False, over_short=over),))
        return ShiftClosed(1, 1, "样例收费员", FLOAT, self.expected, counted, over, {}, dict(counts), OPENED, TODAY)

    def _move_cash(self, kind: Movement, amount: Fen, purpose: str) -> CashMoved:
        if not purpose:
            raise PurposeMissing
        self.moved.append((kind, amount, purpose))
        return CashMoved(1, kind, amount, Fen(FLOAT - amount))

    def _reopen(self, day: date, reason: str) -> DayReopened:
        raise NotImplementedError

    def _pay_in(self, slip: Slip) -> CashPaidIn:
        self.slips.append(slip)
        return CashPaidIn(1, slip.number, slip.amount, Fen(0))

    def _close_day(self, day: date, reported: Mapping[str, Fen]) -> DayClosed:
        raise NotImplementedError
