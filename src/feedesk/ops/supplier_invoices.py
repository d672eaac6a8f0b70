"""Entering suppliers' invoices (供应单位账单), and saying which fee items are the common share of which."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import Connection, delete, insert, select, update

from feedesk.db import inserted_key
from feedesk.errors import UserError
from feedesk.models import FeeItem, Setting, SupplierInvoice, table_of
from feedesk.money import Fen, decimal_text, format_amount
from feedesk.ops.permissions import Permission, requires
from feedesk.ops.run import Act
from feedesk.ops.setting_up import record_audit
from feedesk.periods import Period
from feedesk.queries.due_bills import UnknownFeeItem
from feedesk.queries.reconciliation import COMMON_ITEMS, common_items
from feedesk.texts import N_

_invoice, _item, _setting = table_of(SupplierInvoice), table_of(FeeItem), table_of(Setting)


class InvoiceIncomplete(UserError):
    message = N_("An invoice needs its supplier, its number and an amount: type all three. Nothing was changed.")


class InvoiceIsThere(UserError):
    message = N_("Invoice {number} for {item} of {period} is entered already: change that one, or check the number.")


class UsageBelowZero(UserError):
    message = N_("The usage on an invoice cannot be below zero. Nothing was changed.")


class UsageTooFine(UserError):
    message = N_("The usage on an invoice has at most three decimals. Nothing was changed.")


class UnknownInvoice(UserError):
    message = N_("This invoice is no longer there: somebody deleted it. Look at the list again.")


class CommonOfItself(UserError):
    message = N_("{item} cannot be the common share of itself: choose the item that the common share is billed as.")


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceFacts:
    """A supplier's invoice as the form has it: ``amount`` in fen (a credit note is negative), ``usage`` if it tells."""

    item: str
    period: Period
    supplier: str
    number: str
    amount: Fen
    usage: Fraction | None = None
    note: str = ""


@requires(Permission.BILL)
def record_invoice(act: Act, *, facts: InvoiceFacts) -> int:
    """Enters an invoice and returns its key.

    Raises `InvoiceIncomplete`, `UnknownFeeItem`, `InvoiceIsThere`, `UsageBelowZero` or `UsageTooFine`.
    """
    values = _checked(act.connection, facts, but=None)
    invoice = inserted_key(act.connection.execute(insert(_invoice), values))
    _note(act, "record_invoice", invoice, facts)
    return invoice


@requires(Permission.BILL)
def change_invoice(act: Act, *, invoice: int, facts: InvoiceFacts) -> None:
    """Corrects an invoice. Raises `UnknownInvoice`, or as for a new one."""
    _required(act.connection, invoice)
    values = _checked(act.connection, facts, but=invoice)
    act.connection.execute(update(_invoice).where(_invoice.c.id == invoice).values(values))
    _note(act, "change_invoice", invoice, facts)


@requires(Permission.BILL)
def delete_invoice(act: Act, *, invoice: int) -> None:
    """Takes an invoice out again. Raises `UnknownInvoice`."""
    number = _required(act.connection, invoice)
    act.connection.execute(delete(_invoice).where(_invoice.c.id == invoice))
    record_audit(act, action="delete_invoice", subject=f"supplier_invoice:{invoice}", detail=number)


@requires(Permission.BILL)
def choose_common_items(act: Act, *, item: str, common: Sequence[str]) -> None:
    """Says as which fee items the common share of an item is billed; none: it has no common share.

    Raises `UnknownFeeItem` or `CommonOfItself`.
    """
    for name in (item, *common):
        _item_key(act.connection, name)
    if item in common:
        raise CommonOfItself(item=item)
    chosen = {**common_items(act.connection), item: list(dict.fromkeys(common))}
    act.connection.execute(delete(_setting).where(_setting.c.key == COMMON_ITEMS))
    values = {"key": COMMON_ITEMS, "value": json.dumps(chosen, ensure_ascii=False)}
    act.connection.execute(insert(_setting), values)
    detail = f"{item}: {'、'.join(common)}"
    record_audit(act, action="choose_common_items", subject=f"setting:{COMMON_ITEMS}", detail=detail)


def _checked(connection: Connection, facts: InvoiceFacts, *, but: int | None) -> dict[str, object]:
    supplier, number = facts.supplier.strip(), facts.number.strip()
    if not supplier or not number or not facts.amount:
        raise InvoiceIncomplete
    if facts.usage is not None and facts.usage < 0:
        raise UsageBelowZero
    if facts.usage is not None and (facts.usage * 1000).denominator != 1:
        raise UsageTooFine
    item = _item_key(connection, facts.item)
    period = str(facts.period)
    same = select(_invoice.c.id).where(
        _invoice.c.fee_item_id == item, _invoice.c.period == period, _invoice.c.number == number
    )
    if connection.execute(same).scalar() not in (None, but):
        raise InvoiceIsThere(number=number, item=facts.item, period=period)
    return {
        "fee_item_id": item,
        "period": period,
        "supplier": supplier,
        "number": number,
        "usage": facts.usage,
        "amount": int(facts.amount),
        "note": facts.note.strip(),
    }


def _item_key(connection: Connection, name: str) -> int:
    key: int | None = connection.execute(select(_item.c.id).where(_item.c.name == name)).scalar()
    if key is None:
        raise UnknownFeeItem(item=name)
    return key


def _required(connection: Connection, invoice: int) -> str:
    number: str | None = connection.execute(select(_invoice.c.number).where(_invoice.c.id == invoice)).scalar()
    if number is None:
        raise UnknownInvoice
    return number


def _note(act: Act, action: str, invoice: int, facts: InvoiceFacts) -> None:
    usage = "" if facts.usage is None else decimal_text(facts.usage)
    said = (facts.item, str(facts.period), facts.supplier, facts.number, format_amount(facts.amount), usage, facts.note)
    record_audit(act, action=action, subject=f"supplier_invoice:{invoice}", detail=" ".join(filter(None, said)))
