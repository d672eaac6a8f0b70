"""``feedesk shift close``: closes the shift open at a till with the cash counted."""

import argparse
from collections.abc import Mapping

from feedesk.cli.arguments import whole
from feedesk.cli.desk import CommandDesk
from feedesk.cli.output import Answer, pairs, yuan
from feedesk.money import format_amount
from feedesk.ops.shifts import ShiftClosed, close_shift
from feedesk.queries.desk import tenders
from feedesk.queries.variance import causes_of_difference
from feedesk.rules.cash_count import parse_counts
from feedesk.rules.variance import Cause
from feedesk.texts import _


def define(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--count",
        dest="counts",
        metavar="100=28,50=9,…",
        type=parse_counts,
        help=_("the pieces of each note and coin; a training ledger may leave it out"),
    )
    parser.add_argument(
        "--reason", metavar="WHY", default="", help=_("why the drawer differs, where the ledger asks for it")
    )
    parser.add_argument("--till", metavar="T", type=whole, default=1, help=_("the till, 1 unless given"))


def run(desk: CommandDesk) -> Answer:
    closed = desk.run_op(close_shift, till=desk.options.till, counts=desk.options.counts, reason=desk.options.reason)
    names = {code: tender.name for code, tender in desk.read(tenders).items()}
    causes = desk.read(causes_of_difference, shift=closed.shift, over_short=closed.over_short)
    return Answer(_document(closed), [*_lines(closed, names), *map(_cause, causes)])


def _cause(cause: Cause) -> str:
    return f"? {cause.receipt} {cause.time} {cause.words}" if cause.receipt else f"? {cause.words}"


def _document(closed: ShiftClosed) -> dict[str, object]:
    return {
        "shift": closed.shift,
        "float": yuan(closed.opening_float),
        "expected": yuan(closed.expected),
        "counted": yuan(closed.counted),
        "over_short": yuan(closed.over_short),
        "takings": {tender: yuan(amount) for tender, amount in closed.takings_by_tender.items()},
    }


def _lines(closed: ShiftClosed, names: Mapping[str, str]) -> list[str]:
    facts = {
        _("Shift"): str(closed.shift),
        _("Cashier"): closed.cashier,
        _("Float"): format_amount(closed.opening_float),
        _("Expected"): format_amount(closed.expected),
        _("Counted"): format_amount(closed.counted),
        _("Over or short"): format_amount(closed.over_short),
    }
    takings = {names.get(code, code): format_amount(amount) for code, amount in closed.takings_by_tender.items()}
    return pairs({**facts, **takings})
