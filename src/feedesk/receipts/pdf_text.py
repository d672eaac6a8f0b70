"""Text on a PDF page: each run of characters in the first embedded font that has them."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import PDFDocument, PDFStream
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas

from feedesk.receipts.columns import clean
from feedesk.receipts.fonts import Face, FontMissing, bundled_faces, face_for, spelled


class _SearchableFont(TTFont):
    """A font whose text can be searched and copied beyond the basic plane too.

    The library writes U+20BB7 as ``<20BB7>`` into its table of characters, where PDF (9.10.3) asks for UTF-16.
    """

    def addObjects(self, doc: PDFDocument) -> None:  # noqa: N802 - the library's name
        super().addObjects(doc)
        for name, stream in doc.idToObject.items():
            if name.startswith("toUnicodeCMap:") and isinstance(stream, PDFStream):
                stream.content = re.sub(r"(?<=> )<([0-9A-F]{5,6})>", _in_utf16, stream.content)


def _in_utf16(match: re.Match[str]) -> str:
    return f"<{chr(int(match[1], 16)).encode('utf-16-be').hex().upper()}>"


def body_font() -> str:
    """The name of the embedded font most text is set in."""
    return _registered(bundled_faces()[0])


def fit(text: str) -> str:
    """Text as it can be set: no control characters, and code points for what no embeddable font has."""
    return spelled(clean(text), embeddable=True).strip()


def measure(text: str, size: float, *, bold: bool = False) -> float:
    """The width of a text in points."""
    return sum(float(pdfmetrics.stringWidth(run, font, size)) for run, font in _runs(text, bold))


def draw(
    canvas: Canvas, at: tuple[float, float], text: str, size: float, *, bold: bool = False, align: str = "left"
) -> None:
    """Sets text with its baseline at ``at``, which is its left end, its centre or its right end."""
    x, y = at
    x -= measure(text, size, bold=bold) * {"left": 0, "centre": 0.5, "right": 1}[align]
    line = canvas.beginText(x, y)
    for run, font in _runs(text, bold):
        line.setFont(font, size)
        line.textOut(run)
    canvas.drawText(line)


def _runs(text: str, bold: bool) -> Iterator[tuple[str, str]]:
    for font, characters in groupby(text, lambda character: _font_name(character, bold)):
        yield "".join(characters), font


@lru_cache(maxsize=8192)
def _font_name(character: str, bold: bool) -> str:
    face = face_for(character, bold=bold, embeddable=True) or bundled_faces(bold=bold)[0]
    return _registered(face)


@lru_cache(maxsize=64)
def _registered(face: Face) -> str:
    name = f"{face.path.stem}-{face.index}"
    try:
        pdfmetrics.registerFont(_SearchableFont(name, str(face.path), subfontIndex=face.index))
    except (TTFError, OSError) as error:
        raise FontMissing(path=face.path) from error
    return name
