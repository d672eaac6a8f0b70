"""The sheets of the staff list: somebody new, another role, a new password, somebody leaves."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtWidgets import QLineEdit, QWidget

from feedesk.ops.permissions import Role
from feedesk.ops.signing_in import StaffMember
from feedesk.texts import N_, _
from feedesk.ui.pages.desk.act_sheet import ActSheet
from feedesk.ui.widgets.choice import Choice
from feedesk.ui.widgets.password_pair import PasswordPair

ROLE_WORDS: Final = {
    Role.CASHIER: N_("Cashier (role)"),
    Role.SUPERVISOR: N_("Supervisor"),
    Role.MANAGER: N_("Manager"),
    Role.FINANCE: N_("Finance"),
    Role.ADMIN: N_("Administrator"),
}
"""What the roles are called."""


@dataclass(frozen=True, slots=True)
class StaffFunctions:
    """What the section calls; all but ``listed`` raise a `UserError` with nothing changed."""

    listed: Callable[[], tuple[StaffMember, ...]]
    add: Callable[[str, Role, str], object]
    change_role: Callable[[str, Role], object]
    set_password: Callable[[str, str], object]
    deactivate: Callable[[str], object]


def role_choice(role: Role) -> Choice[Role]:
    """All roles, one of them chosen."""
    return Choice(tuple(ROLE_WORDS.items()), role)


class AddStaffSheet(ActSheet):
    """Name, role, first password."""

    def __init__(self, window: QWidget, call: StaffFunctions) -> None:
        words = _("The first password is only for the first signing in: then its owner chooses another.")
        super().__init__(window, _("Add somebody to the staff"), _("Add"), words=words)
        self._call = call
        self.name = QLineEdit()
        self.role = role_choice(Role.CASHIER)
        self.passwords = PasswordPair(N_("First password"))
        self.add_row((N_("Name of the staff member"), self.name), (N_("Role"), self.role))
        self.content.addWidget(self.passwords)
        self.add_end()

    def decide(self) -> str:
        self._call.add(self.name.text(), self.role.value(), self.passwords.password())
        return _("{name} belongs to the staff now.").format(name=" ".join(self.name.text().split()))


class RoleSheet(ActSheet):
    """Another role."""

    def __init__(self, window: QWidget, call: StaffFunctions, member: StaffMember) -> None:
        super().__init__(window, _("Role of {name}").format(name=member.name), _("Change the role"), width=420)
        self._call, self._name = call, member.name
        self.role = role_choice(member.role)
        self.add_row((N_("Role"), self.role))
        self.add_end()

    def decide(self) -> str:
        self._call.change_role(self._name, self.role.value())
        role = _(ROLE_WORDS[self.role.value()])
        return _("{name} is {role} now.").format(name=self._name, role=role)


class NewPasswordSheet(ActSheet):
    """A new first password for whoever forgot his."""

    def __init__(self, window: QWidget, call: StaffFunctions, member: StaffMember) -> None:
        words = _("The first password is only for the first signing in: then its owner chooses another.")
        super().__init__(window, _("New password for {name}").format(name=member.name), _("Set it"), words=words)
        self._call, self._name = call, member.name
        self.passwords = PasswordPair(N_("First password"))
        self.content.addWidget(self.passwords)
        self.add_end()

    def decide(self) -> str:
        self._call.set_password(self._name, self.passwords.password())
        return _("{name} has a new first password.").format(name=self._name)


class LeaveSheet(ActSheet):
    """Somebody leaves; what he did keeps his name."""

    def __init__(self, window: QWidget, call: StaffFunctions, member: StaffMember) -> None:
        words = _("{name} can sign in no more. Entries and papers keep the name; adding it again lets them in again.")
        super().__init__(
            window,
            _("{name} leaves").format(name=member.name),
            _("End the access"),
            words=words.format(name=member.name),
        )
        self._call, self._name = call, member.name
        self.add_end()

    def decide(self) -> str:
        self._call.deactivate(self._name)
        return _("{name} can sign in no more.").format(name=self._name)
