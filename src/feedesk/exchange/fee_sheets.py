"""The sheets of the workbook about prices, meters, shared costs, concessions and late fees."""

import re
from collections.abc import Iterator
from dataclasses import fields
from fractions import Fraction

from feedesk.exchange import cells, notation
from feedesk.exchange.cells import BadCell, Cell
from feedesk.exchange.community_sheets import unit_column
from feedesk.exchange.grammar import ENDS_BEFORE_IT_BEGINS, Column, Finding, Sheet, Values, filled, in_order, key_column
from feedesk.money import decimal_text
from feedesk.rules import community_rows as rows
from feedesk.rules.concessions import Reduction
from feedesk.rules.metering import ESTIMATE, NORMAL, ROLLOVER, SWAP
from feedesk.rules.policy_terms import value_fault
from feedesk.rules.price_terms import PriceTerms, price_findings, usual_meter
from feedesk.rules.tariffs import METERED, Method
from feedesk.texts import N_, _

_TERMS = frozenset(field.name for field in fields(PriceTerms))
_OLD_FINAL = re.compile(r"旧表止度[:=为]?(\d+(?:\.\d*)?)", re.ASCII)
_NEW_INITIAL = re.compile(r"新表起度[:=为]?(\d+(?:\.\d*)?)", re.ASCII)


def _complete_tariff(values: Values) -> Iterator[Finding]:
    price: notation.Price | None = values.pop("price")
    rounding: notation.Rounding = values.pop("rounding")
    values["unit_price"] = price.unit_price if price else None
    values["prices"] = price.prices if price else ""
    values["mantissa"], values["mantissa_step"] = rounding.mantissa, rounding.step
    if values["method"] in METERED and not values["meter_kind"]:
        values["meter_kind"] = usual_meter(values["item"], values["prices"])
    terms = PriceTerms(**{name: value for name, value in values.items() if name in _TERMS})
    yield from price_findings(terms, values["item"])


def _complete_reading(values: Values) -> Iterator[Finding]:
    note = cells.half_width(values["note"])
    values["kind"] = next((kind for kind in (SWAP, ROLLOVER, ESTIMATE) if kind in note), NORMAL)
    for field, pattern in (("old_final", _OLD_FINAL), ("new_initial", _NEW_INITIAL)):
        if values[field] is None and (match := pattern.search(note)):
            try:
                values[field] = cells.decimal(3)(Cell(match[1]))
            except BadCell as error:
                yield "note", error.reason
                return
    if values["kind"] != SWAP:
        if values["old_final"] is not None or values["new_initial"] is not None:
            yield "note", _("旧表止度 and 新表起度 belong to a meter swap: write 换表 in 说明.")
    elif values["old_final"] is None or values["new_initial"] is None:
        yield "note", _("A swap needs both figures: 换表 旧表止度 412 新表起度 0.")
    elif values["reading"] < values["new_initial"]:
        yield (
            "reading",
            _("The reading is below the initial one of the new meter ({initial}).").format(
                initial=decimal_text(values["new_initial"])
            ),
        )


def _complete_concession(values: Values) -> Iterator[Finding]:
    figure: notation.Figure = values.pop("figure")
    method, value = Reduction(values["method"]), figure.value
    if method is Reduction.PERCENT and figure.percentage:
        value *= 100
    if method is Reduction.PERCENT and not figure.percentage and 0 < value < 1:
        yield "figure", _("For ten per cent off write 10 or 10%.")
    elif method is not Reduction.PERCENT and figure.percentage:
        yield "figure", _("A percentage does not fit {method}.").format(method=method)
    elif reason := value_fault(method, value):
        yield "figure", reason
    values["value"] = value
    if filled(values, "valid_from", "valid_to") and values["valid_from"] > values["valid_to"]:
        yield "valid_to", _(ENDS_BEFORE_IT_BEGINS)


TARIFF_SHEET = Sheet(
    rows.TARIFFS,
    "tariffs",
    (
        key_column("name", "名称", cells.name, N_("The name of this price, as shown on bills."), width=18),
        Column("item", "收费项目", cells.name, N_("What is charged for: 物业费, 水费 …"), required=True),
        Column(
            "method", "计费方式", cells.choice(*rows.METHODS, Method.FORMULA.value), N_("How the price is applied."),
            required=True, choices=rows.METHODS,
        ),
        Column(
            "price", "单价", notation.price, N_("Yuan: per m² and month, per month or cycle, per unit of usage."),
            width=14, as_text=True,
        ),
        Column(
            "cycle_months", "周期", notation.cycle, N_("If blank: 月."), default=1,
            choices=("月", "季", "半年", "年", "一次性"),
        ),
        Column(
            "due_rule", "到期日", notation.due_rule,
            N_("当月末, 次月15, 当月10, 周期首日, 周期末日; if blank: 当月末."), default="当月末",
        ),
        Column(
            "tiers", "阶梯", notation.tiers, N_("0-180:5.00;180-260:7.00;260-:9.00"), default="", width=34, as_text=True
        ),
        Column(
            "tier_cycle", "阶梯周期", cells.choice("月", "年"), N_("Whether tiers count by month or year."), default="",
            choices=("月", "年"),
        ),
        Column(
            "person_base", "人口基数", notation.person_base, N_("5:36 means 36 more for each person above 5."),
            default="", as_text=True,
        ),
        Column(
            "partial_month", "不足月", cells.choice(*rows.PARTIAL_MONTHS), N_("If blank: 按天."), default="按天",
            choices=rows.PARTIAL_MONTHS,
        ),
        Column(
            "nature", "款项性质", cells.choice(*rows.NATURES),
            N_("Whose money it is. If blank: 代收代付 for 水费, 电费, 燃气费, 热水费, else 自有."),
            default="", choices=rows.NATURES,
        ),
        Column(
            "price_form", "依据类型", cells.choice(*rows.PRICE_FORMS), N_("The legal form of the price."), default="",
            choices=rows.PRICE_FORMS, width=14,
        ),
        Column("basis_document", "依据文件", cells.text, N_("The document it rests on."), default="", width=24),
        key_column("valid_from", "生效日期", cells.day, N_("The first day in force."), width=13),
        Column("valid_to", "失效日期", cells.day, N_("The last day in force."), width=13),
        Column("tax_rate", "税率", notation.tax_rate, N_("6% or 0.06.")),
        Column(
            "meter_kind", "表计", cells.choice(*rows.METERS), N_("If blank: the meter that belongs to the item."),
            default="", choices=rows.METERS,
        ),
        Column(
            "rounding", "尾数", notation.rounding, N_("四舍五入, 进位, 舍去, if wanted with 到角 or 到元."),
            default=notation.Rounding("四舍五入", 1), width=14,
        ),
        Column(
            "tier_restart", "阶梯起算", notation.tier_restart, N_("Month and day on which annual tiers restart."),
            default="01-01", as_text=True,
        ),
        Column(
            "formula", "公式", notation.formula,
            N_("For 自定义公式: yuan a cycle, for instance 面积 * 1.2 + 楼层 * 3."), default="", as_text=True,
            offered=False,
        ),
    ),
    rows.TariffRow,
    _complete_tariff,
)  # fmt: skip

SCOPE_SHEET = Sheet(
    rows.SCOPES,
    "scopes",
    (
        key_column(
            "pattern", "房屋编号", cells.unit_pattern, N_("A code or a pattern such as 3-* or *-*-1??."), width=14,
            as_text=True,
        ),
        key_column("tariff", "收费标准", cells.name, N_("A name of the sheet 收费标准."), width=18),
        Column(
            "quantity", "数量", cells.decimal(above_zero=True), N_("How many times it is charged; if blank: 1."),
            default=Fraction(1),
        ),
        key_column("from_date", "起始日期", cells.day, N_("The first day charged."), width=13),
        Column("to_date", "截止日期", cells.day, N_("The last day charged."), width=13),
    ),
    rows.ScopeRow,
    in_order("from_date", "to_date", ENDS_BEFORE_IT_BEGINS),
)  # fmt: skip

READING_SHEET = Sheet(
    rows.READINGS,
    "readings",
    (
        unit_column(),
        key_column("meter", "表计", cells.choice(*rows.METERS), N_("The kind of meter."), choices=rows.METERS),
        key_column("number", "表号", cells.mark, N_("The meter's number."), width=16, as_text=True),
        Column(
            "multiplier", "倍率", cells.decimal(above_zero=True), N_("What turns readings into usage; if blank: 1.")
        ),
        key_column("read_on", "抄表日期", cells.day, N_("The day of the reading."), width=13),
        Column("reading", "读数", cells.decimal(3), N_("At most three decimals."), required=True),
        Column("note", "说明", cells.text, N_("估读, 翻转, or 换表 旧表止度 412 新表起度 0."), default="", width=32),
        Column("old_final", "旧表止度", cells.decimal(3), N_("The last reading of the old meter."), offered=False),
        Column("new_initial", "新表起度", cells.decimal(3), N_("The first reading of the new meter."), offered=False),
    ),
    rows.ReadingRow,
    _complete_reading,
)

SHARED_COST_SHEET = Sheet(
    rows.SHARED_COSTS,
    "shared_costs",
    (
        key_column("name", "名称", cells.name, N_("What is shared."), width=20),
        Column("item", "收费项目", cells.name, N_("The fee item it is billed as."), required=True),
        key_column("period", "所属期", cells.period, N_("For instance 2026-11."), as_text=True),
        Column("total", "总额", cells.amount, N_("Yuan, at most two decimals."), required=True, width=14),
        Column(
            "scope", "范围", cells.several(cells.unit_pattern), N_("Patterns of unit codes, separated by “;”."),
            required=True, width=20, as_text=True,
        ),
        Column(
            "basis", "分摊依据", cells.choice(*rows.SHARE_BASES), N_("What the shares follow."), required=True,
            choices=rows.SHARE_BASES,
        ),
        Column("due", "到期日", notation.due_rule_or_day, N_("A rule such as 当月末, or a day."), default="当月末"),
    ),
    rows.SharedCostRow,
)  # fmt: skip

CONCESSION_SHEET = Sheet(
    rows.CONCESSIONS,
    "concessions",
    (
        key_column("name", "名称", cells.name, N_("As shown on bills."), width=18),
        Column(
            "condition", "条件", notation.condition, N_("标签=老年, 空置, 核准, 预缴>=12月 or 一次性付清."),
            required=True, width=16,
        ),
        Column(
            "method", "方式", cells.choice(*rows.CONCESSION_METHODS), N_("How it reduces a charge."), required=True,
            choices=rows.CONCESSION_METHODS,
        ),
        Column("figure", "值", notation.figure, N_("百分比 10 means ten per cent off."), required=True),
        Column(
            "items", "收费项目", cells.several(cells.name), N_("Several separated by “;”."), required=True, width=16
        ),
        key_column("valid_from", "生效日期", cells.day, N_("The first day in force."), width=13),
        Column("valid_to", "失效日期", cells.day, N_("The last day in force."), width=13),
        Column(
            "stackable", "可叠加", cells.yes_no, N_("Whether it applies beside others; if blank: 否."), default=False,
            choices=("是", "否"),
        ),
        Column("basis_document", "依据文件", cells.text, N_("The document it rests on."), default="", width=24),
    ),
    rows.ConcessionRow,
    _complete_concession,
)  # fmt: skip

LATE_FEE_SHEET = Sheet(
    rows.LATE_FEES,
    "late_fees",
    (
        key_column("item", "收费项目", cells.name, N_("A fee item, or 全部.")),
        Column("daily_rate", "日费率", notation.daily_rate, N_("0.0005, 0.05% or 万分之五."), required=True),
        Column("grace_days", "宽限天数", cells.whole_number(most=366), N_("If blank: 0."), default=0),
        Column("cap", "上限", notation.cap, N_("A share of the principal; if blank: 1.0."), default=Fraction(1)),
        Column(
            "starts", "起算", cells.choice(*rows.LATE_FEE_STARTS), N_("If blank: 到期次日."), default="到期次日",
            choices=rows.LATE_FEE_STARTS,
        ),
        key_column("valid_from", "生效日期", cells.day, N_("The first day in force."), width=13),
    ),
    rows.LateFeeRow,
)  # fmt: skip
