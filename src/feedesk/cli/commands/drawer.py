"""``feedesk drawer``: petty cash paid out of a drawer, change money fetched or given back."""

import argparse

from feedesk.cli.arguments import amount, whole
from feedesk.cli.desk import CommandDesk
from feedesk.cli.output import Answer, pairs, yuan
from feedesk.money import format_amount
from feedesk.ops.drawer import move_cash
from feedesk.rules.drawer import Movement
from feedesk.texts import _

_KINDS = {"petty-cash": Movement.PETTY_CASH, "change-in": Movement.CHANGE_IN, "change-out": Movement.CHANGE_OUT}


def define(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", metavar="KIND", choices=list(_KINDS), help="petty-cash, change-in, change-out")
    parser.add_argument("amount", metavar="AMOUNT", type=amount, help=_("how much, in yuan"))
    parser.add_argument("--purpose", metavar="P", required=True, help=_("what it is for"))
    parser.add_argument("--till", metavar="T", type=whole, default=1, help=_("the till, 1 unless given"))


def run(desk: CommandDesk) -> Answer:
    options = desk.options
    done = desk.run_op(
        move_cash, kind=_KINDS[options.kind], amount=options.amount, purpose=options.purpose, till=options.till
    )
    facts = {_("Amount"): format_amount(done.amount), _("Left of the float"): format_amount(done.float_left)}
    return Answer(
        {"kind": options.kind, "amount": yuan(done.amount), "float_left": yuan(done.float_left)}, pairs(facts)
    )
