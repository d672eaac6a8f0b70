"""What is known of fee items by their names alone: 全部, and whose money a utility is where nobody has said so."""

ALL_ITEMS = "全部"
"""Stands for every fee item where policies and late-fee rules name some."""

AGENCY_ITEMS = frozenset({"水费", "电费", "燃气费", "热水费"})
"""Collected for the supplier unless a tariff says otherwise (款项性质)."""


def usual_nature(item: str) -> str:
    """The 款项性质 of a new fee item: 代收代付 for the four utilities, else 自有."""
    return "代收代付" if item in AGENCY_ITEMS else "自有"
