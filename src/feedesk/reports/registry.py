"""Every report there is, by its name. Only the one asked for is imported."""

import importlib
from collections.abc import Mapping
from typing import Final

from feedesk.errors import UsageError
from feedesk.reports.report import Report
from feedesk.texts import N_

FEE_BOARD: Final = "收费公示"

REPORTS: Final[Mapping[str, str]] = {
    FEE_BOARD: "fee_board",
}
"""Name and module of each, in the order they are listed."""


class UnknownReport(UsageError):
    message = N_("There is no report “{name}”: {names}.")


def find_report(name: str) -> Report:
    """The report of a name; else `UnknownReport`."""
    module = REPORTS.get(name.strip())
    if module is None:
        raise UnknownReport(name=name, names="、".join(REPORTS))
    found: Report = importlib.import_module(f"feedesk.reports.{module}").REPORT
    return found


def all_reports() -> list[Report]:
    """Every report."""
    return [find_report(name) for name in REPORTS]
