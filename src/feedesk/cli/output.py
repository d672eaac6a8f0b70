"""What a command answers: one document for programs (``--json``) and a few lines or a short table for people.

In documents amounts are strings with two decimals, dates ISO 8601. Tables are aligned by the width a terminal gives
to a character: Chinese ones take two columns.
"""

import json
import os
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from feedesk.errors import FeedeskError
from feedesk.money import Fen, format_amount
from feedesk.texts import N_, _

# What documents call a column of findings, for people.
_HEADERS: Final = {
    "sheet": N_("Sheet"),
    "row": N_("Row"),
    "column": N_("Column"),
    "value": N_("Value"),
    "reason": N_("Reason"),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """A command's outcome. ``document`` holds plain JSON values, None for nothing; ``lines`` are for people instead."""

    document: object
    lines: Sequence[str] = ()
    status: int = 0


def write_now(answer: Answer, wants_json: bool) -> None:
    """Writes an answer to standard output. That its reader has left (``| head``) undoes nothing, so it is no error."""
    lines = answer.lines
    if wants_json:
        lines = [] if answer.document is None else [json.dumps(answer.document, ensure_ascii=False)]
    try:
        for line in lines:
            print(line)
        sys.stdout.flush()
    except OSError as error:
        # Whatever is still in the buffer must not be written, and fail, once more when the program ends.
        with open(os.devnull, "wb") as nowhere:
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            raise


def yuan(amount: Fen) -> str:
    """An amount as documents have it: ``1600.00``, ``-12.50``."""
    return format_amount(amount, grouped=False)


def error_document(error: FeedeskError) -> dict[str, object]:
    """An error as ``--json`` tells it."""
    details = [dict(detail) for detail in error.details]
    return {"error": {"code": error.code, "message": str(error), "details": details}}


def width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    columns = 0
    for character in text:
        if unicodedata.category(character) in ("Mn", "Me", "Cf"):
            continue
        columns += 2 if unicodedata.east_asian_width(character) in "WF" else 1
    return columns


def table(headers: Sequence[str], rows: Sequence[Sequence[str]], *, right: str = "") -> list[str]:
    """Rows under their headers in aligned columns; ``right`` marks columns of figures: ``"..r"`` is the third."""
    lines = [list(headers), *map(list, rows)]
    widths = [max(width(line[column]) for line in lines) for column in range(len(headers))]
    return ["  ".join(_aligned(line, widths, right)).rstrip() for line in lines]


def pairs(facts: Mapping[str, str]) -> list[str]:
    """Names and what they stand for, one pair a line, the figures below each other."""
    broadest = max(map(width, facts), default=0)
    return [name + " " * (broadest - width(name) + 2) + fact for name, fact in facts.items()]


def _aligned(line: Sequence[str], widths: Sequence[int], right: str) -> list[str]:
    cells = []
    for column, text in enumerate(line):
        gap = " " * (widths[column] - width(text))
        cells.append(gap + text if right[column : column + 1] == "r" else text + gap)
    return cells


def detail_lines(details: Sequence[Mapping[str, object]], *, limit: int = 20) -> list[str]:
    """The findings of an error as a table, the first ``limit`` of them; none for findings without a common shape."""
    if not details:
        return []
    names = list(details[0])
    rows = [["" if detail.get(name) is None else str(detail.get(name)) for name in names] for detail in details]
    lines = table([_(_HEADERS.get(name, name)) for name in names], rows[:limit])
    return [*lines, "…"] if len(rows) > limit else lines
