"""Paper on a screen: a slip with its margins lying on grey, QR codes, PNG files."""

import io

from PIL import Image

from feedesk.receipts.codes import ERROR_LEVEL, qr_modules

BLACK, WHITE, DESK = 0, 255, 0xEB

PAPER_MARGINS = (32, 39, 32, 35)
"""Dots of white left, above, right and below what is printed."""

DESK_MARGIN = 24


def on_desk(printed: Image.Image) -> Image.Image:
    """What is printed, with the margins of its paper, lying on grey (mode L)."""
    left, above, right, below = PAPER_MARGINS
    paper = (printed.width + left + right, printed.height + above + below)
    desk = Image.new("L", (paper[0] + 2 * DESK_MARGIN, paper[1] + 2 * DESK_MARGIN), DESK)
    desk.paste(WHITE, (DESK_MARGIN, DESK_MARGIN, DESK_MARGIN + paper[0], DESK_MARGIN + paper[1]))
    desk.paste(printed, (DESK_MARGIN + left, DESK_MARGIN + above))
    return desk


def draw_code(image: Image.Image, at: tuple[int, int], text: str, size: int, error: str = ERROR_LEVEL) -> None:
    """Draws a QR code with squares of ``size`` dots, its upper left corner at ``at``."""
    left, top = at
    for row, modules in enumerate(qr_modules(text, error)):
        for column, black in enumerate(modules):
            if black:
                x, y = left + column * size, top + row * size
                image.paste(BLACK, (x, y, x + size, y + size))


def to_png(image: Image.Image) -> bytes:
    """A picture as PNG bytes."""
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()
