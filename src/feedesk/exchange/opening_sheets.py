"""The sheets of the workbook about what is brought along: arrears, prepayments, months paid ahead, deposits."""

from feedesk.exchange import cells
from feedesk.exchange.community_sheets import unit_column
from feedesk.exchange.grammar import Column, Sheet, key_column
from feedesk.rules import community_rows as rows
from feedesk.texts import N_

_YUAN = N_("Yuan, at most two decimals.")

ARREARS_SHEET = Sheet(
    rows.ARREARS,
    "arrears",
    (
        unit_column(),
        key_column("item", "收费项目", cells.name, N_("What is owed for.")),
        key_column("period", "所属期", cells.period, N_("For instance 2026-11."), as_text=True),
        Column("amount", "金额", cells.amount, _YUAN, required=True),
        Column("due_date", "到期日", cells.day, N_("If blank: the end of the period's first month."), width=13),
        Column("note", "说明", cells.text, N_("Shown with the charge."), default="", width=24),
    ),
    rows.ArrearsRow,
)

PAID_THROUGH_SHEET = Sheet(
    rows.PAID_THROUGH,
    "paid_through",
    (
        unit_column(),
        key_column("item", "收费项目", cells.name, N_("What was paid for.")),
        Column("paid_through", "缴至日期", cells.day, N_("Billing starts on the day after."), required=True, width=13),
        Column(
            "unserved", "未服务期金额", cells.amount_or_zero, N_("Paid ahead and not yet served, in yuan."), default=0,
            width=14,
        ),
    ),
    rows.PaidThroughRow,
)  # fmt: skip

PREPAYMENT_SHEET = Sheet(
    rows.PREPAYMENTS,
    "prepayments",
    (
        unit_column(),
        Column("amount", "金额", cells.amount, _YUAN, required=True),
        Column("note", "说明", cells.text, N_("Shown with the balance."), default="", width=24),
    ),
    rows.PrepaymentRow,
)

DEPOSIT_SHEET = Sheet(
    rows.DEPOSITS,
    "deposits",
    (
        unit_column(),
        key_column("name", "名称", cells.name, N_("For instance 装修押金."), width=14),
        Column("amount", "金额", cells.amount, _YUAN, required=True),
        Column("received_on", "收取日期", cells.day, N_("The day it was paid."), width=13),
        Column("slip_number", "原票号", cells.mark, N_("The number of the slip."), default="", width=16, as_text=True),
    ),
    rows.DepositRow,
)
