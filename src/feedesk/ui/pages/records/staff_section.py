"""The staff (人员): who may sign in, in which role. Only an administrator changes the list; everybody sees it."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from feedesk.ops.run import Workplace
from feedesk.ops.signing_in import StaffMember, set_password, staff
from feedesk.ops.staffing import add_staff, change_role, deactivate_staff
from feedesk.texts import N_, _
from feedesk.ui.appearance import appearance
from feedesk.ui.pages.desk.act_sheet import ActSheet
from feedesk.ui.pages.records.section import Section
from feedesk.ui.pages.records.staff_sheets import (
    ROLE_WORDS,
    AddStaffSheet,
    LeaveSheet,
    NewPasswordSheet,
    RoleSheet,
    StaffFunctions,
)
from feedesk.ui.shortcuts import bind, open_sheet
from feedesk.ui.tables.columns import Cell, ColumnSpec, words
from feedesk.ui.tables.model import RowsModel
from feedesk.ui.tables.view import TableView
from feedesk.ui.widgets.banner import Banner
from feedesk.ui.widgets.buttons import QuietButton
from feedesk.ui.widgets.card import Card, Rule, strip
from feedesk.ui.widgets.keycap import KeyHint
from feedesk.ui.widgets.painting import Span

GROUP: Final = N_("Staff")


def _password_cell(row: StaffMember) -> Cell:
    return words(_("has one") if row.has_password else _("none: anybody may act in that name"))


STAFF_COLUMNS: Final[tuple[ColumnSpec[StaffMember], ...]] = (
    ColumnSpec(N_("Name of the staff member"), lambda row: words(row.name), 220),
    ColumnSpec(N_("Role"), lambda row: words(_(ROLE_WORDS[row.role])), 160),
    ColumnSpec(N_("Password"), _password_cell, 0),
)


def staff_functions(seat: Callable[[], Workplace]) -> StaffFunctions:
    """What the section really does."""
    return StaffFunctions(
        listed=lambda: seat().read(staff),
        add=lambda name, role, password: seat().run_op(add_staff, name=name, role=role, password=password),
        change_role=lambda name, role: seat().run_op(change_role, name=name, role=role),
        set_password=lambda name, password: seat().run_op(set_password, name=name, password=password),
        deactivate=lambda name: seat().run_op(deactivate_staff, name=name),
    )


class StaffSection(Section):
    """A short list; every act is a sheet."""

    def __init__(self, functions: StaffFunctions) -> None:
        super().__init__()
        self._call = functions
        self.banner = Banner()
        self.model = RowsModel(STAFF_COLUMNS, self)
        self.table = TableView(self.model)
        self.table.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.new_button = QuietButton(keys="Ctrl+N")
        self.new_button.clicked.connect(self.add)
        self._build()
        self.table.opened.connect(lambda _row: self.change_role())
        for keys, message, act in (
            ("Ctrl+N", N_("Add somebody to the staff"), self.add),
            ("Ctrl+R", N_("New password"), self.set_password),
            ("Ctrl+E", N_("End the access"), self.deactivate),
        ):
            bind(self, keys, message, act, group=GROUP)
        self.finish()

    def _build(self) -> None:
        self._head, head = strip(14, above=9)
        head.addStretch(1)
        head.addWidget(self.new_button)
        self._foot, foot = strip(14, above=9)
        for message, keys, act in (
            (N_("Change the role"), "Return", self.change_role),
            (N_("New password"), "Ctrl+R", self.set_password),
            (N_("End the access"), "Ctrl+E", self.deactivate),
        ):
            hint = KeyHint(message, keys, keys_first=True)
            hint.clicked.connect(act)
            foot.addWidget(hint)
        foot.addStretch(1)
        card = Card()
        for part in (self._head, Rule("line"), self.table, Rule("line"), self._foot):
            card.body.addWidget(part, 1 if part is self.table else 0)
        self._outer = QVBoxLayout(self)
        self._outer.addWidget(self.banner)
        self._outer.addWidget(card, 1)

    def refresh(self) -> None:
        """Reads the list anew: it is short."""
        place = max(self.table.currentIndex().row(), 0)
        self.model.set_rows(self._call.listed())
        self.table.choose_row(min(place, len(self.model.rows()) - 1))

    def current(self) -> StaffMember | None:
        """Who is marked."""
        place = self.table.currentIndex().row()
        return self.model.row_at(place) if 0 <= place < len(self.model.rows()) else None

    def add(self) -> None:
        """Ctrl+N."""
        if open_sheet(self.window()) is None:
            sheet = AddStaffSheet(self.window(), self._call)
            self._ask(sheet, sheet.name)

    def change_role(self) -> None:
        """Enter."""
        if (member := self.current()) is not None and open_sheet(self.window()) is None:
            sheet = RoleSheet(self.window(), self._call, member)
            self._ask(sheet, sheet.role)

    def set_password(self) -> None:
        """Ctrl+R."""
        if (member := self.current()) is not None and open_sheet(self.window()) is None:
            sheet = NewPasswordSheet(self.window(), self._call, member)
            self._ask(sheet, sheet.passwords.first)

    def deactivate(self) -> None:
        """Ctrl+E."""
        if (member := self.current()) is not None and open_sheet(self.window()) is None:
            sheet = LeaveSheet(self.window(), self._call, member)
            self._ask(sheet, sheet.button)

    def _ask(self, sheet: ActSheet, first: QWidget) -> None:
        sheet.decided.connect(self._on_decided)
        sheet.open(first)

    def _on_decided(self, told: str) -> None:
        self.refresh()
        self.banner.tell("good", (Span(told),))
        self.take_focus()

    # ---- the frame -----------------------------------------------------------------------------------------------

    def title(self) -> str:
        return _("Staff")

    def take_focus(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        self.new_button.set_words(_("Add somebody"))
        self.bars_changed.emit()

    def relayout(self) -> None:
        """The card keeps the gap of all pages."""
        gap = 8 if appearance().is_compact else 12
        self._outer.setContentsMargins(gap, gap, gap, gap)
        self._outer.setSpacing(gap)
