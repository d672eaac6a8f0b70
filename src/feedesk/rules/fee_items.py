"""What is known of fee items by their names alone: 全部, whose money a utility is, and what can be no fee item."""

from feedesk.texts import _

ALL_ITEMS = "全部"
"""Stands for every fee item where policies and late-fee rules name some."""

AGENCY_ITEMS = frozenset({"水费", "电费", "燃气费", "热水费"})
"""Collected for the supplier unless a tariff says otherwise (款项性质)."""


_MAINTENANCE_FUNDS = ("维修资金", "维修基金", "大修基金")
_SURCHARGE = "滞纳金"
_LATE_FEE = "违约金"


def item_fault(item: str) -> str:
    """Why nothing can be charged under a name, in a sentence; empty where it can.

    专项维修资金 belongs into its own bank account with its fiscal receipt; a late fee is reckoned by its rule, and
    滞纳金, the word for an administrative surcharge, never stands on a bill.
    """
    if any(fund in item for fund in _MAINTENANCE_FUNDS):
        return _(
            "This money goes into its own bank account against a fiscal receipt: it is neither billed nor taken here."
        )
    if _SURCHARGE in item or item == _LATE_FEE or item.endswith(f"费{_LATE_FEE}"):
        return _("Late fees are no fee item: they are reckoned from the due date by the rules of the sheet 违约金.")
    return ""


def usual_nature(item: str) -> str:
    """The 款项性质 of a new fee item: 代收代付 for the four utilities, else 自有."""
    return "代收代付" if item in AGENCY_ITEMS else "自有"
