"""The first start: there is no ledger yet. Try the sample community, bring one's own workbook, or begin empty; and get
the empty workbook to fill in.

What each choice does is a function the page is given; it runs in the worker with a progress bar and a cancel button.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from feedesk.errors import FeedeskError
from feedesk.texts import N_, _
from feedesk.ui.appearance import appearance, follow_language
from feedesk.ui.pages.page import Page
from feedesk.ui.tasks import Cancelled, Progress, Task, Worker
from feedesk.ui.tokens import RADIUS_CARD
from feedesk.ui.widgets.buttons import EnterButton, QuietButton
from feedesk.ui.widgets.label import Label
from feedesk.ui.widgets.painting import cap_size, paint_cap, paint_focus_ring, paint_outline_icon
from feedesk.ui.widgets.progress_strip import ProgressStrip

_CHOICES: Final = (
    (
        "sample",
        "book-open",
        N_("Try the sample community"),
        N_("A training ledger with 1,152 homes, shops, parking spaces and arrears. Nothing in it is real money."),
    ),
    (
        "import",
        "file-up",
        N_("Bring my own workbook"),
        N_("An Excel workbook with homes, residents and prices. Errors are marked in a copy, cell by cell."),
    ),
    (
        "empty",
        "plus",
        N_("Begin with an empty ledger"),
        N_("One till and no homes yet; the workbook's template can be filled in and brought later."),
    ),
)


@dataclass(frozen=True, slots=True)
class WelcomeFunctions:
    """What the choices do; each makes a ledger, reports its progress, and raises a `FeedeskError` with nothing kept.

    A choice without a function is not offered. ``administer`` is told name and password of the administrator before
    a real ledger is made, and raises a `UserError` where they cannot be; without it nobody is asked. ``template``
    writes the empty workbook.
    """

    empty: Callable[[Progress], object]
    sample: Callable[[Progress], object] | None = None
    import_workbook: Callable[[Path, Progress], object] | None = None
    administer: Callable[[str, str], object] | None = None
    template: Callable[[Path], object] | None = None


class _ChoiceButton(EnterButton):
    """A large choice: icon, words, a sentence below, and its digit."""

    def __init__(self, keys: str, icon_name: str, message: str, sentence: str) -> None:
        super().__init__()
        self._keys = keys
        self._icon = icon_name
        self._message = message
        self._sentence = sentence
        self.setShortcut(keys)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        follow_language(self, self._retranslate)

    def _retranslate(self) -> None:
        self.setAccessibleName(_(self._message))
        self.setAccessibleDescription(_(self._sentence))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(420, 60 if appearance().is_compact else 84)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()
        super().enterEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look = appearance()
        hot = self.isEnabled() and self.underMouse()
        painter.setPen(QPen(look.colour("line"), 1))
        painter.setBrush(look.colour("selected" if hot else "card"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_CARD, RADIUS_CARD)
        paint_outline_icon(painter, self._icon, 22, (self.height() - 28) / 2, 28, "accent")
        cap_width, cap_height = cap_size(self._keys)
        paint_cap(painter, QPointF(self.width() - cap_width - 20, (self.height() - cap_height) / 2), self._keys)
        self._paint_words(painter, QRectF(70, 0, self.width() - 70 - cap_width - 36, self.height()))
        if self.hasFocus():
            paint_focus_ring(painter, QRectF(self.rect()), RADIUS_CARD)
        painter.end()

    def _paint_words(self, painter: QPainter, room: QRectF) -> None:
        look = appearance()
        title = QFontMetricsF(look.font("title", bold=True)).height()
        note = QFontMetricsF(look.font("secondary"))
        lines = 1 if note.horizontalAdvance(_(self._sentence)) <= room.width() else 2
        top = (self.height() - title - lines * note.height()) / 2
        painter.setFont(look.font("title", bold=True))
        painter.setPen(look.colour("ink" if self.isEnabled() else "mute"))
        painter.drawText(QRectF(room.left(), top, room.width(), title), Qt.AlignmentFlag.AlignVCenter, _(self._message))
        painter.setFont(look.font("secondary"))
        painter.setPen(look.colour("mute"))
        below = QRectF(room.left(), top + title, room.width(), lines * note.height() + 2)
        wrap = Qt.TextFlag.TextWordWrap
        painter.drawText(below, int(Qt.AlignmentFlag.AlignTop) | int(wrap), _(self._sentence))


class WelcomePage(Page):
    """`ready` when a ledger has been made."""

    ready = Signal()

    def __init__(self, functions: WelcomeFunctions, worker: Worker) -> None:
        super().__init__()
        self._call = functions
        self._worker = worker
        self._task: Task[object] | None = None
        self._buttons: dict[str, _ChoiceButton] = {}
        self._tried = "sample"
        self._progress = ProgressStrip()
        self._problem = Label("", "secondary", tone="danger", wraps=True)
        self._written = Label("", "secondary", tone="ink_2", wraps=True)
        self.template = QuietButton("", "4")
        self._build()
        self._progress.cancel_asked.connect(self._on_cancel)
        self.finish()

    def _build(self) -> None:
        middle = QWidget()
        middle.setMaximumWidth(680)
        column = QVBoxLayout(middle)
        column.setSpacing(12)
        column.addWidget(Label.saying(N_("Welcome to feedesk"), "room", bold=True))
        column.addWidget(
            Label.saying(N_("There is no ledger yet. How do you want to begin?"), "body", tone="ink_2", wraps=True)
        )
        column.addSpacing(8)
        acts = {"sample": self.start_sample, "import": self._on_import, "empty": self.start_empty}
        offered = {"sample": self._call.sample, "import": self._call.import_workbook, "empty": self._call.empty}
        choices = [choice for choice in _CHOICES if offered[choice[0]] is not None]
        for place, (key, icon_name, message, sentence) in enumerate(choices):
            button = self._buttons[key] = _ChoiceButton(str(place + 1), icon_name, message, sentence)
            button.clicked.connect(acts[key])
            column.addWidget(button)
        column.addSpacing(4)
        if self._call.template is not None:
            self.template.setShortcut("4")
            self.template.clicked.connect(self._on_template)
            follow_language(self.template, self._name_template)
            column.addWidget(self.template, alignment=Qt.AlignmentFlag.AlignRight)
        column.addWidget(self._written)
        column.addWidget(self._progress)
        column.addWidget(self._problem)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(middle, 10)
        row.addStretch(1)
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        outer.addLayout(row)
        outer.addStretch(3)

    def start_sample(self) -> None:
        """Makes the training ledger with the sample community."""
        if self._call.sample is not None:
            self._tried = "sample"
            self._start(_("Making the sample community…"), self._call.sample)

    def start_import(self, workbook: Path) -> None:
        """Makes a ledger from a workbook."""
        bring_in = self._call.import_workbook
        if bring_in is not None:
            self._tried = "import"
            words = _("Reading {workbook}…").format(workbook=workbook.name)
            self._for_real(words, lambda progress: bring_in(workbook, progress))

    def start_empty(self) -> None:
        """Makes an empty ledger."""
        self._tried = "empty"
        self._for_real(_("Making an empty ledger…"), self._call.empty)

    def _for_real(self, words: str, work: Callable[[Progress], object]) -> None:
        """A real ledger begins with an administrator's name and password."""
        if self._task is not None:
            return
        if self._call.administer is None:
            self._start(words, work)
            return
        from feedesk.ui.dialogs.administrator_sheet import AdministratorSheet

        sheet = AdministratorSheet(self.window(), self._call.administer)
        sheet.named.connect(lambda: self._start(words, work))
        sheet.ask()

    def is_busy(self) -> bool:
        return self._task is not None

    def problem(self) -> str:
        """The sentence shown below, if something was refused."""
        return self._problem.text()

    def _on_import(self) -> None:
        path, _kind = QFileDialog.getOpenFileName(
            self, _("Choose the community's workbook"), "", _("Excel workbooks (*.xlsx)")
        )
        if path:
            self.start_import(Path(path))

    def _name_template(self) -> None:
        self.template.set_words(_("Write an empty workbook"))

    def _on_template(self) -> None:
        name = str(Path.home() / _("community workbook.xlsx"))
        path, _kind = QFileDialog.getSaveFileName(
            self, _("Write an empty workbook"), name, _("Excel workbooks (*.xlsx)")
        )
        if path:
            self.write_template(Path(path))

    def write_template(self, path: Path) -> None:
        """Writes the empty workbook and says where it lies, and what its rows are."""
        write = self._call.template
        if write is None:
            return
        self._problem.clear()
        self._written.clear()
        try:
            write(path)
        except FeedeskError as error:
            self._problem.setText(str(error))
            return
        said = _("An empty workbook lies in {where}.").format(where=path)
        hint = _("The row below each header is an example: write over it, then bring the workbook here.")
        self._written.setText(f"{said}\n{hint}")

    def _start(self, words: str, work: Callable[[Progress], object]) -> None:
        if self._task is not None:
            return
        self._problem.clear()
        self._written.clear()
        self._progress.begin(words)
        # Greyed buttons pass the keyboard on, and the next in line is the cancel button: a second Enter would stop it.
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._set_usable(False)
        self._task = self._worker.start(
            work, done=self._on_done, failed=self._on_failed, advanced=self._progress.advance
        )

    def _on_cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _on_done(self, _result: object) -> None:
        self._end()
        self.ready.emit()

    def _on_failed(self, error: FeedeskError) -> None:
        self._end()
        stopped = _("Stopped. Nothing was kept; you can begin again.")
        self._problem.setText(stopped if isinstance(error, Cancelled) else str(error))
        self.take_focus()

    def _end(self) -> None:
        self._task = None
        self._progress.end()
        self._set_usable(True)

    def _set_usable(self, usable: bool) -> None:
        for button in (*self._buttons.values(), self.template):
            button.setEnabled(usable)

    def title(self) -> str:
        return _("First start")

    def take_focus(self) -> None:
        """The choice tried last: a refused workbook is mended and tried again."""
        first = next(iter(self._buttons.values()))
        self._buttons.get(self._tried, first).setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        self.bars_changed.emit()
