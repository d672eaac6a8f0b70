"""``feedesk report``: any report by its name, as PDF, Excel or CSV."""

import argparse
from pathlib import Path

from feedesk.cli.arguments import day
from feedesk.cli.desk import CommandDesk, warn
from feedesk.cli.output import Answer, pairs, table
from feedesk.errors import UsageError
from feedesk.reports.files import write_report
from feedesk.reports.registry import all_reports, find_report
from feedesk.reports.report import Wanted
from feedesk.texts import N_, _


class NoReportNamed(UsageError):
    message = N_("Name a report and the file to write: NAME --out FILE; or list them all with --list.")


def define(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", nargs="?", help=_("the report, for example 收费公示"))
    parser.add_argument("--list", dest="wants_list", action="store_true", help=_("lists all reports"))
    parser.add_argument("--from", dest="first", metavar="DATE", type=day, help=_("the first day"))
    parser.add_argument("--to", dest="last", metavar="DATE", type=day, help=_("the last day, or the day of the report"))
    parser.add_argument("--building", metavar="CODE", default="", help=_("of one building only"))
    parser.add_argument("--out", metavar="FILE", type=Path, help=_("the file to write: .pdf, .xlsx or .csv"))


def run(desk: CommandDesk) -> Answer:
    options = desk.options
    if options.wants_list:
        return _list()
    if options.name is None or options.out is None:
        raise NoReportNamed
    report = find_report(options.name)
    wanted = Wanted(desk.business_date(), options.first, options.last, options.building, desk.training)
    made = report.table(desk.read(report.query, wanted), wanted)
    folder = options.out.absolute().parent
    is_new = not folder.exists()
    path = write_report(made, options.out)
    if is_new:
        warn(_("The folder {folder} was not there and was made.").format(folder=folder))
    for sentence in made.missing:
        warn(sentence)
    document = {
        "report": report.name,
        "file": str(path),
        "rows": made.row_count,
        "missing": list(made.missing),
    }
    return Answer(document, pairs({_("Report"): report.name, _("File"): str(path), _("Rows"): f"{made.row_count:,}"}))


def _list() -> Answer:
    reports = all_reports()
    document = [{"name": one.name, "purpose": _(one.purpose)} for one in reports]
    return Answer(document, table([_("Report"), _("What it tells")], [[one.name, _(one.purpose)] for one in reports]))
