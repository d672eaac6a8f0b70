"""The slip as plain text: UTF-8, one row a line, for a screen, a mail or a search."""

from feedesk.receipts.columns import width
from feedesk.receipts.layout import Line, Rule, SealAndCode, Words, lay_out
from feedesk.rules.receipt_document import PaperMarks, ReceiptDocument


def text_slip(document: ReceiptDocument, marks: PaperMarks | None = None, *, columns: int = 48) -> str:
    """The slip as text, each line ended by a newline. Characters without a font stay what they are."""
    lines = lay_out(document, marks, columns=columns, spell=str)
    return "".join(f"{_row(line, columns)}\n" for line in lines)


def _row(line: Line, columns: int) -> str:
    match line:
        case Rule():
            return "-" * columns
        case SealAndCode(label, code):
            return Words(label, f"[{code}]").padded(columns) if width(label + code) + 3 <= columns else label
        case Words(left, right, _style, centred, indent):
            if centred:
                return " " * ((columns - width(left)) // 2) + left
            return Words(left, right, indent=indent).padded(columns)
