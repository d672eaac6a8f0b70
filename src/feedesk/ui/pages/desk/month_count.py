"""A number of months as people type it, full-width digits too."""

import unicodedata

from feedesk.errors import UserError
from feedesk.texts import N_


class NotMonths(UserError):
    message = N_("“{text}” is not a number of months: type 1 to 99.")


def months_typed(text: str) -> int:
    """How many; nothing typed is no month. Raises `NotMonths`."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain and not (plain.isascii() and plain.isdecimal() and len(plain) <= 2):
        raise NotMonths(text=text)
    return int(plain or "0")
