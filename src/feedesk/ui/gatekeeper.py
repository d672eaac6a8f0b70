"""Who may sit down when: signing in at the start, locking by key or after minutes without one, changing the cashier."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QMainWindow

from feedesk.ops.permissions import PERMISSIONS, Permission
from feedesk.ops.run import Workplace
from feedesk.ops.signing_in import SignedIn, SignInAction, StaffMember, change_password, sign_in, staff
from feedesk.texts import N_
from feedesk.ui.dialogs.gate import Gate, GateFunctions, GateKind
from feedesk.ui.shortcuts import bind, open_sheet

_OF_A_PERSON = frozenset({QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel})


class Gatekeeper(QObject):
    """`seated` carries who acts from now on; `closed` and `opened` frame the time in which nothing may be seen."""

    seated = Signal(str)
    closed = Signal()
    opened = Signal()

    def __init__(
        self, window: QMainWindow, workplace: Callable[[], Workplace], place: Callable[[], str], *, group: str
    ) -> None:
        super().__init__(window)
        self._window, self._workplace, self._place = window, workplace, place
        self.warning: Callable[[], str] = str
        """What to tell whoever comes, at the gate already; empty by default."""
        self._gate: Gate | None = None
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.timeout.connect(self.lock)
        here = Qt.ShortcutContext.WindowShortcut
        bind(window, "Ctrl+Shift+L", N_("Lock the window"), self.lock, group=group, context=here)
        bind(window, "Ctrl+Shift+U", N_("Change of cashier"), self.change, group=group, context=here)

    def gate(self) -> Gate | None:
        """The gate, while it is closed."""
        return self._gate

    def ask_who(self, name: str) -> None:
        """At the start of a real ledger: nobody acts before somebody signed in."""
        self._close(GateKind.SIGN_IN, name)

    def lock(self) -> None:
        """Ctrl+Shift+L, or nobody touched anything for a while: also over a sheet that is open."""
        if self._gate is None:
            self._close(GateKind.LOCKED, self._workplace().actor)

    def change(self) -> None:
        """Ctrl+Shift+U: another person acts at this till."""
        if self._gate is None and open_sheet(self._window) is None:
            self._close(GateKind.CHANGE, self._workplace().actor)

    def lock_after(self, minutes: int) -> None:
        """Locks after so many minutes without key or click; 0: never by itself."""
        application = QApplication.instance()
        if application is None:
            return
        application.removeEventFilter(self)
        self._idle.stop()
        if minutes:
            # Only while it is wanted: a filter in Python sees every event of the window.
            application.installEventFilter(self)
            self._idle.setInterval(minutes * 60_000)
            self._idle.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _OF_A_PERSON and self._gate is None:
            self._idle.start()
        return False

    def _close(self, kind: GateKind, name: str) -> None:
        functions = GateFunctions(lambda: self._may_pass(kind, name), self._prove, self._change_password)
        place = self._place() if kind is GateKind.SIGN_IN else ""
        gate = self._gate = Gate(self._window, kind, functions, name=name, place=place, warning=self.warning())
        gate.passed.connect(self._on_passed)
        gate.left.connect(self._on_left)
        self._idle.stop()
        self.closed.emit()
        gate.ask()

    def _may_pass(self, kind: GateKind, name: str) -> tuple[StaffMember, ...]:
        everybody = self._workplace().read(staff)
        if kind is not GateKind.LOCKED:
            return everybody
        return tuple(
            one for one in everybody if one.name == name or Permission.ACT_IN_ANOTHERS_SHIFT in PERMISSIONS[one.role]
        )

    def _prove(self, name: str, password: str, action: SignInAction) -> SignedIn:
        return sign_in(self._workplace().database, name=name, password=password, action=action)

    def _change_password(self, name: str, password: str) -> None:
        place = self._workplace()
        Workplace(place.database, name, today=place.today).run_op(change_password, password=password)

    def _on_passed(self, name: str) -> None:
        self._on_left()
        self.seated.emit(name)

    def _on_left(self) -> None:
        self._gate = None
        if self._idle.interval():
            self._idle.start()
        self.opened.emit()
