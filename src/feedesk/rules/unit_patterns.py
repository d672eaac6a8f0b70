"""Patterns of unit codes (``3-*``, ``*-*-1??``): ``*`` is any run of characters, ``-`` included, ``?`` any one."""

import re
from functools import lru_cache
from itertools import takewhile

_WILD = {"*": ".*", "?": "."}


def is_pattern(text: str) -> bool:
    """Whether a text stands for several units rather than naming one."""
    return "*" in text or "?" in text


EXACT = 1000
"""The nearness of a code that names one unit."""


def nearness(text: str) -> int:
    """How closely a code or pattern names the units it reaches: the larger the nearer.

    A code is nearest. Of patterns the one with more literal segments at its beginning (``3-1-*`` before ``3-*``), then
    one with literal characters behind them (``*-*-1??`` before ``*``).
    """
    if not is_pattern(text):
        return EXACT
    leading = list(takewhile(lambda segment: not is_pattern(segment), text.split("-")))
    behind = text.removeprefix("-".join(leading))
    return 2 * len(leading) + any(character not in "*?-" for character in behind)


@lru_cache(maxsize=4096)
def compiled_pattern(pattern: str) -> re.Pattern[str]:
    """The regular expression that a whole code must match."""
    return re.compile("".join(_WILD.get(character) or re.escape(character) for character in pattern), re.DOTALL)


def matches(pattern: str, code: str) -> bool:
    """Whether a unit code fits a code or pattern."""
    return compiled_pattern(pattern).fullmatch(code) is not None
