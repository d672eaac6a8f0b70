"""Who approves what one person may not do alone: somebody else with the right, with a password where there is one."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from feedesk.errors import UserError
from feedesk.ops.signing_in import StaffMember
from feedesk.texts import N_
from feedesk.ui.widgets.choice import Choice, FormRow


class NobodyApproves(UserError):
    message = N_("Nobody else on the staff may approve this: the manager has to be entered first.")


class ApproverPasswordMissing(UserError):
    message = N_("{name} has a password: let them type it.")


@dataclass(frozen=True, slots=True)
class Approval:
    """Somebody's name and the password typed, empty where none is asked."""

    name: str
    password: str = ""


class ApproverFields(QWidget):
    """A choice of people and a field for the password of whoever has one; ``who`` and ``password`` caption them."""

    def __init__(
        self,
        people: Sequence[StaffMember],
        *,
        who: str = N_("Approver"),
        password: str = N_("Password of the approver"),
    ) -> None:
        super().__init__()
        self._people = tuple(people)
        names = [(member.name, member.name) for member in self._people] or [("", "")]
        self.who: Choice[str] = Choice(names, names[0][0])
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self._password_row = FormRow(password, self.password)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(FormRow(who, self.who), 1)
        row.addWidget(self._password_row, 1)
        self.who.chosen.connect(self._on_who)
        self._on_who()

    def approval(self) -> Approval:
        """Who approves. Raises `NobodyApproves` or `ApproverPasswordMissing`, with the keyboard at the field."""
        if not self._people:
            raise NobodyApproves
        if self._asks_password() and not self.password.text():
            self.password.setFocus(Qt.FocusReason.OtherFocusReason)
            raise ApproverPasswordMissing(name=self.who.value())
        return Approval(self.who.value(), self.password.text())

    def _asks_password(self) -> bool:
        return any(member.has_password for member in self._people if member.name == self.who.value())

    def _on_who(self) -> None:
        self.password.clear()
        self._password_row.setVisible(self._asks_password())
