"""ESC/POS bytes read back as a printer reads them: to rows of text, and to a picture of the paper.

It knows nothing of how a slip was composed, so it shows what would really come out: bytes outside the firmware's
repertoire, Chinese without Chinese mode, a line longer than the paper. Such things are listed in ``problems``.
"""

from dataclasses import dataclass, field, replace

from PIL import Image

from feedesk.receipts.codes import qr_modules
from feedesk.receipts.columns import width
from feedesk.receipts.commands import tokens_of
from feedesk.receipts.glyphs import CELL, draw_text
from feedesk.receipts.paper import WHITE, draw_code, on_desk
from feedesk.receipts.repertoire import Repertoire, encoded

LINE_SPACING = 34
"""A sixth of an inch at 203 dots per inch, what ``ESC @`` sets."""

_HEAD_DOTS = {32: 384, 42: 512, 48: 576}
_ALIGNMENTS = ("left", "centre", "right")
_LEVELS = {48: "l", 49: "m", 50: "q", 51: "h"}


@dataclass(frozen=True, slots=True)
class Run:
    """Text printed in one manner; ``wide`` and ``tall`` are the factors of its size."""

    text: str
    bold: bool = False
    wide: int = 1
    tall: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """One line of text."""

    runs: tuple[Run, ...]
    align: str = "left"

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)

    @property
    def columns(self) -> int:
        """The columns of paper it takes."""
        return sum(run.wide * width(run.text) for run in self.runs)


@dataclass(frozen=True, slots=True)
class Raster:
    """A picture of one bit a dot, ``across`` bytes wide."""

    across: int
    data: bytes
    align: str = "left"

    @property
    def rows(self) -> int:
        return len(self.data) // self.across if self.across else 0


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code the printer draws itself."""

    text: str
    size: int
    level: str
    align: str = "left"


@dataclass(frozen=True, slots=True)
class Feed:
    dots: int


Element = Row | Raster | Code | Feed


@dataclass(frozen=True, slots=True)
class Printed:
    """What came out of the printer for a job."""

    elements: tuple[Element, ...]
    cut: bool
    drawer_opened: bool
    problems: tuple[str, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(element for element in self.elements if isinstance(element, Row))

    @property
    def codes(self) -> tuple[str, ...]:
        """What the QR codes say."""
        return tuple(element.text for element in self.elements if isinstance(element, Code))

    def text(self) -> str:
        """The rows of text, each ended by a newline; pictures are not in it."""
        return "".join(f"{row.text}\n" for row in self.rows)


def interpret(job: bytes, *, columns: int = 48, repertoire: Repertoire = Repertoire.GBK) -> Printed:
    """What a printer of that width and firmware prints for the bytes of a job."""
    head = _Head(columns, repertoire)
    for token in tokens_of(job):
        head.take(token)
    head.end_row()
    return Printed(tuple(head.elements), head.cut, head.drawer_opened, tuple(head.problems))


@dataclass(frozen=True, slots=True)
class _Manner:
    bold: bool = False
    wide: int = 1
    tall: int = 1


@dataclass(slots=True)
class _Head:
    """The printer's state while it works through a job."""

    columns: int
    repertoire: Repertoire
    elements: list[Element] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    cut: bool = False
    drawer_opened: bool = False
    chinese: bool = False
    manner: _Manner = field(default_factory=_Manner)
    align: str = "left"
    pending: list[tuple[bytes, _Manner]] = field(default_factory=list)
    qr_size: int = 3
    qr_level: str = "l"
    qr_text: str = ""

    def take(self, token: bytes) -> None:
        if token[0] >= 0x20:
            self.pending.append((token, self.manner))
        elif token == b"\n":
            self.end_row(feed=True)
        elif token[0] in (0x1B, 0x1C, 0x1D):
            self.command(token)
        elif token[:2] != b"\x10\x04":
            self.problems.append(f"unknown control {token.hex(' ')}")

    def command(self, token: bytes) -> None:
        argument = token[2] if len(token) > 2 else 0
        match token[:2]:
            case b"\x1b@":
                self.chinese, self.manner, self.align = False, _Manner(), "left"
            case b"\x1c&":
                self.chinese = True
            case b"\x1c.":
                self.chinese = False
            case b"\x1bE":
                self.manner = replace(self.manner, bold=bool(argument & 1))
            case b"\x1d!":
                self.manner = replace(self.manner, wide=(argument >> 4 & 7) + 1, tall=(argument & 7) + 1)
            case b"\x1ba":
                self.align = _ALIGNMENTS[argument % 48] if argument % 48 < 3 else self.align
            case b"\x1bd":
                self.feed(argument * LINE_SPACING)
            case b"\x1bJ":
                self.feed(argument)
            case _:
                self.rare_command(token)

    def rare_command(self, token: bytes) -> None:
        match token[:2]:
            case b"\x1bp":
                self.drawer_opened = True
            case b"\x1dV":
                self.end_row()
                self.cut = True
            case b"\x1dv":
                self.raster(token)
            case b"\x1d(" if token[2:3] == b"k":
                self.symbol(token[5:])
            case _:
                self.problems.append(f"unknown command {token[:4].hex(' ')}")

    def feed(self, dots: int) -> None:
        self.end_row()
        self.elements.append(Feed(dots))

    def raster(self, token: bytes) -> None:
        self.end_row()
        across, rows = int.from_bytes(token[4:6], "little"), int.from_bytes(token[6:8], "little")
        if across * 8 > _HEAD_DOTS[self.columns] or len(token) != 8 + across * rows:
            self.problems.append("picture wider than the paper, or torn")
        elif across and rows:
            self.elements.append(Raster(across, token[8:], self.align))

    def symbol(self, body: bytes) -> None:
        match body[:2]:
            case b"1A":
                pass
            case b"1C":
                self.qr_size = body[2]
            case b"1E":
                self.qr_level = _LEVELS.get(body[2], "l")
            case b"1P":
                self.qr_text = body[3:].decode("utf-8", "replace")
            case b"1Q":
                self.end_row()
                self.elements.append(Code(self.qr_text, self.qr_size, self.qr_level, self.align))
            case _:
                self.problems.append(f"unknown symbol {body[:2].hex(' ')}")

    def end_row(self, *, feed: bool = False) -> None:
        """Prints what stands in the line buffer; a line feed prints an empty row too."""
        if not self.pending and not feed:
            return
        rows: list[list[Run]] = [[]]
        used = 0
        for data, manner in self.pending:
            for character in self.decoded(data):
                takes = manner.wide * width(character)
                if used + takes > self.columns:
                    self.problems.append("line longer than the paper")
                    rows.append([])
                    used = 0
                used += takes
                rows[-1].append(Run(character, manner.bold, manner.wide, manner.tall))
        self.pending.clear()
        self.elements.extend(Row(_joined(runs), self.align) for runs in rows)

    def decoded(self, data: bytes) -> str:
        if not self.chinese or self.repertoire is Repertoire.NONE:
            text = data.decode("cp437")
            self.note_if(not data.isascii(), "Chinese text outside Chinese mode")
            return text
        codec = {Repertoire.GB18030: "gb18030", Repertoire.UTF8: "utf-8"}.get(self.repertoire, "gbk")
        text = data.decode(codec, "replace")
        if self.repertoire is Repertoire.GB2312:
            text = "".join(character if encoded(character, Repertoire.GB2312) else "\ufffd" for character in text)
        self.note_if("\ufffd" in text, "bytes outside the repertoire")
        return text

    def note_if(self, wrong: bool, problem: str) -> None:
        if wrong:
            self.problems.append(problem)


def _joined(runs: list[Run]) -> tuple[Run, ...]:
    """Neighbours of the same manner as one run."""
    joined: list[Run] = []
    for run in runs:
        if joined and replace(joined[-1], text="") == replace(run, text=""):
            joined[-1] = replace(joined[-1], text=joined[-1].text + run.text)
        else:
            joined.append(run)
    return tuple(joined)


# --- the paper ---------------------------------------------------------------------------------------------------


def draw(printed: Printed, *, columns: int = 48) -> Image.Image:
    """A picture of the paper, dot for dot (mode L), lying on grey."""
    dots = _HEAD_DOTS[columns]
    heights = [_height(element) for element in printed.elements]
    paper = Image.new("L", (dots, max(1, sum(heights))), WHITE)
    y = 0
    for element, height in zip(printed.elements, heights, strict=True):
        _draw_element(paper, y, element)
        y += height
    return on_desk(paper)


def raster_image(raster: Raster) -> Image.Image:
    """The picture of a raster command, black on white (mode L)."""
    bits = Image.frombytes("1", (raster.across * 8, raster.rows), raster.data)
    return bits.convert("L").point(lambda dot: WHITE - dot)


def _height(element: Element) -> int:
    match element:
        case Row(runs):
            return max([LINE_SPACING, *(2 * CELL * run.tall for run in runs)])
        case Raster():
            return element.rows
        case Code(text, size, level):
            return size * len(qr_modules(text, level)) if text else 0
        case Feed(dots):
            return dots


def _draw_element(paper: Image.Image, y: int, element: Element) -> None:
    match element:
        case Row():
            _draw_row(paper, y, element)
        case Raster(across, _data, align):
            paper.paste(raster_image(element), (_start(paper, across * 8, align), y))
        case Code(text, size, level, align) if text:
            side = size * len(qr_modules(text, level))
            draw_code(paper, (_start(paper, side, align), y), text, size, level)


def _draw_row(paper: Image.Image, y: int, row: Row) -> None:
    x = _start(paper, row.columns * CELL, row.align)
    base = y + (_height(row) + 2 * CELL * max((run.tall for run in row.runs), default=1)) // 2
    for run in row.runs:
        at = (x, base - 2 * CELL * run.tall)
        x = draw_text(paper, at, run.text, CELL, bold=run.bold, wide=run.wide, tall=run.tall)


def _start(paper: Image.Image, across: int, align: str) -> int:
    spare = paper.width - across
    return {"left": 0, "centre": spare // 2, "right": spare}[align]
