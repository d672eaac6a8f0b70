"""``feedesk search``: what the search box finds, best first."""

import argparse

from feedesk.cli.desk import CommandDesk
from feedesk.cli.output import Answer, table
from feedesk.queries.search import Hit, search_accounts
from feedesk.texts import _


def define(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", metavar="TEXT", help=_("room, name, pinyin, phone, plate, account or receipt number"))


def run(desk: CommandDesk) -> Answer:
    hits = desk.read(search_accounts, desk.options.text, on=desk.business_date())
    if not hits:
        return Answer([], [_("Nothing found for “{text}”.").format(text=desk.options.text)])
    headers = [_("Account"), _("Unit"), _("Resident"), _("Phone"), _("Found by")]
    rows = [[hit.number, hit.unit, hit.resident, hit.phone, hit.receipt or _match_name(hit.match)] for hit in hits]
    return Answer([_document(hit) for hit in hits], table(headers, rows))


def _document(hit: Hit) -> dict[str, str]:
    return {
        "account": hit.number,
        "unit": hit.unit,
        "resident": hit.resident,
        "phone": hit.phone,
        "match": hit.match,
    }


def _match_name(match: str) -> str:
    names = {
        "unit": _("room"),
        "account": _("account number"),
        "name": _("name"),
        "initials": _("pinyin initials"),
        "pinyin": _("pinyin"),
        "plate": _("plate"),
        "phone": _("phone"),
    }
    return names.get(match, match)
