"""``feedesk waive``: gives up late fee or principal of charges, with a reason and somebody else's approval."""

import argparse

from feedesk.cli.arguments import amount, whole
from feedesk.cli.desk import CommandDesk
from feedesk.cli.output import Answer, pairs, yuan
from feedesk.money import format_amount
from feedesk.ops.waiving import waive
from feedesk.texts import _


def define(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "charges",
        metavar="CHARGE",
        nargs="+",
        type=whole,
        help=_("the charges by their numbers; of several the oldest first"),
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--late-fee", metavar="A", type=amount, help=_("so much of the late fee is waived"))
    what.add_argument("--principal", metavar="A", type=amount, help=_("so much of the principal is waived"))
    parser.add_argument("--reason", metavar="R", required=True, help=_("why, kept in the ledger"))


def run(desk: CommandDesk) -> Answer:
    options = desk.options
    done = desk.run_op(
        waive,
        approved=True,
        charges=options.charges,
        late_fee=options.late_fee,
        principal=options.principal,
        reason=options.reason,
    )
    document = {"waiver": done.waiver, "amount": yuan(done.amount), "status": done.status}
    settled = done.status == "settled"
    facts = {
        _("Waiver"): str(done.waiver),
        _("Amount"): format_amount(done.amount),
        _("Charges"): "、".join(f"{charge}: {format_amount(part)}" for charge, part in done.waived),
        _("Status"): _("settled") if settled else _("still owed in part"),
    }
    return Answer(document, pairs(facts))
