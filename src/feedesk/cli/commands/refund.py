"""``feedesk refund``: money given back of a receipt, of a prepayment, or of a deposit; somebody else approves."""

import argparse

from feedesk.cli.arguments import amount, named_amount, whole
from feedesk.cli.commands.collect import tender
from feedesk.cli.desk import CommandDesk
from feedesk.cli.output import Answer, pairs, yuan
from feedesk.errors import UsageError
from feedesk.money import Fen, format_amount
from feedesk.ops.giving_back import MoneyGivenBack
from feedesk.ops.refunding import Deduction, DepositPapers, refund_deposit, refund_payment, refund_prepayment
from feedesk.queries.accounts import find_account
from feedesk.queries.corrections import deposit_slip
from feedesk.texts import N_, _


class RefundWhat(UsageError):
    message = N_("--amount goes with a receipt, --prepaid or --deposit with an account: give one of them.")


def define(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("subject", metavar="RECEIPT|ACCOUNT", help=_("a receipt number; for money held, an account"))
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--amount", metavar="A", type=amount, help=_("what of the receipt; all that is given, otherwise"))
    what.add_argument("--prepaid", metavar="A", type=amount, help=_("so much of the prepayment"))
    what.add_argument("--deposit", metavar="NAME=A", type=named_amount, help=_("so much of a deposit"))
    parser.add_argument(
        "--tender", metavar="CODE=AMOUNT[@REF]", type=tender, required=True, help=_("how it is given back: cash=300.00")
    )
    parser.add_argument("--reason", metavar="R", required=True, help=_("why it is given back"))
    parser.add_argument("--payee", metavar="NAME", default="", help=_("who gets it, if not who paid"))
    parser.add_argument("--authorised", metavar="PAPER", default="", help=_("the payer's written word for that"))
    parser.add_argument(
        "--slip", metavar="NUMBER", default="", help=_("the deposit's slip; the ledger's own otherwise")
    )
    parser.add_argument("--lost", metavar="STATEMENT", default="", help=_("the statement that the slip was lost"))
    parser.add_argument(
        "--not-inspected", action="store_true", help=_("the work did not pass an inspection (a fit-out deposit stays)")
    )
    parser.add_argument(
        "--deduct", metavar="ITEM=A", type=named_amount, help=_("what of the deposit is kept, charged for a fee item")
    )
    parser.add_argument("--key", metavar="KEY", help=_("the same key again is the same refund, answered again"))
    parser.add_argument("--till", metavar="T", type=whole, default=1, help=_("the till, 1 unless given"))
    parser.add_argument("--print", dest="print_slip", action="store_true", help=_("queues a slip for the printer"))


def run(desk: CommandDesk) -> Answer:
    options = desk.options
    if options.deposit is not None:
        return _answer(_deposit(desk, *options.deposit))
    if options.deduct or options.slip or options.lost:
        raise RefundWhat
    if options.prepaid is not None:
        account = desk.read(find_account, options.subject, on=desk.business_date())
        return _answer(
            desk.run_op(
                refund_prepayment,
                approved=True,
                account=account.id,
                amount=options.prepaid,
                payee=options.payee,
                **_shared(options),
            )
        )
    done = desk.run_op(
        refund_payment, approved=True, receipt=options.subject, amount=options.amount, **_shared(options)
    )
    return _answer(done)


def _shared(options: argparse.Namespace) -> dict[str, object]:
    return {
        "tender": options.tender,
        "reason": options.reason,
        "key": options.key,
        "till": options.till,
        "print_slip": options.print_slip,
    }


def _deposit(desk: CommandDesk, name: str, given_up: Fen) -> MoneyGivenBack:
    options = desk.options
    account = desk.read(find_account, options.subject, on=desk.business_date()).id
    slip = options.slip
    if not slip and not options.lost:
        slip = desk.read(deposit_slip, account=account, name=name, amount=given_up)
    papers = DepositPapers(
        slip=slip,
        lost=options.lost,
        payee=options.payee,
        authorisation=options.authorised,
        inspected=not options.not_inspected,
    )
    return desk.run_op(
        refund_deposit,
        approved=True,
        account=account,
        name=name,
        amount=given_up,
        papers=papers,
        deduction=Deduction(*options.deduct) if options.deduct else None,
        **_shared(options),
    )


def _answer(done: MoneyGivenBack) -> Answer:
    document = {"receipt": done.receipt, "refunds": done.refunds, "total": yuan(done.total), "tender": done.tender}
    facts = {
        _("Receipt"): done.receipt,
        _("Gives back"): done.refunds,
        _("Amount"): format_amount(done.total),
        _("Way of paying"): done.tender,
    }
    return Answer(document, pairs(facts))
