"""What the payer said beside ticks and money, above the charges until it is taken or dropped.

A payment for further accounts, somebody else paying, only principal or late fees, what is bought, months ahead. The
ticks themselves stay in the table.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import Signal

from feedesk.money import Fen, format_amount
from feedesk.texts import N_, _
from feedesk.ui.pages.desk.rows import AccountCardRow, AddedUnit, AheadLine, ChargeLine, PaymentTerms
from feedesk.ui.widgets.banner import Banner
from feedesk.ui.widgets.painting import Span
from feedesk.ui.words import listed

ONLY: Final = {"principal": N_("the principal only"), "late_fee": N_("the late fees only")}
NONE: Final = PaymentTerms()


class TermsStrip(Banner):
    """Hidden while nothing was said. `changed` tells that it was, or that it was dropped by closing the strip."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._terms = NONE
        self._ahead: tuple[AheadLine, ...] = ()
        self.dismissed.connect(lambda: self.set_terms(NONE, ()))

    def terms(self) -> PaymentTerms:
        """What stands now."""
        return self._terms

    def ahead(self) -> tuple[AheadLine, ...]:
        """The months ahead that are taken with the payment."""
        return self._ahead

    def set_terms(self, terms: PaymentTerms, ahead: Sequence[AheadLine] | None = None) -> None:
        """Says something else; without ``ahead`` the months ahead stay as they are."""
        ahead = self._ahead if ahead is None else tuple(ahead)
        if (terms, ahead) == (self._terms, self._ahead):
            return
        self._terms, self._ahead = terms, ahead
        self.retranslate()
        self.changed.emit()

    def forget(self) -> None:
        """Nothing said any more, with no word to anybody: another account is shown."""
        self._terms, self._ahead = NONE, ()
        self.hide()

    def remove(self, account: int) -> bool:
        """Takes a further account out again; False where it is none."""
        kept = tuple(one for one in self._terms.added if one.account != account)
        found = len(kept) < len(self._terms.added)
        self.set_terms(replace(self._terms, added=kept))
        return found

    def retranslate(self) -> None:
        """Writes the words in the language shown now."""
        words = [*_words(self._terms), *_ahead_words(self._ahead)]
        if not words:
            self.hide()
            return
        spans = []
        for place, (name, text) in enumerate(words):
            spans += [Span(" · ", "mute")] if place else []
            spans += [Span(name, "ink_2"), Span(text, bold=True)]
        total = Fen(sum(one.amount for one in self._ahead))
        self.tell("plain", spans, figure=format_amount(total) if total else "")


def _words(terms: PaymentTerms) -> Iterator[tuple[str, str]]:
    if terms.added:
        yield _("Paid together: "), listed(f"{one.unit} {format_amount(_due(one))}" for one in terms.added)
    if terms.payer:
        yield _("Paid by: "), terms.payer
    if terms.only:
        yield _("As designated by the payer: "), _(ONLY[terms.only])
    if terms.sales:
        yield _("From the price list: "), listed(f"{one.words} {format_amount(one.amount)}" for one in terms.sales)


def _due(unit: AddedUnit) -> Fen:
    return Fen(sum(charge.due for charge in unit.charges if charge.ticked_at_opening))


def _ahead_words(ahead: Sequence[AheadLine]) -> Iterator[tuple[str, str]]:
    """The months ahead that are taken too: 物业费 3 个月，到 2027-02-28."""
    text = _("{item}, {months} months to {until}")
    if ahead:
        parts = (text.format(item=one.item, months=one.months, until=one.until.isoformat()) for one in ahead)
        yield _("Paid ahead: "), listed(parts)


def joint_lines(
    card: AccountCardRow, charges: Sequence[ChargeLine], added: Sequence[AddedUnit]
) -> tuple[ChargeLine, ...]:
    """The charges of all units paid together, unit by unit, each under its unit; by period where it is one account."""
    if not added:
        return tuple(charges)
    own = sorted(charges, key=lambda line: (bool(line.unit), line.unit))  # stable: within a unit the order stays
    lines = [replace(line, group=line.unit or f"{card.unit} {card.resident}") for line in own]
    for unit in added:
        lines += [replace(line, unit=unit.unit, group=f"{unit.unit} {unit.resident}") for line in unit.charges]
    return tuple(lines)
