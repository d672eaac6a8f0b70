"""Comparing the channels at the right of the day close: what WeChat, Alipay and the card terminal report themselves.

Enter goes from field to field and after the last one on to locking. A field left empty is not compared; a difference is
told in words and kept in the daily summary, but keeps nobody from closing.
"""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from feedesk.money import Fen, format_amount
from feedesk.rules.channel_check import ChannelCheck, channel_words
from feedesk.texts import N_, _
from feedesk.ui.appearance import appearance
from feedesk.ui.shortcuts import bind
from feedesk.ui.widgets.amount_edit import AmountEdit
from feedesk.ui.widgets.buttons import ActionButton
from feedesk.ui.widgets.card import Card
from feedesk.ui.widgets.held_enter import is_held_enter
from feedesk.ui.widgets.label import Label


class ChannelPanel(Card):
    """`compared` carries what was typed, fen by tender, when the comparison is done."""

    compared = Signal(dict)

    def __init__(self) -> None:
        super().__init__()
        self._channels: tuple[ChannelCheck, ...] = ()
        self.fields: dict[str, AmountEdit] = {}
        self._words: dict[str, Label] = {}
        self._column = QVBoxLayout()
        self._column.setSpacing(8)
        self.body.addLayout(self._column)
        self._column.addWidget(Label.saying(N_("Check the channels"), "title", bold=True))
        self._column.addWidget(
            Label.saying(N_("Type what each channel reports for the day."), "caption", tone="mute", wraps=True)
        )
        self._sheet = QWidget()
        self._grid = QGridLayout(self._sheet)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self._sheet)
        self._column.addStretch(1)
        self.button = ActionButton("Return")
        self.button.clicked.connect(self.submit)
        self._column.addWidget(self.button)
        bind(
            self, "Ctrl+Return", N_("Channels compared: go on to locking"), self.submit, group=N_("Check the channels")
        )

    def show_channels(self, channels: Sequence[ChannelCheck]) -> None:
        """Which channels there are and what was booked; what was typed stays."""
        if [one.code for one in channels] != [one.code for one in self._channels]:
            self._rebuild(channels)
        self._channels = tuple(channels)
        self.retranslate()

    def _rebuild(self, channels: Sequence[ChannelCheck]) -> None:
        while self._grid.count():
            item = self._grid.takeAt(0)
            old = item.widget() if item is not None else None
            if old is not None:
                old.hide()
                old.deleteLater()
        self.fields, self._words = {}, {}
        for place, one in enumerate(channels):
            field, words = AmountEdit("body"), Label("", "caption", tone="ink_2", wraps=True)
            field.setProperty("bare", False)
            field.setProperty("slim", True)
            field.setFixedWidth(130)
            field.setAccessibleName(one.name)
            field.amount_changed.connect(self._on_changed)
            field.installEventFilter(self)
            self.fields[one.code], self._words[one.code] = field, words
            row = QHBoxLayout()
            row.addWidget(Label(one.name, "body"), 1)
            row.addWidget(field)
            self._grid.addLayout(row, 2 * place, 0)
            self._grid.addWidget(words, 2 * place + 1, 0)

    def reported(self) -> dict[str, Fen]:
        """What was typed, by tender; empty fields are not in it."""
        typed = {code: field.amount() for code, field in self.fields.items()}
        return {code: amount for code, amount in typed.items() if amount is not None}

    def clear(self) -> None:
        """Nothing typed."""
        for field in self.fields.values():
            field.set_amount(None)

    def submit(self) -> None:
        """Goes on, unless a field holds no amount."""
        wrong = next((field for field in self.fields.values() if field.problem()), None)
        if wrong is not None:
            wrong.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.compared.emit(self.reported())

    def take_focus(self) -> None:
        """The first empty field, else the button."""
        blank = (field for field in self.fields.values() if field.amount() is None)
        next(blank, self.button).setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        """Writes the words put together here in the language shown."""
        self.button.set_words(_("Go on to locking"))
        self._on_changed()

    def relayout(self) -> None:
        """Fits type size and density."""
        compact = appearance().is_compact
        self._column.setContentsMargins(12 if compact else 16, 6 if compact else 12, 12 if compact else 16, 10)

    def _on_changed(self) -> None:
        typed: Mapping[str, Fen] = self.reported()
        for one in self._channels:
            words = self._words[one.code]
            problem = self.fields[one.code].problem()
            if problem:
                words.setText(problem)
                words.set_tone("danger")
            elif one.code not in typed:
                words.setText(_("booked {amount}").format(amount=format_amount(one.booked)))
                words.set_tone("mute")
            else:
                check = ChannelCheck(one.code, one.name, one.booked, typed[one.code])
                words.setText(channel_words(check))
                words.set_tone("warn" if check.difference else "good")

    def _move(self, field: QObject, step: int) -> None:
        fields: list[AmountEdit] = list(self.fields.values())
        place = next(n for n, one in enumerate(fields) if one is field) + step
        if 0 <= place < len(fields):
            fields[place].setFocus(Qt.FocusReason.TabFocusReason)
            fields[place].selectAll()
        elif place == len(fields):
            self.submit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        if is_held_enter(event):
            return True
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._move(watched, 1)
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            last = watched is list(self.fields.values())[-1]
            if not (last and key == Qt.Key.Key_Down):
                self._move(watched, 1 if key == Qt.Key.Key_Down else -1)
        else:
            return False
        return True

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 240)
