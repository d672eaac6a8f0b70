"""The chart of accounts (会计科目): each account is made when it is first needed, from what the ledger is about.

Codes follow the usual Chinese chart (企业会计准则应用指南 附录), with what the account is kept for after a point:
``1122.物业费`` is what residents owe for 物业费, ``1001.T1`` the cash in till 1.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, insert, select

from feedesk.db import inserted_key
from feedesk.ledger.prepared import Prepared
from feedesk.models import LedgerAccount, table_of

_accounts = table_of(LedgerAccount)
_find = Prepared(select(_accounts.c.id).where(_accounts.c.code == bindparam("code")))
_insert = insert(_accounts)

OWN, AGENCY, COMMUNAL, DEPOSIT = "自有", "代收代付", "公共收益", "押金"
"""Whose money a fee item is (款项性质)."""


@dataclass(frozen=True, slots=True)
class AccountKind:
    """An account of the chart before it has a key in the ledger."""

    code: str
    name: str
    kind: str


_TILL_CASH = "1001.T"


def till_cash(till_number: int) -> AccountKind:
    """Cash in a till's drawer."""
    return AccountKind(f"{_TILL_CASH}{till_number}", f"库存现金 {till_number} 号台", "asset")


def is_till_cash(code: str) -> bool:
    """Whether a code is that of some till's drawer."""
    return code.startswith(_TILL_CASH)


IMPREST = AccountKind("1001.备用金", "备用金", "asset")
BANK = AccountKind("1002.银行存款", "银行存款", "asset")
CASH_IN_TRANSIT = AccountKind("1009.在途现金", "在途现金", "asset")
PREPAYMENTS = AccountKind("2203.预存", "预收账款 预存", "liability")
UNCLAIMED = AccountKind("2241.待认领款", "其他应付款 待认领款", "liability")
LATE_FEES = AccountKind("6051.违约金", "违约金收入", "revenue")
ROUNDING = AccountKind("6711.抹零", "抹零", "expense")
WAIVED = AccountKind("6711.减免", "减免", "expense")
OVER_SHORT = AccountKind("6711.长短款", "现金长短款", "expense")
PETTY_CASH = AccountKind("6602.零星支出", "管理费用 零星支出", "expense")
OPENING = AccountKind("3999.期初", "期初余额", "equity")


def tender_account(code: str, name: str) -> AccountKind:
    """Money on its way from a channel or lying at the bank, by tender."""
    return AccountKind(f"1012.{code}", f"其他货币资金 {name}", "asset")


def receivable(item: str) -> AccountKind:
    """What residents owe for a fee item."""
    return AccountKind(f"1122.{item}", f"应收账款 {item}", "asset")


def earned(item: str, nature: str) -> AccountKind:
    """Where a charge of a fee item is credited: our revenue, owed on to a supplier, or the owners' money.

    民法典 art. 282: income from common parts belongs to the owners; 物业管理条例 art. 44: utilities are collected for
    the supplier.
    """
    match nature:
        case "代收代付":
            return AccountKind(f"2241.代收.{item}", f"其他应付款 代收 {item}", "liability")
        case "公共收益":
            return AccountKind(f"2241.公共收益.{item}", f"其他应付款 公共收益 {item}", "liability")
        case "押金":
            return deposits(item)
        case _:
            return AccountKind(f"6001.{item}", f"主营业务收入 {item}", "revenue")


def deferred(item: str) -> AccountKind:
    """Revenue billed for months not yet served (待转收入, 权责发生制)."""
    return AccountKind(f"2204.{item}", f"待转收入 {item}", "liability")


def deposits(item: str) -> AccountKind:
    """Deposits held (押金), a liability."""
    return AccountKind(f"2241.押金.{item}", f"其他应付款 押金 {item}", "liability")


_KINDS = {"1": "asset", "2": "liability", "3": "equity", "60": "revenue", "66": "expense", "67": "expense"}


def kind_of(code: str) -> str:
    """What kind of account a code is, by how it begins; empty for a code that is none of this chart's."""
    return _KINDS.get(code[:1]) or _KINDS.get(code[:2], "")


def account_id(connection: Connection, account: AccountKind) -> int:
    """The key of an account of the chart, created when it is not there yet."""
    found: int | None = _find.scalar(connection, {"code": account.code})
    if found is not None:
        return found
    created = connection.execute(_insert, {"code": account.code, "name": account.name, "kind": account.kind})
    return inserted_key(created)
