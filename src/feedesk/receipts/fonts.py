"""Which font draws a character: Noto Sans SC, then Rare Han, then a font of the system, else its code point.

Residents' names hold characters no single font has. Never is an empty box drawn or a ``?`` printed: a character
that no font has is written ``[U+2A700]``, and `unprintable` lets an import or a form warn about it beforehand.
Only the character tables of the fonts are read here (OpenType specification, table ``cmap``); the outlines are left
to Pillow and reportlab.
"""

import os
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from feedesk.errors import EnvironmentFault
from feedesk.resources import resource_path
from feedesk.texts import N_

REGULAR = "NotoSansSC-Regular.ttf"
BOLD = "NotoSansSC-Bold.ttf"
RARE = "RareHan-Regular.ttf"


class FontMissing(EnvironmentFault):
    message = N_("The font file {path} is missing or damaged. Install the program again; no data is concerned.")


@dataclass(frozen=True, slots=True)
class Face:
    """One font of a file; ``index`` counts inside a collection (.ttc)."""

    path: Path
    index: int = 0


def unprintable(text: str) -> list[str]:
    """The characters of a text that no font at hand can draw, each once, in order."""
    return list(dict.fromkeys(character for character in text if not _is_drawable(character)))


def spelled(text: str, *, embeddable: bool = False) -> str:
    """The text with each character no font has written as its code point in brackets."""
    return "".join(
        character if _is_drawable(character, embeddable) else f"[U+{ord(character):04X}]" for character in text
    )


@lru_cache(maxsize=8192)
def _is_drawable(character: str, embeddable: bool = False) -> bool:
    """All of GBK's Han characters and ASCII are in the bundled fonts: no file need be opened to know."""
    if character.isascii() or "\u4e00" <= character <= "\u9fa5":
        return True
    return face_for(character, embeddable=embeddable) is not None


@lru_cache(maxsize=8192)
def face_for(character: str, *, bold: bool = False, embeddable: bool = False) -> Face | None:
    """The first font in the order of fallback that has the character.

    ``embeddable`` leaves out fonts with PostScript outlines, which cannot go into our PDFs. Raises `FontMissing`
    when a bundled font cannot be read.
    """
    for face in bundled_faces(bold=bold):
        if ord(character) in _bundled_characters(face):
            return face
    for face in system_faces():
        if ord(character) in characters_of(face) and not (embeddable and not has_truetype_outlines(face)):
            return face
    return None


def bundled_faces(*, bold: bool = False) -> tuple[Face, Face]:
    """The fonts shipped with the program, in the order they are asked."""
    return Face(resource_path("fonts") / (BOLD if bold else REGULAR)), Face(resource_path("fonts") / RARE)


def _bundled_characters(face: Face) -> frozenset[int]:
    characters = characters_of(face)
    if not characters:
        raise FontMissing(path=face.path)
    return characters


@lru_cache(maxsize=1)
def system_faces() -> tuple[Face, ...]:
    """The fonts installed on this machine, those known for rare Han characters first."""
    files = sorted(
        (file for folder in _system_folders() for file in _font_files(folder)),
        key=lambda file: (not _is_known_for_han(file), file.name),
    )
    return tuple(Face(file, index) for file in files for index in range(_faces_in(file)))


def _system_folders() -> list[Path]:
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA", "")
        folders = [Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts"]
        return [*folders, Path(local) / "Microsoft/Windows/Fonts"] if local else folders
    if sys.platform == "darwin":
        return [Path("/System/Library/Fonts"), Path("/Library/Fonts"), Path.home() / "Library/Fonts"]
    return [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts"]


def _font_files(folder: Path) -> Iterator[Path]:
    for place, _folders, names in os.walk(folder):
        yield from (Path(place, name) for name in names if name.lower().endswith((".ttf", ".otf", ".ttc")))


def _is_known_for_han(file: Path) -> bool:
    name = file.name.lower()
    return name.startswith(("simsun", "mingliub", "hanamin", "notosanscjk", "notoserifcjk", "plangothic", "pingfang"))


# --- reading font files -----------------------------------------------------------------------------------------


def has_truetype_outlines(face: Face) -> bool:
    """Whether the font draws with TrueType curves (table ``glyf``), not PostScript ones."""
    return "glyf" in _tables(face)


@lru_cache(maxsize=512)
def characters_of(face: Face) -> frozenset[int]:
    """The code points a font maps to a glyph; none when the file is unreadable or no font."""
    try:
        offset, length = _tables(face).get("cmap", (0, 0))
        with face.path.open("rb") as file:
            file.seek(offset)
            return frozenset(_mapped(file.read(length)))
    except (OSError, struct.error, IndexError):
        return frozenset()


def _faces_in(file: Path) -> int:
    try:
        with file.open("rb") as opened:
            start = opened.read(12)
        return int(struct.unpack_from(">I", start, 8)[0]) if start.startswith(b"ttcf") else 1
    except (OSError, struct.error):
        return 0


@lru_cache(maxsize=512)
def _tables(face: Face) -> dict[str, tuple[int, int]]:
    """Offset and length of each table, by its tag."""
    try:
        with face.path.open("rb") as file:
            start = 0
            if file.read(4) == b"ttcf":
                file.seek(12 + 4 * face.index)
                (start,) = struct.unpack(">I", file.read(4))
            file.seek(start + 4)
            (count,) = struct.unpack(">H6x", file.read(8))
            directory = file.read(16 * count)
    except (OSError, struct.error):
        return {}
    entries = struct.iter_unpack(">4s4xII", directory[: len(directory) // 16 * 16])
    return {tag.decode("latin-1"): (offset, length) for tag, offset, length in entries}


def _mapped(cmap: bytes) -> Iterator[int]:
    """The code points of a ``cmap`` table, from its subtable of format 12, or else 4."""
    count = struct.unpack_from(">2xH", cmap)[0]
    offsets = {struct.unpack_from(">4xI", cmap, 4 + 8 * i)[0] for i in range(count)}
    by_format = {struct.unpack_from(">H", cmap, offset)[0]: offset for offset in sorted(offsets, reverse=True)}
    if 12 in by_format:
        yield from _mapped_by_groups(cmap, by_format[12])
    elif 4 in by_format:
        yield from _mapped_by_segments(cmap, by_format[4])


def _mapped_by_groups(cmap: bytes, at: int) -> Iterator[int]:
    (groups,) = struct.unpack_from(">12xI", cmap, at)
    for i in range(groups):
        first, last, glyph = struct.unpack_from(">III", cmap, at + 16 + 12 * i)
        yield from range(first if glyph else first + 1, min(last, 0x10FFFF) + 1)


def _mapped_by_segments(cmap: bytes, at: int) -> Iterator[int]:
    doubled = struct.unpack_from(">6xH", cmap, at)[0]
    ends, starts = at + 14, at + 16 + doubled
    for i in range(0, doubled, 2):
        (end,), (start,) = struct.unpack_from(">H", cmap, ends + i), struct.unpack_from(">H", cmap, starts + i)
        (delta,) = struct.unpack_from(">H", cmap, starts + doubled + i)
        place = starts + 2 * doubled + i
        (reach,) = struct.unpack_from(">H", cmap, place)
        for code in range(start, min(end, 0xFFFE) + 1):
            glyph = struct.unpack_from(">H", cmap, place + reach + 2 * (code - start))[0] if reach else code + delta
            if glyph % 0x10000:
                yield code
