"""Money is whole fen in an ``int``; arithmetic before the one rounding is exact, in `Fraction`.

Nothing here ever sees a float. Rounding is by magnitude (−1.005 → −1.01), so that a reversal mirrors its entry.
"""

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import lcm
from typing import NewType

from feedesk.errors import UserError
from feedesk.texts import N_

Fen = NewType("Fen", int)
"""An amount in fen (1/100 yuan)."""

ZERO = Fen(0)

# Eighteen digits would still fit SQLite's integers; a trillion yuan is beyond any community.
LARGEST = Fen(10**14 - 1)


class Mantissa(StrEnum):
    """How a charge line is rounded (尾数), stored as the trade writes it."""

    HALF_UP = "四舍五入"
    UP = "进位"
    DOWN = "舍去"


class AmountNotANumber(UserError):
    message = N_("“{text}” is not an amount: type digits with at most two decimals, for example 1600.00.")


class AmountTooFine(UserError):
    message = N_("“{text}” has more than two decimals: amounts are counted to the fen, for example 1600.05.")


class AmountTooLarge(UserError):
    message = N_("“{text}” is too large for an amount.")


_AMOUNT = re.compile(r"([+-]?)(?:(\d+)|(\d{1,3}(?:,\d{3})+))?(?:\.(\d*))?", re.ASCII)


def parse_amount(text: str) -> Fen:
    """Reads yuan as people type them: ``1600``, ``1,600.5``, ``￥1600.00``, full-width digits.

    Raises `AmountNotANumber`, `AmountTooFine` (a third decimal is an error, not a rounding) or `AmountTooLarge`.
    """
    plain = unicodedata.normalize("NFKC", text).strip().removeprefix("¥").removesuffix("元").strip()
    match = _AMOUNT.fullmatch(plain.replace("−", "-"))
    if match is None or not any(character.isdigit() for character in plain):
        raise AmountNotANumber(text=text)
    sign, whole, grouped, decimals = match.groups()
    decimals = (decimals or "").rstrip("0")
    if len(decimals) > 2:
        raise AmountTooFine(text=text)
    fen = int((whole or grouped or "0").replace(",", "")) * 100 + int(decimals.ljust(2, "0"))
    if fen > LARGEST:
        raise AmountTooLarge(text=text)
    return Fen(-fen if sign == "-" else fen)


def format_amount(fen: Fen, *, grouped: bool = True) -> str:
    """Yuan with two decimals, ``1,998.41``; a negative amount has U+2212 when grouped (for people) and ``-`` else."""
    whole, rest = divmod(abs(fen), 100)
    if grouped:
        return f"{'−' if fen < 0 else ''}{whole:,}.{rest:02d}"
    return f"{'-' if fen < 0 else ''}{whole}.{rest:02d}"


def round_by_magnitude(value: Fraction | int, mantissa: Mantissa = Mantissa.HALF_UP) -> int:
    """Rounds to a whole number away from or towards zero, never up or down: −0.5 becomes −1 as 0.5 becomes 1."""
    floor, rest = divmod(abs(value.numerator), value.denominator)
    if mantissa is Mantissa.HALF_UP:
        floor += 2 * rest >= value.denominator
    elif mantissa is Mantissa.UP:
        floor += rest > 0
    return -floor if value < 0 else floor


def round_to_fen(yuan: Fraction, mantissa: Mantissa = Mantissa.HALF_UP, step: Fen = Fen(1)) -> Fen:
    """Rounds an exact amount in yuan once, to multiples of ``step`` fen (1 分, 10 角, 100 元), by magnitude."""
    return Fen(round_by_magnitude(yuan * 100 / step, mantissa) * step)


def split_by_weight(total: Fen, weights: Sequence[Fraction | Decimal | int]) -> list[Fen]:
    """Splits ``total`` in proportion to ``weights`` by largest remainder, so that the parts sum to the whole.

    Ties go to the larger weight, then to the earlier place. All weights must be ≥ 0 and one of them > 0.
    """
    exact = [Fraction(weight) for weight in weights]
    # In whole numbers, which for tens of thousands of weights takes a tenth of the time of fractions.
    scale = lcm(*(weight.denominator for weight in exact))
    scaled = [weight.numerator * (scale // weight.denominator) for weight in exact]
    whole = sum(scaled)
    if whole <= 0 or min(scaled) < 0:
        raise ValueError("weights must be non-negative and not all zero")
    quotas = [divmod(abs(total) * weight, whole) for weight in scaled]
    parts = [part for part, _rest in quotas]
    by_remainder = sorted(range(len(parts)), key=lambda i: (-quotas[i][1], -scaled[i], i))
    for i in by_remainder[: abs(total) - sum(parts)]:
        parts[i] += 1
    return [Fen(-part if total < 0 else part) for part in parts]


def decimal_text(value: Fraction, places: int | None = None) -> str:
    """An exact decimal as people write it: ``2.80`` with 2 places, ``2.8`` with as many as it needs; 4/3 stays ``4/3``.

    With ``places`` no digit is ever cut off: 2.805 stays ``2.805``.
    """
    scale = places or 0
    whole, parts = value.numerator, value.denominator
    if parts == 1 and not scale:
        return str(whole)
    power = 10**scale
    while power % parts:
        scale, power = scale + 1, power * 10
        if scale > 18:
            return str(value)
    digits = str(abs(whole) * power // parts).rjust(scale + 1, "0")
    sign = "-" if whole < 0 else ""
    return sign + (f"{digits[:-scale]}.{digits[-scale:]}" if scale else digits)
