"""``feedesk bank-deposit``: enters the bank's slip (解款单) for counted cash, or takes one entered by mistake back."""

import argparse

from feedesk.cli.arguments import WrongUsage, amount, day
from feedesk.cli.desk import CommandDesk
from feedesk.cli.output import Answer, pairs, yuan
from feedesk.money import format_amount
from feedesk.ops.banking import CashPaidIn, NothingToPayIn, pay_cash_in, take_slip_back
from feedesk.queries.transit import cash_to_pay_in
from feedesk.texts import _


def define(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "amount", metavar="AMOUNT", type=amount, nargs="?", help=_("all that is in transit unless given")
    )
    parser.add_argument("--slip", metavar="N", required=True, help=_("the number of the bank's slip"))
    parser.add_argument("--from", dest="first_day", metavar="DATE", type=day, help=_("the first day whose cash it is"))
    parser.add_argument("--to", dest="last_day", metavar="DATE", type=day, help=_("the last day whose cash it is"))
    parser.add_argument("--on", dest="paid_in_on", metavar="DATE", type=day, help=_("the day it was paid in"))
    parser.add_argument("--undo", action="store_true", help=_("takes the slip back"))
    parser.add_argument("--reason", metavar="R", default="", help=_("why it is taken back"))


def run(desk: CommandDesk) -> Answer:
    options = desk.options
    if options.undo:
        if options.amount is not None:
            problem = _("--undo takes a slip back whole: give no amount with it")
            raise WrongUsage(problem=problem, command="feedesk bank-deposit")
        return _answer(desk.run_op(take_slip_back, slip=options.slip, reason=options.reason))
    transit = desk.read(cash_to_pay_in)
    first, last = options.first_day or transit.first_day, options.last_day or transit.last_day
    sum_paid = transit.amount if options.amount is None else options.amount
    if first is None or last is None:
        raise NothingToPayIn(amount=format_amount(sum_paid), transit=format_amount(transit.amount))
    return _answer(
        desk.run_op(
            pay_cash_in,
            slip=options.slip,
            amount=sum_paid,
            first_day=first,
            last_day=last,
            paid_in_on=options.paid_in_on,
        )
    )


def _answer(done: CashPaidIn) -> Answer:
    facts = {
        _("Slip number"): done.slip,
        _("Amount"): format_amount(done.amount),
        _("Cash in transit"): format_amount(done.left),
    }
    return Answer({"slip": done.slip, "amount": yuan(done.amount), "left": yuan(done.left)}, pairs(facts))
