"""Concession policies and grants by hand: what may change, what charges hold fast, who has to approve."""

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import select

from feedesk.db import Database
from feedesk.ledger.verify import verify_ledger
from feedesk.models import Account, AuditRecord, Charge, ConcessionGrant, Unit, table_of
from feedesk.ops.billing import bill_period, undo_billing
from feedesk.ops.conceding import (
    EndsTooEarly,
    PolicyDatesCross,
    PolicyDoesNotFit,
    PolicyInUse,
    PolicyUsedLater,
    UnknownConcessionItem,
    UnknownPolicy,
    add_policy,
    change_policy,
    end_policy,
)
from feedesk.ops.granting import (
    AlreadyGranted,
    ApprovalMissing,
    EvidenceMissing,
    GrantedOnPayment,
    GrantUsedLater,
    GrantWithdrawn,
    NotHoldersThen,
    PolicyNotInForceThen,
    UnknownGrant,
    WithdrawalReasonMissing,
    grant_concession,
    withdraw_grant,
)
from feedesk.ops.permissions import NotPermitted
from feedesk.ops.run import Workplace
from feedesk.periods import Period
from feedesk.queries.accounts import UnknownAccount
from feedesk.queries.concession_list import ConcessionList, concession_list, ending_soon
from feedesk.rules.policy_terms import PolicyTerms
from tests.ledger.whole_ledger import bring_along

TODAY = date(2026, 11, 23)
SINCE = date(2026, 1, 1)
GRANTED = PolicyTerms(
    name="困难减免", condition="核准", method="百分比", value=Fraction(10), items=("物业费",), valid_from=SINCE
)
AGED = replace(GRANTED, name="老年减免", condition="标签=老年", value=Fraction(20), stackable=True)


@dataclass(frozen=True, slots=True)
class Office:
    """Two homes of 100 ㎡ at 2.80; 1-1-102 was held by somebody else until the end of October."""

    database: Database
    desk: Workplace

    def run(self, op: Any, *, approver: str | None = "样例经理", **facts: Any) -> Any:
        return replace(self.desk, approver=approver).run_op(op, **facts)

    def add(self, terms: PolicyTerms = GRANTED, **more: Any) -> int:
        return int(self.run(add_policy, terms=replace(terms, **more)).policy)

    def grant(self, policy: int, unit: str = "1-1-101", **more: Any) -> int:
        facts: dict[str, Any] = {"from_date": SINCE, "to_date": date(2026, 12, 31), "evidence": "样例证 1 号", **more}
        facts = {"account": self.account(unit)} | facts
        return int(self.run(grant_concession, policy=policy, **facts).grant)

    def account(self, unit: str) -> int:
        """The newest account of a unit."""
        account, units = table_of(Account), table_of(Unit)
        query = select(account.c.id).join(units, units.c.id == account.c.unit_id).where(units.c.code == unit)
        with self.database.reading() as connection:
            return int(max(connection.execute(query).scalars()))

    def bill(self, month: str) -> int:
        return int(self.run(bill_period, period=Period.parse(month)).discount)

    def discounts(self) -> list[tuple[str, str, int]]:
        charge, unit = table_of(Charge), table_of(Unit)
        query = (
            select(unit.c.code, charge.c.period, charge.c.discount)
            .join(unit, unit.c.id == charge.c.unit_id)
            .where(charge.c.status != "cancelled", charge.c.discount > 0)
            .order_by(charge.c.period, unit.c.sort_key)
        )
        with self.database.reading() as connection:
            return [(code, period, discount) for code, period, discount in connection.execute(query)]

    def listed(self) -> ConcessionList:
        return self.desk.read(concession_list, on=TODAY)

    def audited(self) -> list[str]:
        audit = table_of(AuditRecord)
        query = select(audit.c.action).where(audit.c.action != "import").order_by(audit.c.id)
        with self.database.reading() as connection:
            return list(connection.execute(query).scalars())


@pytest.fixture
def office(ledger_database: Database) -> Office:
    desk = Workplace(ledger_database, "样例主管", today=TODAY)
    sheets: dict[str, Any] = {
        "小区": [("小区名称",), ("锦绣江南小区",)],
        "房屋": [("房屋编号", "类型", "建筑面积"), ("1-1-101", "住宅", "100"), ("1-1-102", "住宅", "100")],
        "住户": [
            ("房屋编号", "姓名", "身份", "起始日期", "截止日期", "标签"),
            ("1-1-101", "样甲", "业主", None, None, "老年"),
            ("1-1-102", "样乙", "业主", None, "2026-10-31", None),
            ("1-1-102", "样丙", "业主", "2026-11-01", None, None),
        ],
        "收费标准": [
            ("名称", "收费项目", "计费方式", "单价", "生效日期"),
            ("物业费", "物业费", "按面积", "2.80", "2020-01-01"),
            ("水费", "水费", "按用量", "3.04", "2020-01-01"),
        ],
        "适用范围": [("房屋编号", "收费标准", "起始日期"), ("*", "物业费", "2020-01-01")],
    }
    bring_along(desk, sheets)
    return Office(ledger_database, desk)


# ---- policies --------------------------------------------------------------------------------------------------------


def test_a_policy_counts_from_the_next_run_on(office: Office) -> None:
    office.add(AGED)
    assert office.bill("2026-11") == 5600  # 100 × 2.80 × 20 %
    assert office.discounts() == [("1-1-101", "2026-11", 5600)]
    assert office.audited() == ["add_concession_policy"]
    (row,) = office.listed().policies
    assert (row.name, row.items, row.valid_to, row.stackable) == ("老年减免", ("物业费",), None, True)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"name": " "}, "name"),
        ({"condition": "老年"}, "condition"),
        ({"method": "打折"}, "method"),
        ({"value": Fraction(0)}, "value"),
        ({"value": Fraction("100.01")}, "value"),
        ({"value": Fraction(-1)}, "value"),
        ({"method": "减金额", "value": Fraction("1.005")}, "value"),
        ({"method": "减月数", "value": Fraction("1.5")}, "value"),
        ({"method": "减月数", "value": Fraction(13)}, "value"),
        ({"method": "单价", "value": Fraction("-0.01")}, "value"),
        ({"items": ()}, "items"),
        ({"valid_to": date(2025, 12, 31)}, "valid_to"),
    ],
)
def test_what_cannot_be_a_policy(office: Office, more: dict[str, Any], field: str) -> None:
    with pytest.raises(PolicyDoesNotFit) as refused:
        office.add(**more)
    assert refused.value.field == field
    assert office.listed().policies == ()
    assert office.audited() == []


def test_a_fee_item_must_be_known(office: Office) -> None:
    with pytest.raises(UnknownConcessionItem, match="气费"):
        office.add(items=("物业费", "气费"))


def test_every_item_is_not_what_is_collected_for_others(office: Office) -> None:
    office.add(AGED, items=("全部",))
    assert office.listed().policies[0].items == ("全部",)
    assert office.bill("2026-11") == 5600


def test_new_terms_end_the_earlier(office: Office) -> None:
    first = office.add(AGED)
    office.bill("2026-10")
    kept = office.run(add_policy, terms=replace(AGED, value=Fraction(50), valid_from=date(2026, 11, 1)))
    assert kept.ended == (first,)
    assert [one.valid_to for one in office.listed().policies] == [date(2026, 10, 31), None]
    assert office.bill("2026-11") == 14000  # 280.00 × 50 %
    # What was billed by them stays: terms that would have begun before are refused.
    with pytest.raises(PolicyUsedLater) as refused:
        office.add(AGED, valid_from=date(2026, 10, 1), valid_to=date(2026, 10, 31))
    assert refused.value.facts["day"] == date(2026, 10, 1)
    assert len(office.listed().policies) == 2


def test_dates_of_one_name_do_not_cross(office: Office) -> None:
    office.add(AGED, valid_from=date(2027, 1, 1))
    for since in (SINCE, date(2027, 1, 1)):
        with pytest.raises(PolicyDatesCross, match="2027-01-01"):
            office.add(AGED, valid_from=since)
    office.add(AGED, valid_to=date(2026, 12, 31))
    assert len(office.listed().policies) == 2


def test_a_policy_may_change_until_charges_used_it(office: Office) -> None:
    policy = office.add(AGED)
    changed = replace(AGED, value=Fraction(25), items=("物业费", "水费"), condition="空置")
    office.run(change_policy, policy=policy, terms=changed)
    (row,) = office.listed().policies
    assert (row.value, row.items, row.condition) == (Fraction(25), ("物业费", "水费"), "空置")
    office.run(change_policy, policy=policy, terms=AGED)
    office.bill("2026-11")
    for more in ({"value": Fraction(30)}, {"items": ("水费",)}, {"stackable": False}, {"name": "敬老减免"}):
        with pytest.raises(PolicyInUse, match="2026-11"):
            office.run(change_policy, policy=policy, terms=replace(AGED, **more))
    with pytest.raises(PolicyUsedLater, match="2026-11-01"):
        office.run(change_policy, policy=policy, terms=replace(AGED, valid_to=date(2026, 10, 31)))
    right = replace(AGED, basis_document="样例文〔2025〕3 号", valid_to=date(2026, 11, 1))
    office.run(change_policy, policy=policy, terms=right)
    (row,) = office.listed().policies
    assert (row.basis_document, row.valid_to) == ("样例文〔2025〕3 号", date(2026, 11, 1))
    # Once the run is undone, no charge stands that used it.
    office.run(undo_billing, period=Period.parse("2026-11"), reason="政策有误")
    office.run(change_policy, policy=policy, terms=replace(AGED, value=Fraction(30)))
    assert office.bill("2026-11") == 8400


def test_a_policy_ends_on_a_day(office: Office) -> None:
    policy = office.add(AGED)
    office.bill("2026-11")
    with pytest.raises(EndsTooEarly):
        office.run(end_policy, policy=policy, last_day=date(2025, 12, 31))
    with pytest.raises(PolicyUsedLater):
        office.run(end_policy, policy=policy, last_day=date(2026, 10, 31))
    office.run(end_policy, policy=policy, last_day=date(2026, 11, 30))
    assert office.bill("2026-12") == 0
    with pytest.raises(UnknownPolicy):
        office.run(end_policy, policy=99, last_day=TODAY)


def test_who_may_not(office: Office) -> None:
    with pytest.raises(NotPermitted):
        replace(office.desk, actor="样例收费员").run_op(add_policy, terms=AGED)


# ---- grants ----------------------------------------------------------------------------------------------------------


def test_a_grant_makes_any_condition_hold(office: Office) -> None:
    by_grant, vacant = office.add(), office.add(AGED, name="空置优惠", condition="空置")
    office.grant(by_grant)
    office.grant(vacant, "1-1-102", from_date=date(2026, 11, 1))
    assert office.bill("2026-11") == 2800 + 5600
    assert office.discounts() == [("1-1-101", "2026-11", 2800), ("1-1-102", "2026-11", 5600)]
    grant = office.listed().grants[0]
    assert (grant.unit, grant.resident, grant.policy) == ("1-1-101", "样甲", "困难减免")
    assert (grant.granted_by, grant.approved_by, grant.evidence) == ("样例主管", "样例经理", "样例证 1 号")
    assert not office.desk.read(verify_ledger).problems


@pytest.mark.parametrize(
    ("first", "last", "off"),
    [
        ("2026-11-01", "2026-11-01", 2800),  # in force on the first day of November
        ("2026-11-02", "2026-12-31", 0),
        ("2026-10-01", "2026-10-31", 0),
        ("2026-01-01", None, 2800),
    ],
)
def test_a_grant_counts_on_the_first_day_of_a_period(office: Office, first: str, last: str | None, off: int) -> None:
    until = date.fromisoformat(last) if last else None
    office.grant(office.add(), from_date=date.fromisoformat(first), to_date=until)
    assert office.bill("2026-11") == off


def test_a_grant_is_its_accounts_alone(office: Office) -> None:
    policy = office.add()
    with pytest.raises(NotHoldersThen) as refused:
        office.grant(policy, "1-1-102", to_date=date(2026, 10, 31))  # 样丙 holds it from November on
    assert (refused.value.facts["resident"], refused.value.facts["first"]) == ("样丙", date(2026, 11, 1))
    with pytest.raises(UnknownAccount):
        office.grant(policy, account=4711)
    with pytest.raises(UnknownPolicy):
        office.grant(99)
    office.grant(policy, "1-1-102", from_date=date(2026, 10, 1))
    office.bill("2026-10")
    office.bill("2026-11")
    # October was billed to 样乙, who was granted nothing.
    assert office.discounts() == [("1-1-102", "2026-11", 2800)]


@pytest.mark.parametrize("condition", ["预缴>=12月", "一次性付清"])
def test_what_depends_on_payment_is_not_granted(office: Office, condition: str) -> None:
    policy = office.add(condition=condition)
    with pytest.raises(GrantedOnPayment):
        office.grant(policy)


@pytest.mark.parametrize("approver", [None, "样例主管"])
def test_somebody_else_approves(office: Office, approver: str | None) -> None:
    policy = office.add()
    facts: dict[str, Any] = {"account": office.account("1-1-101"), "from_date": SINCE, "to_date": None}
    with pytest.raises(ApprovalMissing):
        office.run(grant_concession, approver=approver, policy=policy, evidence="样例证", **facts)
    with pytest.raises(NotPermitted):
        office.run(grant_concession, approver="样例收费员", policy=policy, evidence="样例证", **facts)
    assert office.listed().grants == ()


def test_what_a_grant_needs(office: Office) -> None:
    policy = office.add(valid_to=date(2026, 12, 31))
    with pytest.raises(EvidenceMissing):
        office.grant(policy, evidence="  ")
    with pytest.raises(EndsTooEarly):
        office.grant(policy, to_date=date(2025, 12, 31))
    with pytest.raises(PolicyNotInForceThen):
        office.grant(policy, from_date=date(2027, 1, 1), to_date=date(2027, 12, 31))
    office.grant(policy, to_date=date(2026, 6, 30))
    with pytest.raises(AlreadyGranted, match="2026-06-30"):
        office.grant(policy, from_date=date(2026, 6, 30))
    office.grant(policy, from_date=date(2026, 7, 1), to_date=None)
    with pytest.raises(AlreadyGranted):
        office.grant(policy, from_date=date(2026, 12, 1), to_date=None)
    assert office.audited() == ["add_concession_policy", "grant_concession", "grant_concession"]


def test_a_grant_goes_with_the_policys_name(office: Office) -> None:
    office.grant(office.add())
    office.bill("2026-10")
    office.add(value=Fraction(20), valid_from=date(2026, 11, 1))
    assert office.bill("2026-11") == 5600
    with pytest.raises(AlreadyGranted):
        office.grant(office.listed().policies[1].id, from_date=date(2026, 11, 1))


def test_withdrawing(office: Office) -> None:
    grant = office.grant(office.add())
    office.bill("2026-10")
    office.bill("2026-11")
    with pytest.raises(WithdrawalReasonMissing):
        office.run(withdraw_grant, grant=grant, last_day=TODAY, reason=" ")
    with pytest.raises(GrantUsedLater) as refused:
        office.run(withdraw_grant, grant=grant, last_day=date(2026, 10, 15), reason="不再困难")
    assert (str(refused.value.facts["period"]), refused.value.facts["day"]) == ("2026-11", date(2026, 11, 1))
    done = office.run(withdraw_grant, grant=grant, last_day=TODAY, reason="不再困难", approver=None)
    assert done == GrantWithdrawn(grant, TODAY)
    assert office.bill("2026-12") == 0
    with pytest.raises(UnknownGrant):
        office.run(withdraw_grant, grant=99, last_day=TODAY, reason="不再困难")
    assert office.audited()[-1] == "withdraw_concession"


def test_a_grant_that_never_began_is_taken_back(office: Office) -> None:
    policy = office.add()
    grant = office.grant(policy, from_date=date(2027, 1, 1), to_date=date(2027, 12, 31))
    assert office.run(withdraw_grant, grant=grant, last_day=TODAY, reason="填错") == GrantWithdrawn(grant, None)
    assert office.listed().grants == ()
    office.grant(policy, from_date=date(2027, 1, 1), to_date=date(2027, 12, 31))


def test_what_ends_soon(office: Office) -> None:
    policy = office.add(valid_to=date(2027, 1, 22))  # sixty days on
    office.add(AGED, valid_to=date(2027, 1, 23))
    office.add(AGED, name="旧政策", valid_to=date(2026, 11, 22))
    today = office.grant(policy, to_date=TODAY)
    office.grant(policy, "1-1-102", from_date=date(2026, 11, 1), to_date=None)
    policies, grants = ending_soon(office.listed())
    assert [one.name for one in policies] == ["困难减免"]
    assert [one.id for one in grants] == [today]
    assert [len(found) for found in ending_soon(office.listed(), within=61)] == [2, 1]


def test_an_account_with_a_grant_is_kept_by_an_import(office: Office) -> None:
    """Somebody else moves in; the account that was granted something ends instead of going."""
    office.grant(office.add())
    sheets = {"住户": [("房屋编号", "姓名", "身份", "截止日期"), ("1-1-101", "样甲", "业主", "2026-06-30")]}
    bring_along(office.desk, sheets)
    grants = table_of(ConcessionGrant)
    with office.database.reading() as connection:
        assert len(connection.execute(select(grants.c.id)).all()) == 1
