"""Bringing a workbook: it is read and checked first, shown sheet by sheet, and stored whole or not at all.

Every cell that cannot be taken is listed with its place and reason; a marked copy of the workbook says the same.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QStackedLayout, QVBoxLayout, QWidget

from feedesk.errors import FeedeskError
from feedesk.ops.importing import CommunityImported, SheetTally, WorkbookRefused
from feedesk.rules.community_rows import CellProblem
from feedesk.texts import N_, _
from feedesk.ui.appearance import appearance
from feedesk.ui.dialogs.sheet import Sheet
from feedesk.ui.shortcuts import bind
from feedesk.ui.tables.columns import Cell, ColumnSpec, words
from feedesk.ui.tables.model import RowsModel
from feedesk.ui.tables.view import TableView
from feedesk.ui.tasks import Progress, Worker
from feedesk.ui.tokens import Token
from feedesk.ui.widgets.buttons import ActionButton, QuietButton
from feedesk.ui.widgets.keycap import KeyHint
from feedesk.ui.widgets.label import Label
from feedesk.ui.widgets.painting import Span
from feedesk.ui.widgets.progress_strip import ProgressStrip

GROUP: Final = N_("Importing a workbook")


@dataclass(frozen=True, slots=True)
class SheetResult:
    """A sheet of the workbook and what became, or would become, of its rows."""

    sheet: str
    tally: SheetTally


def _count(number: int, token: Token) -> Cell:
    return Cell((Span(f"{number:,}" if number else "–", token if number else "mute"),), right=True)


SHEET_COLUMNS: Final[tuple[ColumnSpec[SheetResult], ...]] = (
    ColumnSpec(N_("Sheet"), lambda row: words(row.sheet), 0),
    ColumnSpec(N_("New"), lambda row: _count(row.tally.added, "good"), 110, right=True),
    ColumnSpec(N_("Changed"), lambda row: _count(row.tally.changed, "warn"), 110, right=True),
    ColumnSpec(N_("Unchanged"), lambda row: _count(row.tally.unchanged, "ink_2"), 110, right=True),
)
PROBLEM_COLUMNS: Final[tuple[ColumnSpec[CellProblem], ...]] = (
    ColumnSpec(N_("Sheet"), lambda row: words(row.sheet), 84),
    ColumnSpec(
        N_("Row"), lambda row: Cell((Span(str(row.row)),), right=True), 56, right=True, sort=lambda row: row.row
    ),
    ColumnSpec(N_("Column"), lambda row: words(row.column), 100),
    ColumnSpec(N_("Cell holds"), lambda row: words(row.value, "danger"), 130),
    ColumnSpec(N_("Why it cannot be taken"), lambda row: words(row.reason, "ink_2"), 0, least=220),
)


@dataclass(frozen=True, slots=True)
class ImportFunctions:
    """What the sheet calls from the worker: ``check`` and ``store`` read the workbook (`WorkbookRefused` tells every
    bad cell), ``mark`` writes the marked copy; and ``open_path`` shows a file.
    """

    check: Callable[[Path], CommunityImported]
    store: Callable[[Path], CommunityImported]
    mark: Callable[[Path, Sequence[CellProblem]], Path]
    open_path: Callable[[Path], object]


class ImportSheet(Sheet):
    """`imported` carries what the import did."""

    imported = Signal(object)

    def __init__(self, window: QWidget, functions: ImportFunctions, worker: Worker) -> None:
        super().__init__(window, width=900)
        self._call = functions
        self._worker = worker
        self._busy = False
        self._checked: Path | None = None
        self._problems: tuple[CellProblem, ...] = ()
        self._copy: Path | None = None
        leave = KeyHint(N_("Back"), "Escape")
        leave.clicked.connect(self._leave)
        self.add_title(Label.saying(N_("Import a workbook"), "button", bold=True), leave)
        self.content.addLayout(self._build_path())
        self.content.addWidget(self._build_results())
        self.progress = ProgressStrip()
        self.sentence = Label("", "secondary", tone="ink_2", wraps=True)
        self.add_foot(self.sentence, self.progress, self._build_buttons())
        bind(self, "Ctrl+O", N_("Choose a file"), self.choose_file, group=GROUP)
        bind(self, "Ctrl+S", N_("Save the marked copy"), self.save_copy, group=GROUP)
        self._tell_state()

    def _build_path(self) -> QHBoxLayout:
        self.path = QLineEdit()
        self.path.setPlaceholderText(_("Path of the workbook (.xlsx)"))
        self.path.setAccessibleName(_("Path of the workbook (.xlsx)"))
        self.path.textChanged.connect(self._on_path_changed)
        choose = QuietButton(_("Choose a file"), "Ctrl+O")
        choose.clicked.connect(self.choose_file)
        row = QHBoxLayout()
        row.addWidget(self.path, 1)
        row.addWidget(choose)
        return row

    def _build_results(self) -> QWidget:
        self.sheets = RowsModel(SHEET_COLUMNS, self)
        self.problems = RowsModel(PROBLEM_COLUMNS, self)
        self.sheet_table = TableView(self.sheets, sortable=False)
        self.problem_table = TableView(self.problems)
        hint = N_("The workbook is checked first; nothing is stored before you have seen what it would change.")
        self._results = QWidget()
        self._stack = QStackedLayout(self._results)
        first = QWidget()
        column = QVBoxLayout(first)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(Label.saying(hint, "secondary", tone="ink_2", wraps=True))
        column.addStretch(1)
        for page in (first, self.sheet_table, self.problem_table):
            self._stack.addWidget(page)
        return self._results

    def _build_buttons(self) -> QHBoxLayout:
        self.button = ActionButton("Return")
        self.button.clicked.connect(self.submit)
        self.copy_button = QuietButton(_("Save the marked copy"), "Ctrl+S")
        self.copy_button.clicked.connect(self.save_copy)
        row = QHBoxLayout()
        row.addWidget(self.copy_button)
        row.addWidget(self.button, 1)
        return row

    def ask(self) -> None:
        """Opens the sheet; the keyboard is at the path."""
        self._results.setFixedHeight(min(14 * appearance().size.row + 6, self._window.height() - 270))
        self.open(self.path)

    def use_path(self, path: Path) -> None:
        """A workbook chosen elsewhere; it is checked at once."""
        self.path.setText(str(path))
        self.check()

    def choose_file(self) -> None:
        """Ctrl+O."""
        if self._busy:
            return
        chosen, _kind = QFileDialog.getOpenFileName(
            self, _("Choose the community's workbook"), self.path.text(), _("Excel workbooks (*.xlsx)")
        )
        if chosen:
            self.use_path(Path(chosen))

    def submit(self) -> None:
        """Enter: checks the workbook; once it is checked and good, stores it."""
        if self._busy:
            return
        if self._checked is not None:
            self.store()
        else:
            self.check()

    def check(self) -> None:
        """Reads the workbook and says what it would change."""
        text = self.path.text().strip().strip('"')
        if not text:
            self._say(_("Type the path of a workbook, or press Ctrl+O to choose one."), "danger")
            self.path.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        path = Path(text).expanduser()

        def work(_progress: Progress) -> CommunityImported:
            return self._call.check(path)

        def done(result: CommunityImported) -> None:
            self._checked = path
            self._show_result(result)

        self._start(_("Checking {workbook}…").format(workbook=path.name), work, done)

    def store(self) -> None:
        """Stores what was checked, all of it or nothing."""
        path = self._checked
        if path is None:
            return

        def work(_progress: Progress) -> CommunityImported:
            return self._call.store(path)

        def done(result: CommunityImported) -> None:
            self._end()
            self.close_sheet()
            self.imported.emit(result)

        self._start(_("Importing {workbook}…").format(workbook=path.name), work, done)

    def save_copy(self) -> None:
        """Ctrl+S: the marked copy; once it is there, opens it."""
        if self._copy is not None:
            self._call.open_path(self._copy)
            return
        problems, path = self._problems, Path(self.path.text().strip().strip('"')).expanduser()
        if self._busy or not problems:
            return

        def work(_progress: Progress) -> Path:
            return self._call.mark(path, problems)

        def done(copy: Path) -> None:
            self._end()
            self._copy = copy
            self._say(_("The marked copy is {copy}: mend the coloured cells and import it.").format(copy=copy), "good")
            self.copy_button.set_words(_("Open the marked copy"))

        self._start(_("Writing the marked copy…"), work, done)

    def _start(self, said: str, work: Callable[[Progress], object], done: Callable[..., object]) -> None:
        self._busy = True
        self._say("", "ink_2")
        self.progress.begin(said, can_cancel=False)
        self._tell_state()
        self._worker.start(work, done=done, failed=self._on_failed)

    def _end(self) -> None:
        self._busy = False
        self.progress.end()
        self._tell_state()

    def _show_result(self, result: CommunityImported) -> None:
        self._end()
        rows = [SheetResult(sheet, tally) for sheet, tally in result.sheets.items()]
        self.sheets.set_rows([row for row in rows if row.tally != SheetTally()])
        self._stack.setCurrentWidget(self.sheet_table)
        changes = sum(row.tally.added + row.tally.changed for row in rows)
        said = _("Every cell can be taken: {n} rows are new or changed.").format(n=f"{changes:,}")
        if not changes:
            said = _("Every cell can be taken, and nothing in it is new.")
        notes = [_("Note: {text}").format(text=text) for text in result.warnings[:3]]
        if len(result.warnings) > len(notes):
            notes.append(_("and {n} more notes").format(n=len(result.warnings) - len(notes)))
        self._say("\n".join((said, *notes)), "warn" if notes else "good")
        self.button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_failed(self, error: FeedeskError) -> None:
        self._checked = None
        self._end()
        self._say(str(error), "danger")
        if isinstance(error, WorkbookRefused):
            self._problems = error.problems
            self.problems.set_rows(error.problems)
            self._stack.setCurrentWidget(self.problem_table)
            self.problem_table.choose_row(0)
            self.problem_table.setFocus(Qt.FocusReason.OtherFocusReason)
        self._tell_state()

    def _on_path_changed(self) -> None:
        self._checked = self._copy = None
        self._problems = ()
        self._stack.setCurrentIndex(0)
        self._say("", "ink_2")
        self._tell_state()

    def _tell_state(self) -> None:
        self.button.set_words(_("Check the workbook") if self._checked is None else _("Import it"))
        self.button.setEnabled(not self._busy)
        self.path.setReadOnly(self._busy)
        self.copy_button.set_words(_("Save the marked copy") if self._copy is None else _("Open the marked copy"))
        self.copy_button.setVisible(bool(self._problems))

    def _say(self, sentence: str, tone: Token) -> None:
        self.sentence.setText(sentence)
        self.sentence.set_tone(tone)
        self.sentence.setVisible(bool(sentence))

    def _leave(self) -> None:
        if self._busy:
            self._say(_("Please wait: the workbook is being worked on."), "warn")
        else:
            self.close_sheet()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._leave()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submit()
