"""What goes out, read back by an interpreter that knows nothing of the layout."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from feedesk.receipts.columns import COLUMNS, MINUS, width
from feedesk.receipts.escpos import OPEN_DRAWER, PAPER_DOTS, SlipForm, escpos, opens_drawer, raster
from feedesk.receipts.image import draw_lines
from feedesk.receipts.interpreter import Feed, Printed, Raster, Row, interpret, raster_image
from feedesk.receipts.layout import Line, Rule, SealAndCode, Words, lay_out
from feedesk.receipts.repertoire import Repertoire, encoded
from feedesk.rules.receipt_document import SAMPLE, PaperMarks, ReceiptDocument
from tests.receipts.samples import DOCUMENTS, RARE, documents

TEXT_REPERTOIRES = [repertoire for repertoire in Repertoire if repertoire is not Repertoire.NONE]


def printed(document: ReceiptDocument, marks: PaperMarks | None = None, form: SlipForm | None = None) -> Printed:
    form = form or SlipForm()
    return interpret(escpos(document, marks, form), columns=form.columns, repertoire=form.repertoire)


def as_sent(text: str) -> str:
    return text.replace(MINUS, "-")


def assert_shows(paper: Printed, lines: tuple[Line, ...], form: SlipForm) -> None:
    """Every line of the layout came out, in order: as just this text, or as just this picture."""
    elements = iter(element for element in paper.elements if not isinstance(element, Feed))
    for line in lines:
        match line:
            case Rule():
                row = next(elements)
                assert isinstance(row, Row)
                assert row.text == "-" * form.columns
            case SealAndCode(label):
                assert isinstance(row := next(elements), Row)
                assert row.text == label
                top, _code, bottom = next(elements), next(elements), next(elements)
                assert isinstance(top, Row)
                assert isinstance(bottom, Row)
                assert (top.text[0], bottom.text[0]) == ("┌", "└")
            case Words() if encoded(line.padded(form.columns), form.repertoire) is None:
                assert_picture(next(elements), line, form)
            case Words():
                assert isinstance(row := next(elements), Row)
                assert row.text == as_sent(line.padded(form.columns))
                assert row.columns <= form.columns
                assert row.columns == line.style.scale * width(row.text)
                assert {run.bold for run in row.runs} <= {line.style.bold, line.style.bold and not line.light_right}
                assert row.align == ("centre" if line.centred else "left")
    assert next(elements, None) is None


def assert_picture(element: object, line: Words, form: SlipForm) -> None:
    assert isinstance(element, Raster)
    expected = draw_lines((line,), form.columns).point(lambda grey: 0 if grey < 128 else 255)
    shown = raster_image(element)
    assert shown.size == (PAPER_DOTS[form.columns], expected.height)
    assert shown.crop((0, 0, *expected.size)).tobytes() == expected.tobytes()
    assert expected.getextrema()[0] == 0, "the picture of a line must not be blank"


@pytest.mark.parametrize("repertoire", TEXT_REPERTOIRES)
@pytest.mark.parametrize("columns", COLUMNS)
@pytest.mark.parametrize("name", [*DOCUMENTS, "rare"])
def test_what_comes_out_is_what_was_laid_out(name: str, columns: int, repertoire: Repertoire) -> None:
    document, marks = {**DOCUMENTS, "rare": (RARE, PaperMarks())}[name]
    form = SlipForm(columns, repertoire)
    paper = printed(document, marks, form)
    assert paper.problems == ()
    assert_shows(paper, lay_out(document, marks, columns=columns), form)
    assert paper.codes == (document.code,)
    assert paper.cut


@given(documents(), st.sampled_from(COLUMNS), st.sampled_from(TEXT_REPERTOIRES))
def test_no_receipt_comes_out_garbled(document: ReceiptDocument, columns: int, repertoire: Repertoire) -> None:
    form = SlipForm(columns, repertoire)
    paper = printed(document, None, form)
    assert paper.problems == ()
    assert_shows(paper, lay_out(document, columns=columns), form)


@given(documents(), st.sampled_from(TEXT_REPERTOIRES))
def test_never_a_question_mark_nor_the_four_byte_yen(document: ReceiptDocument, repertoire: Repertoire) -> None:
    job = escpos(document, None, SlipForm(48, repertoire))
    text = "".join(row.text for row in interpret(job, repertoire=repertoire).rows)
    assert "?" not in text
    assert "¥" not in text
    assert "\ufffd" not in text


@pytest.mark.parametrize(
    ("repertoire", "inside", "outside"),
    [
        (Repertoire.GBK, "㎡〇喆堃￥·—①┌−样~", "㛃𠮷²✓é́€¥\u0301"),
        (Repertoire.GB2312, "￥·—①┌−样~", "㎡〇喆堃㛃𠮷²"),
        (Repertoire.GB18030, "㎡〇喆㛃￥·", "𠮷𬀩²¥€é́"[:4]),
        (Repertoire.UTF8, "㎡〇喆㛃￥·", "𠮷𬀩²¥"),
        (Repertoire.NONE, "", "A样"),
    ],
)
def test_repertoires(repertoire: Repertoire, inside: str, outside: str) -> None:
    for character in inside:
        assert encoded(character, repertoire) is not None, character
    for character in outside:
        if character != "é":
            assert encoded(character, repertoire) is None, character


def test_bytes_of_a_repertoire() -> None:
    assert encoded("￥12−", Repertoire.GBK) == b"\xa3\xa412-"
    assert encoded("·", Repertoire.GB2312) == b"\xa1\xa4"
    assert encoded("㛃", Repertoire.GB18030) == "㛃".encode("gb18030")
    assert encoded("样", Repertoire.UTF8) == "样".encode()
    assert encoded("a\nb", Repertoire.GBK) is None, "a control character is never text"


def test_a_job_begins_with_reset_and_chinese_mode_and_ends_with_a_cut() -> None:
    job = escpos(SAMPLE)
    assert job.startswith(b"\x1b@\x1c&")
    assert job.endswith(b"\x1dV\x42\x03")
    assert escpos(SAMPLE, None, SlipForm(cut=False)).endswith(b"\x1bd\x05")


def test_title_and_total_are_of_double_size() -> None:
    rows = printed(SAMPLE).rows
    title, total = rows[0], next(row for row in rows if row.text.startswith("实收"))
    assert {(run.wide, run.tall, run.bold) for row in (title, total) for run in row.runs} == {(2, 2, True)}
    assert total.columns == 48
    assert total.text == "实收" + " " * 12 + "1,998.40"


def test_only_the_line_of_a_rare_name_is_a_picture() -> None:
    paper = printed(replace(SAMPLE, payer="样𠮷"))
    assert sum(isinstance(element, Raster) for element in paper.elements) == 1
    assert "交款人" not in paper.text()
    assert printed(SAMPLE).text().count("交款人") == 1


@pytest.mark.parametrize("columns", COLUMNS)
def test_without_chinese_firmware_the_whole_slip_is_a_picture(columns: int) -> None:
    form = SlipForm(columns, Repertoire.NONE)
    paper = printed(RARE, None, form)
    assert paper.problems == ()
    assert not paper.rows
    bands = [element for element in paper.elements if isinstance(element, Raster)]
    assert max(band.rows for band in bands) == 256
    whole = draw_lines(lay_out(RARE, columns=columns), columns)
    assert sum(band.rows for band in bands) == whole.height
    joined = b"".join(band.data for band in bands)
    assert joined == b"".join(
        element.data
        for element in interpret(raster(_widened(whole, columns)), columns=columns).elements
        if isinstance(element, Raster)
    )


def _widened(image: Image.Image, columns: int) -> Image.Image:
    paper = Image.new("L", (PAPER_DOTS[columns], image.height), 255)
    paper.paste(image, (0, 0))
    return paper


@pytest.mark.parametrize(
    ("marks", "tender", "opens"),
    [
        (PaperMarks(), "cash", True),
        (PaperMarks(), "wechat", False),
        (PaperMarks(reprint=1), "cash", False),
        (PaperMarks(void=True), "cash", False),
    ],
)
def test_the_drawer_opens_for_cash_and_once(marks: PaperMarks, tender: str, opens: bool) -> None:
    document = replace(SAMPLE, tenders=(replace(SAMPLE.tenders[0], code=tender),))
    assert opens_drawer(document, marks) is opens
    assert printed(document, marks, SlipForm(drawer=True)).drawer_opened is opens
    assert OPEN_DRAWER not in escpos(document, marks, SlipForm(drawer=False))
