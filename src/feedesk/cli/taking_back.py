"""What `void` and `reverse` have in common: their arguments and their answer."""

import argparse

from feedesk.cli.arguments import whole
from feedesk.cli.output import Answer, pairs, yuan
from feedesk.money import format_amount
from feedesk.ops.taking_back import PaymentTakenBack
from feedesk.texts import _


def define(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("receipt", metavar="RECEIPT", help=_("the number of the receipt"))
    parser.add_argument("--reason", metavar="R", required=True, help=_("why it is taken back"))
    parser.add_argument("--till", metavar="T", type=whole, default=1, help=_("the till, 1 unless given"))


def answer(done: PaymentTakenBack) -> Answer:
    document = {"receipt": done.receipt, "reverses": done.reverses, "total": yuan(done.total), "entry": done.entry}
    facts = {
        _("Receipt"): done.receipt,
        _("Takes back"): done.reverses,
        _("Amount"): format_amount(done.total),
        _("Entry"): str(done.entry),
    }
    return Answer(document, pairs(facts))
