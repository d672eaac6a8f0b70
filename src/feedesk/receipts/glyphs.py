"""Text drawn in a printer's cells: a narrow character in one cell, a Han character in two.

The bundled fonts are proportional; Latin letters and figures are centred in their cell and, when wider, squeezed to
it, which gives the look of a till printer and columns that line up.
"""

from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw, ImageFont

from feedesk.receipts.columns import columns_of
from feedesk.receipts.fonts import BOLD, Face, face_for

CELL = 12
"""Dots across one column at normal size; a Han character is 24 dots high and wide."""

_FINE = 4
"""How much larger a character is drawn before it is squeezed."""


@lru_cache(maxsize=64)
def _font(face: Face, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(face.path), size, face.index, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=4096)
def glyph(character: str, cell: int, *, bold: bool = False) -> Image.Image:
    """One character in black on white (mode L), ``columns × cell`` wide; commas and g reach below ``2 × cell``.

    A font without a bold of its own is thickened.
    """
    across, size = cell * columns_of(character), 2 * cell
    height = size + -(-size // 8)
    face = face_for(character, bold=bold)
    if face is None or character.isspace():
        return Image.new("L", (across, height), 255)
    stroke = size / 60 if bold and face.path.name != BOLD else 0
    natural = _font(face, size).getlength(character)
    if natural <= across:
        return _drawn(character, _font(face, size), (across, height), (across - natural) / 2, stroke)
    large = _drawn(character, _font(face, size * _FINE), (round(natural * _FINE), height * _FINE), 0, stroke * _FINE)
    return large.resize((across, height), Image.Resampling.BOX)


def _drawn(
    character: str, font: ImageFont.FreeTypeFont, box: tuple[int, int], left: float, stroke: float
) -> Image.Image:
    image = Image.new("L", box, 255)
    baseline = round(font.size * 0.88)
    ImageDraw.Draw(image).text((round(left), baseline), character, 0, font, anchor="ls", stroke_width=stroke)
    return image


def draw_text(
    image: Image.Image, at: tuple[int, int], text: str, cell: int, *, bold: bool = False, wide: int = 1, tall: int = 1
) -> int:
    """Draws text from the point ``at`` (upper left) and returns the x where it ends.

    ``wide`` and ``tall`` enlarge the cells; where they differ the characters are stretched, as printers do.
    """
    x, y = at
    common = min(wide, tall)
    for character in text:
        mask = glyph(character, cell * common, bold=bold)
        if wide != tall:
            stretched = (mask.width * wide // common, mask.height * tall // common)
            mask = mask.resize(stretched, Image.Resampling.BICUBIC)
        box = (x, y, x + mask.width, y + mask.height)
        image.paste(ImageChops.darker(image.crop(box), mask), box)
        x += mask.width
    return x
