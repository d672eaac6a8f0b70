"""A password that is typed twice, since nobody sees what he types."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from feedesk.errors import UserError
from feedesk.ops.signing_in import EmptyPassword
from feedesk.texts import N_
from feedesk.ui.widgets.choice import FormRow


class PasswordsDiffer(UserError):
    message = N_("The two differ: type the same password twice.")


def password_field() -> QLineEdit:
    """A field that shows dots."""
    field = QLineEdit()
    field.setEchoMode(QLineEdit.EchoMode.Password)
    return field


class PasswordPair(QWidget):
    """Two fields side by side; `password` is what both say."""

    def __init__(self, first: str = N_("Password"), again: str = N_("Password once more")) -> None:
        super().__init__()
        self.first, self.again = password_field(), password_field()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(FormRow(first, self.first), 1)
        row.addWidget(FormRow(again, self.again), 1)
        self.setFocusProxy(self.first)

    def password(self) -> str:
        """What was typed. Raises `EmptyPassword` or `PasswordsDiffer`, with the keyboard at the field."""
        if not self.first.text():
            self.first.setFocus(Qt.FocusReason.OtherFocusReason)
            raise EmptyPassword
        if self.first.text() != self.again.text():
            self.again.clear()
            self.again.setFocus(Qt.FocusReason.OtherFocusReason)
            raise PasswordsDiffer
        return self.first.text()
