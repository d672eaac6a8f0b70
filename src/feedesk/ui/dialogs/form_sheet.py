"""A sheet with fields: Enter does the work in the background, what is wrong stands above the button, Esc leaves."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from feedesk.errors import FeedeskError
from feedesk.texts import N_
from feedesk.ui.dialogs.sheet import Sheet
from feedesk.ui.tasks import Progress, Worker
from feedesk.ui.tokens import Token
from feedesk.ui.widgets.buttons import ActionButton
from feedesk.ui.widgets.keycap import KeyHint
from feedesk.ui.widgets.label import Label


class FormSheet(Sheet):
    """`kept` carries what to tell once the work is done, and what it answered. The fields stay as they were typed."""

    kept = Signal(str, object)

    def __init__(self, window: QWidget, worker: Worker, title: str, act: str, *, width: int = 640) -> None:
        super().__init__(window, width=width)
        self._worker = worker
        self._busy = False
        leave = KeyHint(N_("Back"), "Escape")
        leave.clicked.connect(self._leave)
        self.add_title(Label(title, "button", bold=True), leave)
        self.sentence = Label("", "secondary", tone="danger", wraps=True)
        self.sentence.hide()
        self.button = ActionButton("Return")
        self.button.set_words(act)
        self.button.clicked.connect(self.submit)

    def add_row(self, fields: Sequence[QWidget], stretches: Sequence[int] = ()) -> None:
        """Fields side by side."""
        row = QHBoxLayout()
        row.setSpacing(12)
        for place, field in enumerate(fields):
            row.addWidget(field, stretches[place] if stretches else 1, Qt.AlignmentFlag.AlignTop)
        self.content.addLayout(row)

    def add_end(self, beside: QWidget | None = None) -> None:
        """The sentence and the button, below all fields; ``beside`` is a second choice."""
        row = QHBoxLayout()
        row.setSpacing(12)
        if beside is not None:
            row.addWidget(beside)
        row.addWidget(self.button, 1)
        self.add_foot(self.sentence, row)

    def order(self) -> tuple[Callable[[], object], str]:
        """What is to be done, and what to tell afterwards. Raises a `FeedeskError` where a field cannot stand."""
        raise NotImplementedError

    def ask(self) -> None:
        """Opens the sheet with the keyboard at its first field."""
        raise NotImplementedError

    def submit(self) -> None:
        """Enter: does what the fields say, or tells what is missing."""
        if self._busy:
            return
        try:
            work, said = self.order()
        except FeedeskError as error:
            self.tell(error)
            return

        def run(_progress: Progress) -> object:
            return work()

        self._busy = True
        self.button.setEnabled(False)
        self._worker.start(run, done=lambda result: self.finish_work(said, result), failed=self.tell)

    def finish_work(self, said: str, result: object) -> None:
        """The work is done: the sheet closes."""
        self._busy = False
        self.close_sheet()
        self.kept.emit(said, result)

    def tell(self, error: FeedeskError) -> None:
        """Says what is wrong; nothing was changed."""
        self._busy = False
        self.button.setEnabled(True)
        self.say(str(error), "danger")

    def say(self, words: str, tone: Token) -> None:
        """A sentence above the button."""
        self.sentence.setText(words)
        self.sentence.set_tone(tone)
        self.sentence.setVisible(bool(words))

    def _leave(self) -> None:
        if not self._busy:
            self.close_sheet()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submit()
