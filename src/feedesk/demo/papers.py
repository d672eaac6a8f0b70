"""The folder the sample day leaves behind: slips, receipts, pictures of the window, the daily summary, the ledger.

A folder that a demo made before is made anew; whatever else lies in it stays. A folder with other things in it is
refused, because nobody should lose a file to a demonstration.
"""

import json
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QWidget

from feedesk.errors import UserError
from feedesk.receipts.render import render
from feedesk.rules.receipt_document import PaperMarks, ReceiptDocument
from feedesk.texts import N_

MARK: Final = "demo.json"
_MADE_FOR: Final = "feedesk demo"
_OWN: Final = (
    "slips/[0-9]*.escpos",
    "slips/[0-9]*.png",
    "receipts/SJ-*.pdf",
    "screenshots/[0-9]*.png",
    "收费日报 *.xlsx",
    "community.xlsx",
    "ledger.sqlite*",
    MARK,
)
_OWN_FOLDERS: Final = ("program",)
_LAYOUT_ROUNDS: Final = 4
"""A layout inside another is laid out one round of events later."""


class NotADemoFolder(UserError):
    message = N_("{folder} holds other things than a demo's results: choose another folder with --out, or empty it.")


@dataclass(frozen=True, slots=True)
class DemoFolder:
    """Where everything lies."""

    path: Path

    @property
    def ledger(self) -> Path:
        return self.path / "ledger.sqlite"

    @property
    def community(self) -> Path:
        return self.path / "community.xlsx"

    @property
    def slips(self) -> Path:
        return self.path / "slips"

    @property
    def receipts(self) -> Path:
        return self.path / "receipts"

    @property
    def screenshots(self) -> Path:
        return self.path / "screenshots"

    @property
    def program(self) -> Path:
        """The program's own settings and log while the demo runs, so that nobody's real ones are touched."""
        return self.path / "program"

    def summary(self, day: date) -> Path:
        """The daily summary."""
        return self.path / f"收费日报 {day.isoformat()}.xlsx"

    def make_anew(self) -> None:
        """Takes the results of an earlier demo away and marks the folder as a demo's. Raises `NotADemoFolder`."""
        is_taken = self.path.exists() and (not self.path.is_dir() or any(self.path.iterdir()))
        if is_taken and not self._is_marked():
            raise NotADemoFolder(folder=str(self.path))
        for file in self._own_files():
            file.unlink()
        for name in _OWN_FOLDERS:
            shutil.rmtree(self.path / name, ignore_errors=True)
        for folder in (self.path, self.slips, self.receipts, self.screenshots):
            folder.mkdir(parents=True, exist_ok=True)
        self.note({})

    def note(self, document: dict[str, object]) -> None:
        """Writes what came of the demo, which is also the mark of a demo's folder."""
        text = json.dumps({"made_by": _MADE_FOR, **document}, ensure_ascii=False, indent=2)
        (self.path / MARK).write_text(text + "\n", encoding="utf-8")

    def files(self, folder: Path, ending: str) -> list[str]:
        """Names of files, relative to the demo's folder, in order."""
        return sorted(path.relative_to(self.path).as_posix() for path in folder.glob(f"*{ending}"))

    def _is_marked(self) -> bool:
        try:
            found = json.loads((self.path / MARK).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return False
        return isinstance(found, dict) and found.get("made_by") == _MADE_FOR

    def _own_files(self) -> Iterable[Path]:
        return [file for pattern in _OWN for file in self.path.glob(pattern) if file.is_file()]


class Pictures:
    """Takes numbered pictures of a window: ``01-desk-empty.png``."""

    def __init__(self, window: QWidget, folder: Path) -> None:
        self._window, self._folder = window, folder
        self.taken: list[Path] = []

    def take(self, name: str, *, scale: float = 1.0) -> Path:
        """The window as it stands, drawn at a scale of the display such as 1.5."""
        for _round in range(_LAYOUT_ROUNDS):
            QCoreApplication.processEvents()
        size = self._window.size()
        picture = QPixmap(round(size.width() * scale), round(size.height() * scale))
        picture.setDevicePixelRatio(scale)
        self._window.render(picture)
        path = self._folder / f"{len(self.taken) + 1:02d}-{name}.png"
        if not picture.save(str(path)):
            raise OSError(f"picture not written: {path}")
        self.taken.append(path)
        return path


def write_pdfs(papers: Sequence[tuple[ReceiptDocument, PaperMarks]], folder: Path) -> list[Path]:
    """Receipts as PDF, each under its number."""
    written = []
    for document, marks in papers:
        path = folder / f"{document.number}.pdf"
        path.write_bytes(render(document, marks, form="pdf"))
        written.append(path)
    return written
