"""Nothing typed for a payment is lost because somebody looks at another account, another page, or a sheet."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from feedesk.db import Database
from feedesk.money import Fen
from feedesk.ui.pages.desk.rows import PaymentTerms
from tests.community import open_desk, picture_home, small_community
from tests.ui.test_desk_acts import focused, press
from tests.ui.test_desk_sheets import Desk, make_desk


@pytest.fixture
def desk(sqlite_ledger: Database, qtbot: QtBot) -> Desk:
    community = small_community(sqlite_ledger)
    open_desk(community, Fen(50000))
    picture_home(community)
    return make_desk(community, qtbot)


def control(key: Qt.Key) -> None:
    QTest.keyClick(focused(), key, Qt.KeyboardModifier.ControlModifier)


def begin(desk: Desk) -> None:
    """Cash typed for the first account, one of its charges unticked."""
    desk.page.open_target(1)
    press(Qt.Key.Key_Space, Qt.Key.Key_Return)
    press("500")


def test_another_account_puts_a_half_typed_payment_aside_and_says_so(desk: Desk) -> None:
    begin(desk)
    ticked, typed = desk.page.charges.selection().charges, desk.page.tender.typed()
    desk.page.open_target(2)
    assert [one.account for one in desk.page.held()] == [1]
    told = desk.page.banner.accessibleName()
    assert told.startswith("3-1-502 ")
    assert "Ctrl+B" in told
    assert desk.page.tender.typed().tendered == ()
    press(Qt.Key.Key_Escape)
    control(Qt.Key.Key_B)
    assert desk.page.charges.selection().charges == ticked
    assert desk.page.tender.typed() == typed
    assert desk.page.held() == ()


def test_what_was_put_aside_goes_on_when_its_account_is_found_again(desk: Desk) -> None:
    begin(desk)
    typed = desk.page.tender.typed()
    desk.page.open_target(2)
    desk.page.open_target(1)
    assert desk.page.tender.typed() == typed
    assert desk.page.held() == ()
    assert "已恢复" in desk.page.banner.accessibleName()
    desk.page.open_target(1)
    assert desk.page.tender.typed() == typed


def test_an_account_only_looked_at_is_not_put_aside(desk: Desk) -> None:
    desk.page.open_target(1)
    press(Qt.Key.Key_Space)
    desk.page.open_target(2)
    assert desk.page.held() == ()
    assert desk.page.banner.isHidden()


def test_who_pays_and_what_it_settles_are_put_aside_too(desk: Desk) -> None:
    desk.page.open_target(1)
    said = PaymentTerms(payer="王样代", only="principal")
    desk.page.terms.set_terms(said)
    desk.page.open_target(2)
    assert desk.page.terms.terms() == PaymentTerms()
    desk.page.open_target(1)
    assert desk.page.terms.terms() == said


def test_coming_back_from_another_page_finds_all_as_it_was(desk: Desk) -> None:
    begin(desk)
    ticked, typed = desk.page.charges.selection().charges, desk.page.tender.typed()
    desk.page.refresh()
    assert desk.page.charges.selection().charges == ticked
    assert desk.page.tender.typed() == typed


def test_what_another_way_filled_in_follows_a_changed_sum(desk: Desk) -> None:
    """A charge is contested while WeChat is chosen: its amount is the new sum, not "too much"."""
    desk.page.open_target(1)
    QTest.keyClick(focused(), Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    before = desk.page.tender.money_state().due
    desk.sheets.show_dispute(desk.page.charges.selection().charges[0].id)
    press("水表有争议", Qt.Key.Key_Return)
    state = desk.page.tender.money_state()
    assert 0 < state.due < before
    assert (state.entered, state.missing) == ((("微信", state.due),), 0)


def test_a_charge_whose_dispute_began_is_unticked_and_no_other(desk: Desk) -> None:
    desk.page.open_target(1)
    kept = [one.id for one in desk.page.charges.selection().charges[:3]]
    desk.page.charges.tick(kept)
    desk.sheets.show_dispute(kept[0])
    press("水表有争议", Qt.Key.Key_Return)
    assert [one.id for one in desk.page.charges.selection().charges] == kept[1:]


def test_the_next_step_after_a_payment_names_who_waits(desk: Desk) -> None:
    desk.community.charge(2, "物业费", "2026-11", 10000)
    begin(desk)
    desk.page.open_target(2)
    press(Qt.Key.Key_Return, Qt.Key.Key_Return, Qt.Key.Key_Return)
    assert desk.page.statement() is None
    assert "SJ-" in desk.page.banner.accessibleName()
    assert [one.account for one in desk.page.held()] == [1]
    control(Qt.Key.Key_B)
    shown = desk.page.statement()
    assert shown is not None
    assert shown.card.account == 1


def test_of_several_put_aside_the_next_is_named(desk: Desk) -> None:
    desk.community.charge(2, "物业费", "2026-11", 10000)
    begin(desk)
    desk.page.open_target(2)
    press(Qt.Key.Key_Return)
    press("20")
    control(Qt.Key.Key_B)
    told = desk.page._hints._held
    second = desk.page.held()[-1].who
    assert told.text() == f"挂单：{second} 和另外 1 户"
    assert "3-1-502" in told.toolTip()
    control(Qt.Key.Key_B)
    assert told.text().startswith("挂单：3-1-502 ")
