"""What the desk says at the right end of the status line: who is put aside, and the keys used most."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from feedesk.texts import N_, _, ngettext
from feedesk.ui.appearance import appearance
from feedesk.ui.pages.desk.rows import HeldPayment
from feedesk.ui.widgets.keycap import KeyHint
from feedesk.ui.widgets.label import Label
from feedesk.ui.words import listed


class StatusHints(QWidget):
    """Each hint can be clicked and then asks for what its key does."""

    hold_asked = Signal()
    reprint_asked = Signal()
    void_asked = Signal()
    acts_asked = Signal()
    shortcuts_asked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(14)
        self._held = Label("", "caption", tone="warn")
        row.addWidget(self._held)
        for message, keys, signal in (
            (N_("Put aside"), "Ctrl+B", self.hold_asked),
            (N_("Reprint the last one"), "Ctrl+P", self.reprint_asked),
            (N_("Void or reprint"), "Ctrl+Delete", self.void_asked),
            (N_("Everything else"), "Ctrl+K", self.acts_asked),
            (N_("Shortcuts"), "F1", self.shortcuts_asked),
        ):
            hint = KeyHint(message, keys)
            hint.clicked.connect(signal)
            row.addWidget(hint)
        self.hide()

    def tell_held(self, held: Sequence[HeldPayment]) -> None:
        """Names whose payment was put aside last, which Ctrl+B takes up first; a small window has room for a number."""
        words = ""
        if held:
            others = ngettext("{who} and {n} other", "{who} and {n} others", len(held) - 1)
            last = held[-1].who if len(held) == 1 else others.format(who=held[-1].who, n=len(held) - 1)
            words = _("Put aside: {who}").format(who=len(held) if appearance().is_compact else last)
        self._held.setText(words)
        self._held.setToolTip(listed(one.who for one in held))
