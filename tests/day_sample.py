"""The day in the picture of the day close: 47 receipts that sum to it, with the cash that its count leaves."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

from feedesk.money import ZERO, Fen, split_by_weight
from feedesk.rules.cash_count import counted_cash
from feedesk.rules.day_summary import (
    ArrearsChange,
    BookRange,
    CashInTransit,
    DayFigures,
    DaySummary,
    HeldChange,
    ReceiptsIssued,
    ShiftCash,
    TakenBack,
    TenderColumn,
    channel_checks,
)
from feedesk.rules.takings import LineKind, PaidLine, PaidPayment, PaidTender, add_up_takings

DAY = date(2026, 11, 23)
ORDER = {"物业费": 1, "车位服务费": 2, "水费": 3, "公摊电费": 4, "装修押金": 9}
TENDERS = (
    TenderColumn("cash", "现金", "cash"),
    TenderColumn("wechat", "微信", "channel"),
    TenderColumn("alipay", "支付宝", "channel"),
    TenderColumn("card", "刷卡", "channel"),
    TenderColumn("transfer", "转账", "bank"),
    TenderColumn("prepaid", "预存抵扣", "prepaid"),
)
COUNTS = {"100": 28, "50": 9, "20": 14, "10": 32, "5": 21, "1": 24, "0.5": 6, "0.1": 4}
FLOAT = Fen(50000)

# item, nature, kind, and by tender: fen and how many receipts. Cash is what the count leaves: 3,982.40 − 500.00.
_ROWS: tuple[tuple[str, str, LineKind, dict[str, tuple[int, int]]], ...] = (
    (
        "物业费",
        "自有",
        LineKind.PRINCIPAL,
        {
            "wechat": (14_356_20, 20),
            "alipay": (6_120_00, 10),
            "card": (3_313_00, 3),
            "prepaid": (240_00, 1),
            "cash": (600_00, 7),
        },
    ),
    ("车位服务费", "自有", LineKind.PRINCIPAL, {"wechat": (3_900_00, 12), "alipay": (900_00, 3), "cash": (300_00, 3)}),
    ("水费", "代收代付", LineKind.PRINCIPAL, {"wechat": (1_204_50, 20), "alipay": (388_10, 8), "cash": (100_00, 5)}),
    ("公摊电费", "代收代付", LineKind.PRINCIPAL, {"wechat": (702_36, 18), "alipay": (230_14, 7), "cash": (62_20, 5)}),
    ("物业费", "自有", LineKind.LATE_FEE, {"wechat": (86_40, 5), "alipay": (23_80, 3), "cash": (1_720_52, 4)}),
    ("", "", LineKind.PREPAYMENT, {"wechat": (1_500_00, 3), "cash": (700_00, 2)}),
)
_STANDING = {"wechat": 22, "alipay": 10, "card": 4, "prepaid": 1, "cash": 8}
_CURRENT = 12_306_50
_ROUNDED = 4
_ZONE = timezone(timedelta(hours=8))


def picture_payments() -> tuple[PaidPayment, ...]:
    """45 receipts that stand, one voided with its void, one refund of 300.00 in WeChat."""
    standing = [*_standing()]
    voided = replace(standing[0], id=46, receipt=_number(46), voided=True, at=_at(46))
    void = replace(
        voided,
        id=47,
        kind="void",
        voided=False,
        reverses=voided.receipt,
        reverses_day=DAY,
        reason="房号选错",
        lines=tuple(replace(line, amount=Fen(-line.amount)) for line in voided.lines),
        tenders=tuple(replace(tender, kept=Fen(-tender.kept)) for tender in voided.tenders),
    )
    refund = PaidPayment(
        id=48,
        kind="refund",
        receipt=_number(47),
        at=_at(47),
        cashier="样例收费员",
        till="1 号台",
        shift=1,
        unit="2-1-301",
        payer="样例住户乙",
        lines=(PaidLine(LineKind.PREPAYMENT, Fen(-30000), unit="2-1-301"),),
        tenders=(PaidTender("wechat", "channel", Fen(-30000), "4200002311"),),
        reverses="SJ-2026-1-003870",
        reverses_day=date(2026, 11, 3),
        reason="已搬离",
        approver="样例经理",
    )
    return (*standing, voided, void, refund)


def picture_day(*, training: bool = False) -> DaySummary:
    """The whole summary of the picture's day, as closed at 18:05."""
    payments = picture_payments()
    takings = add_up_takings(payments, DAY, ORDER)
    counted = counted_cash(COUNTS)
    backs = [payment for payment in payments if payment.kind != "payment"]
    shift = ShiftCash(
        number=1,
        till="1 号台",
        cashier="样例收费员",
        opened_at="2026-11-23T08:30:00+08:00",
        closed_at="2026-11-23T18:02:11+08:00",
        receipts=47,
        opening_float=FLOAT,
        received=takings.by_tender()["cash"],
        paid_out=ZERO,
        expected=Fen(FLOAT + takings.by_tender()["cash"]),
        counted=counted,
        over_short=Fen(counted - FLOAT - takings.by_tender()["cash"]),
        counts=COUNTS,
        takings=takings.by_tender(),
    )
    figures = DayFigures(
        day=DAY.isoformat(),
        version=1,
        community="锦绣江南小区",
        company="温江和泰物业(样例)",
        training=training,
        closed_at="2026-11-23T18:05:00+08:00",
        closed_by="样例收费员",
        chain_head="5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef",
        tenders=TENDERS,
        takings=takings,
        receipts=ReceiptsIssued((BookRange("1 号台", _number(1), _number(47), 47, 1),), 2),
        shifts=(shift,),
        transit=CashInTransit(Fen(3_105_20), Fen(counted - FLOAT), ZERO),
        arrears=_arrears(),
        held=(
            HeldChange("预存款", Fen(86_400_00), Fen(2_200_00), Fen(240_00), Fen(-300_00)),
            HeldChange("装修押金", Fen(40_000_00), Fen(2_000_00), ZERO, ZERO),
        ),
        taken_back=tuple(_taken_back(payment) for payment in backs),
        balances={"2203.预存": Fen(-88_060_00)},
        channels=channel_checks(TENDERS, takings.by_tender(), {"wechat": Fen(21_469_46), "alipay": Fen(7_662_04)}),
    )
    return DaySummary(figures, payments)


def _number(place: int) -> str:
    return f"SJ-2026-1-{4270 + place:06d}"


def _at(place: int) -> datetime:
    return datetime(2026, 11, 23, 8, 30, tzinfo=_ZONE) + timedelta(minutes=11 * place, seconds=7 * place)


def _standing() -> Iterator[PaidPayment]:
    lines: dict[tuple[str, int], list[PaidLine]] = {}
    for item, nature, kind, by_tender in _ROWS:
        for code, (amount, receipts) in by_tender.items():
            # From the last receipt of the tender backwards, so that late fees and small items do not all meet in one.
            first = _STANDING[code] - (code == "card") - receipts if kind is LineKind.PREPAYMENT else 0
            for place, part in enumerate(split_by_weight(Fen(amount), range(7, 7 + receipts)), first):
                lines.setdefault((code, place), []).append(PaidLine(kind, part, item, nature, "2026-10"))
    lines["card", 3] = [PaidLine(LineKind.DEPOSIT, Fen(2_000_00), "装修押金", "押金")]
    current = _CURRENT
    for number, ((code, _place), paid) in enumerate(lines.items(), 1):
        dated, current = _dated(paid, current, f"{number % 6 + 1}-1-{number:02d}01")
        rounding = 8 if code == "cash" and _place < _ROUNDED else 0
        tender_kind = next(tender.kind for tender in TENDERS if tender.code == code)
        kept = Fen(sum(line.amount for line in dated) - rounding)
        reference = "" if tender_kind in ("cash", "prepaid") else f"42000023{number:02d}"
        yield PaidPayment(
            id=number,
            kind="payment",
            receipt=_number(number),
            at=_at(number),
            cashier="样例收费员",
            till="1 号台",
            shift=1,
            unit=f"{number % 6 + 1}-1-{number:02d}01",
            payer=f"样例住户{number:02d}",
            lines=dated,
            tenders=(PaidTender(code, tender_kind, kept, reference),),
            rounding=Fen(rounding),
        )


def _dated(lines: list[PaidLine], current: int, unit: str) -> tuple[tuple[PaidLine, ...], int]:
    """Gives principal lines this month's period until so much is of this period; the line in between is cut in two."""
    dated = []
    for line in lines:
        placed = replace(line, unit=unit)
        if line.kind is not LineKind.PRINCIPAL or not current:
            dated.append(
                replace(placed, period="" if line.kind in (LineKind.PREPAYMENT, LineKind.DEPOSIT) else line.period)
            )
            continue
        part = min(int(line.amount), current)
        current -= part
        dated.append(replace(placed, amount=Fen(part), period="2026-11"))
        if part < line.amount:
            dated.append(replace(placed, amount=Fen(line.amount - part)))
    return tuple(dated), current


def _arrears() -> tuple[ArrearsChange, ...]:
    collected = {item: sum(amount for amount, _count in by.values()) for item, _nature, _kind, by in _ROWS[:4]}
    opening = {"物业费": 412_380_15, "车位服务费": 96_300_00, "水费": 18_204_40, "公摊电费": 9_120_88}
    return tuple(
        ArrearsChange(item, Fen(amount), Fen(0), Fen(120_00 if item == "物业费" else 0), Fen(collected[item]))
        for item, amount in opening.items()
    )


def _taken_back(payment: PaidPayment) -> TakenBack:
    return TakenBack(
        kind=payment.kind,
        at=payment.at.isoformat(),
        receipt="" if payment.kind == "void" else payment.receipt,
        reverses=payment.reverses,
        reverses_day=payment.reverses_day.isoformat() if payment.reverses_day else "",
        unit=payment.unit,
        payer=payment.payer,
        total=payment.total,
        tenders={tender.code: tender.kept for tender in payment.tenders},
        reason=payment.reason,
        cashier=payment.cashier,
        approver=payment.approver,
    )
