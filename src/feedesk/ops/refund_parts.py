"""Which line of a receipt goes back: what it settled, its prepayment, or one thing that was sold with it.

Without a word the whole payment is meant, and `feedesk.rules.giving_back` says what of it goes first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from feedesk.errors import UserError
from feedesk.money import ZERO, Fen
from feedesk.queries.corrections import HeldLine, PaymentLeft
from feedesk.texts import N_

SETTLED, PREPAYMENT, SALE = "settled", "prepayment", "sale"


class NotOnReceipt(UserError):
    message = N_("Of that line nothing is left on receipt {receipt}: choose another one. Nothing was given back.")


@dataclass(frozen=True, slots=True)
class RefundOf:
    """One line: `SETTLED` all charges together, `PREPAYMENT`, or `SALE` with the ``name`` of its fee item."""

    kind: str
    name: str = ""


def lines_to_choose(left: PaymentLeft) -> tuple[tuple[RefundOf, Fen], ...]:
    """The lines of a payment that can go back one by one, with what is left of each; none where there is but one."""
    lines: list[tuple[RefundOf, Fen]] = []
    for one in left.held:
        if one.kind == SALE:
            lines.append((RefundOf(SALE, one.name), one.amount))
    if left.prepaid:
        lines.append((RefundOf(PREPAYMENT), left.prepaid))
    settled = Fen(sum(part.amount for part in left.parts))
    if settled:
        lines.append((RefundOf(SETTLED), settled))
    has_sales = any(of.kind == SALE for of, _amount in lines)
    return tuple(lines) if has_sales and len(lines) > 1 else ()


def narrowed(left: PaymentLeft, of: RefundOf | None, receipt: str) -> PaymentLeft:
    """The payment as if it had been for that line alone; the 抹零 belongs to the last line that is left.

    Raises `NotOnReceipt`.
    """
    if of is None:
        return left
    parts = left.parts if of.kind == SETTLED else ()
    held = _held(left.held, of)
    if not parts and not held:
        raise NotOnReceipt(receipt=receipt)
    others = [one for one in left.held if one not in held and one.kind in (SALE, PREPAYMENT)]
    alone = not others and len(parts) == len(left.parts)
    return replace(left, parts=parts, held=held, rounding=left.rounding if alone else ZERO)


def _held(held: Sequence[HeldLine], of: RefundOf) -> tuple[HeldLine, ...]:
    if of.kind == SETTLED:
        return ()
    return tuple(one for one in held if one.kind == of.kind and (of.kind != SALE or one.name == of.name))
