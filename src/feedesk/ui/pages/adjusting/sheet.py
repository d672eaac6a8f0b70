"""Ctrl+L: adjusting what was billed: 补收 调减 拆分 合并, one below the other's tab, with reason and approval."""

from collections.abc import Callable
from enum import IntEnum
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from feedesk.errors import FeedeskError
from feedesk.queries.adjustable import Adjustable
from feedesk.texts import N_, _
from feedesk.ui.dialogs.sheet import Sheet
from feedesk.ui.pages.adjusting.panels import AddPanel, AdjustPanel, MergePanel, ReducePanel, SplitPanel
from feedesk.ui.pages.adjusting.work import AdjustFunctions, AdjustWork
from feedesk.ui.shortcuts import bind
from feedesk.ui.widgets.approver_fields import ApproverFields
from feedesk.ui.widgets.buttons import ActionButton
from feedesk.ui.widgets.choice import FormRow
from feedesk.ui.widgets.keycap import KeyHint
from feedesk.ui.widgets.label import Label
from feedesk.ui.widgets.segments import SegmentedTabs

GROUP: Final = N_("Adjust a charge")


class Adjustment(IntEnum):
    """What is done, in the order of the tabs."""

    ADD = 0
    REDUCE = 1
    SPLIT = 2
    MERGE = 3


_NAMES: Final = {
    Adjustment.ADD: N_("Add a charge"),
    Adjustment.REDUCE: N_("Lower a charge"),
    Adjustment.SPLIT: N_("Split"),
    Adjustment.MERGE: N_("Merge"),
}


class AdjustSheet(Sheet):
    """Enter does what the tab says; what is wrong stands above the button. `decided` carries what to tell."""

    decided = Signal(str)

    def __init__(
        self, window: QWidget, facts: Adjustable, functions: AdjustFunctions, *, charge: int | None, item: str = ""
    ) -> None:
        super().__init__(window, width=680)
        leave = KeyHint(N_("Back"), "Escape")
        leave.clicked.connect(self.close_sheet)
        title = _("Adjust {unit} {resident}").format(unit=facts.account.unit, resident=facts.account.resident)
        self.add_title(Label(title, "button", bold=True), leave)
        keys = [f"Alt+{place + 1}" for place in Adjustment]
        self.tabs = SegmentedTabs(keys=keys)
        self.tabs.set_words([_(_NAMES[one]) for one in Adjustment])
        self.panels: list[AdjustPanel] = [
            AddPanel(facts, functions, item),
            ReducePanel(facts, functions, charge),
            SplitPanel(facts, functions, charge),
            MergePanel(facts, functions, item),
        ]
        self.reason = QLineEdit()
        self.reason.setProperty("form", True)
        self.reason.setPlaceholderText(_("for example: wrong area, corrected by the survey of 2026-10"))
        self.approver = ApproverFields(functions.approvers())
        self.sentence = Label("", "secondary", tone="danger", wraps=True)
        self.sentence.hide()
        self.button = ActionButton("Return")
        self.button.clicked.connect(self.submit)
        for widget in (self.tabs, *self.panels):
            self.content.addWidget(widget)
        self.content.addWidget(FormRow(N_("Reason"), self.reason))
        self.content.addWidget(self.approver)
        self.add_foot(self.sentence, self.button)
        for place, keys_ in zip(Adjustment, keys, strict=True):
            bind(self, keys_, _NAMES[place], self._chooser(place), group=GROUP)
        self.tabs.chosen.connect(self._on_tab)
        self._on_tab(0)
        self.choose(Adjustment.REDUCE if charge is not None else Adjustment.ADD)

    def ask(self) -> None:
        """Opens the sheet with the keyboard at the first field."""
        self.open(self._panel().first())

    def choose(self, adjustment: Adjustment) -> None:
        """Another of the four."""
        self.tabs.choose(adjustment)

    def submit(self) -> None:
        """Enter: does it, or tells what is missing."""
        try:
            ready = self._panel().ready(self.reason.text(), self.approver.approval)
            ready.act()
        except FeedeskError as error:
            self.sentence.setText(str(error))
            self.sentence.setVisible(bool(self.sentence.text()))
            return
        self.close_sheet()
        self.decided.emit(ready.told)

    def _panel(self) -> AdjustPanel:
        return self.panels[self.tabs.current()]

    def _chooser(self, place: Adjustment) -> Callable[[], None]:
        return lambda: self.choose(place)

    def _on_tab(self, place: int) -> None:
        for at, panel in enumerate(self.panels):
            panel.setVisible(at == place)
        self.approver.setVisible(self._panel().approved)
        self.sentence.hide()
        self.button.set_words(_(_NAMES[Adjustment(place)]))
        if self.isVisible():
            self._panel().first().setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submit()
        else:
            super().keyPressEvent(event)


def adjust_sheet(window: QWidget, work: AdjustWork, *, account: int, charge: int | None, item: str) -> AdjustSheet:
    """The sheet for an account, with a charge chosen where one is marked and open. Raises `UnknownAccount`."""
    facts = work.adjustable(account)
    chosen = charge if any(one.id == charge for one in facts.charges) else None
    return AdjustSheet(window, facts, work.functions(), charge=chosen, item=item)
