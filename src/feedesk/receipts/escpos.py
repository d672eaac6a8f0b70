"""A slip as ESC/POS bytes, composed by us: the text layer of the printer library is not safe for Chinese.

A job begins with ``ESC @`` (initialise) and ``FS &`` (Chinese mode). A line with a character outside the printer's
repertoire goes out as a picture of that line, so that a rare name is printed as it is written. Sizes are set by
``GS !``, which enlarges both scripts, the QR code is the printer's own; sources: Epson's ESC/POS reference and the
manuals of Chinese makes that follow it.
"""

from dataclasses import dataclass

from PIL import Image

from feedesk.receipts.codes import ERROR_LEVEL, module_size, qr_modules
from feedesk.receipts.glyphs import CELL
from feedesk.receipts.image import draw_lines
from feedesk.receipts.layout import Line, Rule, SealAndCode, Words, lay_out
from feedesk.receipts.repertoire import Repertoire, encoded
from feedesk.rules.receipt_document import PaperMarks, ReceiptDocument

ESC, FS, GS = b"\x1b", b"\x1c", b"\x1d"

INITIALISE = ESC + b"@"
CHINESE_MODE = FS + b"&"
OPEN_DRAWER = ESC + bytes([ord("p"), 0, 25, 250])
CUT = GS + bytes([ord("V"), 66, 3])
FEED_TO_TEAR = ESC + b"d\x05"
PAPER_DOTS = {32: 384, 42: 512, 48: 576}
"""Dots across the print head for each width in columns."""

BAND_ROWS = 256
"""The most rows of one raster command: more overruns the buffer of small printers."""

_ALIGN = {"left": ESC + b"a\x00", "centre": ESC + b"a\x01", "right": ESC + b"a\x02"}
_BREATH = ESC + b"J\x08"
"""Eight dots of feed around a line of double size, which would else touch its neighbours."""


@dataclass(frozen=True, slots=True)
class SlipForm:
    """What bytes depend on beside the receipt: width, repertoire, and whether to cut and to open the drawer."""

    columns: int = 48
    repertoire: Repertoire = Repertoire.GBK
    cut: bool = True
    drawer: bool = False


def escpos(document: ReceiptDocument, marks: PaperMarks | None = None, form: SlipForm | None = None) -> bytes:
    """The bytes of one slip. The drawer opens only for an original with cash in it, before the slip is printed."""
    form, marks = form or SlipForm(), marks or PaperMarks()
    lines = lay_out(document, marks, columns=form.columns)
    return slip_bytes(lines, form, open_drawer=form.drawer and opens_drawer(document, marks))


def slip_bytes(lines: tuple[Line, ...], form: SlipForm, *, open_drawer: bool = False) -> bytes:
    """The bytes of a slip of any lines, from the printer's reset to the cut."""
    job = [INITIALISE, CHINESE_MODE]
    if open_drawer:
        job.append(OPEN_DRAWER)
    if form.repertoire is Repertoire.NONE:
        job.append(raster(_on_head(draw_lines(lines, form.columns), form.columns)))
    else:
        job.extend(_line_bytes(line, form) for line in lines)
    job.append(CUT if form.cut else FEED_TO_TEAR)
    return b"".join(job)


def opens_drawer(document: ReceiptDocument, marks: PaperMarks) -> bool:
    """Whether cash goes in or out with this copy of the receipt."""
    return marks == PaperMarks() and any(tender.code == "cash" for tender in document.tenders)


def _line_bytes(line: Line, form: SlipForm) -> bytes:
    match line:
        case Rule():
            return b"-" * form.columns + b"\n"
        case SealAndCode():
            return _seal_bytes(line, form)
        case Words():
            return _words_bytes(line, form)


def _words_bytes(line: Words, form: SlipForm) -> bytes:
    whole = line.padded(form.columns)
    text = encoded(whole, form.repertoire)
    if text is None:
        return raster(_on_head(draw_lines((line,), form.columns), form.columns))
    if line.style.bold and line.right and line.light_right:
        right = encoded(line.right, form.repertoire) or b""
        return _bold(text[: len(text) - len(right)]) + right + b"\n"
    if line.style.bold:
        text = _bold(text)
    if line.style.scale == 2:
        text = GS + b"!\x11" + text + GS + b"!\x00"
    printed = _ALIGN["centre"] + text + b"\n" + _ALIGN["left"] if line.centred else text + b"\n"
    return _BREATH + printed + _BREATH if line.style.scale == 2 else printed


def _bold(text: bytes) -> bytes:
    return ESC + b"E\x01" + text + ESC + b"E\x00"


def _seal_bytes(line: SealAndCode, form: SlipForm) -> bytes:
    """The upper and lower edge of the seal's box at the left, and between them, at the right, the printer's QR code.

    Standing on the right edge of the paper the code leaves the room of the seal blank, without page mode or raster.
    """
    room = PAPER_DOTS[form.columns] // 3
    size = module_size(line.code, room)
    inside = (form.columns - (size * len(qr_modules(line.code)) + CELL - 1) // CELL - 2) // 2 - 2
    inside = min(inside, 9)
    edges = (Words(f"┌{'─' * inside}┐"), Words(f"└{'─' * inside}┘"))
    top, bottom = (_words_bytes(edge, form) for edge in edges)
    label = _words_bytes(Words(line.label), form)
    return label + top + _ALIGN["right"] + qr(line.code, size) + _ALIGN["left"] + bottom


def qr(text: str, size: int) -> bytes:
    """The printer's own QR code: ``GS ( k`` functions 165 model 2, 167 size, 169 correction M, 180 store, 181 print."""
    data = text.encode("utf-8")
    level = {"l": 48, "m": 49, "q": 50, "h": 51}[ERROR_LEVEL]
    parts = [b"A\x32\x00", b"C" + bytes([size]), b"E" + bytes([level]), b"P0" + data, b"Q0"]
    return b"".join(GS + b"(k" + (len(part) + 1).to_bytes(2, "little") + b"1" + part for part in parts)


def _on_head(image: Image.Image, columns: int) -> Image.Image:
    """The picture on the full width of the print head."""
    paper = Image.new("L", (PAPER_DOTS[columns], image.height), 255)
    paper.paste(image, (0, 0))
    return paper


def raster(image: Image.Image) -> bytes:
    """A picture (mode L, its width a multiple of 8) as ``GS v 0`` commands of at most `BAND_ROWS` rows each."""
    dots = image.point(lambda grey: 255 if grey < 128 else 0).convert("1", dither=Image.Dither.NONE)
    across = dots.width // 8
    bands = []
    for top in range(0, dots.height, BAND_ROWS):
        rows = min(BAND_ROWS, dots.height - top)
        data = dots.crop((0, top, dots.width, top + rows)).tobytes()
        bands.append(GS + b"v0\x00" + across.to_bytes(2, "little") + rows.to_bytes(2, "little") + data)
    return b"".join(bands)
