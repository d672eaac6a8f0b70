"""The sheets of the workbook about the community, its units and the people in them."""

from collections.abc import Iterator

from feedesk.exchange import cells
from feedesk.exchange.grammar import ENDS_BEFORE_IT_BEGINS, Column, Finding, Sheet, Values, key_column
from feedesk.rules import community_rows as rows
from feedesk.texts import N_, _

UNIT_NOTE = N_("Building-entrance-room such as 3-1-502; a shop S-012, a parking space B1-087.")


def unit_column() -> Column:
    """The unit a row is about, part of its natural key."""
    return key_column("unit", "房屋编号", cells.unit_code, UNIT_NOTE, width=14, as_text=True)


def _complete_unit(values: Values) -> Iterator[Finding]:
    if not values["kind"]:
        values["kind"] = _kind_of_code(values["code"])
    if values["joined_to"] == values["code"]:
        yield "joined_to", _("A unit cannot be joined to itself.")


def _kind_of_code(code: str) -> str:
    """``S-012`` is a shop, ``B1-087`` a parking space, as the workbook writes them; anything else a dwelling."""
    building = code.partition("-")[0]
    if building == "S":
        return "商铺"
    return "车位" if building[0] == "B" and building[1:].isdigit() else "住宅"


def _complete_resident(values: Values) -> Iterator[Finding]:
    if values["from_date"] and values["to_date"] and values["from_date"] > values["to_date"]:
        yield "to_date", _(ENDS_BEFORE_IT_BEGINS)


COMMUNITY_SHEET = Sheet(
    rows.COMMUNITY,
    "communities",
    (
        key_column("name", "小区名称", cells.name, N_("As printed on receipts and notices."), width=20),
        Column("address", "地址", cells.text, N_("The postal address."), default="", width=32),
        Column("land_area", "占地面积", cells.decimal(2), N_("In square metres.")),
        Column("built_area", "建筑面积", cells.decimal(2), N_("In square metres.")),
        Column("developer", "开发商", cells.name, N_("Owes for unsold and undelivered units."), default="", width=24),
        Column("company", "物业公司", cells.name, N_("As printed on receipts."), default="", width=24),
        Column("credit_code", "统一社会信用代码", cells.mark, N_("18 characters."), default="", width=22, as_text=True),
        Column(
            "service_phone", "服务电话", cells.text, N_("As printed on receipts."), default="", width=16, as_text=True
        ),
        Column("facilities", "公共设施", cells.lines, N_("One to a line (Alt+Enter)."), default="", width=24),
        Column("services", "配套服务", cells.lines, N_("One to a line (Alt+Enter)."), default="", width=24),
    ),
    rows.CommunityRow,
)

UNIT_SHEET = Sheet(
    rows.UNITS,
    "units",
    (
        key_column("code", "房屋编号", cells.unit_code, UNIT_NOTE, width=14, as_text=True),
        Column(
            "kind",
            "类型",
            cells.choice(*rows.UNIT_KINDS),
            N_("If blank: S-… is a shop, B1-… a parking space, anything else a dwelling."),
            choices=rows.UNIT_KINDS,
        ),
        Column("floor", "楼层", cells.whole_number(least=-20, most=300), N_("A number, below ground negative.")),
        Column("built_area", "建筑面积", cells.decimal(2), N_("In square metres, at most two decimals.")),
        Column("billing_area", "计费面积", cells.decimal(2), N_("If blank, fees count by 建筑面积.")),
        Column("coefficient", "系数", cells.decimal(), N_("For shared costs by coefficient.")),
        Column(
            "occupancy",
            "状态",
            cells.choice(*rows.OCCUPANCIES),
            N_("If blank: 自住. The developer owes for a unit that is 未售."),
            default="自住",
            choices=rows.OCCUPANCIES,
        ),
        Column("delivered_on", "交付日期", cells.day, N_("Before this day the developer owes."), width=13),
        Column("persons", "人口", cells.whole_number(most=99), N_("How many people live here, for tiers.")),
        Column(
            "joined_to",
            "关联房屋",
            cells.unit_code,
            N_("The dwelling a parking space belongs to."),
            default="",
            width=14,
            as_text=True,
        ),
    ),
    rows.UnitRow,
    _complete_unit,
)

RESIDENT_SHEET = Sheet(
    rows.RESIDENTS,
    "residents",
    (
        unit_column(),
        key_column("name", "姓名", cells.name, N_("A person's or a firm's name."), width=16),
        key_column(
            "role",
            "身份",
            cells.choice(rows.OWNER, rows.TENANT, 租客="租户", 产权人="业主"),
            N_("业主 or 租户."),
            choices=(rows.OWNER, rows.TENANT),
        ),
        Column(
            "customer_code",
            "客户编号",
            cells.mark,
            N_("The same number means the same person or firm over several units."),
            default="",
            as_text=True,
        ),
        Column(
            "kind",
            "个人/单位",
            cells.choice("个人", "单位"),
            N_("If blank: 个人."),
            default="个人",
            choices=("个人", "单位"),
        ),
        Column("invoice_title", "发票抬头", cells.text, N_("The name on invoices."), default="", width=22),
        Column("tax_number", "税号", cells.mark, N_("For invoices."), default="", width=22, as_text=True),
        Column(
            "phones", "电话", cells.several(cells.phone), N_("Several separated by “;”."), default=(), width=24,
            as_text=True,
        ),
        Column("email", "邮箱", cells.email, N_("An e-mail address."), default="", width=22),
        Column("identity_number", "证件号", cells.mark, N_("An identity number."), default="", width=22, as_text=True),
        Column("from_date", "起始日期", cells.day, N_("The first day; blank: from the beginning."), width=13),
        Column("to_date", "截止日期", cells.day, N_("The last day; blank: until further notice."), width=13),
        Column("pays", "缴费人", cells.yes_no, N_("Who owes. If blank: the owner."), choices=("是", "否")),
        Column(
            "tags", "标签", cells.several(cells.name), N_("For concessions: 老年;残疾;低保 …"), default=(), width=16
        ),
        Column(
            "plates", "车牌", cells.several(cells.mark), N_("Several separated by “;”."), default=(), width=18,
            as_text=True,
        ),
    ),
    rows.ResidentRow,
    _complete_resident,
)  # fmt: skip
