"""The pages of the start: welcome, a ledger that cannot be opened, settings, and the one dialog for bugs."""

import logging
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from feedesk.config import Config, PrinterProfile, PrinterTransport, ThemeChoice, TypeSize
from feedesk.errors import EnvironmentFault, UserError
from feedesk.receipts.printers import PrinterKind
from feedesk.ui import crash_dialog
from feedesk.ui.appearance import Appearance
from feedesk.ui.crash_dialog import CrashDialog, CrashHook
from feedesk.ui.dialogs.administrator_sheet import AdministratorSheet
from feedesk.ui.pages.refused import RefusedPage
from feedesk.ui.pages.settings import SettingsFunctions, SettingsPage
from feedesk.ui.pages.welcome import WelcomeFunctions, WelcomePage
from feedesk.ui.receipt_printer import SlipTestFailed, print_test_slip, printer_profile
from feedesk.ui.shortcuts import open_sheet
from feedesk.ui.tasks import Progress, Worker


class Refused(UserError):
    message = "the workbook has 3 errors"


class PrinterGone(EnvironmentFault):
    message = "the printer does not answer"


@pytest.fixture
def worker(qtbot: QtBot) -> Iterator[Worker]:
    made = Worker()
    yield made
    made.stop()


def _welcome(qtbot: QtBot, worker: Worker, functions: WelcomeFunctions) -> WelcomePage:
    page = WelcomePage(functions, worker)
    qtbot.addWidget(page)
    page.resize(900, 600)
    page.show()
    page.activateWindow()
    page.take_focus()
    qtbot.waitUntil(page.isActiveWindow)
    return page


def test_each_choice_makes_a_ledger(qtbot: QtBot, worker: Worker, tmp_path: Path) -> None:
    made: list[object] = []
    functions = WelcomeFunctions(
        empty=lambda _progress: made.append("empty"),
        sample=lambda _progress: made.append("sample"),
        import_workbook=lambda path, _progress: made.append(path),
    )
    page = _welcome(qtbot, worker, functions)
    for key in (Qt.Key.Key_1, Qt.Key.Key_3):
        with qtbot.waitSignal(page.ready):
            QTest.keyClick(page, key)
    with qtbot.waitSignal(page.ready):
        page.start_import(tmp_path / "小区.xlsx")
    assert made == ["sample", "empty", tmp_path / "小区.xlsx"]
    page.grab()


def test_enter_chooses_and_a_second_enter_does_not_stop_it(qtbot: QtBot, worker: Worker) -> None:
    go = threading.Event()
    page = _welcome(qtbot, worker, WelcomeFunctions(lambda _progress: None, lambda _progress: go.wait(5)))
    for _press in range(2):
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, Qt.Key.Key_Return)
    assert page.is_busy()
    assert page._progress._cancel.isEnabled()
    with qtbot.waitSignal(page.ready):
        go.set()


def test_a_real_ledger_asks_for_its_administrator(qtbot: QtBot, worker: Worker) -> None:
    taken: list[tuple[str, str]] = []
    made: list[str] = []
    page = _welcome(
        qtbot,
        worker,
        WelcomeFunctions(
            empty=lambda _progress: made.append("empty"), administer=lambda name, word: taken.append((name, word))
        ),
    )
    page.start_empty()
    sheet = open_sheet(page)
    assert isinstance(sheet, AdministratorSheet)
    QTest.keyClick(sheet.name, Qt.Key.Key_Return)
    assert "密码" in sheet.sentence.text()
    QTest.keyClicks(sheet.passwords.first, "secret")
    QTest.keyClicks(sheet.passwords.again, "secret")
    with qtbot.waitSignal(page.ready):
        QTest.keyClick(sheet.passwords.again, Qt.Key.Key_Return)
    assert (taken, made) == ([("管理员", "secret")], ["empty"])


def test_only_what_can_be_done_is_offered(qtbot: QtBot, worker: Worker) -> None:
    page = _welcome(qtbot, worker, WelcomeFunctions(empty=lambda _progress: None))
    page.start_sample()
    page.start_import(Path("x.xlsx"))
    assert not page.is_busy()
    with qtbot.waitSignal(page.ready):
        QTest.keyClick(page, Qt.Key.Key_1)


def test_a_refused_workbook_says_why_and_offers_all_again(qtbot: QtBot, worker: Worker) -> None:
    def refuse(_path: Path, progress: Progress) -> None:
        progress.report(1, 2)
        raise Refused

    page = _welcome(qtbot, worker, WelcomeFunctions(lambda _progress: None, None, refuse))
    page.start_import(Path("x.xlsx"))
    assert page.is_busy()
    qtbot.waitUntil(lambda: not page.is_busy())
    assert page.problem() == "the workbook has 3 errors"
    tried = QApplication.focusWidget()
    assert tried is not None
    assert tried.accessibleName() == "导入本小区资料簿"
    with qtbot.waitSignal(page.ready):
        QTest.keyClick(page, Qt.Key.Key_2)
    assert page.problem() == ""


def test_making_a_ledger_can_be_stopped(qtbot: QtBot, worker: Worker) -> None:
    def endless(progress: Progress) -> None:
        while True:
            progress.report(0, 0)

    page = _welcome(qtbot, worker, WelcomeFunctions(endless))
    page.start_empty()
    page._progress._cancel.click()
    qtbot.waitUntil(lambda: not page.is_busy())
    assert page.problem() == "已停止，什么都没有保留；可以重新开始。"


def test_a_ledger_that_cannot_be_opened_can_be_tried_again(qtbot: QtBot) -> None:
    page = RefusedPage("被另一个程序锁定", "/data/ledger.sqlite")
    qtbot.addWidget(page)
    page.show()
    page.activateWindow()
    page.take_focus()
    with qtbot.waitSignal(page.again_asked):
        page.button.click()
    assert page.title() == "账本"


@pytest.fixture
def saved() -> list[Config]:
    return []


@pytest.fixture
def settings(qtbot: QtBot, saved: list[Config]) -> Callable[..., SettingsPage]:
    def make(
        save: Callable[[Config], object] = saved.append,
        print_test: Callable[[PrinterProfile], object] = lambda _profile: None,
    ) -> SettingsPage:
        functions = SettingsFunctions(save, print_test, lambda: None)
        page = SettingsPage(Config(), "/data/ledger.sqlite", functions)
        qtbot.addWidget(page)
        page.resize(1200, 700)
        page.show()
        page.activateWindow()
        page.take_focus()
        return page

    return make


def test_every_change_is_saved_at_once(settings: Callable[..., SettingsPage], saved: list[Config]) -> None:
    page = settings()
    QTest.keyClick(page.language, Qt.Key.Key_Down)
    QTest.keyClick(page.theme, Qt.Key.Key_Down)
    QTest.keyClick(page.type_size, Qt.Key.Key_Down)
    QTest.keyClick(page.transport, Qt.Key.Key_Down)
    page.address.setText("192.168.1.50:9100")
    page.address.editingFinished.emit()
    page.cuts.click()
    wanted = Config(
        language="en",
        theme=ThemeChoice.LIGHT,
        type_size=TypeSize.LARGE,
        printer=PrinterProfile(PrinterTransport.NETWORK, "192.168.1.50:9100", cuts=False),
    )
    assert saved[-1] == page.config() == wanted
    assert len(saved) == 6
    page.address.editingFinished.emit()
    assert len(saved) == 6


def test_the_address_is_asked_only_where_there_is_one(settings: Callable[..., SettingsPage]) -> None:
    page = settings()
    assert not page.address.isVisible()
    QTest.keyClick(page.transport, Qt.Key.Key_Down)
    assert page.address.isVisible()


def test_settings_that_cannot_be_saved_hold_all_the_same(settings: Callable[..., SettingsPage]) -> None:
    def refuse(_config: Config) -> None:
        raise OSError(28, "No space left on device")

    page = settings(save=refuse)
    QTest.keyClick(page.theme, Qt.Key.Key_Down)
    assert page.config().theme is ThemeChoice.LIGHT
    assert "No space left on device" in page._outcome.text()


def test_the_test_slip_tells_how_it_went(settings: Callable[..., SettingsPage]) -> None:
    page = settings()
    page.test_button.click()
    assert page._outcome.text() == "已发送到打印机。"

    def refuse(_profile: PrinterProfile) -> None:
        raise PrinterGone

    page = settings(print_test=refuse)
    page.test_button.click()
    assert page._outcome.text() == "the printer does not answer"


def test_settings_follow_the_language(settings: Callable[..., SettingsPage], look: Appearance) -> None:
    page = settings()
    look.set_language("en")
    assert (page.title(), page.test_button.text(), page.theme.currentText()) == (
        "Settings",
        "Print a test slip",
        "As the system shows",
    )


def test_the_printers_profile_follows_the_settings() -> None:
    virtual = printer_profile(PrinterProfile())
    assert (virtual.kind, virtual.address) == (PrinterKind.NETWORK, "127.0.0.1:9100")
    usb = printer_profile(PrinterProfile(PrinterTransport.USB, "04b8:0e15", 32, "none", opens_drawer=False, cuts=False))
    assert (usb.kind, usb.address, usb.columns, usb.cut, usb.drawer) == (PrinterKind.USB, "04b8:0e15", 32, False, False)


def test_a_test_slip_reaches_a_file_and_a_dead_printer_is_named(tmp_path: Path) -> None:
    target = tmp_path / "printer"
    target.write_bytes(b"")
    print_test_slip(PrinterProfile(PrinterTransport.FILE, str(target)))
    job = target.read_bytes()
    assert job.startswith(b"\x1b@\x1c&")
    assert "测试小票".encode("gbk") in job
    assert b"123456789012345678901234567890123456789012345678\n" in job
    with pytest.raises(SlipTestFailed):
        print_test_slip(replace(PrinterProfile(), transport=PrinterTransport.NETWORK, address="127.0.0.1:1"))


def test_the_crash_dialog_says_what_matters(qtbot: QtBot) -> None:
    dialog = CrashDialog("ZeroDivisionError: division by zero", "Traceback …", Path("/log/feedesk.log"))
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.copy_button.click()
    assert QApplication.clipboard().text() == "Traceback …"
    with qtbot.waitSignal(dialog.accepted):
        dialog.close_button.click()


@pytest.mark.logs_expected
def test_an_unexpected_exception_is_logged_and_shown_once(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    shown: list[str] = []
    hook = CrashHook(Path("/log/feedesk.log"))

    class Dialog:
        def __init__(self, summary: str, details: str, log: Path, _parent: object) -> None:
            shown.append(summary)
            assert "raise _Bug.here()" in details
            assert log == Path("/log/feedesk.log")

        def exec(self) -> None:
            _crash(hook)  # one while the first is shown: logged, not shown

    monkeypatch.setattr(crash_dialog, "CrashDialog", Dialog)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    hook.install()
    assert sys.excepthook is hook
    _crash(hook)
    assert shown == ["ZeroDivisionError: division by zero"]
    assert [record.levelno for record in caplog.records] == [logging.CRITICAL] * 2


def _crash(hook: CrashHook) -> None:
    try:
        raise _Bug.here()
    except ZeroDivisionError as error:
        hook(type(error), error, error.__traceback__)


class _Bug:
    @staticmethod
    def here() -> ZeroDivisionError:
        return ZeroDivisionError("division by zero")
