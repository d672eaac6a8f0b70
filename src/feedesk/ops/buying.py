"""What is wanted of the price list (价目表) becomes lines of a payment, alone or together with charges.

Every price is that of 收费标准 in force on the business date. Whoever saw another one at the desk is told, so that the
sum that was said, the money and the receipt are always the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import Connection

from feedesk.errors import UserError
from feedesk.ledger import chart
from feedesk.money import Fen, decimal_text, format_amount
from feedesk.ops.payment_posting import DepositTaken
from feedesk.ops.sale_lines import Sold
from feedesk.queries.accounts import AccountRef
from feedesk.rules.selling import MOST, ONE, Article, is_quantity
from feedesk.texts import N_


class NotOnSale(UserError):
    message = N_(
        "This is not on the price list today, or is billed to the account by itself: look at the list again. "
        "Nothing was taken."
    )


class QuantityWrong(UserError):
    message = N_("{quantity} of {name} cannot be sold: type a number above 0 and up to {most}. Nothing was taken.")


class CostsNothing(UserError):
    message = N_("{quantity} of {name} comes to nothing by its price: nothing was taken.")


class PriceIsOther(UserError):
    message = N_(
        "{name} costs {amount} now, not {seen}: open the price list again (Ctrl+K, 4) and tell the payer. "
        "Nothing was taken."
    )


@dataclass(frozen=True, slots=True)
class SaleWish:
    """So many of an article of the price list, named by its tariff; ``seen`` is what the payer was told it comes to."""

    tariff: int
    quantity: Fraction = ONE
    seen: Fen | None = None


@dataclass(frozen=True, slots=True)
class Bought:
    """What a payment sells, and the articles among it that are deposits (押金), which are held like any deposit."""

    sold: tuple[Sold, ...] = ()
    deposits: tuple[DepositTaken, ...] = ()

    @property
    def total(self) -> Fen:
        """What all of it comes to."""
        return Fen(sum(one.amount for one in self.sold) + sum(one.amount for one in self.deposits))


NOTHING_BOUGHT = Bought()


def bought(connection: Connection, wishes: Sequence[SaleWish], *, on: date, account: AccountRef | None) -> Bought:
    """What is wanted, at its price of the day. Raises `NotOnSale`, `QuantityWrong`, `CostsNothing`, `PriceIsOther`."""
    if not wishes:
        return NOTHING_BOUGHT
    from feedesk.queries.price_list import price_list

    articles = {one.tariff: one for one in price_list(connection, on=on, account=account)}
    taken = [_bought(articles, wish) for wish in wishes]
    return Bought(
        sold=tuple(one for one in taken if one.nature != chart.DEPOSIT),
        deposits=tuple(DepositTaken(one.item_id, one.item, one.amount) for one in taken if one.nature == chart.DEPOSIT),
    )


def _bought(articles: Mapping[int, Article], wish: SaleWish) -> Sold:
    article = articles.get(wish.tariff)
    if article is None:
        raise NotOnSale
    quantity = Fraction(wish.quantity)
    if not is_quantity(quantity):
        raise QuantityWrong(quantity=decimal_text(quantity), name=article.name, most=MOST)
    amount = article.amount(quantity)
    if amount <= 0:
        raise CostsNothing(quantity=decimal_text(quantity), name=article.name)
    if wish.seen is not None and wish.seen != amount:
        raise PriceIsOther(name=article.name, amount=format_amount(amount), seen=format_amount(wish.seen))
    return Sold(
        item_id=article.item_id,
        item=article.item,
        nature=article.nature,
        version=article.version,
        quantity=quantity,
        measure=article.measure,
        price=article.price,
        amount=amount,
        basis=article.arithmetic(quantity),
    )
