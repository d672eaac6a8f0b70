"""The sheet 违约金: stored once, changed while unused, and never behind the back of what was collected."""

from fractions import Fraction

from feedesk.money import Fen
from feedesk.ops.collecting import TenderGiven, collect_payment
from feedesk.ops.run import Workplace
from feedesk.ops.shifts import open_shift
from feedesk.queries.accounts import find_account
from feedesk.queries.late_fee_rules import late_fee_rules
from feedesk.queries.statement import statement
from tests.ops.importing.office import HOME, TODAY, Office

HEADER = ("收费项目", "日费率", "宽限天数", "上限", "起算", "生效日期")
RULES = [
    HEADER,
    ("全部", "0.0005", 5, 0.3, "到期次日", "2026-01-01"),
    ("水费", "万分之三", None, None, None, "2026-01-01"),
]
ARREARS = [("房屋编号", "收费项目", "所属期", "金额"), ("3-1-502", "物业费", "2026-08", 276.08)]


def test_rules_are_stored_with_their_defaults(either_office: Office) -> None:
    either_office.imports({**HOME, "违约金": RULES})
    with either_office.database.reading() as connection:
        general, water = late_fee_rules(connection)
    assert (general.item, water.item) == (None, "水费")
    assert (general.rule.daily_rate, general.rule.grace_days, general.rule.cap) == (
        Fraction("0.0005"), 5, Fraction("0.3"),
    )  # fmt: skip
    assert (water.rule.daily_rate, water.rule.grace_days, water.rule.cap) == (
        Fraction("0.0003"), 0, Fraction(1),
    )  # fmt: skip
    assert str(water.rule.start) == "到期次日"


def test_again_changes_nothing_and_a_change_is_taken_while_unused(either_office: Office) -> None:
    either_office.imports({**HOME, "违约金": RULES})
    again = either_office.imports({"违约金": RULES}).sheets["违约金"]
    assert (again.added, again.changed, again.unchanged) == (0, 0, 2)
    dearer = [HEADER, ("全部", "0.001", 5, 0.3, "到期次日", "2026-01-01")]
    assert either_office.imports({"违约金": dearer}).sheets["违约金"].changed == 1


def test_a_rule_that_was_collected_by_keeps_its_rate(either_office: Office) -> None:
    either_office.imports({**HOME, "违约金": RULES, "期初欠费": ARREARS})
    workplace = Workplace(either_office.database, "样例主管", today=TODAY)
    account = workplace.read(find_account, text="3-1-502", on=TODAY).id
    owed = workplace.read(statement, account=account, on=TODAY)
    # 2026-08-31 to 2026-11-23 are 84 days, less 5 of grace: 276.08 × 0.0005 × 79 = 10.90516
    assert (owed.principal, owed.late_fees) == (27608, 1091)
    workplace.run_op(open_shift, opening_float=Fen(0))
    workplace.run_op(collect_payment, account=account, tenders=[TenderGiven("cash", owed.total_due)])
    dearer = [HEADER, ("全部", "0.001", 5, 0.3, "到期次日", "2026-01-01")]
    ((sheet, row, column, reason),) = either_office.refusals({"违约金": dearer})
    assert (sheet, row, column) == ("违约金", 2, "日费率")
    assert "已经按它收过违约金（0.0005）" in reason
    later = [HEADER, ("全部", "0.001", 5, 0.3, "到期次日", "2027-01-01")]
    assert either_office.imports({"违约金": later}).sheets["违约金"].added == 1


def test_the_word_of_the_administration_is_understood(either_office: Office) -> None:
    """A user may type 滞纳金 as the sheet's name; 违约金 is what is printed."""
    office = either_office
    office.imports({**HOME, "滞纳金": RULES})
    with office.database.reading() as connection:
        assert len(late_fee_rules(connection)) == 2
