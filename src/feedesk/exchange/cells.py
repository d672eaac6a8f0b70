"""Reading one cell as what its column means: text, a code, an amount, a day, a period …

A reader takes a `Cell` that is not blank and returns the value, or raises `BadCell` with a reason for a person.
Excel keeps numbers as doubles and shows 15 digits of them; those 15 digits are the number that somebody typed, so
2.8 is read as exactly 2.8. Texts are read the same whether they are stored as text or as numbers, full-width or not.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from feedesk.errors import UserError
from feedesk.money import Fen, parse_amount
from feedesk.periods import NotAPeriod, Period
from feedesk.texts import _

LONGEST_TEXT = 500
LONGEST_CODE = 32
# Excel keeps 15 digits of a number: a longer one has been altered before anybody could notice.
_EXACT_INTEGER = 10**15

_BLANKS = re.compile(r"[\s\u200b\u200e\u200f\ufeff]+")
_BLANK_IN_CHINESE = re.compile(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣－", "-"))
_CODE = re.compile(r"[^\s*?;,]+")
_PATTERN = re.compile(r"[^\s;,]+")
_NUMBER = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)?(?:\.\d*)?", re.ASCII)
_DAY = re.compile(
    r"(?:(\d{4})([-/.])(\d{1,2})\2(\d{1,2})|(\d{4})(\d{2})(\d{2})|(\d{4})年(\d{1,2})月(\d{1,2})日)"
    r"(?:[ T]?0?0:00(?::00)?)?",
    re.ASCII,
)
_YES = frozenset({"是", "Y", "YES", "TRUE", "1", "√", "✓"})
_NO = frozenset({"否", "N", "NO", "FALSE", "0", "×"})
_SEPARATORS = re.compile(r"[;；\n、]")
_FIRST_YEAR, _LAST_YEAR = 1950, 2150


class BadCell(Exception):
    """A cell that its column cannot take; the argument is the reason, in the language of the moment."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell holds as Excel stored it, and its number format (``0.00%``, ``yyyy-mm-dd``)."""

    value: object
    number_format: str = "General"

    @property
    def is_percentage(self) -> bool:
        return isinstance(self.value, int | float) and "%" in self.number_format


Reader = Callable[[Cell], Any]


def shown(value: object) -> str:
    """A cell's value as Excel shows it, for reports."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return plain_number(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    return str(value)


def plain_number(value: int | float) -> str:
    """A number with the 15 digits that Excel shows, never with an exponent: 98.60000000000001 is ``98.6``."""
    if isinstance(value, int):
        return str(value)
    digits = format(Decimal(format(value, ".15g")), "f")
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def is_blank(value: object) -> bool:
    """Whether a cell counts as empty: nothing, or only blanks of any kind."""
    return value is None or (isinstance(value, str) and not _BLANKS.sub("", value))


def half_width(text: str) -> str:
    """A text in half-width forms without any blanks, dashes as hyphens: for headers, codes, numbers, choices."""
    if text.isascii():
        return _BLANKS.sub("", text)
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text)).translate(_DASHES)


def _raw_text(cell: Cell) -> str:
    value = cell.value
    if isinstance(value, datetime | date | time | timedelta):
        raise BadCell(_("Excel holds a date or time here: format the cell as text and type it again."))
    if isinstance(value, int | float) and not isinstance(value, bool):
        if abs(value) >= _EXACT_INTEGER:
            raise BadCell(
                _("Excel keeps only 15 digits of a number: format the cell as text and type the number again.")
            )
        return plain_number(value)
    return shown(value)


def text(cell: Cell) -> str:
    """Free text as it was written, without blanks around it."""
    words = _raw_text(cell).strip().strip("\u200b\ufeff").strip()
    if len(words) > LONGEST_TEXT:
        raise BadCell(_("The text is too long: at most {limit} characters.").format(limit=LONGEST_TEXT))
    return words


def lines(cell: Cell) -> str:
    """Several lines of free text, blank lines left out."""
    return "\n".join(filter(None, (line.strip() for line in text(cell).splitlines())))


def name(cell: Cell) -> str:
    """A name: stray blanks between Chinese characters go (``李　敏``), those between words stay."""
    words = " ".join(text(cell).split())
    return _BLANK_IN_CHINESE.sub("", words)


def mark(cell: Cell) -> str:
    """A number or code of somebody else's (telephone, tax number, plate), half-width and without blanks."""
    return half_width(text(cell))


def unit_code(cell: Cell) -> str:
    """A unit code, half-width, upper case, hyphens of any kind as ``-``."""
    return _code(cell, _CODE)


def unit_pattern(cell: Cell) -> str:
    """A unit code or a pattern of codes: ``*`` any run of characters, ``?`` any one."""
    return _code(cell, _PATTERN)


def _code(cell: Cell, form: re.Pattern[str]) -> str:
    if isinstance(cell.value, datetime | date | time):
        raise BadCell(
            _("This is a date: Excel turned a code such as 1-2-3 into one. Format the column as text, type it again.")
        )
    code = half_width(_raw_text(cell)).upper()
    if not form.fullmatch(code) or not code.strip("-"):
        raise BadCell(_("This is not a unit code: write for example 3-1-502, without * ? ; or commas."))
    if len(code) > LONGEST_CODE:
        raise BadCell(_("The code is too long: at most {limit} characters.").format(limit=LONGEST_CODE))
    return code


def amount(cell: Cell) -> Fen:
    """Yuan with at most two decimals, above zero."""
    fen = _any_amount(cell)
    if fen <= 0:
        raise BadCell(_("The amount must be greater than zero."))
    return fen


def amount_or_zero(cell: Cell) -> Fen:
    """Yuan with at most two decimals, zero or more."""
    fen = _any_amount(cell)
    if fen < 0:
        raise BadCell(_("The amount must not be negative."))
    return fen


def _any_amount(cell: Cell) -> Fen:
    try:
        return parse_amount(_number_text(cell))
    except UserError as error:
        raise BadCell(str(error)) from None


def _number_text(cell: Cell) -> str:
    value = cell.value
    if isinstance(value, bool):
        raise BadCell(_("This is not a number."))
    if isinstance(value, datetime | date | time | timedelta):
        raise BadCell(_("Excel holds a date here: format the cell as a number and type it again."))
    if isinstance(value, int | float):
        return plain_number(value)
    return half_width(shown(value))


def number(digits: str) -> Fraction:
    """An exact decimal from half-width text, thousands commas allowed; else `BadCell`."""
    if not _NUMBER.fullmatch(digits) or not any(map(str.isdigit, digits)):
        raise BadCell(_("This is not a number."))
    return Fraction(digits.replace(",", "").rstrip("."))


def decimal(places: int | None = None, *, least: int = 0, above_zero: bool = False) -> Reader:
    """Reads exact decimals of at least ``least`` with at most ``places`` decimals."""

    def read(cell: Cell) -> Fraction:
        value = number(_number_text(cell))
        if value < least or (above_zero and value <= 0):
            raise BadCell(
                _("The number must be greater than zero.") if above_zero else _("The number must not be negative.")
            )
        if places is not None and (value * 10**places).denominator != 1:
            raise BadCell(_("The number has more than {places} decimals.").format(places=places))
        if value >= 10**12:
            raise BadCell(_("The number is too large."))
        return value

    return read


def whole_number(*, least: int = 0, most: int = 1_000_000) -> Reader:
    """Reads whole numbers from ``least`` to ``most``."""

    def read(cell: Cell) -> int:
        value = number(_number_text(cell))
        if value.denominator != 1:
            raise BadCell(_("This must be a whole number."))
        if not least <= value <= most:
            raise BadCell(_("The number must lie between {least} and {most}.").format(least=least, most=most))
        return int(value)

    return read


def day(cell: Cell) -> date:
    """A day as Excel's own date or written ``2026-11-23``, with slashes or dots, ``20261123``, ``2026年11月23日``."""
    found = _day(cell)
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise BadCell(_("The year {year} cannot be right.").format(year=found.year))
    return found


def _day(cell: Cell) -> date:
    value = cell.value
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, bool | time | timedelta):
        raise BadCell(_("This is not a date: write for example 2026-11-23."))
    match = _DAY.fullmatch(half_width(shown(value)))
    if match is None:
        raise BadCell(_("This is not a date: write for example 2026-11-23."))
    year, month, day_of_month = (int(part) for n, part in enumerate(match.groups()) if n != 1 and part)
    try:
        return date(year, month, day_of_month)
    except ValueError:
        raise BadCell(_("There is no such day.")) from None


def period(cell: Cell) -> Period:
    """A billing period; of a date (Excel makes one of ``2026-11``) the month, if it is the month's first day."""
    value = cell.value
    if isinstance(value, datetime | date):
        if value.day != 1:
            raise BadCell(_("This is a day, not a period: write for example 2026-11 as text."))
        return Period.containing(value.date() if isinstance(value, datetime) else value)
    try:
        found = Period.parse(half_width(_raw_text(cell)))
    except NotAPeriod as error:
        raise BadCell(str(error)) from None
    if not _FIRST_YEAR <= found.first_month // 12 <= _LAST_YEAR:
        raise BadCell(_("The year {year} cannot be right.").format(year=found.first_month // 12))
    return found


def yes_no(cell: Cell) -> bool:
    """是 or 否, a few other ways of saying it included."""
    answer = half_width(_raw_text(cell)).upper()
    if answer in _YES:
        return True
    if answer in _NO:
        return False
    raise BadCell(_("Write 是 or 否."))


def choice(*values: str, **aliases: str) -> Reader:
    """Reads one of ``values``; ``aliases`` are other words for them."""

    def read(cell: Cell) -> str:
        word = half_width(_raw_text(cell))
        word = aliases.get(word, word)
        if word not in values:
            raise BadCell(_("Choose one of: {values}.").format(values="、".join(values)))
        return word

    return read


def several(read: Reader) -> Reader:
    """Reads several values of one kind, separated by ``;``, each once and in their order."""

    def read_all(cell: Cell) -> tuple[Any, ...]:
        parts = _SEPARATORS.split(cell.value) if isinstance(cell.value, str) else [cell.value]
        return tuple(dict.fromkeys(read(Cell(part, cell.number_format)) for part in parts if not is_blank(part)))

    return read_all


def phone(cell: Cell) -> str:
    """A telephone number, half-width without blanks."""
    digits = mark(cell)
    if not re.fullmatch(r"\+?[\d\-()#*转,]{3,24}", digits) or sum(map(str.isdigit, digits)) < 3:
        raise BadCell(_("This is not a telephone number: write digits, several numbers separated by “;”."))
    return digits


def email(cell: Cell) -> str:
    """An e-mail address, as far as one can tell by looking."""
    address = mark(cell)
    if not re.fullmatch(r"[^@\s;,]+@[^@\s;,]+\.[^@\s;,]+", address):
        raise BadCell(_("This is not an e-mail address."))
    return address
