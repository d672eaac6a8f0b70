"""What a reading must be to follow the one before: a figure of at most three decimals that does not run backwards.

A reading below the one before is explained by a swap (换表), a rollover (翻转) or an estimate (估读) that was too high.
The meters page and the import of workbooks hold every reading against these.
"""

import re
import unicodedata
from enum import StrEnum
from fractions import Fraction
from typing import Final

from feedesk.errors import UserError
from feedesk.rules.metering import ESTIMATE, ROLLOVER, SWAP, UsageStep
from feedesk.texts import N_

LARGEST: Final = Fraction(10**9)
"""No meter has ten digits before the point."""

_FIGURE = re.compile(r"(-?)(?:(\d+)|(\d{1,3}(?:,\d{3})+))?(?:\.(\d*))?", re.ASCII)


class ReadingNotANumber(UserError):
    message = N_("“{text}” is not a reading: type the digits the meter shows, for example 431 or 431.5.")


class ReadingTooFine(UserError):
    message = N_("“{text}” has more than three decimals: readings have at most three.")


class ReadingBelowZero(UserError):
    message = N_("“{text}” is below zero: a meter never shows that.")


class ReadingTooLarge(UserError):
    message = N_("“{text}” is too large for a reading: a meter has at most nine digits before the point.")


class StepFault(StrEnum):
    """Why a reading does not follow the one before."""

    BACKWARDS = "backwards"
    OLD_FINAL_BELOW = "old_final_below"


def parse_reading(text: str) -> Fraction:
    """Reads a meter's figure as people type it: ``431``, ``431.5``, ``1,431``, full-width digits.

    Raises `ReadingNotANumber`, `ReadingTooFine`, `ReadingBelowZero` or `ReadingTooLarge`.
    """
    plain = unicodedata.normalize("NFKC", text).strip().replace("。", ".").replace("−", "-")
    match = _FIGURE.fullmatch(plain)
    if match is None or not any(character.isdigit() for character in plain):
        raise ReadingNotANumber(text=text)
    sign, whole, grouped, decimals = match.groups()
    value = Fraction(f"{(whole or grouped or '0').replace(',', '')}.{decimals or '0'}")
    return checked_reading(-value if sign else value, text)


def checked_reading(value: Fraction, text: str = "") -> Fraction:
    """The value itself, if a meter can show it; ``text`` is what was typed."""
    said = text or str(value)
    if value < 0:
        raise ReadingBelowZero(text=said)
    if (value * 1000).denominator != 1:
        raise ReadingTooFine(text=said)
    if value >= LARGEST:
        raise ReadingTooLarge(text=said)
    return value


def step_fault(step: UsageStep) -> StepFault | None:
    """What is wrong with a step from one reading to the next, if anything is.

    An estimate may have been too high; the next reading then settles it with a negative usage.
    """
    before, after = step.before, step.after
    if before.kind == ESTIMATE or after.kind == ROLLOVER:
        return None
    if after.kind == SWAP:
        return StepFault.OLD_FINAL_BELOW if after.old_final is not None and after.old_final < before.value else None
    return StepFault.BACKWARDS if after.value < before.value else None
