from dataclasses import replace

import pytest
from hypothesis import given

from feedesk.money import Fen, format_amount
from feedesk.receipts.columns import COLUMNS, MINUS, clean, width
from feedesk.receipts.fonts import spelled
from feedesk.receipts.layout import Line, Rule, SealAndCode, Style, Words, lay_out
from feedesk.receipts.repertoire import Repertoire, encoded
from feedesk.rules.receipt_document import SAMPLE, PaperMarks, ReceiptDocument, ReceiptKind, TenderLine
from tests.receipts.samples import DOCUMENTS, LONG, REFUND, REVERSAL, documents


def texts_of(lines: tuple[Line, ...]) -> list[str]:
    return [text for line in lines if isinstance(line, Words) for text in (line.left, line.right) if text]


def columns_taken(line: Words) -> int:
    gap = 1 if line.left and line.right else 0
    return line.style.scale * (line.indent + width(line.left) + gap + width(line.right))


def test_only_the_known_widths() -> None:
    with pytest.raises(ValueError, match="40 columns"):
        lay_out(SAMPLE, columns=40)


@pytest.mark.parametrize("columns", COLUMNS)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_line_fits(name: str, columns: int) -> None:
    lines = lay_out(*DOCUMENTS[name], columns=columns)
    assert max(columns_taken(line) for line in lines if isinstance(line, Words)) <= columns


@given(documents())
def test_any_receipt_fits_whole_with_its_amounts_unbroken(document: ReceiptDocument) -> None:
    for columns in COLUMNS:
        lines = lay_out(document, columns=columns)
        assert all(columns_taken(line) <= columns for line in lines if isinstance(line, Words))
        texts = texts_of(lines)
        amounts = [*(line.amount for line in document.lines), document.total, document.still_owed]
        amounts += [tender.tendered for tender in document.tenders]
        for amount in amounts:
            assert any(format_amount(amount) in text for text in texts)
        bare = _bare("".join(line.left for line in lines if isinstance(line, Words)))
        for name in (document.payer, document.unit, document.remark):
            assert _bare(spelled(clean(name))) in bare


def _bare(text: str) -> str:
    return text.replace(" ", "").replace("\u3000", "")


def test_own_words_stay_inside_gb2312() -> None:
    for document, marks in DOCUMENTS.values():
        document = replace(document, unit_note="", lines=(), subtotal=Fen(0), rounding=Fen(0), total=Fen(0), tenders=())
        for text in texts_of(lay_out(document, marks)):
            assert encoded(text, Repertoire.GB2312) is not None


def test_the_sample_reads_as_designed() -> None:
    lines = lay_out(SAMPLE)
    assert lines[0] == Words("物业收费收据", style=Style.TITLE, centred=True)
    assert lines[1] == Words("锦绣江南小区 · 温江和泰物业(样例)", centred=True)
    assert lines[2] == Rule()
    assert Words("3-1-502", "98.60㎡", Style.STRONG, light_right=True) in lines
    assert Words("物业费 2026-08~11", "993.88") in lines
    assert Words("老年减免10% −110.44", style=Style.DETAIL, indent=2) in lines
    assert Words("实收", "1,998.40", Style.TOTAL) in lines
    assert Words("抹零", "−0.01") in lines
    assert Words("现金 2,000.00", "找零 1.60") in lines
    assert SealAndCode("收款单位(章):", SAMPLE.code) in lines


def test_marks_stand_above_the_title() -> None:
    marks = PaperMarks(reprint=2, void=True, reversed_by="SJ-1")
    lines = lay_out(replace(SAMPLE, training=True), marks)
    above = [line.left for line in lines[:5] if isinstance(line, Words)]
    assert above == ["【培训】", "【作废】", "已红冲 红冲票号 SJ-1", "补打 第 2 次", "物业收费收据"]


def test_practice_paper_says_so_below_too() -> None:
    assert "培训专用 · 不作收款凭证" in texts_of(lay_out(replace(SAMPLE, training=True)))
    assert "培训专用 · 不作收款凭证" not in texts_of(lay_out(SAMPLE))


def test_a_reversal_names_what_it_reverses() -> None:
    texts = texts_of(lay_out(REVERSAL))
    assert {"红冲收据", "原票号 SJ-2026-1-004289", "原因 收错房屋", "红冲", "−1,042.52"} <= set(texts)
    assert "微信 −1,042.52" in texts
    assert not any("数电票" in text for text in texts)


def test_a_refund_names_its_payee() -> None:
    texts = texts_of(lay_out(REFUND))
    assert {"退款收据", "收款人 样例住户", "实退", "2,000.00", "退款人民币贰仟元整"} <= set(texts)


def test_no_change_and_no_rounding_leave_no_line() -> None:
    texts = texts_of(lay_out(REVERSAL))
    assert "抹零" not in texts
    assert not any("找零" in text for text in texts)


def test_change_stands_with_the_tender_it_was_given_on() -> None:
    document = replace(
        SAMPLE,
        tenders=(
            TenderLine("cash", "现金", Fen(100000), Fen(99840)),
            TenderLine("wechat", "微信", Fen(100000), Fen(100000), "4200001"),
        ),
    )
    lines = lay_out(document)
    assert Words("现金 1,000.00", "找零 1.60") in lines
    assert Words("微信 1,000.00") in lines
    assert Words("单号 4200001", style=Style.DETAIL, indent=2) in lines


def test_a_total_too_wide_for_double_size_is_set_bold() -> None:
    assert Words("实收", "999,999,999,999.99", Style.STRONG) in lay_out(LONG, columns=32)
    assert Words("实收", "999,999,999,999.99", Style.TOTAL) in lay_out(LONG, columns=48)


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("人民币叁佰元整", ["人民币叁佰元整"]),
        ("退款人民币贰仟肆佰捌拾肆元柒角贰分", ["退款人民币贰仟肆佰捌拾肆元", "柒角贰分"]),
        (
            "人民币壹拾贰万叁仟肆佰伍拾陆元柒角捌分",
            ["人民币壹拾贰万叁仟肆佰伍拾陆元", "柒角捌分"],
        ),
    ],
)
def test_an_amount_in_words_is_broken_where_it_can_be_read(words: str, parts: list[str]) -> None:
    lines = lay_out(replace(SAMPLE, in_words=words), columns=32)
    found = [line.left for line in lines if isinstance(line, Words) and line.left in parts]
    assert found == parts


def test_a_prepayment_used_up_is_told() -> None:
    paid = replace(SAMPLE, prepaid_balance=Fen(0), change=Fen(0))
    assert not any("预存余额" in text for text in texts_of(lay_out(paid)))
    tender = TenderLine("prepaid", "预存", SAMPLE.total, SAMPLE.total)
    assert "预存余额 0.00" in texts_of(lay_out(replace(paid, tenders=(tender,))))


def test_what_bounced_fits_in_double_size_on_narrow_paper() -> None:
    bounced = replace(REVERSAL, kind=ReceiptKind.BOUNCE)
    (total,) = [line for line in lay_out(bounced, columns=32) if isinstance(line, Words) and line.style is Style.TOTAL]
    assert (total.left, total.right) == ("退票", format_amount(bounced.total))


def test_a_receipt_keeps_the_language_it_was_issued_in() -> None:
    texts = texts_of(lay_out(replace(SAMPLE, language="en")))
    assert {"Property fee receipt", "Total received", "Change 1.60", f"{MINUS}0.01"} <= set(texts)


def test_what_no_font_has_is_spelled_out(monkeypatch: pytest.MonkeyPatch) -> None:
    document = replace(SAMPLE, payer="样\U000307a5")
    lines = lay_out(document, spell=lambda text: text.replace("\U000307a5", "[U+307A5]"))
    assert Words("交款人 样[U+307A5]", style=Style.STRONG) in lines
