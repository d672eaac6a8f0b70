"""Ctrl+K and A, N or G: one payment for several accounts, somebody else paying, one part of the debts alone."""

from datetime import date
from fractions import Fraction

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from feedesk.db import Database
from feedesk.models import FeeItem, table_of
from feedesk.money import Fen
from feedesk.ops.late_fee_rules import RuleTerms, add_late_fee_rule
from feedesk.queries.issued_receipts import receipts_of_account
from feedesk.queries.receipts import find_receipt
from feedesk.queries.statement import statement
from feedesk.rules.receipt_document import ReceiptDocument
from feedesk.ui.pages.desk.charges_model import ChargeColumn, ChargesModel
from feedesk.ui.pages.desk.history_sheet import HistorySheet
from feedesk.ui.pages.desk.joint_sheet import JointSheet
from feedesk.ui.pages.desk.terms_sheets import DesignationSheet, PayerSheet
from feedesk.ui.shortcuts import open_sheet
from tests.community import TODAY, open_desk, picture_home, small_community
from tests.ops.test_paying_together import same_person
from tests.quote_case import policy
from tests.ui.test_desk_acts import acts
from tests.ui.test_desk_sheets import Desk, focused, make_desk, press

HOME, SECOND, SPACE, THIRD, NEIGHBOUR, THEIR_SPACE = 1, 3, 4, 5, 6, 7
"""3-1-502 with B1-087 (2), the same person's other units, one of which owes nothing, and a neighbour with a space."""


@pytest.fixture
def desk(sqlite_ledger: Database, qtbot: QtBot) -> Desk:
    community = small_community(sqlite_ledger)
    open_desk(community, Fen(50000))
    community.run(
        add_late_fee_rule,
        item="物业费",
        terms=RuleTerms(daily_rate=Fraction("0.0003")),
        valid_from=date(2026, 1, 1),
    )
    home = picture_home(community)
    assert community.unit("3-1-503") == SECOND
    assert community.unit("B1-088", kind="车位", built_area=None) == SPACE
    assert community.unit("3-2-101") == THIRD
    same_person(community, home.dwelling, home.parking, SECOND, SPACE, THIRD)
    community.charge(SECOND, "物业费", "2026-10", 25000)
    community.charge(SPACE, "车位服务费", "2026-11", 30000)
    community.unit("3-1-702", resident="样赵英", pinyin="yang zhao ying")
    community.unit("B1-099", kind="车位", built_area=None, joined_to="3-1-702", resident="样赵英")
    community.charge(NEIGHBOUR, "物业费", "2026-11", 27608)
    community.charge(THEIR_SPACE, "车位服务费", "2026-11", 30000)
    community.charge(THEIR_SPACE, "车位服务费", "2026-12", 30000)
    made = make_desk(community, qtbot)
    made.page.open_target(HOME)
    return made


def ask(desk: Desk, key: str) -> object:
    acts(desk)
    press(key)
    return open_sheet(desk.window)


def added(desk: Desk) -> list[str]:
    return [one.unit for one in desk.page.terms.terms().added]


def total(desk: Desk) -> int:
    return desk.page.charges.selection().total


def groups(desk: Desk) -> list[str]:
    """The headings over the charges."""
    return list(dict.fromkeys(line.group for line in desk.page.charges.charges()))


def take(desk: Desk) -> ReceiptDocument:
    """Enter from the charges to the money, filled in, taken."""
    desk.page.tender.focus_money()
    press(Qt.Key.Key_Return, Qt.Key.Key_Return)
    assert desk.page.statement() is None, desk.page.tender.received.edit.problem()
    return desk.community.workplace.read(find_receipt, number="SJ-2026-1-000001").document


def owes(desk: Desk, account: int) -> int:
    return desk.community.workplace.read(statement, account=account, on=TODAY).total_due


def test_the_card_tells_what_the_same_person_owes_elsewhere(desk: Desk) -> None:
    shown = desk.page.statement()
    assert shown is not None
    assert ("danger", "另有 2 处欠费 ¥551.73") in shown.card.chips  # 250.00 and its 1.73, and 300.00
    assert "Ctrl+K" in shown.card.reminders[0]
    desk.page.open_target(NEIGHBOUR)
    other = desk.page.statement()
    assert other is not None
    assert not any("另有" in words for _tone, words in other.card.chips)


def test_the_persons_other_units_stand_under_a_digit_each(desk: Desk) -> None:
    before = total(desk)
    sheet = ask(desk, "A")
    assert isinstance(sheet, JointSheet)
    assert [one.account.unit for one in sheet.others] == ["B1-088", "3-1-503"]
    press("1")
    assert added(desk) == ["B1-088"]
    press("1", "2")
    assert added(desk) == ["3-1-503"]
    press(Qt.Key.Key_Return)
    assert open_sheet(desk.window) is None
    assert total(desk) == before + 25173
    assert groups(desk) == ["3-1-502 张样燕", "B1-087", "3-1-503 张样燕"]
    assert not desk.page.charges.table.isColumnHidden(ChargeColumn.PERIOD)


def test_all_of_them_by_one_key_and_one_receipt(desk: Desk) -> None:
    due = total(desk)
    ask(desk, "a")
    press("0")
    assert open_sheet(desk.window) is None
    assert sorted(added(desk)) == ["3-1-503", "B1-088"]
    document = take(desk)
    assert document.total + document.rounding == due + 55173
    assert document.other_units == ("B1-087", "3-1-503", "B1-088")
    assert [owes(desk, one) for one in (HOME, 2, SECOND, SPACE)] == [0, 0, 0, 0]
    assert "3-1-503" in desk.page.banner.accessibleName()
    assert not desk.page.terms.isVisible()
    papers = desk.community.workplace.read(receipts_of_account, account=SPACE, on=TODAY)
    assert [(one.number, one.basis) for one in papers] == [("SJ-2026-1-000001", "agreed")]


def test_somebody_elses_account_is_searched_and_comes_with_its_space(desk: Desk) -> None:
    sheet = ask(desk, "A")
    assert isinstance(sheet, JointSheet)
    press("/")
    press("3-1-702", Qt.Key.Key_Return)
    assert added(desk) == ["3-1-702", "B1-099"]
    assert open_sheet(desk.window) is None
    # What is of a later period is shown, not ticked.
    assert sum(charge.due for charge in desk.page.charges.selection().charges if charge.unit == "B1-099") == 30000
    sheet = ask(desk, "A")
    assert isinstance(sheet, JointSheet)
    press("/", "3-1-502", Qt.Key.Key_Return)
    assert "已在本次收款中" in sheet.sentence.text()
    press(Qt.Key.Key_Escape, Qt.Key.Key_Escape)
    sheet = ask(desk, "A")
    assert isinstance(sheet, JointSheet)
    press("/", "9-9-999", Qt.Key.Key_Return)
    assert "9-9-999" in sheet.sentence.text()
    assert added(desk) == ["3-1-702", "B1-099"]


def test_delete_takes_a_unit_out_and_leaves_the_first(desk: Desk) -> None:
    due = total(desk)
    ask(desk, "A")
    press("0")
    table = desk.page.charges.table
    model = table.model()
    assert isinstance(model, ChargesModel)
    place = next(row for row, line in enumerate(model.rows()) if getattr(line, "unit", "") == "B1-088")
    table.choose_row(place)
    table.setFocus()
    press(Qt.Key.Key_Delete)
    assert added(desk) == ["3-1-503"]
    table.choose_row(1)
    press(Qt.Key.Key_Delete)
    assert added(desk) == ["3-1-503"]
    assert total(desk) == due + 25173
    desk.page.terms.remove(SECOND)
    assert total(desk) == due
    assert groups(desk) == ["2026-08", "2026-09", "2026-10", "2026-11"]


def test_ticks_stay_while_units_come_and_go(desk: Desk) -> None:
    charges = desk.page.charges.selection().charges
    desk.page.charges.tick([charges[0].id])
    ask(desk, "A")
    press("2", Qt.Key.Key_Return)
    assert desk.page.charges.selection().charges[0].id == charges[0].id
    assert total(desk) == charges[0].due + 25173
    ask(desk, "A")
    press("2", Qt.Key.Key_Return)
    assert total(desk) == charges[0].due


def test_another_payer_stands_on_the_receipt(desk: Desk) -> None:
    sheet = ask(desk, "N")
    assert isinstance(sheet, PayerSheet)
    press("样例亲戚", Qt.Key.Key_Return)
    assert open_sheet(desk.window) is None
    assert "样例亲戚" in desk.page.terms.accessibleName()
    assert focused() is desk.page.tender.received.edit
    assert take(desk).payer == "样例亲戚"


def test_an_empty_payer_is_the_resident_again(desk: Desk) -> None:
    ask(desk, "N")
    press("样例亲戚", Qt.Key.Key_Return)
    ask(desk, "N")
    press(Qt.Key.Key_Delete, Qt.Key.Key_Return)
    assert not desk.page.terms.isVisible()
    assert take(desk).payer == "张样燕"


def test_the_principal_alone(desk: Desk) -> None:
    selection = desk.page.charges.selection()
    assert selection.late_fees == 1200
    sheet = ask(desk, "G")
    assert isinstance(sheet, DesignationSheet)
    press(Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert "只抵本金" in desk.page.terms.accessibleName()
    document = take(desk)
    assert document.total + document.rounding == selection.principal
    assert document.remark == "按缴费人指定，只抵本金"
    assert owes(desk, HOME) == 1200


def test_the_late_fees_alone_of_two_accounts(desk: Desk) -> None:
    ask(desk, "A")
    press("2", Qt.Key.Key_Return)
    ask(desk, "G")
    press(Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return)
    document = take(desk)
    assert document.total + document.rounding == 1200 + 173
    assert owes(desk, SECOND) == 25000


def test_unticking_the_oldest_is_the_payers_own_designation(desk: Desk) -> None:
    charges = desk.page.charges.selection().charges
    desk.page.charges.tick([charge.id for charge in charges[1:]])
    assert take(desk).remark == "按缴费人指定"
    desk.page.open_target(HOME)
    QTest.keyClick(focused(), Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
    sheet = open_sheet(desk.window)
    assert isinstance(sheet, HistorySheet)
    shown = [sheet.model.cell(0, column).text for column in range(sheet.model.columnCount())]
    assert "按缴费人指定" in shown


def test_closing_the_strip_drops_what_was_said(desk: Desk) -> None:
    due = total(desk)
    ask(desk, "A")
    press("0")
    ask(desk, "N")
    press("样例亲戚", Qt.Key.Key_Return)
    desk.page.terms.dismissed.emit()
    assert total(desk) == due
    assert take(desk).payer == "张样燕"


def test_what_was_said_is_put_aside_with_the_payment_and_outlives_a_refresh(desk: Desk) -> None:
    ask(desk, "A")
    press("0")
    ask(desk, "N")
    press("样例亲戚", Qt.Key.Key_Return)
    due = total(desk)
    desk.page.refresh()
    assert (sorted(added(desk)), total(desk)) == (["3-1-503", "B1-088"], due)
    QTest.keyClick(focused(), Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert desk.page.statement() is None
    assert not desk.page.terms.isVisible()
    desk.page.open_target(NEIGHBOUR)
    assert added(desk) == []
    press(Qt.Key.Key_Escape)
    QTest.keyClick(focused(), Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert (sorted(added(desk)), total(desk)) == (["3-1-503", "B1-088"], due)
    assert take(desk).payer == "样例亲戚"


def test_what_is_not_granted_together_is_said_where_it_could_be_had(desk: Desk) -> None:
    plain = ask(desk, "A")
    assert isinstance(plain, JointSheet)
    assert plain.not_granted.isHidden()
    press(Qt.Key.Key_Escape)
    fee = desk.community.value(table_of(FeeItem), "id", name="物业费")
    policy(desk.community, fee, "全年95折", "一次性付清", "百分比", 5)
    sheet = ask(desk, "A")
    assert isinstance(sheet, JointSheet)
    assert "全年95折" in sheet.not_granted.text()
    assert not sheet.not_granted.isHidden()
