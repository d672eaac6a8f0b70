"""Who may own money of unknown origin: named in the remark, or owing just that much."""

from datetime import date
from fractions import Fraction

import pytest

from feedesk.db import Database
from feedesk.money import Fen
from feedesk.ops.disputing import hold_charge
from feedesk.ops.late_fee_rules import RuleTerms, add_late_fee_rule
from feedesk.ops.payment_posting import TenderGiven
from feedesk.ops.unclaimed import post_unclaimed
from feedesk.queries.likely_owners import Likeness, likely_owners
from feedesk.queries.statement import statement
from feedesk.queries.unclaimed import open_unclaimed
from tests.community import TODAY
from tests.ops.putting_right import Office, office

CAME = date(2026, 11, 3)


@pytest.fixture
def desk(ledger_database: Database) -> Office:
    """1-1-101 of 张样燕 owes 648.64, 1-1-102 of 李样 250.00; 11-1-101 of 陈样 nothing."""
    made = office(ledger_database)
    made.community.unit("11-1-101", resident="陈样", pinyin="chen yang", phone="12000006633")
    return made


def offered(desk: Office, amount: int, remark: str = "", sender: str = "x") -> list[tuple[str, list[Likeness]]]:
    facts = {"tender": TenderGiven("transfer", Fen(amount)), "value_date": CAME, "remark": remark, "sender": sender}
    desk.alone(post_unclaimed, **facts)
    item = desk.seat.read(open_unclaimed)[-1]
    return [(one.unit, list(one.likeness)) for one in desk.seat.read(likely_owners, item=item, on=TODAY)]


CASES: list[tuple[int, str, str, list[tuple[str, list[Likeness]]]]] = [
    (100, "1-1-102物业费", "x", [("1-1-102", [Likeness.UNIT])]),
    (100, "1栋1单元102 物业费", "x", [("1-1-102", [Likeness.UNIT])]),
    (100, "\uff11-\uff11-\uff11\uff10\uff12", "x", [("1-1-102", [Likeness.UNIT])]),
    (100, "11-1-101", "x", [("11-1-101", [Likeness.UNIT])]),
    (100, "1-1-1021", "x", []),
    (100, "代李样交", "x", [("1-1-102", [Likeness.NAME])]),
    (100, "", "张样燕", [("1-1-101", [Likeness.NAME])]),
    (25000, "", "x", [("1-1-102", [Likeness.AMOUNT])]),
    (25001, "", "x", []),
    (24999, "", "x", []),
    (
        25000,
        "1-1-101",
        "李样",
        [("1-1-102", [Likeness.NAME, Likeness.AMOUNT]), ("1-1-101", [Likeness.UNIT])],
    ),
]


@pytest.mark.parametrize(("amount", "remark", "sender", "wanted"), CASES)
def test_who_may_be_meant(
    desk: Office, amount: int, remark: str, sender: str, wanted: list[tuple[str, list[Likeness]]]
) -> None:
    assert offered(desk, amount, remark, sender) == wanted


def test_what_is_owed_is_reckoned_to_the_day_the_money_came(desk: Office) -> None:
    """250.00 since 31 October at one per thousand: 0.75 by the 3rd, 5.75 by the 23rd."""
    terms = RuleTerms(daily_rate=Fraction("0.001"))
    desk.alone(add_late_fee_rule, item="物业费", terms=terms, valid_from=date(2026, 1, 1))
    assert offered(desk, 25075) == [("1-1-102", [Likeness.AMOUNT])]
    assert offered(desk, 25575) == []


def test_what_is_disputed_is_not_counted(desk: Office) -> None:
    (owed,) = desk.seat.read(statement, account=desk.other, on=TODAY).charges
    desk.alone(hold_charge, charges=[owed.id], reason="漏水未修")
    assert offered(desk, 25000) == []
