"""The composition root: settings, application, window, and what the pages call. Nothing else is wired anywhere.

The window is painted before anything heavy is imported; the ledger is opened in the worker, and the desk follows.
With ``FEEDESK_STARTUP_MARKS`` set to a file, the moments ``first_frame`` and ``ready`` are written to it (the bench
reads them); with ``FEEDESK_QUIT_WHEN_READY`` the program ends then.
"""

import os
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QMessageLogContext, QObject, QTimer, QtMsgType, QUrl, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from feedesk.config import (
    Config,
    CustomerDisplayProfile,
    WindowPlace,
    default_database_url,
    load_config,
    log_folder,
    save_config,
)
from feedesk.texts import use_language
from feedesk.ui.appearance import appearance
from feedesk.ui.first_window import FirstWindow
from feedesk.ui.main_window import MainWindow, PageFactory
from feedesk.ui.screen_needed import NoScreen, no_screen

if TYPE_CHECKING:
    from feedesk.errors import FeedeskError
    from feedesk.ui.open_ledger import OpenLedger
    from feedesk.ui.session import Session
    from feedesk.ui.tasks import Progress

_LOG_BYTES: Final = 1_000_000
_LOG_FILES: Final = 5


def run_window(database_url: str | None = None, today: date | None = None) -> int:
    """Opens the cashier window on a ledger (by default the one opened last) and returns when it is closed.

    ``today`` sets the business date of a training ledger. A ledger that is open in another window of this machine
    brings that window forward instead.
    """
    config = load_config()
    use_language(config.language)
    if no_screen():
        raise NoScreen
    application = make_application(config)
    url = database_url or config.ledger or default_database_url()
    first = FirstWindow(url)
    if not first.claim():
        return 0
    composition = Composition(config, url, today)
    first.asked_forward.connect(composition.window.come_forward)
    composition.window.show()
    status = application.exec()
    composition.close()
    first.release()
    return status


def make_application(config: Config) -> QApplication:
    """The Qt application in the look the settings ask for."""
    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    application.setApplicationName("feedesk")
    application.setStyle("Fusion")
    appearance().apply(theme=config.theme, type_size=config.type_size)
    appearance().follow_system()
    return application


class StartupMarks:
    """Writes moments of the start to a file, for the bench."""

    def __init__(self) -> None:
        path = os.environ.get("FEEDESK_STARTUP_MARKS")
        self._path = Path(path) if path else None

    def mark(self, name: str) -> None:
        """Writes the time now."""
        if self._path is not None:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(f"{name} {time.time_ns()}\n")


class Composition(QObject):
    """Puts the window together in two steps: the frame at once, everything else after its first paint."""

    def __init__(self, config: Config, database_url: str, today: date | None = None) -> None:
        super().__init__()
        self.config = config
        self.database_url = database_url
        self.today = today
        self.session: Session | None = None
        self.ledger: OpenLedger | None = None
        self.window = MainWindow(config.window)
        self._marks = StartupMarks()
        self._worker: Any = None
        self._save_timer = QTimer(self)
        self.window.first_painted.connect(self._on_first_painted)
        self.window.closing.connect(self._on_closing)

    def _on_first_painted(self) -> None:
        self._marks.mark("first_frame")
        QTimer.singleShot(0, self, self._start)

    def _start(self) -> None:
        """Imports what the frame did not need, then opens the ledger beside the window."""
        from feedesk.ui.crash_dialog import CrashHook
        from feedesk.ui.tasks import Worker

        CrashHook(start_logging()).install()
        self._worker = Worker(self)
        self._open_ledger()

    def _open_ledger(self) -> None:
        url = self.database_url

        def work(progress: "Progress") -> "OpenLedger | None":
            from feedesk.ui.open_ledger import open_ledger

            return open_ledger(url)

        self._worker.start(work, done=self._on_opened, failed=self._on_refused)

    def _on_opened(self, ledger: "OpenLedger | None") -> None:
        from feedesk.ui.fonts import load_rare_han

        load_rare_han()
        if ledger is None:
            self._show_welcome()
        else:
            self.ledger = ledger
            self._show_desk(ledger)
        QTimer.singleShot(0, self, self._on_ready)

    def _on_ready(self) -> None:
        self._marks.mark("ready")
        if os.environ.get("FEEDESK_QUIT_WHEN_READY"):
            self.window.close()
        elif self.session is not None:
            from feedesk.ui.idle import SERVING, ImportsAhead

            ImportsAhead(SERVING, self)

    def _on_refused(self, error: "FeedeskError") -> None:
        """The ledger cannot be opened: say so, and leave the settings within reach."""
        from feedesk.ui.pages.refused import RefusedPage

        def page() -> RefusedPage:
            made = RefusedPage(str(error), self.database_url)
            made.again_asked.connect(self._on_again)
            return made

        self.window.drop_pages()
        self.window.add_pages([PageFactory("refused", page), PageFactory("settings", self._settings_page)])
        self.window.show_page("refused")
        QTimer.singleShot(0, self, self._on_ready)

    def _on_again(self) -> None:
        self.window.drop_pages()
        self._open_ledger()

    def _show_welcome(self) -> None:
        from feedesk.ui.first_ledger import welcome_functions
        from feedesk.ui.pages.welcome import WelcomePage

        def page() -> WelcomePage:
            made = WelcomePage(welcome_functions(self.database_url), self._worker)
            made.ready.connect(self._on_again)
            return made

        self.window.add_pages([PageFactory("welcome", page), PageFactory("settings", self._settings_page)])
        self.window.show_page("welcome")

    def _show_desk(self, ledger: "OpenLedger") -> None:
        self.window.top_bar.set_community(ledger.community)
        self.window.training.setVisible(ledger.training)
        from feedesk.ui.session import Session, SessionFacts

        facts = SessionFacts(till=int(self.config.till or 1), staff=self.config.staff, today=self.today)
        self.session = Session(ledger, self.config, self.window, self._worker, facts)
        self.session.seated.connect(self._on_seated)
        self.session.folder_chosen.connect(self._on_folder)
        self.session.slips_shown.connect(self._on_slips_shown)
        self.session.customer.kept.connect(self._on_customer_display)
        self.window.add_pages([*self.session.page_factories(), PageFactory("settings", self._settings_page)])
        self.window.show_page("desk")
        self.session.start()
        self._keep(replace(self.config, ledger=self.database_url))

    def _on_slips_shown(self, shown: bool) -> None:
        self._keep(replace(self.config, show_virtual_printer=shown))

    def _on_customer_display(self, profile: CustomerDisplayProfile) -> None:
        self._keep(replace(self.config, customer=profile))

    def _on_seated(self, name: str, till: int) -> None:
        self._keep(replace(self.config, staff=name, till=str(till)))

    def _on_folder(self, folder: Path) -> None:
        self._keep(replace(self.config, export_folder=str(folder)))

    def _settings_page(self) -> Any:
        from feedesk.ui.pages.settings import SettingsFunctions, SettingsPage

        functions = SettingsFunctions(self.apply_config, self.print_test, self._open_folder)
        if self.session is not None:
            functions = replace(functions, **self._of_the_session(self.session))
        return SettingsPage(self.config, self._ledger_words(), functions)

    def _of_the_session(self, session: "Session") -> dict[str, Any]:
        """The cards that only an open ledger has."""
        from feedesk.ui.pages.settings_customer import CustomerFunctions
        from feedesk.ui.pages.settings_work import DeskSettingsWork

        return {
            "customer": CustomerFunctions(session.customer.profile, session.customer.use),
            "desks": DeskSettingsWork(session.workplace, session.changes).functions(),
        }

    def _ledger_words(self) -> str:
        prefix = "sqlite:///"
        return self.database_url.removeprefix(prefix)

    def apply_config(self, config: Config) -> None:
        """Shows and keeps the settings that the page shows; who sat here last, say, may have changed since it was made.

        Raises OSError where they cannot be written; they hold all the same.
        """
        before = self.config
        config = self.config = replace(
            before,
            language=config.language,
            theme=config.theme,
            type_size=config.type_size,
            printer=config.printer,
            lock_after_minutes=config.lock_after_minutes,
        )
        if (config.theme, config.type_size) != (before.theme, before.type_size):
            appearance().apply(theme=config.theme, type_size=config.type_size)
        if config.language != before.language:
            appearance().set_language(config.language)
        if self.session is not None and config.printer != before.printer:
            self.session.use_printer(config.printer)
        if self.session is not None and config.lock_after_minutes != before.lock_after_minutes:
            self.session.lock_after(config.lock_after_minutes)
        save_config(config)

    def _keep(self, config: Config) -> None:
        self.config = config
        try:
            save_config(config)
        except OSError as error:
            import logging

            logging.getLogger(__name__).warning("settings not saved: %s", error)

    def print_test(self, profile: Any) -> None:
        """A test slip, to the printer of these settings. Raises what the printer refuses."""
        from feedesk.ui.receipt_printer import print_test_slip

        port = self.session.print_desk.virtual_port() if self.session is not None else None
        if port is None:
            print_test_slip(profile)
        else:
            print_test_slip(profile, virtual_port=port)

    def _open_folder(self) -> None:
        from PySide6.QtGui import QDesktopServices

        QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(self._ledger_words()).parent)))

    def _on_closing(self, place: WindowPlace) -> None:
        self._keep(replace(self.config, window=place))

    def is_busy(self) -> bool:
        """Whether something is being read or done beside the window."""
        return self._worker is not None and self._worker.is_busy()

    def close(self) -> None:
        """Ends the work under way and lets go of the ledger."""
        if self.session is not None:
            self.session.close()
        if self._worker is not None:
            self._worker.stop()
        if self.ledger is not None:
            self.ledger.close()


def start_logging() -> Path:
    """Sends log records of the program and of Qt to a rotating file, and returns its path."""
    import logging
    from logging.handlers import RotatingFileHandler

    path = log_folder() / "feedesk.log"
    logger = logging.getLogger("feedesk")
    logger.setLevel(logging.INFO)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = RotatingFileHandler(
            path, maxBytes=_LOG_BYTES, backupCount=_LOG_FILES, encoding="utf-8", errors="backslashreplace"
        )
    except OSError:
        handler = logging.StreamHandler()  # a read-only folder must not keep the desk from working
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logger.addHandler(handler)
    levels = {QtMsgType.QtDebugMsg: 10, QtMsgType.QtInfoMsg: 20, QtMsgType.QtWarningMsg: 30}
    from_qt = logging.getLogger("feedesk.qt")

    def pass_on(kind: QtMsgType, _context: QMessageLogContext, words: str | None) -> None:
        from_qt.log(levels.get(kind, 40), "%s", words)

    qInstallMessageHandler(pass_on)
    return path
