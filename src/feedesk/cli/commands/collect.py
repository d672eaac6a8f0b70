"""``feedesk collect``: takes a payment at a till with an open shift."""

import argparse

from feedesk.cli.arguments import NotAPair, amount, months_of, named_amount, whole
from feedesk.cli.desk import CommandDesk
from feedesk.cli.output import Answer, pairs, table, yuan
from feedesk.money import ZERO, format_amount
from feedesk.ops.collecting import AdvanceWish, AllocationDone, PaymentCollected, TenderGiven, collect_payment
from feedesk.queries.accounts import find_account
from feedesk.rules.allocation import DebtPart
from feedesk.texts import _


def define(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("account", metavar="ACCOUNT", help=_("a room, for example 3-1-502, or an account number"))
    parser.add_argument(
        "--tender",
        dest="tenders",
        metavar="CODE=AMOUNT[@REF]",
        action="append",
        type=tender,
        required=True,
        help=_("what is handed over: cash=1600.00, wechat=100.00@REFERENCE; may be given several times"),
    )
    parser.add_argument(
        "--charge",
        dest="charges",
        metavar="ID",
        action="extend",
        nargs="+",
        type=whole,
        help=_("the charges to pay, instead of all up to this period"),
    )
    parser.add_argument(
        "--only",
        choices=[str(part) for part in DebtPart],
        help=_("the principal or the late fees only: the payer's own designation"),
    )
    parser.add_argument("--part", action="store_true", help=_("less than what is due: the oldest is paid first"))
    parser.add_argument("--household", action="store_true", help=_("with the units joined to it"))
    parser.add_argument(
        "--also",
        metavar="ACCOUNT",
        action="append",
        default=[],
        help=_("a further account paid for by the same payment; may be given several times"),
    )
    parser.add_argument(
        "--advance",
        dest="advances",
        metavar="ITEM=MONTHS",
        action="append",
        type=months_of,
        default=[],
        help=_("months of a fee item paid ahead, on top of what is due; may be given several times"),
    )
    parser.add_argument(
        "--prepay", metavar="AMOUNT", type=amount, default=ZERO, help=_("what goes into the prepayment")
    )
    parser.add_argument(
        "--deposit",
        dest="deposits",
        metavar="NAME=AMOUNT",
        action="append",
        type=named_amount,
        default=[],
        help=_("a deposit taken"),
    )
    parser.add_argument("--keep-change", action="store_true", help=_("the change goes into the prepayment"))
    parser.add_argument("--payer", metavar="NAME", help=_("who pays, if not the resident"))
    parser.add_argument("--key", metavar="KEY", help=_("the same key again is the same payment, answered again"))
    parser.add_argument(
        "--same-reference", action="store_true", help=_("a reference that was seen before is meant all the same")
    )
    parser.add_argument("--till", metavar="T", type=whole, default=1, help=_("the till, 1 unless given"))
    parser.add_argument("--print", dest="print_slip", action="store_true", help=_("queues a slip for the printer"))


def tender(text: str) -> TenderGiven:
    """``CODE=AMOUNT`` or ``CODE=AMOUNT@REFERENCE``; else `NotAPair` or the sentences of `parse_amount`."""
    code, found, rest = text.partition("=")
    given, _at, reference = rest.partition("@")
    if not found or not code.strip() or not given.strip():
        raise NotAPair(text=text, form="CODE=AMOUNT[@REF]")
    return TenderGiven(code.strip(), amount(given), reference.strip() or None)


def run(desk: CommandDesk) -> Answer:
    options = desk.options
    on = desk.business_date()
    account, *also = (desk.read(find_account, text, on=on).id for text in (options.account, *options.also))
    taken = desk.run_op(
        collect_payment,
        account=account,
        also=also,
        tenders=options.tenders,
        charges=options.charges,
        only=DebtPart(options.only) if options.only else None,
        part=options.part,
        household_too=options.household,
        prepay=options.prepay,
        deposits=options.deposits,
        advances=[AdvanceWish(item, months) for item, months in options.advances],
        keep_change=options.keep_change,
        payer=options.payer,
        key=options.key,
        same_reference=options.same_reference,
        till=options.till,
        print_slip=options.print_slip,
    )
    return Answer(_document(taken), _lines(taken))


def _document(taken: PaymentCollected) -> dict[str, object]:
    return {
        "receipt": taken.receipt,
        "total": yuan(taken.total),
        "tendered": yuan(taken.tendered),
        "change": yuan(taken.change),
        "rounding": yuan(taken.rounding),
        "allocations": [_allocation(done) for done in taken.allocations],
        "balance_after": yuan(taken.balance_after),
    }


def _allocation(done: AllocationDone) -> dict[str, object]:
    return {
        "charge": done.charge,
        "item": done.item,
        "period": done.period,
        "principal": yuan(done.principal),
        "late_fee": yuan(done.late_fee),
    }


def _lines(taken: PaymentCollected) -> list[str]:
    lines = []
    if taken.allocations:
        headers = [_("Charge no."), _("Item"), _("Period"), _("Principal"), _("Late fee")]
        rows = [
            [
                str(done.charge),
                done.item,
                done.period,
                format_amount(done.principal),
                format_amount(done.late_fee),
            ]
            for done in taken.allocations
        ]
        lines = table(headers, rows, right="r..rr")
    facts = {
        _("Receipt"): taken.receipt,
        _("Received"): format_amount(taken.tendered),
        _("Change"): format_amount(taken.change),
        _("Kept"): format_amount(taken.total),
        _("Still owed"): format_amount(taken.balance_after),
    }
    if taken.rounding:
        facts[_("Rounded off")] = format_amount(taken.rounding)
    return [*lines, *pairs(facts)]
