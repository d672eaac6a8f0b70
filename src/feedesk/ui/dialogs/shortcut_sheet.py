"""F1: every shortcut there is, under its heading, on one sheet."""

from collections.abc import Sequence
from itertools import groupby

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from feedesk.texts import N_
from feedesk.ui.dialogs.sheet import Sheet
from feedesk.ui.shortcuts import ShortcutWords
from feedesk.ui.widgets.keycap import KeyCap, KeyHint
from feedesk.ui.widgets.label import Label


class ShortcutSheet(Sheet):
    """Two columns of groups, words at the left and keys at the right of each."""

    def __init__(self, window: QWidget, shortcuts: Sequence[ShortcutWords]) -> None:
        super().__init__(window, width=860)
        hint = KeyHint(N_("Close"), "Escape")
        hint.clicked.connect(self.close_sheet)
        self.add_title(Label.saying(N_("Keyboard shortcuts"), "button", bold=True), hint)
        columns = [QVBoxLayout(), QVBoxLayout()]
        filled = [0, 0]
        for layout in columns:
            layout.setSpacing(6)
        for group, members in groupby(shortcuts, key=lambda facts: facts.group):
            lines = list(members)
            column = 0 if filled[0] <= filled[1] else 1
            filled[column] += len(lines) + 2
            columns[column].addWidget(Label(group, "caption", tone="mute"))
            columns[column].addLayout(self._build_group(lines))
            columns[column].addSpacing(10)
        inner = QWidget()
        inner.setObjectName("scrolled")
        row = QHBoxLayout(inner)
        row.setContentsMargins(0, 0, 8, 0)
        row.setSpacing(36)
        for layout in columns:
            layout.addStretch(1)
            row.addLayout(layout, 1)
        area = QScrollArea()
        area.setWidget(inner)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setMinimumHeight(min(inner.sizeHint().height() + 2, window.height() - 150))
        self.content.addWidget(area)
        self._area = area

    def _build_group(self, lines: Sequence[ShortcutWords]) -> QGridLayout:
        grid = QGridLayout()
        grid.setVerticalSpacing(5)
        for row, facts in enumerate(lines):
            grid.addWidget(Label(facts.words, "secondary"), row, 0)
            grid.addWidget(KeyCap(facts.keys), row, 1, Qt.AlignmentFlag.AlignRight)
        grid.setColumnStretch(0, 1)
        return grid
