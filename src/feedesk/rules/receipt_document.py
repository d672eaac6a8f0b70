"""What a receipt says, stored with it once and for all: every paper of it, today or in ten years, shows just this.

The document is plain data (no layout, no labels): amounts in fen, dates in ISO 8601. ``schema`` numbers its shape.
How often it was printed, or that it was voided later, is not in it; the renderer is told (`PaperMarks`).
"""

import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Self

from feedesk.money import Fen

HELD: Final = ("prepaid", "unclaimed")
"""The codes of ways of paying that move no money: it lay with the office already, and goes back there."""


class ReceiptKind(StrEnum):
    PAYMENT = "payment"
    REVERSAL = "reversal"
    REFUND = "refund"
    BOUNCE = "bounce"


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One line with its arithmetic: ``物业费 2026-08~11  993.88`` and below ``98.60㎡×2.80×4=1,104.32``.

    ``amount`` is net of the concession; ``details`` are ready words in the receipt's language, shown indented.
    ``unit`` is set only where it is not the receipt's own unit, or where the same item is paid for another one as well.
    """

    item: str
    periods: str
    amount: Fen
    details: tuple[str, ...] = ()
    unit: str = ""


@dataclass(frozen=True, slots=True)
class TenderLine:
    """What was handed over in one way of paying: ``tendered`` as given, ``kept`` after change."""

    code: str
    name: str
    tendered: Fen
    kept: Fen
    reference: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptDocument:
    """All that one receipt says. ``total`` (实收) = sum of lines − ``rounding`` (抹零); refunds are positive.

    ``other_units`` are those that a payment for several accounts settled beside its own.

    ``code`` is the text of its QR and bar code, by which the desk finds the receipt again.
    """

    number: str
    kind: ReceiptKind
    community: str
    company: str
    issued_at: str
    till: str
    cashier: str
    account: str
    unit: str
    unit_note: str
    payer: str
    lines: tuple[ReceiptLine, ...]
    subtotal: Fen
    rounding: Fen
    total: Fen
    in_words: str
    tenders: tuple[TenderLine, ...]
    change: Fen
    still_owed: Fen
    prepaid_balance: Fen
    code: str
    still_owed_note: str = ""
    service_phone: str = ""
    remark: str = ""
    other_units: tuple[str, ...] = ()
    reverses: str = ""
    reason: str = ""
    training: bool = False
    language: str = "zh_CN"
    schema: int = field(default=1)

    def __post_init__(self) -> None:
        if sum(line.amount for line in self.lines) != self.subtotal:
            raise ValueError("the lines of a receipt must sum to its subtotal")
        if self.subtotal - self.rounding != self.total:
            raise ValueError("subtotal less rounding must be the total")
        if sum(tender.kept for tender in self.tenders) != self.total:
            raise ValueError("the tenders kept must sum to the total")

    @property
    def moved(self) -> Fen:
        """What of the total is money that came or went, in cash or by a channel."""
        return Fen(sum(tender.kept for tender in self.tenders if tender.code not in HELD))

    def held(self, code: str) -> Fen:
        """What was paid out of the prepayment or of money of unknown origin, by that code."""
        return Fen(sum(tender.kept for tender in self.tenders if tender.code == code))

    def to_json(self) -> str:
        """Compact JSON with keys in the order of the fields, the same bytes each time."""
        facts = _plain(self)
        facts["lines"], facts["tenders"] = list(map(_plain, self.lines)), list(map(_plain, self.tenders))
        return json.dumps(facts, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Self:
        facts: dict[str, Any] = json.loads(text)
        facts["kind"] = ReceiptKind(facts["kind"])
        facts["lines"] = tuple(ReceiptLine(**{**line, "details": tuple(line["details"])}) for line in facts["lines"])
        facts["tenders"] = tuple(TenderLine(**tender) for tender in facts["tenders"])
        facts["other_units"] = tuple(facts.get("other_units", ()))
        return cls(**facts)


def _plain(record: ReceiptDocument | ReceiptLine | TenderLine) -> dict[str, Any]:
    """The fields of a record in their order, without the deep copies that `dataclasses.asdict` makes."""
    return {name: getattr(record, name) for name in record.__slots__}


@dataclass(frozen=True, slots=True)
class PaperMarks:
    """What a copy says beside the stored document: ``reprint`` n > 0 is 补打 第 n 次; ``void`` is 作废.

    ``reversed_by`` and ``refunded_by`` name papers, ``paid_by`` the ways it really was paid in (付款方式更正),
    ``moved_to`` the receipt of the account the money was meant for (转户), ``claimed_by`` those by which money of
    unknown origin was claimed (认领).
    """

    reprint: int = 0
    void: bool = False
    reversed_by: str = ""
    refunded_by: str = ""
    paid_by: str = ""
    moved_to: str = ""
    claimed_by: str = ""


SAMPLE = ReceiptDocument(
    number="SJ-2026-1-004289",
    kind=ReceiptKind.PAYMENT,
    community="锦绣江南小区",
    company="温江和泰物业(样例)",
    issued_at="2026-11-23T10:42:00+08:00",
    till="1 号台",
    cashier="样例收费员",
    account="H000502",
    unit="3-1-502",
    unit_note="98.60㎡",
    payer="样例住户",
    lines=(
        ReceiptLine("物业费", "2026-08~11", Fen(99388), ("98.60㎡×2.80×4=1,104.32", "老年减免10% −110.44")),
        ReceiptLine("车位服务费", "2026-09~11", Fen(90000), ("B1-087 300.00×3",)),
        ReceiptLine("水费", "2026-09", Fen(4864), ("431→447 16吨×3.04",)),
        ReceiptLine("公摊电费", "2026-08", Fen(3696), ("6,837.60×98.60÷18,240㎡",)),
        ReceiptLine("违约金", "", Fen(1893), ("物业费12.00 车位6.93 万分之三/日",)),
    ),
    subtotal=Fen(199841),
    rounding=Fen(1),
    total=Fen(199840),
    in_words="人民币壹仟玖佰玖拾捌元肆角",
    tenders=(TenderLine("cash", "现金", Fen(200000), Fen(199840)),),
    change=Fen(160),
    still_owed=Fen(5776),
    still_owed_note="2026-08水费,争议中",
    prepaid_balance=Fen(12000),
    code="SJ-2026-1-004289",
    service_phone="000-0000 0000",
)
"""The receipt of the design, for test pages of a printer and for tests."""
