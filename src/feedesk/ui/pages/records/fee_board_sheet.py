"""The fee board (收费公示): what is still missing from it, and where to write it as PDF, Excel or CSV."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QScrollArea, QVBoxLayout, QWidget

from feedesk.errors import UserError
from feedesk.texts import N_, _
from feedesk.ui.dialogs.form_sheet import FormSheet
from feedesk.ui.tasks import Progress, Worker
from feedesk.ui.widgets.choice import FormRow
from feedesk.ui.widgets.label import Label


class PathMissing(UserError):
    message = N_("Type where the fee board is to be written, for example {example}.")


@dataclass(frozen=True, slots=True)
class BoardFunctions:
    """What the sheet calls: ``missing`` (in sentences) and ``write`` from the worker, ``open_path`` shows the file."""

    missing: Callable[[], tuple[str, ...]]
    write: Callable[[Path], Path]
    open_path: Callable[[Path], object]


class FeeBoardSheet(FormSheet):
    """Enter writes the file and opens it."""

    def __init__(self, window: QWidget, worker: Worker, functions: BoardFunctions, path: Path) -> None:
        super().__init__(window, worker, _("Fee board"), _("Write and open"), width=720)
        self._call = functions
        self._example = path
        self.path = QLineEdit(str(path))
        self.path.setProperty("form", True)
        note = N_("The ending says what it becomes: .pdf to hang up, .xlsx to edit, .csv for other programs.")
        self.content.addWidget(FormRow(N_("File"), self.path, note))
        self.state = Label("", "secondary", tone="ink_2", wraps=True)
        self.content.addWidget(self.state)
        inner = QWidget()
        inner.setObjectName("scrolled")
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, 8, 0)
        self._column.setSpacing(4)
        self._area = QScrollArea()
        self._area.setWidget(inner)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.hide()
        self.content.addWidget(self._area)
        self.add_end()

    def ask(self) -> None:
        """Opens the sheet and looks for what is missing."""
        self.open(self.path)
        self.path.setCursorPosition(len(self.path.text()) - len(self._example.suffix))

        def work(_progress: Progress) -> tuple[str, ...]:
            return self._call.missing()

        self._worker.start(work, done=self._show, failed=self.tell)

    def order(self) -> tuple[Callable[[], object], str]:
        text = self.path.text().strip().strip('"')
        if not text:
            raise PathMissing(example=self._example)
        path = Path(text).expanduser()
        return lambda: self._call.write(path), _("The fee board lies in {where}.").format(where=path)

    def finish_work(self, said: str, result: object) -> None:
        """The file is written: it is opened."""
        super().finish_work(said, result)
        if isinstance(result, Path):
            self._call.open_path(result)

    def _show(self, missing: tuple[str, ...]) -> None:
        if not missing:
            self.state.setText(_("Nothing is missing: every item has its price form, basis and content."))
            self.state.set_tone("good")
            return
        self.state.setText(
            _("{n} things are missing; they should be mended before it is hung up:").format(n=len(missing))
        )
        self.state.set_tone("warn")
        for sentence in missing:
            self._column.addWidget(Label(f"· {sentence}", "secondary", wraps=True))
        self._column.addStretch(1)
        room = max(80, self._window.height() - 330)
        self._area.setFixedHeight(min(self._column.sizeHint().height() + 8, room))
        self._area.show()
