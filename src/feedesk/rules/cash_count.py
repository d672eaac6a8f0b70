"""Counting the drawer (清点现金): pieces by denomination, notes and coins apart.

A count is a mapping of keys to pieces: notes ``100 50 20 10 5 1 0.5 0.1``, coins ``coin1 coin0.5 coin0.1``;
``other`` is an amount in fen (old fen coins, vouchers). Written on one line: ``100=28,0.5=6,coin1=12,other=0.07``.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from feedesk.errors import UserError
from feedesk.money import LARGEST, Fen, parse_amount
from feedesk.texts import N_


class UnknownDenomination(UserError):
    message = N_("There is no note or coin of “{text}”: count {known}.")


class NotACount(UserError):
    message = N_("“{text}” is not a count: write denomination=pieces, for example 100=28,0.5=6,coin1=12.")


class CountNegative(UserError):
    message = N_("The count of {denomination} is {pieces}: a count cannot be less than zero.")


class CountTwice(UserError):
    message = N_("{denomination} is counted twice: give each denomination once.")


class CountTooLarge(UserError):
    message = N_("The count of {denomination} is too large for a drawer: check it.")


@dataclass(frozen=True, slots=True)
class Denomination:
    """A note or coin: its key in counts and its value in fen."""

    key: str
    value: Fen
    coin: bool = False


NOTES = tuple(Denomination(key, parse_amount(key)) for key in ("100", "50", "20", "10", "5", "1", "0.5", "0.1"))
COINS = tuple(Denomination(f"coin{key}", parse_amount(key), coin=True) for key in ("1", "0.5", "0.1"))
OTHER = "other"
DENOMINATIONS = (*NOTES, *COINS)
_BY_KEY = {denomination.key: denomination for denomination in DENOMINATIONS}
_KNOWN = " ".join([*_BY_KEY, OTHER])
_ALIASES = {"硬币": "coin", "其他": OTHER}
_MOST_PIECES = 10**7


def counted_cash(counts: Mapping[str, int]) -> Fen:
    """What a count is worth in fen. Raises `UnknownDenomination`, `CountNegative`, `CountTooLarge`."""
    total = 0
    for key, pieces in counts.items():
        denomination = _BY_KEY.get(key)
        if denomination is None and key != OTHER:
            raise UnknownDenomination(text=key, known=_KNOWN)
        if pieces < 0:
            raise CountNegative(denomination=key, pieces=pieces)
        if pieces > (_MOST_PIECES if denomination else LARGEST):
            raise CountTooLarge(denomination=key)
        total += pieces * (denomination.value if denomination else 1)
    return Fen(total)


def parse_counts(text: str) -> dict[str, int]:
    """Reads ``100=28,50=9,0.5=6,coin1=12,other=0.07``; nothing at all is an empty drawer.

    Raises `NotACount`, `CountTwice`, and what `counted_cash` and, for ``other``, `parse_amount` raise.
    """
    counts: dict[str, int] = {}
    plain = unicodedata.normalize("NFKC", text).replace("、", ",")
    for part in filter(None, (part.strip() for part in plain.split(","))):
        name, found, pieces = (piece.strip() for piece in part.partition("="))
        if not found:
            raise NotACount(text=part)
        key = _key(name)
        if key in counts:
            raise CountTwice(denomination=key)
        counts[key] = parse_amount(pieces) if key == OTHER else _pieces(pieces, part)
    counted_cash(counts)
    return counts


def _pieces(text: str, part: str) -> int:
    # Beyond twelve digits it is no count of notes; int() need not read it.
    digits = text.removeprefix("-")
    if not digits.isdecimal() or len(digits) > 12:
        raise NotACount(text=part)
    return int(text)


def _key(name: str) -> str:
    key = name.lower().removesuffix("元")
    for written, meant in _ALIASES.items():
        key = key.replace(written, meant)
    coin, figure = ("coin", key.removeprefix("coin")) if key.startswith("coin") else ("", key)
    if "." in figure:
        figure = figure.rstrip("0").rstrip(".")
    key = coin + (f"0{figure}" if figure.startswith(".") else figure)
    if key not in _BY_KEY and key != OTHER:
        raise UnknownDenomination(text=name, known=_KNOWN)
    return key
