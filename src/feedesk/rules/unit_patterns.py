"""Patterns of unit codes (``3-*``, ``*-*-1??``): ``*`` is any run of characters, ``-`` included, ``?`` any one."""

import re
from functools import lru_cache

_WILD = {"*": ".*", "?": "."}


def is_pattern(text: str) -> bool:
    """Whether a text stands for several units rather than naming one."""
    return "*" in text or "?" in text


@lru_cache(maxsize=4096)
def compiled_pattern(pattern: str) -> re.Pattern[str]:
    """The regular expression that a whole code must match."""
    return re.compile("".join(_WILD.get(character) or re.escape(character) for character in pattern), re.DOTALL)


def matches(pattern: str, code: str) -> bool:
    """Whether a unit code fits a code or pattern."""
    return compiled_pattern(pattern).fullmatch(code) is not None
