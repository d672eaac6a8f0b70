"""The customer display: what the queue may read, nothing cut off on any screen, and never the keyboard."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest
from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from feedesk.app import Composition
from feedesk.config import (
    Config,
    CustomerDisplayMode,
    CustomerDisplayProfile,
    ThemeChoice,
    TypeSize,
    WindowPlace,
    load_config,
    save_config,
)
from feedesk.money import Fen, parse_amount
from feedesk.ui.appearance import Appearance
from feedesk.ui.customer.display import DisplayWindow, second_screen
from feedesk.ui.customer.faces import Face, bill_face, idle_face, thanks_face
from feedesk.ui.customer.rows import (
    Bill,
    BillLine,
    CodePictures,
    PaymentCode,
    Thanks,
    bill_of,
)
from feedesk.ui.customer_display import CustomerDisplay
from feedesk.ui.pages.desk.page import DeskPage
from feedesk.ui.pages.desk.tendering import MoneyState
from tests.community import TODAY, SmallCommunity, open_desk, picture_home, small_community
from tests.databases import copied
from tests.ui.desk_case import DeskCase

SIZES: Final = ((1024, 600), (1366, 768), (1920, 1080), (480, 270))
NAME: Final = "样例花园物业服务中心（一期、二期及沿街商铺）"
NOW: Final = datetime(2026, 11, 23, 9, 5, tzinfo=UTC)


@pytest.fixture
def page(qtbot: QtBot) -> DeskPage:
    made = DeskCase().page()
    qtbot.addWidget(made)
    made.open_target(502)
    return made


def bill_now(page: DeskPage, files: dict[str, str] | None = None) -> Bill:
    statement = page.statement()
    assert statement is not None
    codes = CodePictures(tuple((files or {}).items()))
    return bill_of(statement, page.charges.selection(), page.ahead(), page.tender.money_state(), codes)


def test_the_lines_add_up_to_what_is_due(page: DeskPage) -> None:
    bill = bill_now(page)
    assert bill.lines[0] == BillLine("物业费", "2026-08 至 2026-11", Fen(4 * 27608))
    assert [line.item for line in bill.lines] == ["物业费", "公摊电费", "车位服务费", "水费"]
    assert (bill.discount, bill.late_fees, bill.settled, bill.rest) == (11044, 1893, 0, 0)
    assert bill.due == 199841
    page.charges.tick([1])
    bill = bill_now(page)
    assert (bill.due, [line.period for line in bill.lines]) == (25473, ["2026-08"])
    with pytest.raises(ValueError, match="add up"):
        replace(bill, discount=Fen(0))


def test_money_and_change_are_shown_as_they_are_typed(page: DeskPage) -> None:
    page.tender.received.edit.set_amount(parse_amount("1000"))
    page.tender._on_amount_changed(parse_amount("1000"))
    bill = bill_now(page)
    assert (bill.received, bill.missing, bill.change) == (100000, 99841, None)
    page.tender._on_amount_changed(parse_amount("2000"))
    bill = bill_now(page)
    assert (bill.received, bill.missing, bill.change, bill.rounding) == (200000, 0, 160, 1)


def test_a_code_is_shown_for_its_channel_only(page: DeskPage) -> None:
    files = {"wechat": "/pictures/wechat.png", "alipay": ""}
    assert bill_now(page, files).code is None
    page.tender.choose(1)
    assert bill_now(page, files).code == PaymentCode("微信", Fen(199841), Path("/pictures/wechat.png"))
    page.tender.choose(2)
    assert bill_now(page, files).code == PaymentCode("支付宝", Fen(199841), None)
    page.tender.choose(3)
    assert bill_now(page, files).code is None


def test_nothing_else_of_the_account_is_shown(page: DeskPage) -> None:
    page.charges.tick([1])
    words = bill_face(QSizeF(1366, 768), "样例小区", bill_now(page)).text()
    for secret in ("6621", "张样燕", "3-1-502", "120.00", "2,000.00", "B1-087", "争议", "1,998.41", "H000502"):
        assert secret not in words
    assert "254.73" in words


LONG: Final = Bill(
    unit="商铺B1-0087-甲",
    name="样例**",
    lines=tuple(BillLine(f"二次供水加压泵房电费分摊 {n}", "2026-01 至 2026-12", Fen(98765432)) for n in range(24)),
    due=Fen(24 * 98765432 - 1_234_567 - 7_654_321 + 999_999 + 5_000_000),
    discount=Fen(1_234_567),
    settled=Fen(7_654_321),
    late_fees=Fen(999_999),
    rest=Fen(5_000_000),
    tender="现金、微信、支付宝、刷卡",
    received=Fen(2_400_000_000),
    change=Fen(123_456),
    rounding=Fen(99),
)
FACES: Final = {
    "few": replace(LONG, lines=LONG.lines[:1], due=Fen(98765432 - 1_234_567 - 7_654_321 + 999_999 + 5_000_000)),
    "long": LONG,
    "short of money": replace(LONG, missing=Fen(1_000_000_00), change=None),
    "code": replace(LONG, change=None, code=PaymentCode("微信", LONG.due, Path("code.png"))),
    "no code": replace(LONG, change=None, code=PaymentCode("支付宝", LONG.due, None)),
}


def check_nothing_is_cut_off(face: Face, width: int, height: int) -> None:
    whole = QRectF(0, 0, width, height)
    boxes = [piece.box for piece in face.pieces if piece.text]
    for piece in face.pieces:
        assert whole.contains(piece.box), piece
        font = piece.font()
        assert QFontMetricsF(font).capHeight() <= piece.box.height(), piece
        if any(letter.isdigit() for letter in piece.text) or piece.wraps:
            assert piece.words(font) == piece.text, f"{piece.text} is cut off"
            assert piece.fits(font), f"{piece.text} does not fit"
    for place, box in enumerate(boxes):
        for other in boxes[place + 1 :]:
            common = box.intersected(other)
            assert min(common.width(), common.height()) <= 1, "two texts lie over one another"
    if face.picture is not None:
        assert whole.contains(face.picture[0])
        assert face.picture[0].width() >= min(width, height) * 0.3
        assert not any(face.picture[0].intersected(box).height() > 1 for box in boxes)


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("shown", list(FACES))
def test_no_bill_is_cut_off(shown: str, size: tuple[int, int], large: bool, look: Appearance) -> None:
    for language in ("zh_CN", "en"):
        look.set_language(language)
        check_nothing_is_cut_off(bill_face(QSizeF(*size), NAME, FACES[shown], large=large), *size)


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("size", SIZES)
def test_neither_the_idle_face_nor_the_thanks_are_cut_off(size: tuple[int, int], large: bool, look: Appearance) -> None:
    thanks = Thanks("样例**", "SJ-2026-1-004289", Fen(99_999_999_99), Fen(99_99))
    for language in ("zh_CN", "en"):
        look.set_language(language)
        check_nothing_is_cut_off(thanks_face(QSizeF(*size), NAME, thanks, large=large), *size)
        check_nothing_is_cut_off(idle_face(QSizeF(*size), NAME, NOW, large=large), *size)


def test_lines_without_room_are_summed_up() -> None:
    face = bill_face(QSizeF(1024, 600), NAME, LONG)
    (rest,) = [piece.text for piece in face.pieces if piece.text.startswith("其余")]
    shown = sum(piece.text.startswith("二次供水") for piece in face.pieces)
    assert rest == f"其余 {24 - shown} 项"
    assert 3 <= shown < 24


class Screen:
    def __init__(self, name: str) -> None:
        self._name = name

    def name(self) -> str:
        return self._name


def test_the_screen_is_never_the_desks_own() -> None:
    desk, left, right = Screen("eDP-1"), Screen("HDMI-1"), Screen("DP-2")
    assert second_screen([desk], desk, "HDMI-1") is None
    assert second_screen([desk, left, right], desk, "") is left
    assert second_screen([desk, left, right], desk, "DP-2") is right
    assert second_screen([desk, left, right], desk, "eDP-1") is left


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
    composition = Composition(load_config(), str(community.database.url), TODAY)
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


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(focused(), key, modifier)


def toggle() -> None:
    press(Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)


def customer(desk: Composition) -> CustomerDisplay:
    assert desk.session is not None
    return desk.session.customer


def open_display(desk: Composition, qtbot: QtBot) -> None:
    toggle()
    qtbot.wait(50)  # the window system without a screen activates every new window
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)


def display(desk: Composition) -> DisplayWindow:
    shown = customer(desk).display()
    assert shown is not None
    return shown


def desk_page(desk: Composition) -> DeskPage:
    page = desk.window.pages()["desk"]
    assert isinstance(page, DeskPage)
    return page


def test_a_payment_is_followed_from_the_account_to_the_thanks(desk: Composition, qtbot: QtBot) -> None:
    before = focused()
    open_display(desk, qtbot)
    window = display(desk)
    assert window.isVisible()
    assert focused() is before
    assert window.shown() is None
    assert window.accessibleName().startswith("锦绣江南小区")
    page = desk_page(desk)
    page.open_target(1)
    qtbot.waitUntil(lambda: isinstance(window.shown(), Bill))
    due = page.charges.selection().total
    shown = window.shown()
    assert isinstance(shown, Bill)
    assert shown.due == due
    press(Qt.Key.Key_Return)
    QTest.keyClicks(focused(), "5000")
    qtbot.waitUntil(lambda: isinstance(bill := window.shown(), Bill) and bill.received == 500000)
    shown = window.shown()
    assert isinstance(shown, Bill)
    assert shown.change is not None
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(window.shown(), Thanks))
    thanks = window.shown()
    assert isinstance(thanks, Thanks)
    assert (thanks.total + thanks.change, thanks.change) == (500000, shown.change)
    assert thanks.receipt.startswith("SJ-")
    page.open_target(2)
    qtbot.waitUntil(lambda: isinstance(window.shown(), Bill) or window.shown() is None)
    page.clear()
    qtbot.waitUntil(lambda: window.shown() is None)
    window.grab()


def test_the_thanks_end_by_themselves(desk: Composition, qtbot: QtBot) -> None:
    open_display(desk, qtbot)
    watch = customer(desk)._watch
    assert watch is not None
    desk_page(desk).open_target(1)
    press(Qt.Key.Key_Return)
    QTest.keyClicks(focused(), "5000")
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(display(desk).shown(), Thanks))
    assert watch._end.isActive()
    watch._end.timeout.emit()
    qtbot.waitUntil(lambda: display(desk).shown() is None)


def test_a_locked_desk_shows_nothing(desk: Composition, qtbot: QtBot) -> None:
    open_display(desk, qtbot)
    desk_page(desk).open_target(1)
    qtbot.waitUntil(lambda: isinstance(display(desk).shown(), Bill))
    assert desk.session is not None
    desk.session.gates.lock()
    assert display(desk).shown() is None
    qtbot.wait(20)
    assert display(desk).shown() is None
    desk.session.gates.opened.emit()
    qtbot.waitUntil(lambda: isinstance(display(desk).shown(), Bill))


def test_the_key_closes_it_again_and_both_are_kept(desk: Composition, qtbot: QtBot) -> None:
    open_display(desk, qtbot)
    assert load_config().customer.mode is CustomerDisplayMode.SECOND_SCREEN
    display(desk).setGeometry(30, 40, 800, 450)
    toggle()
    assert customer(desk).display() is None
    kept = load_config().customer
    assert (kept.mode, kept.place) == (CustomerDisplayMode.OFF, WindowPlace(30, 40, 800, 450))


def test_it_closes_with_the_window_and_comes_back_at_the_next_start(
    community: SmallCommunity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setenv("FEEDESK_HOME", str(tmp_path / "home"))
    place = WindowPlace(50, 60, 700, 400)
    save_config(Config(customer=CustomerDisplayProfile(CustomerDisplayMode.WINDOW, place=place)))
    composition = Composition(load_config(), str(community.database.url), TODAY)
    composition.window.show()
    qtbot.waitUntil(lambda: composition.session is not None, timeout=20_000)
    qtbot.waitUntil(lambda: customer(composition).display() is not None)
    shown = display(composition)
    assert shown.isVisible()
    assert (shown.width(), shown.height()) == (700, 400)
    assert not shown.testAttribute(Qt.WidgetAttribute.WA_QuitOnClose)
    composition.window.close()
    assert customer(composition).display() is None
    assert load_config().customer.mode is CustomerDisplayMode.WINDOW
    composition.close()
    composition.window.deleteLater()


def test_pictures_that_are_none_give_way_to_a_sentence(qtbot: QtBot, page: DeskPage, tmp_path: Path) -> None:
    broken, good = tmp_path / "broken.png", tmp_path / "good.png"
    broken.write_bytes(b"no picture")
    image = QImage(120, 120, QImage.Format.Format_RGB32)
    image.fill(QColor("black"))
    assert image.save(str(good))
    window = DisplayWindow(page, lambda: "样例小区")
    qtbot.addWidget(window)
    window.resize(1024, 600)
    page.tender.choose(1)
    for path, has_picture in ((broken, False), (good, True), (tmp_path / "gone.png", False)):
        window.show_facts(bill_now(page, {"wechat": str(path)}))
        face = window.face()
        assert (face.picture is not None) is has_picture
        assert ("请向收费员出示" in face.text()) is not has_picture
    window.show_facts(bill_now(page, {"wechat": str(good)}))
    box = window.face().picture
    assert box is not None
    centre = box[0].center().toPoint()
    assert window.grab().toImage().pixelColor(centre) == QColor("black")


def test_it_follows_theme_type_and_language(qtbot: QtBot, page: DeskPage, look: Appearance) -> None:
    window = DisplayWindow(page, lambda: "样例小区")
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.show_facts(bill_now(page))
    light = window.grab().toImage().pixelColor(2, 2)
    size = max(piece.pixels for piece in window.face().pieces)
    look.apply(theme=ThemeChoice.DARK, type_size=TypeSize.LARGE)
    assert window.grab().toImage().pixelColor(2, 2).lightness() < light.lightness()
    assert max(piece.pixels for piece in window.face().pieces) > size
    assert "应付合计" in window.accessibleName()
    look.set_language("en")
    assert "To pay" in window.accessibleName()
    assert window.windowTitle() == "Customer display"


def test_what_the_payer_named_alone_is_shown_alone(page: DeskPage) -> None:
    statement = page.statement()
    assert statement is not None
    selection = page.charges.selection()
    late = bill_of(statement, replace(selection, only="late_fee"), (), MoneyState(due=Fen(1893)), CodePictures())
    assert (late.due, late.discount, late.late_fees, late.rest) == (1893, 0, 0, 0)
    assert late.lines[0] == BillLine("物业费违约金", "2026-08 至 2026-10", Fen(1200))
    own = replace(selection, only="principal")
    principal = bill_of(statement, own, (), MoneyState(due=own.total), CodePictures())
    assert (principal.late_fees, principal.rest, principal.due) == (0, 0, 199841 - 1893)
