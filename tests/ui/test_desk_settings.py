"""The ledger's settings for its desks in 设置 (F12): changed by key, in force at the desk at once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from feedesk import models
from feedesk.app import Composition
from feedesk.config import Config, CustomerDisplayMode, ThemeChoice, load_config
from feedesk.models import table_of
from feedesk.money import Fen
from feedesk.ops.desk_terms import set_transit_days
from feedesk.queries.desk_terms import desk_terms
from feedesk.queries.waiver_quota import late_fee_quota
from feedesk.rules.desk_terms import ReferenceRule, Ticked
from feedesk.rules.tenders import ChangeStep
from feedesk.ui.appearance import Appearance
from feedesk.ui.dialogs.reason_sheet import ReasonSheet
from feedesk.ui.pages.dayclose.page import DayClosePage
from feedesk.ui.pages.desk.page import DeskPage
from feedesk.ui.pages.settings import SettingsPage
from feedesk.ui.pages.settings_desk import DeskSettingsCard
from feedesk.ui.shortcuts import open_sheet
from tests.community import TODAY, SmallCommunity, open_desk, picture_home, small_community
from tests.databases import copied
from tests.ui.cut_off import cut_off


@pytest.fixture
def community(sqlite_template: Path, tmp_path: Path) -> Iterator[SmallCommunity]:
    database = copied(sqlite_template, tmp_path / "ledger.sqlite")
    made = small_community(database)
    open_desk(made, Fen(50000))
    picture_home(made)
    yield made
    database.dispose()


@pytest.fixture
def desk(
    qtbot: QtBot, community: SmallCommunity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Composition]:
    monkeypatch.setenv("FEEDESK_HOME", str(tmp_path / "home"))
    composition = Composition(Config(), str(community.database.url), TODAY)
    composition.window.show()
    composition.window.showNormal()
    composition.window.resize(1366, 768)
    composition.window.activateWindow()
    qtbot.waitUntil(lambda: composition.window.current_page() == "desk", timeout=20_000)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    yield composition
    composition.window.close()
    composition.close()
    composition.window.deleteLater()


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None, "nothing has the keyboard"
    return widget


def press(*keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(focused(), key)


def settings(desk: Composition) -> DeskSettingsCard:
    press(Qt.Key.Key_F12)
    page = desk.window.pages()["settings"]
    assert isinstance(page, SettingsPage)
    assert page.desks is not None
    return page.desks


def desk_page(desk: Composition) -> DeskPage:
    page = desk.window.pages()["desk"]
    assert isinstance(page, DeskPage)
    return page


def sit_as(desk: Composition, name: str) -> None:
    assert desk.session is not None
    desk.session.act_as(name)


def tab_to(widget: QWidget) -> None:
    """The keyboard alone leads there."""
    for _press in range(60):
        if QApplication.focusWidget() is widget:
            return
        press(Qt.Key.Key_Tab)
    raise AssertionError("Tab never reaches it")


def test_change_to_the_yuan_holds_at_the_desk_at_once(desk: Composition, community: SmallCommunity) -> None:
    """1,979.48 paid with 2,000.00: 21.00 change and 抹零 0.48, in the window and in the ledger."""
    desk_page(desk).open_target(1)
    card = settings(desk)
    tab_to(card.step)
    press(Qt.Key.Key_Down)
    assert community.workplace.read(desk_terms).change_step is ChangeStep.YUAN
    assert community.workplace.actor in card._rows["change_step"].trace.text()
    press(Qt.Key.Key_F2)
    page = desk_page(desk)
    assert page.charges.selection().total == 197948
    press(Qt.Key.Key_Return)
    QTest.keyClicks(focused(), "2000")
    assert page.tender._change.figure() == "21.00"
    press(Qt.Key.Key_Return)
    assert "21.00" in page.banner.accessibleName()
    assert community.balance("6711.抹零") == 48


@pytest.mark.parametrize("ticked", list(Ticked))
def test_ticks_follow_the_setting(desk: Composition, community: SmallCommunity, ticked: Ticked) -> None:
    community.charge(1, "物业费", "2026-12", 27608)
    card = settings(desk)
    card.ticked.set_value(ticked)
    card.ticked.chosen.emit(ticked)
    press(Qt.Key.Key_F2)
    page = desk_page(desk)
    page.open_target(1)
    periods = {charge.period for charge in page.charges.selection().charges}
    assert (
        periods
        == {
            Ticked.PRESENT: {"2026-08", "2026-09", "2026-10", "2026-11"},
            Ticked.OVERDUE: {"2026-08", "2026-09", "2026-10"},
            Ticked.EVERYTHING: {"2026-08", "2026-09", "2026-10", "2026-11", "2026-12"},
            Ticked.NOTHING: set(),
        }[ticked]
    )


def test_a_required_reference_is_asked_for_at_the_desk(desk: Composition, community: SmallCommunity) -> None:
    card = settings(desk)
    wechat = card.references["wechat"]
    tab_to(wechat)
    press(Qt.Key.Key_Down)
    assert community.workplace.read(desk_terms).references["wechat"] is ReferenceRule.REQUIRED
    press(Qt.Key.Key_F2)
    page = desk_page(desk)
    page.open_target(1)
    QTest.keyClick(focused(), Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    page.tender.received.edit.setFocus()
    press(Qt.Key.Key_Return)
    assert page.statement() is not None
    assert "微信必须填交易单号" in page.tender.received.edit.problem()
    assert focused() is page.tender.reference
    QTest.keyClicks(focused(), "WX-2026")
    press(Qt.Key.Key_Return)
    assert page.statement() is None
    assert "SJ-" in page.banner.accessibleName()


def test_amounts_are_kept_when_the_field_is_left(desk: Composition, community: SmallCommunity) -> None:
    card = settings(desk)
    for field, typed in ((card.limit, "10"), (card.quota, "35.50")):
        tab_to(field)
        field.selectAll()
        QTest.keyClicks(field, typed)
        press(Qt.Key.Key_Tab)
    assert community.workplace.read(desk_terms).over_short_limit == 1000
    assert community.workplace.read(late_fee_quota) == 3550
    card.limit.setFocus()
    card.limit.clear()
    card.limit.textEdited.emit("")
    press(Qt.Key.Key_Tab)
    assert community.workplace.read(desk_terms).over_short_limit is None


def test_how_long_cash_may_be_on_its_way_is_chosen_by_key(desk: Composition, community: SmallCommunity) -> None:
    """A number of days that the list does not offer is shown all the same."""
    card = settings(desk)
    assert card.transit.value() == 1
    tab_to(card.transit)
    press(Qt.Key.Key_Down)
    assert community.workplace.read(desk_terms).transit_days == 2
    assert community.workplace.actor in card._rows["cash_in_transit_days"].trace.text()
    community.run(set_transit_days, days=4)
    card.refresh()
    assert (card.transit.value(), card.transit.currentText()) == (4, "4 天内")


def test_blind_counts_stay_while_a_drawer_is_uncounted(desk: Composition, community: SmallCommunity) -> None:
    card = settings(desk)
    tab_to(card.blind)
    press(Qt.Key.Key_Down)
    assert community.workplace.read(desk_terms).blind_count
    assert card.blind.value() is True
    assert "还没有清点" in card._outcome.text()


def test_a_cashier_may_look_but_not_change(desk: Composition, community: SmallCommunity) -> None:
    sit_as(desk, "样例收费员")
    card = settings(desk)
    tab_to(card.step)
    press(Qt.Key.Key_Down)
    assert card.step.value() is ChangeStep.JIAO
    assert "无权操作" in card._outcome.text()
    assert community.workplace.read(desk_terms).change_step is ChangeStep.JIAO


def test_a_large_difference_is_handed_over_with_its_reason(desk: Composition, community: SmallCommunity) -> None:
    card = settings(desk)
    tab_to(card.limit)
    QTest.keyClicks(card.limit, "10")
    press(Qt.Key.Key_Tab, Qt.Key.Key_F8)
    page = desk.window.pages()["dayclose"]
    assert isinstance(page, DayClosePage)
    page.count.rows["100"].edit.setFocus()
    QTest.keyClicks(focused(), "4")
    for _press in range(14):
        press(Qt.Key.Key_Return)
        if open_sheet(desk.window) is not None:
            break
    sheet = open_sheet(desk.window)
    assert isinstance(sheet, ReasonSheet)
    press(Qt.Key.Key_Return)
    assert open_sheet(desk.window) is sheet
    assert isinstance(focused(), QLineEdit)
    QTest.keyClicks(focused(), "yangli")
    press(Qt.Key.Key_Return)
    assert open_sheet(desk.window) is None
    assert community.value(table_of(models.Entry), "reason", kind="shift_close") == "yangli"


def test_the_display_is_set_here_too(desk: Composition, qtbot: QtBot) -> None:
    settings(desk)
    page = desk.window.pages()["settings"]
    assert isinstance(page, SettingsPage)
    assert page.customer is not None
    assert desk.session is not None
    tab_to(page.customer.mode)
    press(Qt.Key.Key_Down)
    assert desk.session.customer.display() is not None
    qtbot.wait(50)
    page.customer.wechat.edit.setText("/pictures/wechat.png")
    page.customer.wechat.edit.editingFinished.emit()
    kept = load_config().customer
    assert (kept.mode, kept.wechat_code) == (CustomerDisplayMode.SECOND_SCREEN, "/pictures/wechat.png")
    desk.session.customer.toggle()
    page.refresh()
    assert page.customer.mode.value() is CustomerDisplayMode.OFF


@pytest.mark.parametrize("size", [(1366, 768), (1093, 614)])
def test_nothing_of_the_settings_is_cut_off(desk: Composition, look: Appearance, size: tuple[int, int]) -> None:
    settings(desk)
    desk.window.resize(*size)
    for language in ("zh_CN", "en"):
        for theme in (ThemeChoice.LIGHT, ThemeChoice.DARK):
            look.set_language(language)
            look.apply(theme=theme)
            QApplication.processEvents()
            assert cut_off(desk.window) == []


def test_an_amount_that_is_none_is_said_below_its_field(desk: Composition, community: SmallCommunity) -> None:
    before = community.workplace.read(late_fee_quota)
    card = settings(desk)
    for field, key in ((card.quota, "late_fee_quota"), (card.limit, "over_short_limit")):
        tab_to(field)
        field.selectAll()
        QTest.keyClicks(field, "2o.00")
        row = card._rows[key]
        assert "2o.00" in row.problem.text()
        press(Qt.Key.Key_Return)
        assert "原来的设置没有变" in row.problem.text()
        field.selectAll()
        press(Qt.Key.Key_Delete)
    assert "请填减免额度" in card._rows["late_fee_quota"].problem.text()
    assert card._rows["over_short_limit"].problem.isHidden(), "no limit at all is a setting too"
    assert community.workplace.read(late_fee_quota) == before
