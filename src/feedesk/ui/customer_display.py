"""The customer display (客显): a second window beside the desk, opened by Ctrl+Shift+D or at the start when set so.

Only a key is bound here: the window and what it needs are imported when it is first opened.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from feedesk.config import CustomerDisplayMode, CustomerDisplayProfile
from feedesk.texts import N_
from feedesk.ui.gatekeeper import Gatekeeper
from feedesk.ui.main_window import MainWindow
from feedesk.ui.pages.desk.page import GROUP, DeskPage
from feedesk.ui.shortcuts import bind

if TYPE_CHECKING:
    from feedesk.ui.customer.display import DisplayWindow
    from feedesk.ui.customer.watch import DeskWatch


class CustomerDisplay(QObject):
    """`kept` carries the settings when the display is opened or closed. ``name`` is what it says when idle."""

    kept = Signal(object)

    def __init__(
        self, window: MainWindow, profile: CustomerDisplayProfile, gates: Gatekeeper, name: Callable[[], str]
    ) -> None:
        super().__init__(window)
        self._window, self._name = window, name
        self._profile = profile
        self._display: DisplayWindow | None = None
        self._watch: DeskWatch | None = None
        self._gates = gates
        # A display that was never opened has the mode the key opens it in.
        self._opens_as = CustomerDisplayMode.SECOND_SCREEN
        here = Qt.ShortcutContext.WindowShortcut
        bind(window, "Ctrl+Shift+D", N_("Customer display"), self.toggle, group=GROUP, context=here)
        gates.closed.connect(lambda: self._cover(covered=True))
        gates.opened.connect(lambda: self._cover(covered=False))
        window.closing.connect(self.close)

    def begin(self) -> None:
        """Opens the display after the desk stands, where the settings want one."""
        if self._profile.mode is not CustomerDisplayMode.OFF:
            QTimer.singleShot(0, self, self._open)

    def profile(self) -> CustomerDisplayProfile:
        """The settings as they hold now."""
        return self._profile

    def display(self) -> "DisplayWindow | None":
        """The window, while it is open."""
        return self._display

    def toggle(self) -> None:
        """Ctrl+Shift+D: opens the display, or closes it."""
        mode = self._opens_as if self._display is None else CustomerDisplayMode.OFF
        self.use(replace(self._profile, mode=mode))

    def use(self, profile: CustomerDisplayProfile) -> None:
        """Other settings, in force at once and kept."""
        self._profile = self._as_it_stands(profile)
        if profile.mode is CustomerDisplayMode.OFF:
            self._shut()
        else:
            self._opens_as = profile.mode
            self._open()
        self.kept.emit(self._profile)

    def close(self) -> None:
        """With the main window; where it stood is kept."""
        if self._display is not None:
            self._profile = self._as_it_stands(self._profile)
            self._shut()
            self.kept.emit(self._profile)

    def _open(self) -> None:
        from feedesk.ui.customer.display import DisplayWindow
        from feedesk.ui.customer.watch import DeskWatch

        if self._display is None:
            page = self._window.pages().get("desk")
            if not isinstance(page, DeskPage):
                return
            self._display = DisplayWindow(self._window, self._name)
            self._display.dismissed.connect(self._on_dismissed)
            self._watch = DeskWatch(self, page, self._display.show_facts)
            self._watch.cover(self._gates.gate() is not None)
            self._follow_screens(on=True)
        self._show_codes()
        self._display.stand(self._profile)

    def _show_codes(self) -> None:
        from feedesk.ui.customer.rows import CodePictures

        if self._watch is not None:
            files = (("wechat", self._profile.wechat_code), ("alipay", self._profile.alipay_code))
            self._watch.use_codes(CodePictures(files))

    def _shut(self) -> None:
        if self._display is not None:
            self._follow_screens(on=False)
            self._display.close()
            self._display.deleteLater()
            self._display = None
        if self._watch is not None:
            self._watch.deleteLater()
            self._watch = None

    def _follow_screens(self, *, on: bool) -> None:
        """A screen plugged in or pulled out while the display is open."""
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            for signal in (application.screenAdded, application.screenRemoved):
                (signal.connect if on else signal.disconnect)(self._on_screens)

    def _on_screens(self) -> None:
        QTimer.singleShot(0, self, self._stand_again)

    def _stand_again(self) -> None:
        if self._display is not None:
            self._display.stand(self._profile)

    def _as_it_stands(self, profile: CustomerDisplayProfile) -> CustomerDisplayProfile:
        """The settings with the screen and place where the display is now; the desk's own screen is not kept."""
        display = self._display
        if display is None:
            return replace(profile, screen=self._profile.screen, place=self._profile.place)
        screen, own = display.screen(), self._window.screen()
        return replace(
            profile,
            screen=self._profile.screen if screen is own else screen.name(),
            place=self._profile.place if display.isFullScreen() else display.place(),
        )

    def _cover(self, *, covered: bool) -> None:
        if self._watch is not None:
            self._watch.cover(covered)

    def _on_dismissed(self) -> None:
        self.use(replace(self._profile, mode=CustomerDisplayMode.OFF))
