"""The rows of the community workbook (小区资料簿) once their cells are read: plain values, one class a sheet.

``row`` is the row's number in its sheet, so that whoever finds fault with a value can say where it stands. Decimals
are exact (`Fraction`), amounts in fen; texts that the ledger keeps as notation (due dates, tiers) are in plain form.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Generic, TypeVar

from feedesk.money import Fen
from feedesk.periods import Period

COMMUNITY, UNITS, RESIDENTS, TARIFFS, SCOPES = "小区", "房屋", "住户", "收费标准", "适用范围"
READINGS, SHARED_COSTS, CONCESSIONS, LATE_FEES = "抄表", "公摊", "优惠政策", "违约金"
ARREARS, PAID_THROUGH, PREPAYMENTS, DEPOSITS = "期初欠费", "期初缴至", "期初预存", "期初押金"
SHEET_ORDER = (
    COMMUNITY, UNITS, RESIDENTS, TARIFFS, SCOPES, READINGS, SHARED_COSTS, CONCESSIONS, LATE_FEES, ARREARS,
    PAID_THROUGH, PREPAYMENTS, DEPOSITS,
)  # fmt: skip

UNIT_KINDS = ("住宅", "商铺", "写字楼", "车位", "储藏室")
OCCUPANCIES = ("自住", "出租", "空置", "未售")
OWNER, TENANT = "业主", "租户"
METHODS = ("按面积", "固定金额", "按用量", "阶梯用量", "总额分摊")
NATURES = ("自有", "代收代付", "公共收益", "押金")
PRICE_FORMS = ("政府指导价", "市场调节价", "合同约定")
PARTIAL_MONTHS = ("按天", "按整月", "按半月")
METERS = ("水表", "电表", "电表峰", "电表谷", "燃气表", "热水表")
SHARE_BASES = ("按面积", "按户", "按用量", "按系数")
CONCESSION_METHODS = ("百分比", "减金额", "减月数", "单价")
LATE_FEE_STARTS = ("到期次日", "次月1日")

METER_OF_ITEM: Mapping[str, str] = {
    "水费": "水表",
    "公摊水费": "水表",
    "电费": "电表",
    "公摊电费": "电表",
    "燃气费": "燃气表",
    "热水费": "热水表",
}


@dataclass(frozen=True, slots=True)
class CellProblem:
    """A cell that cannot be taken as it is: where it stands, what it holds, and why it is refused."""

    sheet: str
    row: int
    column: str
    value: str
    reason: str

    def detail(self) -> dict[str, object]:
        return {"sheet": self.sheet, "row": self.row, "column": self.column, "value": self.value, "reason": self.reason}


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityRow:
    row: int
    name: str
    address: str
    land_area: Fraction | None
    built_area: Fraction | None
    developer: str
    company: str
    credit_code: str
    service_phone: str
    facilities: str
    services: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRow:
    row: int
    code: str
    kind: str
    floor: int | None
    built_area: Fraction | None
    billing_area: Fraction | None
    coefficient: Fraction | None
    occupancy: str
    delivered_on: date | None
    persons: int | None
    joined_to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidentRow:
    """``pays`` is None where the cell is blank: then the owner pays, unless somebody else is said to."""

    row: int
    unit: str
    name: str
    role: str
    customer_code: str
    kind: str
    invoice_title: str
    tax_number: str
    phones: tuple[str, ...]
    email: str
    identity_number: str
    from_date: date | None
    to_date: date | None
    pays: bool | None
    tags: tuple[str, ...]
    plates: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TariffRow:
    """``unit_price``, or ``prices`` for peak and valley (``峰0.5583;谷0.3583``); ``nature`` is blank where not said."""

    row: int
    name: str
    item: str
    method: str
    unit_price: Fraction | None
    prices: str
    cycle_months: int
    due_rule: str
    tiers: str
    tier_cycle: str
    tier_restart: str
    person_base: str
    partial_month: str
    nature: str
    price_form: str
    basis_document: str
    valid_from: date
    valid_to: date | None
    tax_rate: Fraction | None
    meter_kind: str
    mantissa: str
    mantissa_step: int
    formula: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeRow:
    row: int
    pattern: str
    tariff: str
    quantity: Fraction
    from_date: date
    to_date: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingRow:
    """``multiplier`` is None where the cell is blank: as in the meter's other rows, else 1."""

    row: int
    unit: str
    meter: str
    number: str
    multiplier: Fraction | None
    read_on: date
    reading: Fraction
    kind: str
    old_final: Fraction | None
    new_initial: Fraction | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedCostRow:
    """``due`` is a rule (当月末) or a day in ISO form."""

    row: int
    name: str
    item: str
    period: Period
    total: Fen
    scope: tuple[str, ...]
    basis: str
    due: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcessionRow:
    """``value``: per cent (10 = 10 %), yuan, months, or yuan per unit, by ``method``."""

    row: int
    name: str
    condition: str
    method: str
    value: Fraction
    items: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    stackable: bool
    basis_document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LateFeeRow:
    """``daily_rate`` and ``cap`` are plain factors: 0.0005 a day, 1 = the principal itself."""

    row: int
    item: str
    daily_rate: Fraction
    grace_days: int
    cap: Fraction
    starts: str
    valid_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrearsRow:
    row: int
    unit: str
    item: str
    period: Period
    amount: Fen
    due_date: date | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidThroughRow:
    row: int
    unit: str
    item: str
    paid_through: date
    unserved: Fen


@dataclass(frozen=True, slots=True, kw_only=True)
class PrepaymentRow:
    row: int
    unit: str
    amount: Fen
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositRow:
    row: int
    unit: str
    name: str
    amount: Fen
    received_on: date | None
    slip_number: str


Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class SheetRows(Generic[Row]):
    """The good rows of a sheet and the fields that have a column in it: of a known row, others stay as they are."""

    rows: tuple[Row, ...] = ()
    fields: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Mention:
    """A unit, tariff or fee item that a row names although another of its cells is bad."""

    sheet: str
    row: int
    field: str
    column: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityBook:
    """All that a workbook says. ``problems`` are bad cells, whose rows are left out; ``sheets`` those that are there.

    ``named_units`` and ``named_tariffs`` also hold the keys of bad rows, so that one fault is told only once;
    ``mentions`` are what bad rows name, so that a second fault of theirs is told with the first.
    """

    communities: SheetRows[CommunityRow] = SheetRows()
    units: SheetRows[UnitRow] = SheetRows()
    residents: SheetRows[ResidentRow] = SheetRows()
    tariffs: SheetRows[TariffRow] = SheetRows()
    scopes: SheetRows[ScopeRow] = SheetRows()
    readings: SheetRows[ReadingRow] = SheetRows()
    shared_costs: SheetRows[SharedCostRow] = SheetRows()
    concessions: SheetRows[ConcessionRow] = SheetRows()
    late_fees: SheetRows[LateFeeRow] = SheetRows()
    arrears: SheetRows[ArrearsRow] = SheetRows()
    paid_through: SheetRows[PaidThroughRow] = SheetRows()
    prepayments: SheetRows[PrepaymentRow] = SheetRows()
    deposits: SheetRows[DepositRow] = SheetRows()
    named_units: frozenset[str] = frozenset()
    named_tariffs: frozenset[str] = frozenset()
    mentions: tuple[Mention, ...] = ()
    sheets: tuple[str, ...] = ()
    problems: tuple[CellProblem, ...] = ()
    warnings: tuple[str, ...] = field(default=())
