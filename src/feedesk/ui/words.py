"""Words for keys, what stands on a key cap for Qt's name of a shortcut, and for several things one after another."""

from collections.abc import Iterable
from typing import Final

from feedesk.texts import N_, _

_NAMES: Final = {
    "Space": N_("Space"),
    "Return": N_("Enter"),
    "Enter": N_("Enter"),
    "Escape": N_("Esc"),
    "Delete": N_("Del"),
    "Up": "↑",
    "Down": "↓",
    "Left": "←",
    "Right": "→",
    "PgUp": N_("PgUp"),
    "PgDown": N_("PgDn"),
}


def key_words(keys: str) -> str:
    """``Ctrl+Delete`` → ``Ctrl Del``, ``Space`` → ``空格``; a key without a name of its own stays as it is."""
    parts = keys.split("+") if len(keys) > 1 else [keys]
    return " ".join(_(_NAMES[part]) if part in _NAMES else part for part in parts)


def listed(words: Iterable[str]) -> str:
    """Words one after another, as the language separates them."""
    return _(", ").join(words)
