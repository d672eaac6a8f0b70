"""What is billed for a supplier (水电气), set against the supplier's invoice: no handling charge may be hidden in it.

The sum billed to households plus the disclosed common share must come to the invoice (物业管理条例 art. 44;
国办函〔2020〕129号). Lines are rounded one by one, so a difference of at most half a fen a charge is rounding.
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from feedesk.money import Fen, decimal_text, format_amount
from feedesk.periods import Period
from feedesk.texts import N_, _

NAMED_AT_MOST = 5
"""So many units a sentence names before it only counts them."""


class Verdict(StrEnum):
    """How what is billed and shared compares with the invoice."""

    AGREES = "agrees"
    ROUNDING = "rounding"
    SHORT = "short"
    OVER = "over"
    NO_INVOICE = "no_invoice"
    NOTHING_BILLED = "nothing_billed"


@dataclass(frozen=True, slots=True)
class CommonShare:
    """A part of the supplier's invoice that all bear: its total, and what of it is charged already.

    A shared cost, or what tariffs charge for the item; then both are the same.
    """

    name: str
    item: str
    total: Fen
    billed: Fen


@dataclass(frozen=True, slots=True)
class Invoice:
    """A supplier's invoice; ``usage`` where it tells one."""

    id: int
    supplier: str
    number: str
    amount: Fen
    usage: Fraction | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """One fee item in one period. ``billed`` is gross and less what was lowered afterwards, over ``charges`` charges.

    ``usage`` is what these charges billed, in ``measure`` (吨, 度). ``unread`` are units whose meters have no reading
    in the period, ``unbilled`` those that were read and not billed.
    """

    item_id: int
    item: str
    period: Period
    measure: str
    billed: Fen
    charges: int
    usage: Fraction
    common: tuple[CommonShare, ...] = ()
    invoices: tuple[Invoice, ...] = ()
    unread: tuple[str, ...] = ()
    unbilled: tuple[str, ...] = ()

    @property
    def common_total(self) -> Fen:
        return Fen(sum(share.total for share in self.common))

    @property
    def invoiced(self) -> Fen:
        return Fen(sum(invoice.amount for invoice in self.invoices))

    @property
    def invoiced_usage(self) -> Fraction | None:
        """The usage of all invoices; None where one of them does not tell it."""
        told = [invoice.usage for invoice in self.invoices if invoice.usage is not None]
        return sum(told, Fraction(0)) if told and len(told) == len(self.invoices) else None

    @property
    def difference(self) -> Fen:
        """What is missing of the invoice; negative where more is billed and shared than it asks."""
        return Fen(self.invoiced - self.billed - self.common_total)

    @property
    def usage_difference(self) -> Fraction | None:
        """What the supplier counted beyond the households' meters: common use and losses."""
        return None if self.invoiced_usage is None else self.invoiced_usage - self.usage

    @property
    def verdict(self) -> Verdict:
        if not self.invoices:
            return Verdict.NO_INVOICE
        if not self.charges and not self.common:
            return Verdict.NOTHING_BILLED
        if self.difference == 0:
            return Verdict.AGREES
        if 2 * abs(self.difference) <= self.charges:
            return Verdict.ROUNDING
        return Verdict.SHORT if self.difference > 0 else Verdict.OVER


_VERDICTS = {
    Verdict.AGREES: N_("What is billed and shared comes to the invoice: it agrees."),
    Verdict.ROUNDING: N_("It agrees but for {amount} yuan of rounding over {charges} charges."),
    Verdict.SHORT: N_("{amount} yuan are missing: the invoice asks for more than is billed and shared."),
    Verdict.OVER: N_(
        "{amount} yuan too much: more is billed and shared than the invoice asks. Utilities carry no handling charge "
        "(物业管理条例 art. 44): look for a wrong reading, price or total."
    ),
    Verdict.NO_INVOICE: N_("No invoice of the supplier is entered for {period}."),
    Verdict.NOTHING_BILLED: N_("Nothing of {item} is billed for {period} yet."),
}


def sentences(found: Reconciliation) -> tuple[str, ...]:
    """How it compares, and what may be behind it, each in a sentence."""
    facts = {
        "amount": format_amount(Fen(abs(found.difference))),
        "charges": found.charges,
        "period": found.period,
        "item": found.item,
    }
    lines = [_(_VERDICTS[found.verdict]).format(**facts)]
    if found.unread:
        lines.append(_("Not read in {period}: {units}.").format(period=found.period, units=_named(found.unread)))
    if found.unbilled:
        lines.append(_("Read but not billed: {units}.").format(units=_named(found.unbilled)))
    waiting = Fen(sum(share.total - share.billed for share in found.common))
    if waiting:
        lines.append(
            _("{amount} yuan of the common share are charged to nobody.").format(amount=format_amount(waiting))
        )
    beyond = found.usage_difference
    if beyond:
        text = (
            N_("The supplier counts {usage} {measure} more than the households' meters: common use and losses.")
            if beyond > 0
            else N_("The supplier counts {usage} {measure} less than the households' meters: look for a wrong reading.")
        )
        lines.append(_(text).format(usage=decimal_text(abs(beyond)), measure=found.measure))
    return tuple(lines)


def _named(units: tuple[str, ...]) -> str:
    named = _(", ").join(units[:NAMED_AT_MOST])
    if len(units) <= NAMED_AT_MOST:
        return named
    return _("{units} and {more} more").format(units=named, more=len(units) - NAMED_AT_MOST)
