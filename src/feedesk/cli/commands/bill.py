"""``feedesk bill``: bills a period, shows what billing it would do, or undoes it.

People are shown the units not billed grouped by reason; the document lists each.
"""

import argparse

from feedesk.cli.arguments import WrongUsage, period
from feedesk.cli.desk import CommandDesk
from feedesk.cli.output import Answer, pairs, table, yuan
from feedesk.cli.progress import Progress
from feedesk.money import format_amount
from feedesk.ops.billing import BillingUndone, PeriodBilled, bill_period, preview_period, undo_billing
from feedesk.rules.bills import Skipped
from feedesk.texts import _

_UNITS_NAMED = 3


def define(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("period", metavar="PERIOD", type=period, help=_("2026-11, 2026Q4, 2026H2 or 2026"))
    parser.add_argument("--item", metavar="NAME", help=_("this fee item only"))
    parser.add_argument("--preview", action="store_true", help=_("shows what would be posted and posts nothing"))
    parser.add_argument("--undo", action="store_true", help=_("takes the period's bills back while nothing is paid"))
    parser.add_argument("--reason", metavar="R", help=_("why the bills are taken back"))


def run(desk: CommandDesk) -> Answer:
    options = desk.options
    if options.undo:
        return _undo(desk)
    if options.reason is not None:
        raise WrongUsage(problem=_("--reason goes with --undo only"), command="feedesk bill")
    facts = {"period": options.period, "item": options.item}
    if not options.preview:
        with Progress(_("Billing {period}").format(period=options.period)) as progress:
            billed = desk.run_op(bill_period, **facts, progress=progress)
    elif options.period.months == 1:
        billed = desk.read(preview_period, **facts)
    else:
        billed = desk.sign_in().try_op(bill_period, **facts)
    return Answer(_document(billed), _lines(billed, preview=options.preview))


def _undo(desk: CommandDesk) -> Answer:
    options = desk.options
    if options.reason is None or options.preview or options.item is not None:
        problem = _("--undo takes back a whole period and needs --reason")
        raise WrongUsage(problem=problem, command="feedesk bill")
    undone = desk.run_op(undo_billing, period=options.period, reason=options.reason)
    document = {
        "period": str(undone.period),
        "cancelled": undone.cancelled,
        "total": yuan(undone.total),
        "entries": list(undone.entries),
    }
    return Answer(document, _undone_lines(undone))


def _undone_lines(undone: BillingUndone) -> list[str]:
    facts = {
        _("Period"): str(undone.period),
        _("Charges cancelled"): str(undone.cancelled),
        _("Total"): format_amount(undone.total),
    }
    return pairs(facts)


def _document(billed: PeriodBilled) -> dict[str, object]:
    return {
        "period": str(billed.period),
        "posted": billed.posted,
        "already": billed.already,
        "total": yuan(billed.total),
        "discount": yuan(billed.discount),
        "skipped": [{"unit": one.unit, "item": one.item, "reason": one.reason} for one in billed.skipped],
    }


def _lines(billed: PeriodBilled, *, preview: bool) -> list[str]:
    if preview:
        headline = _("{period}: {posted} charges would be posted; nothing is posted yet.")
    elif billed.posted:
        headline = _("{period}: {posted} charges posted.")
    else:
        headline = _("{period}: nothing was missing; nothing was posted.")
    facts = {
        _("Billed before"): str(billed.already),
        _("Total"): format_amount(billed.total),
        _("Concession"): format_amount(billed.discount),
        _("Not billed"): str(len(billed.skipped)),
    }
    return [headline.format(period=billed.period, posted=billed.posted), *pairs(facts), *_skipped(billed.skipped)]


def _skipped(skipped: tuple[Skipped, ...]) -> list[str]:
    if not skipped:
        return []
    groups: dict[tuple[str, str], list[str]] = {}
    for one in skipped:
        groups.setdefault((one.item, one.reason), []).append(one.unit)
    rows = [
        [item, str(len(units)), reason, "、".join(units[:_UNITS_NAMED]) + ("…" if len(units) > _UNITS_NAMED else "")]
        for (item, reason), units in groups.items()
    ]
    return table([_("Item"), _("Number"), _("Reason"), _("Units")], rows, right=".r")
