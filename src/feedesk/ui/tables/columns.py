"""What a table's columns are: heading, how a row's cell reads, and by what it sorts.

A cell is words with their looks (`Cell`); the sort value stands apart, so that amounts sort as amounts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import Qt

from feedesk.money import Fen, format_amount
from feedesk.ui.tokens import Token
from feedesk.ui.widgets.painting import Span, spans_text

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell shows. ``ground`` tints it; ``tick`` draws a tick box instead of words."""

    spans: tuple[Span, ...] = ()
    right: bool = False
    ground: Token | None = None
    tick: Qt.CheckState | None = None

    @property
    def text(self) -> str:
        """The words alone."""
        return spans_text(self.spans)


@dataclass(frozen=True, slots=True)
class ColumnSpec(Generic[Row]):
    """One column of rows of a kind. ``heading`` is an ``N_`` text; ``note`` a second, smaller line of it.

    ``width`` is in pixels at normal type; 0 takes what is left. ``copies`` gives the clipboard's text (amounts
    without grouping, so that a spreadsheet reads them as numbers). Columns with ``spare`` vanish where the columns that
    take the rest would get less than their ``least``.
    """

    heading: str
    cell: Callable[[Row], Cell]
    width: int = 0
    right: bool = False
    sort: Callable[[Row], Any] | None = None
    copies: Callable[[Row], str] | None = None
    note: str = ""
    spare: bool = False
    least: int = 40
    ground: Token | None = None


def words(text: str, token: Token = "ink", *, bold: bool = False) -> Cell:
    """A cell of plain words."""
    return Cell((Span(text, token, bold=bold),))


def figure(amount: Fen, token: Token = "ink", *, bold: bool = False, dash: bool = True) -> Cell:
    """An amount, right-aligned; nought is a dash unless it means something."""
    if dash and not amount:
        return Cell((Span("–", "mute"),), right=True)
    return Cell((Span(format_amount(amount), token, bold=bold),), right=True)
