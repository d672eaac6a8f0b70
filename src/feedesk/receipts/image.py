"""The slip as a picture: the lines of `layout` on white paper, dot for dot what an 80 or 58 mm printer has.

Details are set a little smaller than on the till printer, title and total a little less than double, as eyes like it.
"""

from dataclasses import dataclass

from PIL import Image, ImageDraw

from feedesk.receipts.codes import module_size, qr_modules
from feedesk.receipts.columns import width
from feedesk.receipts.glyphs import CELL, draw_text
from feedesk.receipts.layout import Line, Rule, SealAndCode, Style, Words, lay_out
from feedesk.receipts.paper import BLACK, WHITE, draw_code, on_desk, to_png
from feedesk.rules.receipt_document import PaperMarks, ReceiptDocument


@dataclass(frozen=True, slots=True)
class _Setting:
    """How a style is drawn: dots of a column, height of the row, top of the characters within it."""

    cell: int
    height: int
    top: int


_SETTINGS = {
    Style.BODY: _Setting(12, 34, 5),
    Style.STRONG: _Setting(12, 34, 5),
    Style.DETAIL: _Setting(11, 32, 5),
    Style.TITLE: _Setting(18, 46, 5),
    Style.TOTAL: _Setting(22, 64, 11),
    Style.BANNER: _Setting(22, 60, 6),
}
_RULE_HEIGHT, _RULE_TOP, _DASH, _GAP = 22, 9, 6, 4


def png(document: ReceiptDocument, marks: PaperMarks | None = None, *, columns: int = 48) -> bytes:
    """The picture as a PNG file; the same bytes for the same receipt on the same machine."""
    return to_png(picture(document, marks, columns=columns))


def picture(document: ReceiptDocument, marks: PaperMarks | None = None, *, columns: int = 48) -> Image.Image:
    """The slip on its paper, with a grey margin (mode L); 688 dots wide for 48 columns."""
    lines = lay_out(document, marks, columns=columns)
    return on_desk(draw_lines(lines, columns))


def draw_lines(lines: tuple[Line, ...], columns: int) -> Image.Image:
    """The lines alone, ``columns × 12`` dots wide, without margins."""
    across = columns * CELL
    heights = [_height(line, across) for line in lines]
    image = Image.new("L", (across, max(1, sum(heights))), WHITE)
    y = 0
    for line, height in zip(lines, heights, strict=True):
        _draw(image, y, line)
        y += height
    return image


def _height(line: Line, across: int) -> int:
    match line:
        case Words(style=style):
            return _SETTINGS[style].height
        case Rule():
            return _RULE_HEIGHT
        case SealAndCode(code=code):
            return 26 + _code_size(code, across)


def _draw(image: Image.Image, y: int, line: Line) -> None:
    match line:
        case Words():
            _draw_words(image, y, line)
        case Rule():
            _draw_rule(image, y + _RULE_TOP)
        case SealAndCode():
            _draw_seal(image, y, line)


def _draw_words(image: Image.Image, y: int, line: Words) -> None:
    setting, bold = _SETTINGS[line.style], line.style.bold
    top, across = y + setting.top, image.width
    left = line.indent * CELL
    if line.centred:
        left = (across - width(line.left) * setting.cell) // 2
    draw_text(image, (left, top), line.left, setting.cell, bold=bold)
    if line.right:
        start = across - width(line.right) * setting.cell
        draw_text(image, (start, top), line.right, setting.cell, bold=bold and not line.light_right)


def _draw_rule(image: Image.Image, y: int) -> None:
    for x in range(0, image.width, _DASH + _GAP):
        image.paste(BLACK, (x, y, min(x + _DASH, image.width), y + 2))


def _code_size(code: str, across: int) -> int:
    return module_size(code, min(176, across // 3)) * len(qr_modules(code))


def _draw_seal(image: Image.Image, y: int, line: SealAndCode) -> None:
    code = _code_size(line.code, image.width)
    top, bottom = y + 13, y + 13 + code
    draw_text(image, (0, top + 7), line.label, CELL)
    box = (0, top + 35, min(264, image.width - code - 3 * CELL), bottom - 1)
    ImageDraw.Draw(image).rectangle(box, outline=BLACK, width=2)
    draw_code(image, (image.width - code, top), line.code, module_size(line.code, min(176, image.width // 3)))
