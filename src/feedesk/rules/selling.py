"""What an article of the price list (价目表) comes to: quantity × price, rounded once as its fee item is.

A sale is money against a service at once: nothing is owed, so it may be bought again, and by anybody.
"""

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction

from feedesk.money import Fen, Mantissa, decimal_text, format_amount, round_to_fen

ONE = Fraction(1)
ONE_FEN = Fen(1)
MOST = 9999
"""So many of one article may be sold at once; more is a slip of the finger."""


@dataclass(frozen=True, slots=True)
class Article:
    """A line of the price list. ``price`` in yuan, of one, or of one m² where ``area`` (m²) is given.

    ``form`` and ``document`` are what the price rests on (依据); ``mantissa`` and ``step`` round as charges do.
    """

    tariff: int
    version: int
    name: str
    item_id: int
    item: str
    nature: str
    price: Fraction
    area: Fraction | None
    form: str
    document: str
    mantissa: Mantissa = Mantissa.HALF_UP
    step: Fen = ONE_FEN

    @property
    def measure(self) -> Fraction:
        """What one of it measures: its m², or 1."""
        return ONE if self.area is None else self.area

    def amount(self, quantity: Fraction) -> Fen:
        """What so many of it cost, in fen."""
        return round_to_fen(quantity * self.measure * self.price, self.mantissa, self.step)

    def price_words(self) -> str:
        """``2,000.00``, or ``3.00×98.60㎡`` where it is by area, for the list."""
        fen = self.price * 100
        price = format_amount(Fen(int(fen))) if fen.denominator == 1 else decimal_text(self.price, 2)
        return price if self.area is None else f"{price}×{decimal_text(self.area, 2)}㎡"

    def arithmetic(self, quantity: Fraction) -> str:
        """``25.00×2`` or ``98.60㎡×3.00``, as the receipt shows it; the tariff's name before it where it says more."""
        of_area = "" if self.area is None else f"{decimal_text(self.area, 2)}㎡×"
        times = "" if self.area is not None and quantity == ONE else f"×{decimal_text(quantity)}"
        named = "" if self.name == self.item else f"{self.name} "
        return f"{named}{of_area}{decimal_text(self.price, 2)}{times}"


def is_quantity(quantity: Fraction) -> bool:
    """Whether so many can be sold: more than none, at most `MOST`, to three decimals."""
    return 0 < quantity <= MOST and (quantity * 1000).denominator == 1


_QUANTITY = re.compile(r"\d{1,6}(?:\.\d{1,3})?", re.ASCII)


def parse_quantity(text: str) -> Fraction | None:
    """A quantity as typed, full-width digits too; 0 for nothing typed, None for what is no quantity."""
    plain = unicodedata.normalize("NFKC", text).strip().replace("。", ".")
    if not plain:
        return Fraction(0)
    return Fraction(plain) if _QUANTITY.fullmatch(plain) else None
