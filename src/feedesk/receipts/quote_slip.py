"""The quote on paper (报价单): four ways to pay on a slip. It is no receipt: it has no number and says so.

Laid out with the lines of receipts, so that printer and picture show it as they show a slip.
"""

from dataclasses import dataclass

from feedesk.money import format_amount
from feedesk.receipts.escpos import SlipForm, slip_bytes
from feedesk.receipts.layout import Line, Rule, Style, centred, headed_by, paired
from feedesk.rules.quoting import Quote, QuoteColumn
from feedesk.texts import _


@dataclass(frozen=True, slots=True)
class QuoteSlip:
    """What a quote's paper says: whose quote it is, who gave it, when (``2026-11-23 10:42``)."""

    quote: Quote
    community: str
    company: str
    unit: str
    resident: str
    cashier: str
    issued: str
    service_phone: str = ""
    training: bool = False


def quote_lines(slip: QuoteSlip, *, columns: int = 48) -> tuple[Line, ...]:
    """The lines of the slip, ``columns`` wide."""
    lines: list[Line] = []
    if slip.training:
        lines += centred(_("Training, not valid"), columns, Style.STRONG)
    lines += centred(_("Quotation"), columns, Style.TITLE)
    lines += headed_by((slip.community, slip.company), columns)
    lines += [Rule(), *paired(slip.issued, _("Cashier {name}").format(name=slip.cashier), columns)]
    lines += paired(f"{slip.unit} {slip.resident}", "", columns, Style.STRONG)
    for column in slip.quote.columns:
        lines += _column(column, columns)
    lines.append(Rule())
    if slip.quote.disputed:
        lines += paired(_("In dispute, not counted"), format_amount(slip.quote.disputed), columns)
    valid = _("Late fees are reckoned to {day}; valid on that day only.").format(day=slip.quote.today.isoformat())
    for words in (valid, _("This is no receipt and no invoice.")):
        lines += paired(words, "", columns)
    if slip.service_phone:
        lines += paired(_("Service phone {number}").format(number=slip.service_phone), "", columns)
    return tuple(lines)


def _column(column: QuoteColumn, columns: int) -> list[Line]:
    lines: list[Line] = [Rule()]
    title = f"{column.way.value}. {column.title}"
    lines += paired(title, format_amount(column.total), columns, Style.STRONG)
    for row in column.rows:
        amount = row.note if row.amount is None else format_amount(row.amount)
        lines += paired(row.words, amount, columns, Style.DETAIL)
    for note in column.notes:
        lines += paired(note, "", columns, Style.DETAIL)
    if column.paid_through is not None:
        lines += paired(_("Paid through"), str(column.paid_through), columns, Style.DETAIL)
    if column.left and column.left_due is not None:
        words = _("Still owed of this period, due {day}").format(day=f"{column.left_due:%m-%d}")
        lines += paired(words, format_amount(column.left), columns, Style.DETAIL)
    if column.more:
        lines += paired(_("More than paying all today"), format_amount(column.more), columns, Style.DETAIL)
    return lines


def quote_escpos(slip: QuoteSlip, form: SlipForm) -> bytes:
    """The bytes for a slip printer; the drawer stays shut."""
    return slip_bytes(quote_lines(slip, columns=form.columns), form)
