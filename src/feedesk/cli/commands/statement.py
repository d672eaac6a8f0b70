"""``feedesk statement``: what an account owes on a date, past or ahead."""

import argparse

from feedesk.cli.arguments import day
from feedesk.cli.desk import CommandDesk
from feedesk.cli.output import Answer, pairs, table, yuan
from feedesk.money import format_amount
from feedesk.queries.accounts import find_account
from feedesk.queries.statement import Statement, StatementCharge, statement
from feedesk.texts import _


def define(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("account", metavar="ACCOUNT", help=_("a room, for example 3-1-502, or an account number"))
    parser.add_argument("--on", metavar="DATE", type=day, help=_("the date to state it for, today unless given"))
    parser.add_argument("--all", action="store_true", help=_("settled charges too"))
    parser.add_argument("--household", action="store_true", help=_("with the units joined to it"))


def run(desk: CommandDesk) -> Answer:
    options = desk.options
    account = desk.read(find_account, options.account, on=desk.business_date())
    found = desk.read(
        statement,
        account=account.id,
        on=options.on or desk.business_date(),
        everything=options.all,
        household_too=options.household,
    )
    return Answer(_document(found), _lines(found))


def _document(found: Statement) -> dict[str, object]:
    return {
        "account": found.account.number,
        "resident": found.account.resident,
        "on": found.on.isoformat(),
        "charges": [_charge(charge) for charge in found.charges],
        "principal": yuan(found.principal),
        "late_fees": yuan(found.late_fees),
        "total_due": yuan(found.total_due),
        "prepaid": yuan(found.prepaid),
        "deposits": yuan(found.deposits),
    }


def _charge(charge: StatementCharge) -> dict[str, object]:
    return {
        "id": charge.id,
        "item": charge.item,
        "period": charge.period,
        "basis": charge.basis,
        "amount": yuan(charge.amount),
        "discount": yuan(charge.discount),
        "late_fee": yuan(charge.late_fee),
        "paid": yuan(charge.paid),
        "due": yuan(charge.due),
        "due_date": charge.due_date.isoformat(),
        "frozen": charge.frozen,
    }


def _lines(found: Statement) -> list[str]:
    account = found.account
    lines = [f"{account.number}  {account.unit}  {account.resident}  {found.on.isoformat()}"]
    if found.charges:
        headers = [
            _("Charge no."), _("Unit"), _("Item"), _("Period"), _("Amount"), _("Concession"), _("Late fee"), _("Paid"),
            _("Due"), _("Due date"), _("Basis"),
        ]  # fmt: skip
        lines += table(headers, [_row(charge) for charge in found.charges], right="r...rrrrr..")
    return lines + pairs(
        {
            _("Principal"): format_amount(found.principal),
            _("Late fees"): format_amount(found.late_fees),
            _("Total due"): format_amount(found.total_due),
            _("Prepaid"): format_amount(found.prepaid),
            _("Deposits"): format_amount(found.deposits),
        }
    )


def _row(charge: StatementCharge) -> list[str]:
    amounts = (charge.amount, charge.discount, charge.late_fee, charge.paid, charge.due)
    frozen = _(" (in dispute)") if charge.frozen else ""
    return [
        str(charge.id),
        charge.unit,
        charge.item,
        charge.period,
        *map(format_amount, amounts),
        charge.due_date.isoformat(),
        charge.basis + frozen,
    ]
