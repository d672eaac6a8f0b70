"""One receipt in any of its forms, as bytes for a file."""

import json
from dataclasses import asdict

from feedesk.receipts.repertoire import Repertoire
from feedesk.rules.receipt_document import PaperMarks, ReceiptDocument

FORMS = ("escpos", "png", "pdf", "text", "json")


def render(
    document: ReceiptDocument,
    marks: PaperMarks | None = None,
    *,
    form: str,
    columns: int = 48,
    repertoire: str = "gbk",
) -> bytes:
    """The receipt as one of `FORMS`. ``columns`` and ``repertoire`` concern slips only; pdf is A5 in any case.

    The JSON is the stored document, unchanged, with ``marks`` beside its keys.
    """
    match form:
        case "escpos":
            from feedesk.receipts.escpos import SlipForm, escpos

            return escpos(document, marks, SlipForm(columns, Repertoire(repertoire)))
        case "png":
            from feedesk.receipts.image import png

            return png(document, marks, columns=columns)
        case "pdf":
            from feedesk.receipts.pdf import pdf

            return pdf(document, marks)
        case "text":
            from feedesk.receipts.text import text_slip

            return text_slip(document, marks, columns=columns).encode("utf-8", "replace")
        case "json":
            return _json(document, marks or PaperMarks())
        case _:
            raise ValueError(f"no form {form!r}")


def _json(document: ReceiptDocument, marks: PaperMarks) -> bytes:
    facts = {**json.loads(document.to_json()), "marks": asdict(marks)}
    return (json.dumps(facts, ensure_ascii=False, indent=2) + "\n").encode()
