"""The cure for money without a reference: the number the channel or the bank gave it is typed, and stays beside it."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from feedesk.money import format_amount
from feedesk.ops.collecting import ReferenceUsed
from feedesk.ops.referencing import ReferenceAdded
from feedesk.queries.references import MissingReference
from feedesk.texts import N_, _
from feedesk.ui.pages.desk.act_sheet import ActSheet
from feedesk.ui.shortcuts import bind

_GROUP: Final = N_("Day close")


class ReferenceSheet(ActSheet):
    """``add`` takes what was typed and whether a number seen before was confirmed (Alt+Enter)."""

    def __init__(self, window: QWidget, missing: MissingReference, add: Callable[[str, bool], ReferenceAdded]) -> None:
        words = " · ".join(
            part
            for part in (
                _("receipt {receipt}").format(receipt=missing.receipt),
                f"{missing.unit} {missing.payer}".strip(),
                f"{missing.tender} {format_amount(missing.amount)}",
            )
            if part
        )
        super().__init__(window, _("Type the reference"), _("Keep the reference"), words=words, width=480)
        self._add = add
        self._is_same = self._is_used = False
        self.reference = QLineEdit()
        self.add_row((N_("Reference"), self.reference))
        self.add_end()
        here = Qt.ShortcutContext.WidgetWithChildrenShortcut
        bind(
            self,
            "Alt+Return",
            N_("Keep the reference though it was used"),
            self.keep_anyway,
            group=_GROUP,
            context=here,
        )

    def keep_anyway(self) -> None:
        """Alt+Enter: it is another payment with the same number."""
        self._is_same = True
        self.submit()
        self._is_same = False

    def decide(self) -> str:
        try:
            done = self._add(self.reference.text(), self._is_same)
        except ReferenceUsed:
            self._is_used = True
            raise
        return _("{receipt}: the reference {reference} is kept.").format(receipt=done.receipt, reference=done.reference)

    def refuse(self, sentence: str) -> None:
        """Says why it was not kept, and how it is kept all the same."""
        anyway = _("Alt+Enter keeps it.") if self._is_used else ""
        super().refuse(f"{sentence} {anyway}".rstrip())
        self._is_used = False
        self.reference.setFocus(Qt.FocusReason.OtherFocusReason)
