"""A field for a day that may be left empty (open): ``2026-12-31``, ``20261231``, ``2026.12.31``, ``2026年12月31日``."""

import re
import unicodedata
from datetime import date
from typing import Final

from PySide6.QtWidgets import QLineEdit

from feedesk.errors import UserError
from feedesk.texts import N_

_DAY: Final = re.compile(r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|(\d{2})(\d{2}))", re.ASCII)


class NotADay(UserError):
    message = N_("“{text}” is not a day: type it as 2026-12-31 or 20261231.")


def parse_day(text: str) -> date | None:
    """Reads a day as people type it, None for nothing. Raises `NotADay`."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        return None
    match = _DAY.fullmatch(re.sub(r"[./年月]", "-", plain).removesuffix("日"))
    if match is None:
        raise NotADay(text=text)
    year, month, day = match[1], match[2] or match[4], match[3] or match[5]
    try:
        return date(int(year), int(month), int(day))
    except ValueError as error:
        raise NotADay(text=text) from error


class DayLine(QLineEdit):
    """The day typed; once the keyboard leaves, it is written in full."""

    def __init__(self, day: date | None = None) -> None:
        super().__init__()
        self.setMaxLength(12)
        self.set_day(day)
        self.editingFinished.connect(self._on_finished)

    def set_day(self, day: date | None) -> None:
        """Shows a day, or nothing."""
        self.setText("" if day is None else day.isoformat())

    def day(self) -> date | None:
        """The day typed, None where the field is empty. Raises `NotADay`."""
        return parse_day(self.text())

    def _on_finished(self) -> None:
        try:
            self.set_day(self.day())
        except NotADay:
            return  # said when the form is submitted, beside what else is missing
