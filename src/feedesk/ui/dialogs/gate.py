"""The gate before the ledger: signing in, unlocking, changing the cashier. Behind it the window shows nothing.

The pages are only hidden, so that a payment half entered is still there when the gate opens. A wrong password is told
in one sentence; after the third the gate waits and counts the seconds. Who comes with a first password chooses one of
his own before he passes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QMainWindow, QWidget

from feedesk.errors import FeedeskError
from feedesk.ops.signing_in import SignedIn, SignInAction, StaffMember, TriedTooOften
from feedesk.texts import N_, _
from feedesk.ui.appearance import appearance
from feedesk.ui.dialogs.sheet import Sheet
from feedesk.ui.shortcuts import open_sheet
from feedesk.ui.widgets.buttons import ActionButton
from feedesk.ui.widgets.choice import FormRow
from feedesk.ui.widgets.keycap import KeyHint
from feedesk.ui.widgets.label import Label
from feedesk.ui.widgets.name_choice import NameChoice
from feedesk.ui.widgets.password_pair import PasswordPair, password_field


class GateKind(Enum):
    """Why the gate is closed: title, sentence, button."""

    SIGN_IN = (N_("Sign in"), N_("Choose your name, or type its pinyin initials."), N_("Sign in"))
    LOCKED = (
        N_("Locked"),
        N_("{name} or a supervisor unlocks. What was half entered is still there."),
        N_("Unlock"),
    )
    CHANGE = (
        N_("Change of cashier"),
        N_("The shift stays whose it is. In somebody else's shift only a supervisor moves money."),
        N_("Sit down here"),
    )


@dataclass(frozen=True, slots=True)
class GateFunctions:
    """What the gate calls; ``staff`` are those who may pass, ``prove`` and ``change_password`` raise a `UserError`."""

    staff: Callable[[], tuple[StaffMember, ...]]
    prove: Callable[[str, str, SignInAction], SignedIn]
    change_password: Callable[[str, str], object]


class Gate(Sheet):
    """`passed` carries the name of who came in; `left` when a change of cashier was thought better of."""

    passed = Signal(str)
    left = Signal()

    def __init__(
        self,
        window: QMainWindow,
        kind: GateKind,
        functions: GateFunctions,
        *,
        name: str,
        place: str,
        warning: str = "",
    ) -> None:
        super().__init__(window, width=440)
        self.kind = kind
        self._main, self._call = window, functions
        self._people: tuple[StaffMember, ...] = ()
        self._hidden: list[QWidget] = []
        self._name, self._proved = name, ""
        title, words, self._button_words = kind.value
        leave = KeyHint(N_("Back"), "Escape")
        leave.clicked.connect(self._leave)
        self.add_title(Label(_(title), "room", bold=True), leave if kind is GateKind.CHANGE else None)
        if place:
            self.content.addWidget(Label(place, "title", bold=True))
        self.words = Label(_(words).format(name=name), "body", tone="ink_2", wraps=True)
        self.content.addWidget(self.words)
        if warning:
            self.content.addWidget(Label(warning, "secondary", tone="danger", wraps=True))
        self._build()
        self._pause = QTimer(self)
        self._pause.setInterval(1000)
        self._pause.timeout.connect(self._on_second)
        self._seconds = 0

    def _build(self) -> None:
        self.who = NameChoice()
        self.password = password_field()
        self.new_passwords = PasswordPair(N_("New password"), N_("New password again"))
        self._who_row = FormRow(N_("Name of the staff member"), self.who)
        self._password_row = FormRow(N_("Password"), self.password)
        for row in (self._who_row, self._password_row, self.new_passwords):
            self.content.addWidget(row)
        self.new_passwords.hide()
        self.sentence = Label("", "secondary", tone="danger", wraps=True)
        self.button = ActionButton("Return")
        self.button.set_words(_(self._button_words))
        self.button.clicked.connect(self.submit)
        self.add_foot(self.sentence, self.button)
        self.who.chosen.connect(self._on_who)
        for field in (self.password, self.new_passwords.first, self.new_passwords.again):
            field.textEdited.connect(self._on_typed)

    def _on_typed(self, _text: str) -> None:
        if not self._seconds:
            self._tell("")

    def ask(self) -> None:
        """Closes the gate over everything, sheets that are open too."""
        self._people = self._call.staff()
        self.who.set_names([one.name for one in self._people], self._name)
        self._on_who()
        under = open_sheet(self._main)
        self.open(self)
        for hidden in (self._main.centralWidget(), under):
            if hidden is not None and hidden.isVisible():
                hidden.hide()
                self._hidden.append(hidden)
        self.raise_()
        self._take_focus()

    def submit(self) -> None:
        """Enter: comes in, or says why not."""
        if self._seconds:
            return
        if self._proved:
            self._choose_password()
            return
        name = self.who.value()
        if self._asks_password() and not self.password.text():
            self._tell(_("{name} has a password: type it.").format(name=name))
            self._take_focus()
            return
        action = SignInAction.UNLOCKED if self.kind is GateKind.LOCKED else SignInAction.SIGNED_IN
        try:
            done = self._call.prove(name, self.password.text(), action)
        except FeedeskError as error:
            self._refuse(error)
            return
        if done.must_change:
            self._ask_new_password(done.name)
        else:
            self._pass(done.name)

    def _refuse(self, error: FeedeskError) -> None:
        self.password.clear()
        self._tell(str(error))
        if isinstance(error, TriedTooOften):
            self._seconds = error.seconds
            self.button.setEnabled(False)
            self._pause.start()
        self._take_focus()

    def _on_second(self) -> None:
        self._seconds -= 1
        if self._seconds > 0:
            self._tell(_("Wait {seconds} seconds, then try again.").format(seconds=self._seconds))
            return
        self._end_pause()
        self._take_focus()

    def _end_pause(self) -> None:
        self._seconds = 0
        self._pause.stop()
        self.button.setEnabled(True)
        self._tell("")

    def _ask_new_password(self, name: str) -> None:
        self._proved = name
        self.words.setText(_("{name}, choose a password of your own in place of the first one.").format(name=name))
        self._who_row.hide()
        self._password_row.hide()
        self.new_passwords.show()
        self._tell("")
        self.new_passwords.first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose_password(self) -> None:
        try:
            self._call.change_password(self._proved, self.new_passwords.password())
        except FeedeskError as error:
            self._tell(str(error))
            return
        self._pass(self._proved)

    def _pass(self, name: str) -> None:
        self._open_again()
        self.passed.emit(name)

    def _leave(self) -> None:
        if self.kind is GateKind.CHANGE:
            self._open_again()
            self.left.emit()

    def _open_again(self) -> None:
        self._pause.stop()
        for hidden in self._hidden:
            hidden.show()
        self.close_sheet()
        under = open_sheet(self._main)
        if under is not None:
            under.raise_()

    def _asks_password(self) -> bool:
        return any(one.has_password for one in self._people if one.name == self.who.value())

    def _take_focus(self) -> None:
        """The name where somebody else is expected, else the password."""
        another = self.kind is GateKind.CHANGE and not self.sentence.text()
        field = self.password if self._asks_password() and not another else self.who
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_who(self, _name: object = None) -> None:
        self.password.clear()
        self._password_row.setVisible(self._asks_password())
        self._end_pause()

    def _tell(self, sentence: str) -> None:
        self.sentence.setText(sentence)
        self.sentence.setVisible(bool(sentence))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submit()
        elif event.key() == Qt.Key.Key_Escape:
            self._leave()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), appearance().colour("bg"))
        painter.end()
