"""The LPR rates that come with the program: data with dates and their source, in ``resources/rates``, never code."""

import csv
from datetime import date
from fractions import Fraction

from sqlalchemy import Connection, insert, select

from feedesk.models import LprRate, table_of
from feedesk.resources import resource_path
from feedesk.rules.late_fees import LprRate as PublishedRate

_lpr = table_of(LprRate)
_FILE = "rates/lpr_1y.csv"


def published_rates() -> tuple[PublishedRate, ...]:
    """The one-year rates of the file, oldest first."""
    lines = resource_path(_FILE).read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    return tuple(PublishedRate(date.fromisoformat(row["published_on"]), Fraction(row["percent"]) / 100) for row in rows)


def store_published_rates(connection: Connection) -> int:
    """Stores the rates whose days the ledger does not have yet; those it has stay. Returns how many were new."""
    known = set(connection.execute(select(_lpr.c.published_on)).scalars())
    new = [rate for rate in published_rates() if rate.published_on not in known]
    if new:
        connection.execute(insert(_lpr), [{"published_on": one.published_on, "yearly": one.yearly} for one in new])
    return len(new)
