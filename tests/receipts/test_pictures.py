"""Slips as PNG, the A5 form as PDF, and the plain forms."""

import io
import json
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from feedesk.money import Fen
from feedesk.receipts.codes import module_size, qr_modules
from feedesk.receipts.columns import COLUMNS
from feedesk.receipts.image import picture
from feedesk.receipts.pdf import pdf
from feedesk.receipts.render import FORMS, render
from feedesk.rules.receipt_document import SAMPLE, PaperMarks, ReceiptDocument
from tests.receipts.samples import DOCUMENTS, LONG, RARE


@pytest.mark.parametrize("columns", COLUMNS)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_picture_of_a_slip(name: str, columns: int) -> None:
    document, marks = DOCUMENTS[name]
    with Image.open(io.BytesIO(render(document, marks, form="png", columns=columns))) as image:
        assert image.width == columns * 12 + 2 * (32 + 24)
        assert image.getpixel((0, 0)) == 0xEB
        image.load()
        border = [image.crop(box) for box in _side_margins(image)]
    assert {part.getextrema() for part in border} == {(255, 255)}, "nothing is printed beyond the columns"


def _side_margins(image: Image.Image) -> list[tuple[int, int, int, int]]:
    right = image.width
    return [(24, 24, 56, image.height - 24), (right - 56, 24, right - 24, image.height - 24)]


@pytest.mark.parametrize("columns", COLUMNS)
def test_the_picture_holds_the_code_of_the_receipt(columns: int) -> None:
    image = picture(SAMPLE, columns=columns)
    modules = qr_modules(SAMPLE.code)
    size = module_size(SAMPLE.code, min(176, columns * 12 // 3))
    left = image.width - 56 - size * len(modules)
    tops = [y for y in range(image.height) if _code_at(image, left, y, size) == modules]
    assert 0 < len(tops) <= size


def _code_at(image: Image.Image, left: int, top: int, size: int) -> tuple[tuple[bool, ...], ...]:
    count, half = len(qr_modules(SAMPLE.code)), size // 2
    if top + size * count > image.height or image.getpixel((left + half, top + half)) != 0:
        return ()
    return tuple(
        tuple(image.getpixel((left + c * size + half, top + r * size + half)) == 0 for c in range(count))
        for r in range(count)
    )


def test_a_long_code_still_fits() -> None:
    code = "https://example.invalid/receipts/SJ-2026-1-004289?check=0123456789abcdef"
    assert len(qr_modules(code)) * module_size(code, 128) <= 192


@pytest.mark.parametrize("name", DOCUMENTS)
def test_forms_are_the_same_bytes_each_time(name: str) -> None:
    document, marks = DOCUMENTS[name]
    for form in FORMS:
        assert render(document, marks, form=form) == render(document, marks, form=form)


def test_an_unknown_form() -> None:
    with pytest.raises(ValueError, match="fax"):
        render(SAMPLE, form="fax")


def test_json_is_the_stored_document_with_its_marks() -> None:
    facts = json.loads(render(SAMPLE, PaperMarks(reprint=1), form="json"))
    assert facts.pop("marks") == {
        "reprint": 1,
        "void": False,
        "reversed_by": "",
        "refunded_by": "",
        "paid_by": "",
        "moved_to": "",
        "claimed_by": "",
    }
    assert ReceiptDocument.from_json(json.dumps(facts)) == SAMPLE


def test_text_keeps_characters_that_no_font_has() -> None:
    text = render(replace(SAMPLE, payer="样\U0003fffd"), form="text").decode()
    assert "交款人 样\U0003fffd\n" in text


def text_of(path: Path, program: Callable[[str], str]) -> str:
    made = subprocess.run([program("pdftotext"), "-layout", str(path), "-"], capture_output=True, check=True)
    return made.stdout.decode()


@pytest.mark.parametrize("name", [*DOCUMENTS, "rare"])
def test_the_form_can_be_searched_and_says_all(tmp_path: Path, program: Callable[[str], str], name: str) -> None:
    document, marks = {**DOCUMENTS, "rare": (RARE, PaperMarks())}[name]
    file = tmp_path / "receipt.pdf"
    file.write_bytes(pdf(document, marks))
    text = "".join(text_of(file, program).split())
    facts = [document.number, document.unit, document.payer, document.in_words, document.cashier, document.remark]
    facts += [line.item for line in document.lines] + [document.reverses, document.reason, document.account]
    for fact in facts:
        words = "".join(fact.split()).replace("¥", "￥")
        if name == "long":  # wrapped, with other cells between the parts
            assert set(words) <= set(text)
        else:
            assert words in text
    assert ("补打第" in text) is bool(marks.reprint)
    assert ("【作废】" in text) is marks.void


def test_fonts_are_embedded_as_subsets(tmp_path: Path, program: Callable[[str], str]) -> None:
    file = tmp_path / "receipt.pdf"
    file.write_bytes(pdf(RARE))
    listing = subprocess.run([program("pdffonts"), str(file)], capture_output=True, check=True, text=True).stdout
    fonts = [line.split() for line in listing.splitlines()[2:]]
    assert {row[0].partition("+")[2] for row in fonts} == {
        "NotoSansSC-Regular",
        "NotoSansSC-Bold",
        "RareHan-Regular",
    }
    assert all(row[-5:-2] == ["yes", "yes", "yes"] for row in fonts)
    assert len(file.read_bytes()) < 150_000


def test_a_long_receipt_runs_over_sheets_with_the_total_on_the_last(
    tmp_path: Path, program: Callable[[str], str]
) -> None:
    lines = SAMPLE.lines * 8
    total = Fen(SAMPLE.subtotal * 8)
    tender = replace(SAMPLE.tenders[0], tendered=total, kept=total)
    document = replace(
        SAMPLE, lines=lines, subtotal=total, rounding=Fen(0), total=total, tenders=(tender,), change=Fen(0)
    )
    file = tmp_path / "receipt.pdf"
    file.write_bytes(pdf(document))
    sheets = text_of(file, program).split("\f")[:-1]
    assert len(sheets) == 4
    assert ["收款单位" in sheet for sheet in sheets] == [False, False, False, True]
    assert ["实收" in sheet for sheet in sheets] == [False, False, False, True]
    assert sum(sheet.count("993.88") for sheet in sheets) == 8
    assert all(SAMPLE.number in sheet for sheet in sheets)


def test_a_short_receipt_is_one_sheet(tmp_path: Path, program: Callable[[str], str]) -> None:
    for document in (SAMPLE, LONG):
        file = tmp_path / "receipt.pdf"
        file.write_bytes(pdf(document))
        assert text_of(file, program).count("\f") == 1


def test_marks_on_the_form_stand_clear_of_the_title(tmp_path: Path, program: Callable[[str], str]) -> None:
    numbers = "、".join(f"SJ-2026-1-{number:06d}" for number in (124, 131, 140, 155))
    marks = PaperMarks(reprint=3, refunded_by=numbers, paid_by="现金 60.00、微信 40.00", moved_to="SJ-2026-1-000200")
    file = tmp_path / "receipt.pdf"
    for some in (marks, PaperMarks(reprint=3), replace(marks, claimed_by=numbers)):
        file.write_bytes(pdf(SAMPLE, some))
        words = subprocess.run(
            [program("pdftotext"), "-bbox", str(file), "-"], capture_output=True, check=True, text=True
        )
        found = re.findall(r'xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)<', words.stdout)
        boxes = [(*map(float, one[:4]), one[4]) for one in found]
        for place, (left, top, right, bottom, word) in enumerate(boxes):
            for l2, t2, r2, b2, other in boxes[place + 1 :]:
                across, down = min(right, r2) - max(left, l2), min(bottom, b2) - max(top, t2)
                assert across < 1 or down < 0.5 * min(bottom - top, b2 - t2), (word, other)
        assert any("第" in one[4] for one in found)
