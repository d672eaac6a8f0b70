"""A sheet of the day summary as finance prints it: A4 landscape, fitted to its width, head and foot on every page.

Formulas are written with the value they come to, so that viewers that do not reckon (previews, phones) show them too.
Amounts are fen here and become exact decimals in yuan at the last moment.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_rowcol_to_cell

from feedesk.money import Fen
from feedesk.rules.day_summary import DayFigures
from feedesk.texts import _

FONT = "微软雅黑"
INK, MUTE, LINE, HEAD, SOFT, RED = "#17222D", "#5A6672", "#AAB6C0", "#E3F2EF", "#F3F5F7", "#B42318"
MONEY = '#,##0.00;[Red]-#,##0.00;"–"'
EXACT = "#,##0.00;[Red]-#,##0.00;0.00"
PIECES = '#,##0;-#,##0;"–"'
MOMENT = "mm-dd hh:mm:ss"
SIGNATURE_HEIGHT: Final = 34

_LOOKS: Mapping[str, Mapping[str, Any]] = {
    "title": {"font_size": 18, "bold": True, "align": "center"},
    "mark": {"font_size": 14, "bold": True, "font_color": RED, "align": "center"},
    "sub": {"font_color": MUTE},
    "right": {"align": "right"},
    "centre": {"align": "center"},
    "head": {"bold": True, "bg_color": HEAD, "border": 1, "border_color": LINE, "align": "center", "text_wrap": True},
    "caption": {"bold": True, "font_size": 12},
    "cell": {"border": 1, "border_color": LINE, "indent": 1},
    "money": {"border": 1, "border_color": LINE, "num_format": MONEY, "align": "right"},
    "pieces": {"border": 1, "border_color": LINE, "num_format": PIECES, "align": "right"},
    "moment": {"border": 1, "border_color": LINE, "num_format": MOMENT, "align": "center"},
    "counted": {"num_format": "#,##0"},
    "indented": {"indent": 3},
    "exact": {"num_format": EXACT},
    "soft": {"bg_color": SOFT},
    "total": {"bold": True, "bg_color": HEAD, "top": 2, "top_color": MUTE},
    "bold": {"bold": True},
    "red": {"font_color": RED},
    "mono": {"font_name": "Consolas", "font_size": 8, "font_color": MUTE},
    "sign": {"bottom": 1},
    "check": {"num_format": '"{wrong} "0.00;"{wrong} "-0.00;"{right}"', "font_color": MUTE, "align": "right"},
    "tick": {
        "border": 1,
        "border_color": LINE,
        "bold": True,
        "align": "center",
        "num_format": '[Red]"{wrong} "0.00;[Red]"{wrong} "-0.00;"✓"',
    },
}


def yuan(amount: int) -> Decimal:
    """Fen as the exact number of yuan that a cell holds."""
    return Decimal(amount) / 100


@lru_cache(maxsize=4096)
def text_width(text: str) -> int:
    """How many characters of a column a text takes; Chinese ones take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


class Book:
    """The workbook: formats by the names of their looks, each made once; sheets with head and foot."""

    def __init__(self, workbook: Workbook, figures: DayFigures) -> None:
        self.workbook = workbook
        self.figures = figures
        self._formats: dict[tuple[str, ...], Any] = {}

    def format(self, *looks: str) -> Any:
        """The format that several looks make together, the later above the earlier."""
        found = self._formats.get(looks)
        if found is None:
            properties: dict[str, Any] = {"font_name": FONT, "font_size": 10, "font_color": INK, "valign": "vcenter"}
            for look in looks:
                properties |= _LOOKS[look]
            if "check" in looks or "tick" in looks:
                wrong = _("is off by") if "tick" in looks else _("differs by")
                right = _("agrees")
                properties["num_format"] = properties["num_format"].format(wrong=wrong, right=right)
            found = self._formats[looks] = self.workbook.add_format(properties)
        return found

    def sheet(self, name: str, *, head_row: int = 0, frozen: tuple[int, int] = (1, 0), pages: int = 0) -> "Sheet":
        """A new sheet; ``head_row`` heads every printed page, ``frozen`` rows and columns stay in sight.

        ``pages``: how many pages it may be long; 0 as many as it needs.
        """
        worksheet = self.workbook.add_worksheet(name)
        worksheet.hide_gridlines(2)
        worksheet.set_landscape()
        worksheet.set_paper(9)
        worksheet.fit_to_pages(1, pages)
        worksheet.set_margins(left=0.45, right=0.45, top=0.75, bottom=0.7)
        worksheet.center_horizontally()
        worksheet.repeat_rows(head_row)
        worksheet.freeze_panes(*frozen)
        worksheet.set_default_row(20)
        worksheet.set_header(self._header(name))
        worksheet.set_footer(self._footer())
        return Sheet(self, worksheet)

    def _header(self, name: str) -> str:
        figures = self.figures
        mark = _("Training ledger")
        training = f"&K{RED[1:]} {mark}" if figures.training else ""
        return f"&L&9 {_plain(figures.community)}&C&9 {name} {figures.day}&R&9 {training}"

    def _footer(self) -> str:
        head = _("Ledger seal {digest}").format(digest=self.figures.chain_head)
        pages = _("Page {page} of {pages}").format(page="&P", pages="&N")
        return f"&L&7 {head}&R&8 {pages}"


def _plain(text: str) -> str:
    """Text that a page head takes as it is: ``&`` begins a code there, and the whole may have 255 characters."""
    return text[:40].replace("&", "&&")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list: its head, and the look of its cells."""

    head: str
    look: str = "cell"


class Sheet:
    """One sheet being written. Remembers how wide each column has to be; `finish` sets them."""

    def __init__(self, book: Book, worksheet: Any) -> None:
        self.book = book
        self.worksheet = worksheet
        self._widths: dict[int, int] = {}

    def text(self, row: int, column: int, text: str, *looks: str) -> None:
        self._fit(column, text_width(text) + (2 if "cell" in looks else 0))
        if text:
            self.worksheet.write_string(row, column, text, self.book.format(*looks))
        else:  # an empty cell, which filters show as such
            self.worksheet.write_blank(row, column, None, self.book.format(*looks))

    def span(self, row: int, first: int, last: int, text: str, *looks: str) -> None:
        """A text over several columns, which do not grow with it."""
        if first == last:
            self.worksheet.write_string(row, first, text, self.book.format(*looks))
        else:
            self.worksheet.merge_range(row, first, row, last, text, self.book.format(*looks))

    def money(self, row: int, column: int, amount: Fen, *looks: str) -> None:
        self._fit_money(column, amount)
        self.worksheet.write_number(row, column, yuan(amount), self.book.format("money", *looks))

    def pieces(self, row: int, column: int, count: int, *looks: str) -> None:
        self._fit(column, len(f"{count:,}"))
        self.worksheet.write_number(row, column, count, self.book.format("pieces", *looks))

    def reckoned(self, row: int, column: int, formula: str, amount: Fen, *looks: str) -> None:
        """A formula in yuan and the amount that it comes to."""
        self._fit_money(column, amount)
        self.worksheet.write_formula(row, column, formula, self.book.format("money", *looks), yuan(amount))

    def moment(self, row: int, column: int, at: datetime, *looks: str) -> None:
        """A date and time as clocks showed it; workbooks know no time zones."""
        self._fit(column, len("11-23 10:42:05"))
        self.worksheet.write_datetime(row, column, at.replace(tzinfo=None), self.book.format("moment", *looks))

    def wide_money(self, row: int, first: int, last: int, amount: Fen, formula: str = "") -> None:
        """An amount, or a formula and what it comes to, over several columns."""
        looks = self.book.format("money", *(("bold",) if formula else ()))
        self.worksheet.merge_range(row, first, row, last, "", looks)
        if formula:
            self.worksheet.write_formula(row, first, formula, looks, yuan(amount))
        else:
            self.worksheet.write_number(row, first, yuan(amount), looks)

    def summed(self, row: int, column: int, first: int, last: int, amount: Fen, *looks: str) -> None:
        """The sum of the rows ``first`` to ``last`` of a column."""
        self.reckoned(row, column, f"=SUM({cells(first, column, last, column)})", amount, *looks)

    def heads(self, row: int, heads: Sequence[str], first: int = 0) -> None:
        """A row of column heads."""
        for place, head in enumerate(heads, first):
            self.text(row, place, head, "head")
        self.worksheet.set_row(row, 24)

    def signatures(self, row: int, roles: Sequence[str], columns: Sequence[int]) -> None:
        """Lines to sign on: a role and the line after it, each at its column."""
        self.worksheet.set_row(row, SIGNATURE_HEIGHT)
        for role, column in zip(roles, columns, strict=True):
            self.worksheet.write_string(row, column, role, self.book.format("right"))
            self.worksheet.write_blank(row, column + 1, None, self.book.format("sign"))

    def finish(self, least: int = 8, most: int = 44, **fixed: int) -> None:
        """Sets the column widths that the contents ask for; ``fixed`` ones by letter: ``A=22``."""
        for column, width in self._widths.items():
            letter = xl_rowcol_to_cell(0, column).rstrip("1")
            self.worksheet.set_column(column, column, fixed.get(letter, min(max(width + 1, least), most)))

    def _fit(self, column: int, width: int) -> None:
        self._widths[column] = max(self._widths.get(column, 0), width)

    def _fit_money(self, column: int, amount: Fen) -> None:
        self._fit(column, len(f"{yuan(amount):,.2f}"))


def cells(first_row: int, first_column: int, last_row: int, last_column: int) -> str:
    """A range as formulas write it: ``C5:C9``."""
    return f"{cell(first_row, first_column)}:{cell(last_row, last_column)}"


def cell(row: int, column: int) -> str:
    """A cell as formulas write it: ``C5``."""
    return str(xl_rowcol_to_cell(row, column))
