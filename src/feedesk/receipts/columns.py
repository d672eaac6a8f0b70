"""How wide text is on a till printer, and where it may be broken.

A till printer has columns of half a Han character. What a character takes follows its GBK encoding (one byte: one
column, two bytes: two, and so for × · — ① as well), which is what the firmware goes by. Characters beyond GBK are
drawn by us and take what Unicode calls their width.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

COLUMNS = (32, 42, 48)
"""The widths of paper we lay out for: 58 mm; 512-dot and Epson 42-column models; 80 mm."""

MINUS = "−"
"""U+2212, not in GBK: drawn as it is, sent to a printer as the hyphen-minus, one column either way."""

_RUNS = re.compile(rf" +|\(*[!-')-~{MINUS}]+|.", re.DOTALL)
_PIECES = re.compile(rf"[{MINUS}+-]?\d[\d.,]*[%‰]?|[A-Za-z]+|.", re.DOTALL)
_NOT_FIRST = frozenset("，。、；：？！）》」』】〉”’…,.;:?!)]}%‰")
_NOT_LAST = frozenset("（《「『【〈“‘([{￥")
_GOOD_BREAKS = (" ", "(", "（")
_CLAUSE_ENDS = "、，；。"
_MEASURE_WORDS = "个天日月年元笔张次户期条份栋吨度方"
_WELL_FILLED = 0.4
"""A line so far filled may end at a space or bracket rather than in the midst of a word."""
_NEARLY_FULL = 0.7
"""A line so far filled rather ends after a clause than at a later space, so that a name keeps its amount."""


@lru_cache(maxsize=8192)
def columns_of(character: str) -> int:
    """The columns one character takes, 1 or 2."""
    if character.isascii() or character == MINUS:
        return 1
    try:
        return len(character.encode("gbk"))
    except UnicodeEncodeError:
        return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def width(text: str) -> int:
    """The columns a text takes at normal size."""
    return sum(map(columns_of, text))


def clean(text: str) -> str:
    """Text fit for one line of paper: no control or invisible characters, and ￥ for U+00A5.

    A printer takes U+00A5 for four bytes of GB18030, and some of those for commands.
    """
    return "".join(map(_clean_character, text))


@lru_cache(maxsize=8192)
def _clean_character(character: str) -> str:
    if character == "¥":
        return "￥"
    category = unicodedata.category(character)
    if category in ("Cc", "Zl", "Zp") or (category == "Zs" and character != "\u3000"):
        return " "
    if category == "Cf" or "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef":
        return ""
    return character


Measure = Callable[[str], float]


def wrap(text: str, room: float, measure: Measure = width) -> list[str]:
    """Breaks text into lines of at most ``room`` (columns, or what ``measure`` counts), losing only spaces at breaks.

    Han text breaks anywhere but before closing and after opening punctuation, and rather at a space or a bracket; a
    run of Latin letters and figures stays whole while it fits a line, and a number always does.
    """
    lines: list[list[str]] = [[]]
    for unit in _units(text, room, measure):
        line = lines[-1]
        if line and measure("".join(line)) + measure(unit) > room:
            line = [*_carried(line, unit, room, measure), unit]
            lines.append(line)
        else:
            line.append(unit)
        if line[0].isspace():
            del line[0]
    joined = ["".join(line).rstrip() for line in lines]
    return [line for line in joined if line]


def _units(text: str, room: float, measure: Measure) -> list[str]:
    """The unbreakable parts of a text, none wider than a line unless a line holds less than one character."""
    units: list[str] = []
    for run in _RUNS.findall(text):
        if measure(run) <= room:
            units.append(run)
            continue
        for piece in _PIECES.findall(run):
            units.extend([piece] if measure(piece) <= room else piece)
    return units


def _carried(line: list[str], unit: str, room: float, measure: Measure) -> list[str]:
    """Takes off the end of a full line what shall stand on the next one, before ``unit``."""
    end = len(line)
    if end > 1 and unit in _NOT_FIRST and len(line[-1]) == 1:
        end -= 1
    if not unit.startswith(_GOOD_BREAKS):
        end = _good_break([*line, unit], room, measure) or end
    while end > 1 and line[end - 1] in _NOT_LAST:
        end -= 1
    carried = line[end:]
    del line[end:]
    return carried


def _good_break(units: list[str], room: float, measure: Measure) -> int:
    """The last place, before the last unit, where a clause, space or bracket lets a line end well filled, or 0."""
    places = range(len(units) - 2, 0, -1)
    clause = next((place for place in places if units[place - 1] in _CLAUSE_ENDS and not _open(units[:place])), 0)
    if clause and measure("".join(units[:clause])) >= _NEARLY_FULL * room:
        return clause
    for place in places:
        if units[place].startswith(_GOOD_BREAKS) and not _counts(units, place):
            return place if measure("".join(units[:place])) >= _WELL_FILLED * room else 0
    return 0


def _open(units: list[str]) -> bool:
    """Whether a bracket stands open at the end."""
    text = "".join(units)
    return sum(map(text.count, "(（")) > sum(map(text.count, ")）"))


def _counts(units: list[str], place: int) -> bool:
    """Whether a space stands between a number and its measure word: ``12 个月``."""
    return units[place].isspace() and units[place - 1][-1].isdigit() and units[place + 1][0] in _MEASURE_WORDS
