"""``feedesk shift open``: opens a shift of the actor's at a till."""

import argparse

from feedesk.cli.arguments import amount, whole
from feedesk.cli.desk import CommandDesk
from feedesk.cli.output import Answer, pairs, yuan
from feedesk.money import ZERO, format_amount
from feedesk.ops.shifts import open_shift
from feedesk.texts import _


def define(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--float",
        dest="opening_float",
        metavar="AMOUNT",
        type=amount,
        default=ZERO,
        help=_("the cash in the drawer to begin with"),
    )
    parser.add_argument("--till", metavar="T", type=whole, default=1, help=_("the till, 1 unless given"))


def run(desk: CommandDesk) -> Answer:
    options = desk.options
    opened = desk.run_op(open_shift, till=options.till, opening_float=options.opening_float)
    document = {
        "shift": opened.shift,
        "till": opened.till,
        "cashier": opened.cashier,
        "float": yuan(opened.opening_float),
    }
    facts = {
        _("Shift"): str(opened.shift),
        _("Till"): str(opened.till),
        _("Cashier"): opened.cashier,
        _("Float"): format_amount(opened.opening_float),
    }
    return Answer(document, pairs(facts))
