"""What a report is to the program: a name, a query, and how its answer becomes a table."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from feedesk.reports.table import Table


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asked for. ``first`` and ``last``: from which to which day; ``building``: of one building only.

    ``today`` is the business date; ``training``: on a training ledger, whose papers say so.
    """

    today: date
    first: date | None = None
    last: date | None = None
    building: str = ""
    training: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """``name`` is Chinese, part of the command line; ``purpose`` an ``N_`` text.

    ``query`` is called with the connection and what was wanted, ``table`` with its answer and the same.
    """

    name: str
    purpose: str
    query: Callable[..., Any]
    table: Callable[[Any, Wanted], Table]
