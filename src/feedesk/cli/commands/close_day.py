"""``feedesk close-day``: closes a business day and writes its summary (收费日报) as one workbook.

A day closed before is answered as it was closed, and its workbook written anew.
"""

import argparse
from pathlib import Path

from feedesk.cli.arguments import amounts_by_name, day
from feedesk.cli.desk import CommandDesk
from feedesk.cli.output import Answer, pairs, table, yuan
from feedesk.money import format_amount
from feedesk.ops.closing import DayClosed, close_day
from feedesk.queries.day_figures import day_summary
from feedesk.receipts.daily_summary import write_daily_summary
from feedesk.rules.channel_check import ChannelCheck, channel_words
from feedesk.rules.day_summary import DayFigures
from feedesk.texts import _


def define(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--date", metavar="DATE", type=day, help=_("the day to close, today unless given"))
    parser.add_argument(
        "--reported",
        metavar="TENDER=A,…",
        type=amounts_by_name,
        default={},
        help=_("what the channels report themselves, for instance wechat=1200.00,alipay=300.00"),
    )
    parser.add_argument(
        "--out", metavar="DIR", type=Path, required=True, help=_("the folder that gets the daily summary")
    )


def run(desk: CommandDesk) -> Answer:
    closed = desk.run_op(close_day, date=desk.options.date, reported=desk.options.reported)
    workbook = write_daily_summary(desk.read(day_summary, closed.date), desk.options.out)
    return Answer(_document(closed, workbook), _lines(closed, workbook))


def _document(closed: DayClosed, workbook: Path) -> dict[str, object]:
    compared = [one for one in closed.figures.channels if one.reported is not None]
    receipts = closed.figures.receipts
    takings = closed.figures.takings.by_item()
    return {
        "date": closed.date.isoformat(),
        "version": closed.version,
        "workbook": str(workbook),
        "chain_head": closed.chain_head,
        "receipts": {
            "from": receipts.first,
            "to": receipts.last,
            "count": receipts.count,
            "voids": receipts.voids,
            "gaps": receipts.gaps,
        },
        "takings": {
            item: {tender: yuan(amount) for tender, amount in by_tender.items()} for item, by_tender in takings.items()
        },
        "total": yuan(closed.total),
        **({"channels": {one.code: _channel(one) for one in compared}} if compared else {}),
    }


def _channel(check: ChannelCheck) -> dict[str, str]:
    assert check.reported is not None
    assert check.difference is not None
    return {
        "booked": yuan(check.booked),
        "reported": yuan(check.reported),
        "difference": yuan(check.difference),
    }


def _lines(closed: DayClosed, workbook: Path) -> list[str]:
    receipts = closed.figures.receipts
    state = _("closed") if closed.newly else _("was closed already; the workbook was written anew")
    facts = {
        _("Total"): format_amount(closed.total),
        _("Receipts"): f"{receipts.first} – {receipts.last}" if receipts.count else "0",
        _("Voids"): str(receipts.voids),
        _("Workbook"): str(workbook),
        _("Chain head"): closed.chain_head,
    }
    return [
        f"{closed.date.isoformat()} {state}",
        *_takings_table(closed.figures),
        *pairs(facts),
        *map(channel_words, filter(lambda one: one.reported is not None, closed.figures.channels)),
    ]


def _takings_table(figures: DayFigures) -> list[str]:
    takings = figures.takings.by_item()
    used = [tender for tender in figures.tenders if any(tender.code in amounts for amounts in takings.values())]
    if not takings:
        return []
    headers = [_("Item"), *(tender.name for tender in used)]
    rows = [
        [item, *(format_amount(amounts[tender.code]) if tender.code in amounts else "" for tender in used)]
        for item, amounts in takings.items()
    ]
    return table(headers, rows, right="." + "r" * len(used))
