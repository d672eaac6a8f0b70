"""The right of the day close beside counting: what to do next in words, and locking the day with its workbook."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout

from feedesk.money import Fen, format_amount
from feedesk.texts import N_, _
from feedesk.ui.appearance import appearance
from feedesk.ui.tokens import Token
from feedesk.ui.widgets.buttons import ActionButton
from feedesk.ui.widgets.card import Card, Rule
from feedesk.ui.widgets.keycap import KeyHint
from feedesk.ui.widgets.label import Label
from feedesk.ui.widgets.money_figure import MoneyFigure
from feedesk.ui.widgets.painting import Span
from feedesk.ui.widgets.phrase import Phrase
from feedesk.ui.widgets.progress_strip import ProgressStrip

Fact = tuple[str, str, Token]


class MessagePanel(Card):
    """A heading, a sentence, and perhaps a button that goes on from here; `acted` when it is pressed."""

    acted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.title = Label("", "title", bold=True, wraps=True)
        self.sentence = Label("", "body", tone="ink_2", wraps=True)
        self.button = ActionButton("Return")
        self.button.clicked.connect(self.acted)
        column = QVBoxLayout()
        column.setContentsMargins(16, 12, 16, 14)
        column.setSpacing(10)
        column.addWidget(self.title)
        column.addWidget(self.sentence)
        column.addStretch(1)
        column.addWidget(self.button)
        self.body.addLayout(column)

    def tell(self, title: str, sentence: str, act: str = "") -> None:
        """Shows ready words; without ``act`` there is no button."""
        self.title.setText(title)
        self.sentence.setText(sentence)
        self.button.set_words(act)
        self.button.setVisible(bool(act))

    def take_focus(self) -> None:
        """The button, if there is one."""
        # Asked before the panel is on the screen, so only what was hidden on purpose counts as not there.
        (self if self.button.isHidden() else self.button).setFocus(Qt.FocusReason.OtherFocusReason)


class LockPanel(Card):
    """`lock_asked`, `export_asked`, `open_asked`, `folder_asked`, `show_folder_asked`, `reopen_asked`."""

    lock_asked = Signal()
    export_asked = Signal()
    open_asked = Signal()
    folder_asked = Signal()
    show_folder_asked = Signal()
    reopen_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._is_closed = False
        self._is_written = False
        self._path = Path()
        self._busy = False
        self._build()

    def _build(self) -> None:
        self.title = Label("", "title", bold=True)
        self.state = Label("", "caption", tone="mute")
        self.total = MoneyFigure("figure", right=True)
        self._grid = QGridLayout()
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        self._file = Phrase()
        self._folder = Phrase()
        self.sentence = Label("", "secondary", tone="good", wraps=True)
        self.progress = ProgressStrip()
        self.button = ActionButton("Return")
        self.button.clicked.connect(self._on_button)
        head = QHBoxLayout()
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.state)
        sum_row = QHBoxLayout()
        sum_row.addWidget(Label.saying(N_("Taken this day"), "title"))
        sum_row.addWidget(self.total, 1)
        column = QVBoxLayout()
        column.setContentsMargins(16, 12, 16, 14)
        column.setSpacing(8)
        column.addLayout(head)
        column.addLayout(sum_row)
        column.addLayout(self._grid)
        column.addWidget(Rule("line"))
        column.addWidget(Label.saying(N_("The daily summary goes to"), "caption", tone="mute"))
        column.addWidget(self._folder)
        column.addWidget(self._file)
        column.addLayout(self._build_hints())
        column.addWidget(self.sentence)
        column.addStretch(1)
        column.addWidget(self.progress)
        column.addWidget(self.button)
        self._column = column
        self.body.addLayout(column)

    def _build_hints(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        self._folder_hint = KeyHint(N_("Other folder"), "Ctrl+E")
        self._show_hint = KeyHint(N_("Open folder"), "Ctrl+O")
        self._again_hint = KeyHint(N_("Write again"), "Ctrl+S")
        self._folder_hint.clicked.connect(self.folder_asked)
        self._show_hint.clicked.connect(self.show_folder_asked)
        self._again_hint.clicked.connect(self.export_asked)
        self._reopen_hint = KeyHint(N_("Open the day again"), "Ctrl+U")
        self._reopen_hint.clicked.connect(self.reopen_asked)
        hints = (self._folder_hint, self._show_hint, self._again_hint, self._reopen_hint)
        for place, hint in enumerate(hints):
            grid.addWidget(hint, place // 2, place % 2)
        grid.setColumnStretch(2, 1)
        return grid

    def show_day(self, *, total: Fen, facts: Sequence[Fact], closed: str, path: Path, written: bool) -> None:
        """``facts``: name, figure and its colour; ``closed``: when and by whom, empty while the day is open."""
        self._is_closed, self._is_written, self._path = bool(closed), written, path
        self.total.set_text(format_amount(total))
        self.state.setText(closed)
        while self._grid.count():
            item = self._grid.takeAt(0)
            old = item.widget() if item is not None else None
            if old is not None:
                old.hide()
                old.deleteLater()
        for row, (name, figure, tone) in enumerate(facts):
            self._grid.addWidget(Phrase((Span(name, "ink_2"),)), row, 0)
            self._grid.addWidget(Phrase((Span(figure, tone),), right=True), row, 1)
        self.retranslate()

    def set_busy(self, words: str) -> None:
        """Shows the progress bar with these words; empty: the work is done."""
        self._busy = bool(words)
        if words:
            self.progress.begin(words, can_cancel=False)
        else:
            self.progress.end()
        self.retranslate()

    def tell(self, sentence: str, tone: Token = "good") -> None:
        """What came of it."""
        self.sentence.setText(sentence)
        self.sentence.set_tone(tone)

    def retranslate(self) -> None:
        """Writes the words put together here in the language shown."""
        self.title.setText(_("Day is locked") if self._is_closed else _("Lock and export"))
        self._folder.set_spans((Span(str(self._path.parent), "ink_2", look="secondary"),))
        self._file.set_spans((Span(self._path.name, bold=True, look="secondary"),))
        self._reopen_hint.setVisible(self._is_closed)
        self._again_hint.setVisible(self._is_closed and self._is_written)
        if not self._is_closed:
            words = _("Lock and export")
        else:
            words = _("Open the daily summary") if self._is_written else _("Write the daily summary")
        self.button.set_words(words)
        self.button.setEnabled(not self._busy)

    def relayout(self) -> None:
        """Fits type size and density."""
        compact = appearance().is_compact
        self._column.setContentsMargins(12 if compact else 16, 6 if compact else 12, 12 if compact else 16, 10)
        self._column.setSpacing(4 if compact else 8)
        self._grid.setVerticalSpacing(2 if compact else 6)

    def take_focus(self) -> None:
        """The button."""
        self.button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_button(self) -> None:
        if not self._is_closed:
            self.lock_asked.emit()
        elif self._is_written:
            self.open_asked.emit()
        else:
            self.export_asked.emit()

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 240)
