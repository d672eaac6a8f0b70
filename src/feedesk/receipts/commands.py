"""A stream of ESC/POS bytes cut into commands and text, as the bytes arrive and whatever pieces they arrive in.

Knowing where a command ends matters most for raster data, which may contain any bytes, even those of a command.
"""

from dataclasses import dataclass, field

ESC, FS, GS, DLE = 0x1B, 0x1C, 0x1D, 0x10

_LENGTHS = {
    ESC: {"@2": "@2<=", "3": "aE!-dJ3MtRVG{ ", "4": "$\\", "5": "p"},
    FS: {"@2": "&.", "3": "!C-W", "4": "S"},
    GS: {"3": "!BarhwHfb", "4": "LWP"},
    DLE: {"3": "\x04\x05", "5": "\x14"},
}
_FIXED = {
    (lead, ord(letter)): int(length.lstrip("@"))
    for lead, by_length in _LENGTHS.items()
    for length, letters in by_length.items()
    for letter in letters
}
"""Bytes of each command of fixed length, by its first two bytes."""


@dataclass(slots=True)
class CommandReader:
    """Takes bytes in, gives out whole tokens: one command, one control character, or a run of text bytes."""

    _pending: bytearray = field(default_factory=bytearray)

    def feed(self, data: bytes) -> list[bytes]:
        """The tokens completed by ``data``; what is begun waits for the rest."""
        self._pending += data
        tokens: list[bytes] = []
        while self._pending:
            length = _token_length(self._pending)
            if length is None or length > len(self._pending):
                break
            tokens.append(bytes(self._pending[:length]))
            del self._pending[:length]
        return tokens

    def rest(self) -> bytes:
        """What was begun and never completed."""
        return bytes(self._pending)


def tokens_of(data: bytes) -> list[bytes]:
    """All tokens of a finished job; a torn command at its end is one of them."""
    reader = CommandReader()
    tokens = reader.feed(data)
    rest = reader.rest()
    return [*tokens, rest] if rest else tokens


def _token_length(data: bytearray) -> int | None:
    """Bytes of the token at the start, or None when too few have come to know."""
    first = data[0]
    if first >= 0x20:
        return next((i for i, byte in enumerate(data) if byte < 0x20), len(data))
    if first not in _LENGTHS:
        return 1
    if len(data) < 2:
        return None
    return _FIXED.get((first, data[1])) or _variable_length(data)


def _variable_length(data: bytearray) -> int | None:
    """The length of the commands that carry it, of ``GS V``, or 2 for what we do not know."""
    match data[0], chr(data[1]):
        case (0x1D, "V"):
            return None if len(data) < 3 else 4 if data[2] in (65, 66, 97, 98) else 3
        case (0x1D, "v"):
            if len(data) < 8:
                return None
            return 8 + int.from_bytes(data[4:6], "little") * int.from_bytes(data[6:8], "little")
        case (0x1B | 0x1C | 0x1D, "("):
            return None if len(data) < 5 else 5 + int.from_bytes(data[3:5], "little")
        case _:
            return 2
