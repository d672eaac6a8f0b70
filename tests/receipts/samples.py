"""Receipts to print in tests: one of each kind, and the awkward ones."""

from dataclasses import replace

from hypothesis import strategies as st

from feedesk.money import Fen
from feedesk.rules.receipt_document import (
    SAMPLE,
    PaperMarks,
    ReceiptDocument,
    ReceiptKind,
    ReceiptLine,
    TenderLine,
)

REVERSAL = replace(
    SAMPLE,
    number="SJ-2026-1-004301",
    kind=ReceiptKind.REVERSAL,
    lines=(ReceiptLine("物业费", "2026-08~11", Fen(-99388)), ReceiptLine("水费", "2026-09", Fen(-4864))),
    subtotal=Fen(-104252),
    rounding=Fen(0),
    total=Fen(-104252),
    in_words="负壹仟零肆拾贰元伍角贰分",
    tenders=(TenderLine("wechat", "微信", Fen(-104252), Fen(-104252), "4200001234202611231234567890"),),
    change=Fen(0),
    still_owed=Fen(110028),
    still_owed_note="",
    prepaid_balance=Fen(0),
    code="SJ-2026-1-004301",
    reverses="SJ-2026-1-004289",
    reason="收错房屋",
)

REFUND = replace(
    SAMPLE,
    number="TK-2026-1-000007",
    kind=ReceiptKind.REFUND,
    lines=(ReceiptLine("装修押金", "", Fen(200000)),),
    subtotal=Fen(200000),
    rounding=Fen(0),
    total=Fen(200000),
    in_words="退款人民币贰仟元整",
    tenders=(TenderLine("cash", "现金", Fen(200000), Fen(200000)),),
    change=Fen(0),
    still_owed=Fen(0),
    still_owed_note="",
    prepaid_balance=Fen(0),
    code="TK-2026-1-000007",
    reverses="SJ-2026-1-000311",
    reason="装修验收合格",
)

LONG = replace(
    SAMPLE,
    company="温江和泰物业服务有限责任公司锦绣江南小区物业服务中心(样例)",
    unit="锦绣江南小区三期12栋2单元1801-1802室(复式)",
    payer="样例住户及其代理人样例房地产经纪有限公司",
    lines=(
        ReceiptLine(
            "公共区域水电公摊费(含电梯、二次供水及楼道照明)",
            "2025-12~2026-11",
            Fen(99999999999999),
            ("6,837.60×98.60÷18,240㎡+1,234.56×98.60÷18,240㎡,按建筑面积分摊",),
            "B1-087",
        ),
    ),
    subtotal=Fen(99999999999999),
    rounding=Fen(0),
    total=Fen(99999999999999),
    in_words="人民币玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分",
    tenders=(
        TenderLine("transfer", "银行转账", Fen(99999999899999), Fen(99999999899999), "REF-" + "0123456789" * 4),
        TenderLine("cash", "现金", Fen(200000), Fen(100000)),
    ),
    change=Fen(100000),
    remark="代缴:二期 5#-1-101、5#-1-102。",
)

RARE = replace(SAMPLE, payer="样𠮷㛃喆〇", remark="5² ¥12 ￥12")

TRAINING = replace(SAMPLE, training=True)

ENGLISH = replace(SAMPLE, language="en")

DOCUMENTS: dict[str, tuple[ReceiptDocument, PaperMarks]] = {
    "payment": (SAMPLE, PaperMarks()),
    "reprint": (SAMPLE, PaperMarks(reprint=2)),
    "void": (SAMPLE, PaperMarks(reprint=1, void=True)),
    "reversed": (SAMPLE, PaperMarks(reversed_by="SJ-2026-1-004301")),
    "reversal": (REVERSAL, PaperMarks()),
    "refund": (REFUND, PaperMarks()),
    "long": (LONG, PaperMarks()),
    "training": (TRAINING, PaperMarks()),
    "english": (ENGLISH, PaperMarks()),
}

HARD_CHARACTERS = "￥¥²〇𠮷喆㛃𬀩㎡①×·—−~()（）《》“”,，。:：'\"[]%‰→÷ \u3000\u200b\ufe0f\t\néñ✓€😀堃ABgy019"
"""Outside one repertoire or another, invisible, of doubtful width, or not to stand at the edge of a line."""

texts = st.text(
    st.one_of(st.sampled_from(HARD_CHARACTERS), st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)), max_size=60
)
"""Text as found in names and remarks, rare and awkward characters included."""

amounts = st.one_of(st.integers(0, 10**6), st.integers(0, 10**14 - 1)).map(Fen)


@st.composite
def documents(draw: st.DrawFn) -> ReceiptDocument:
    """Any receipt whose sums agree."""
    lines = tuple(
        ReceiptLine(draw(texts), draw(texts), draw(amounts), tuple(draw(st.lists(texts, max_size=2))), draw(texts))
        for _place in range(draw(st.integers(0, 3)))
    )
    total = Fen(sum(line.amount for line in lines))
    change = draw(amounts)
    tender = TenderLine("cash", draw(texts), Fen(total + change), total, draw(texts))
    return replace(
        SAMPLE,
        community=draw(texts),
        company=draw(texts),
        unit=draw(texts),
        unit_note=draw(texts),
        payer=draw(texts),
        cashier=draw(texts),
        lines=lines,
        subtotal=total,
        rounding=Fen(0),
        total=total,
        in_words=draw(texts),
        tenders=(tender,),
        change=change,
        still_owed=draw(amounts),
        still_owed_note=draw(texts),
        remark=draw(texts),
        reason=draw(texts),
        language=draw(st.sampled_from(["zh_CN", "en"])),
    )
