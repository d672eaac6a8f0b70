"""The one dialog for bugs: what happened, that the last act is done or not done at all, where the log lies."""

import logging
import sys
import traceback
from pathlib import Path
from types import TracebackType

from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from feedesk.errors import FeedeskError
from feedesk.texts import _
from feedesk.ui.widgets.buttons import QuietButton
from feedesk.ui.widgets.label import Label

_log = logging.getLogger(__name__)


class CrashDialog(QDialog):
    """Shows a traceback that can be copied; the program goes on."""

    def __init__(self, summary: str, details: str, log_path: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Something went wrong"))
        self.setMinimumWidth(560)
        self._details = details
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 20, 22, 16)
        column.setSpacing(10)
        column.addWidget(Label(_("This should not have happened"), "button", bold=True))
        column.addWidget(Label(summary, "body", tone="danger", wraps=True))
        kept = _(
            "What you did last is either done completely or not at all: look at the receipt number or the account "
            "before you do it again. Everything before it is kept."
        )
        column.addWidget(Label(kept, "secondary", tone="ink_2", wraps=True))
        report = QPlainTextEdit(details)
        report.setReadOnly(True)
        report.setMinimumHeight(150)
        report.setAccessibleName(_("Technical details"))
        column.addWidget(report)
        where = _("The log lies at {path}. Send it to whoever looks after this program.").format(path=log_path)
        column.addWidget(Label(where, "secondary", tone="ink_2", wraps=True))
        row = QHBoxLayout()
        self.copy_button = QuietButton(_("Copy the details"))
        self.copy_button.clicked.connect(self._on_copy)
        self.close_button = QuietButton(_("Go on working"))
        self.close_button.clicked.connect(self.accept)
        row.addWidget(self.copy_button)
        row.addStretch(1)
        row.addWidget(self.close_button)
        column.addLayout(row)
        self.close_button.setFocus()

    def _on_copy(self) -> None:
        QApplication.clipboard().setText(self._details)


class CrashHook:
    """Installed as ``sys.excepthook``: logs every unexpected exception and shows one dialog at a time."""

    def __init__(self, log_path: Path) -> None:
        self._log_path = log_path
        self._showing = False

    def install(self) -> None:
        """From now on exceptions of slots come here."""
        sys.excepthook = self

    def __call__(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        details = "".join(traceback.format_exception(kind, error, trace))
        _log.critical("unexpected: %s", details)
        if self._showing or QApplication.instance() is None:
            return
        self._showing = True
        summary = str(error) if isinstance(error, FeedeskError) else f"{kind.__name__}: {error}"
        CrashDialog(summary, details, self._log_path, QApplication.activeWindow()).exec()
        self._showing = False
